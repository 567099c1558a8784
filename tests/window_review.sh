#!/usr/bin/env bash
# A whole review in the real window under Xvfb, by keyboard alone; what came of it is read back with
# the command line. Works on a copy of a folder that has been grouped, in English.
# usage: window_review.sh BINARY FOLDER PICTURE.png
set -euo pipefail
binary=$(realpath "$1") folder=$2 picture=$3
for tool in Xvfb xdotool import python3; do
  command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 0; }
done
work=$(mktemp -d)
display=:$((200 + RANDOM % 100))
Xvfb "$display" -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 &
server=$!
export DISPLAY=$display LIBGL_ALWAYS_SOFTWARE=1 LC_ALL=C.UTF-8 XDG_DATA_HOME=$work/data
unset WAYLAND_DISPLAY LANGUAGE
window=
cleanup() {
  kill ${window:-} "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
cp -r "$folder" "$work/demo"
project=$work/demo
for _ in $(seq 50); do xdotool getdisplaygeometry >/dev/null 2>&1 && break; sleep 0.2; done

# What the command line says of the project, as numbers: `told EXPRESSION` over `people`.
told() {
  "$binary" review list "$project" --json 2>/dev/null |
    python3 -c 'import json, sys
answer = json.load(sys.stdin)
people = answer["identities"] if isinstance(answer, dict) else answer
print(eval(sys.argv[1]))' "$1"
}
before=$(told 'len(people)')

"$binary" open "$project" &
window=$!
id=
for _ in $(seq 150); do
  kill -0 "$window" 2>/dev/null || { echo "the window ended by itself"; exit 1; }
  id=$(xdotool search --onlyvisible --name Castlist 2>/dev/null | head -n 1 || true)
  [ -n "$id" ] && break
  sleep 0.2
done
[ -n "$id" ] || { echo "no window appeared"; exit 1; }
sleep 5
xdotool windowfocus "$id"
press() { for key in "$@"; do xdotool key --window "$id" "$key"; sleep 0.4; done; }
write() { xdotool type --window "$id" --delay 60 "$1"; sleep 0.4; }
# Waits until the command line agrees, for ten seconds; then says what it says instead.
until_told() {
  for _ in $(seq 20); do
    [ "$(told "$1")" = True ] && { echo "  $2"; return; }
    sleep 0.5
  done
  import -window root "$picture"
  echo "not so: $2; there are:"
  told '[(p["id"], p.get("name"), p["state"]) for p in people]'
  exit 1
}

echo "a review by keyboard, of $before people"
press Home n ctrl+a
write "Berta Keyser"
press Return
until_told 'any(p.get("name") == "Berta Keyser" for p in people)' "one has a name"
# The two smallest, who are never seen at the same time.
press End shift+Left m
until_told "len(people) == $before - 1" "two are one"
press ctrl+z
until_told "len(people) == $before" "and two again"
confirmed=$(told 'sum(p["state"] == "confirmed" for p in people)')
ignored=$(told 'sum(p["state"] == "ignored" for p in people)')
press Escape End Left c
until_told "sum(p['state'] == 'confirmed' for p in people) == $confirmed + 1" "one more is confirmed"
press Escape End i
until_told "sum(p['state'] == 'ignored' for p in people) == $ignored + 1" "the last one is put aside"
# By the palette: a page by its name, and back.
press ctrl+k
write "keyser"
press Return
sleep 1
press Escape
press ctrl+k
write "export"
press Return
sleep 1
press Return
for _ in $(seq 40); do
  [ -f "$work/demo-export/manifest.json" ] && break
  sleep 0.5
done
import -window root "$picture"
[ -f "$work/demo-export/manifest.json" ] || { echo "nothing was exported"; exit 1; }
named=$(grep -c ',Berta Keyser,' "$work/demo-export/tracks.csv")
echo "  exported, $named tracks of Berta Keyser"
[ "$named" -gt 0 ]
kill -0 "$window"
