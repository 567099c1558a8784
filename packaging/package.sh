#!/usr/bin/env bash
# Makes one archive that a person without Rust can use, of a binary that was built before. The same
# binary gives the same bytes: names are sorted, times are those of the last commit.
# Needs GNU tar and install. Says where the archive is.
# usage: package.sh BINARY FOLDER
set -euo pipefail
binary=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
cd "$(dirname "$0")/.."
version=$("$binary" --version | cut -d ' ' -f 2)
target=$(rustc -vV | sed -n 's/^host: //p')
name=castlist-$version-$target
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/$name

# Man pages, completions and licences, made from the sources.
cargo run --quiet --locked --example package_files -- "$stage/made" "$target"
put() { install -D -m 644 "$1" "$root/$2"; }
install -D -m 755 "$binary" "$root/bin/castlist"
if command -v strip >/dev/null; then strip "$root/bin/castlist"; fi
put packaging/castlist.desktop share/applications/castlist.desktop
put assets/icon.png share/icons/hicolor/256x256/apps/castlist.png
for page in "$stage"/made/man/*.1; do
  gzip -9n <"$page" >"$page.gz"
  put "$page.gz" "share/man/man1/$(basename "$page").gz"
done
put "$stage/made/completions/castlist.bash" share/bash-completion/completions/castlist
put "$stage/made/completions/_castlist" share/zsh/site-functions/_castlist
put "$stage/made/completions/castlist.fish" share/fish/vendor_completions.d/castlist.fish
put "$stage/made/completions/_castlist.ps1" share/powershell/_castlist.ps1
for file in README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE; do put "$file" "share/doc/castlist/$file"; done
put docs/models.md share/doc/castlist/models.md
put "$stage/made/THIRD-PARTY.txt" share/doc/castlist/THIRD-PARTY.txt

archive=$folder/$name.tar.gz
tar -C "$stage" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" --mode='u+w,go-w' -cf - "$name" |
  gzip -9n >"$archive"
echo "$archive"
