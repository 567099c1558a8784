#!/usr/bin/env bash
# Unpacks an archive of packaging/package.sh elsewhere, as a person without Rust would, and runs its demo.
# usage: package.sh ARCHIVE
set -euo pipefail
archive=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
place="$work/my programs" home=$work/home
mkdir -p "$place" "$home"
tar -C "$place" -xzf "$archive"
root=$(echo "$place"/castlist-*)
# Nothing of this machine's tools: no cargo, no variables.
bare() { env -i HOME="$home" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 "$@"; }
if bare sh -c 'command -v cargo || command -v rustc'; then echo "a Rust tool is on the bare path"; exit 1; fi

for file in bin/castlist share/applications/castlist.desktop share/icons/hicolor/256x256/apps/castlist.png \
  share/man/man1/castlist.1.gz share/bash-completion/completions/castlist share/zsh/site-functions/_castlist \
  share/fish/vendor_completions.d/castlist.fish share/doc/castlist/LICENSE-MIT \
  share/doc/castlist/LICENSE-APACHE share/doc/castlist/THIRD-PARTY.txt share/doc/castlist/README.md; do
  [ -s "$root/$file" ] || { echo "missing: $file"; exit 1; }
done
# The folder may be one that nobody can write.
chmod -R a-w "$root"
bare "$root/bin/castlist" --version
bare "$root/bin/castlist" demo | tee "$work/demo.log" | tail -n 3
grep -oE 'BCubed F [0-9.]+' "$work/demo.log" | awk '{ if ($3 >= 0.99) good = 1 } END { exit !good }' ||
  { echo "the packaged demo does not come apart as it was drawn"; exit 1; }

gzip -dc "$root/share/man/man1/castlist.1.gz" >"$work/castlist.1"
grep -q '^\.SH NAME' "$work/castlist.1"
if command -v man >/dev/null; then man -l "$work/castlist.1" 2>/dev/null | grep -q castlist; fi
bash -n "$root/share/bash-completion/completions/castlist"
grep -q '^#compdef castlist' "$root/share/zsh/site-functions/_castlist"
if command -v desktop-file-validate >/dev/null; then desktop-file-validate "$root/share/applications/castlist.desktop"; fi
n=$(grep -c '^## ' "$root/share/doc/castlist/THIRD-PARTY.txt")
echo "package: $(du -h "$archive" | cut -f 1), licences of $n crates"
[ "$n" -gt 100 ]
chmod -R u+w "$root"
