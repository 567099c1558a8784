#!/usr/bin/env bash
# Opens the real window on a folder under Xvfb, waits until it shows something, walks it by
# keyboard, and keeps a picture.
# usage: window_smoke.sh BINARY FOLDER PICTURE.png
set -euo pipefail
binary=$(realpath "$1") folder=$2 picture=$3
for tool in Xvfb xdotool import; do
  command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 0; }
done
window='' server=''
cleanup() { kill ${window:-} ${server:-} 2>/dev/null || true; }
trap cleanup EXIT
source "$(dirname "$0")/display.sh"
start_display

"$binary" open "$folder" &
window=$!
id=
for _ in $(seq 150); do
  kill -0 "$window" 2>/dev/null || { echo "the window ended by itself"; exit 1; }
  id=$(xdotool search --onlyvisible --name Castlist 2>/dev/null | head -n 1 || true)
  [ -n "$id" ] && break
  sleep 0.2
done
[ -n "$id" ] || { echo "no window appeared"; exit 1; }
sleep 4
xdotool windowfocus "$id" key --window "$id" Right key --window "$id" Return || true
sleep 2
import -window root "$picture"
# A picture of one colour would be an empty window.
colours=$(identify -format '%k' "$picture")
echo "window: $colours colours in $picture"
[ "$colours" -gt 500 ]
kill -0 "$window"
