#!/usr/bin/env bash
# Opens the real window on a folder under Xvfb, waits until it shows something, walks it by
# keyboard, and keeps a picture.
# usage: window_smoke.sh BINARY FOLDER PICTURE.png
set -euo pipefail
binary=$1 folder=$2 picture=$3
source "$(dirname "$0")/window_driver.sh"
open_window
press Right Return
sleep 2
import -window root "$picture"
# A picture of one colour would be an empty window.
colours=$(identify -format '%k' "$picture")
echo "window: $colours colours in $picture"
[ "$colours" -gt 500 ]
kill -0 "$window"
