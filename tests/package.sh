#!/usr/bin/env bash
# Unpacks an archive of packaging/package.sh elsewhere, as a person without Rust would, and runs its demo.
# usage: package.sh ARCHIVE
set -euo pipefail
archive=$(realpath "$1")
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
place="$work/my programs" home=$work/home
mkdir -p "$place" "$home"
tar -C "$place" -xzf "$archive"
root=$(echo "$place"/castlist-*)
# Nothing of this machine's tools: no cargo, no variables.
bare() { env -i HOME="$home" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "$@"; }
if bare sh -c 'command -v cargo || command -v rustc'; then echo "a Rust tool is on the bare path"; exit 1; fi

for file in bin/castlist share/applications/castlist.desktop share/icons/hicolor/256x256/apps/castlist.png \
  share/man/man1/castlist.1.gz share/bash-completion/completions/castlist share/zsh/site-functions/_castlist \
  share/fish/vendor_completions.d/castlist.fish share/powershell/_castlist.ps1 \
  share/doc/castlist/{LICENSE-MIT,LICENSE-APACHE,THIRD-PARTY.txt,README.md,models.md}; do
  [ -s "$root/$file" ] || { echo "missing: $file"; exit 1; }
done
# The folder may be one that nobody can write.
chmod -R a-w "$root"
bare "$root/bin/castlist" --version
bare "$root/bin/castlist" demo | tee "$work/demo.log" | tail -n 3
grep -oE 'BCubed F [0-9.]+' "$work/demo.log" | awk '{ if ($3 >= 0.99) good = 1 } END { exit !good }' ||
  { echo "the packaged demo does not come apart as it was drawn"; exit 1; }

for page in "$root"/share/man/man1/*.1.gz; do
  gzip -dc "$page" >"$work/page.1"
  grep -q '^\.SH NAME' "$work/page.1" || { echo "no man page: $page"; exit 1; }
done
# A machine without man pages may have a program `man` that only says so.
if command -v groff >/dev/null; then
  gzip -dc "$root/share/man/man1/castlist.1.gz" | groff -man -Tutf8 >"$work/page.txt"
  grep -q 'castlist-review' "$work/page.txt"
fi
bash -n "$root/share/bash-completion/completions/castlist"
grep -q '^#compdef castlist' "$root/share/zsh/site-functions/_castlist"
if command -v desktop-file-validate >/dev/null; then desktop-file-validate "$root/share/applications/castlist.desktop"; fi
n=$(grep -c '^## ' "$root/share/doc/castlist/THIRD-PARTY.txt")
echo "package: $(du -h "$archive" | cut -f 1), licences of $n crates"
[ "$n" -gt 100 ]
