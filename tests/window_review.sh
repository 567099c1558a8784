#!/usr/bin/env bash
# A whole review in the real window under Xvfb, by keyboard alone; what came of it is read back with
# the command line. Works on a copy of a folder that has been grouped, in English.
# usage: window_review.sh BINARY FOLDER PICTURE.png
set -euo pipefail
binary=$1 folder=$2 picture=$3
source "$(dirname "$0")/window_driver.sh"

open_window
before=$(told 'len(people)')
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

echo "same person?"
pair() { told "asked[$1][$2]"; }
is_merged() { echo "len([id for id in ($1, $2) if id in by_id]) == 1"; }
people=$(told 'len(people)')
a=$(pair 0 0) b=$(pair 0 1)
press Escape q y
until_told "$(is_merged "$a" "$b")" "yes: $a and $b are one" y
[ "$(told 'len(people)')" = $((people - 1)) ]
press ctrl+z
until_told "len(people) == $people" "and two again"
press n
until_told 'done[-1].endswith("as different people")' "no: it is remembered" n
[ "$(told "(($a, $b) in asked, len(people))")" = "(False, $people)" ]
# The next one is passed over, so that the one after it is answered.
a=$(pair 1 0) b=$(pair 1 1) skipped="$(pair 0 0), $(pair 0 1)"
press j y
until_told "$(is_merged "$a" "$b")" "one passed over, the next answered"
[ "$(told "all(id in by_id or id in ($a, $b) for id in ($skipped))")" = True ]
press ctrl+z
until_told "len(people) == $people" "and undone"
press q

echo "one identity: split, checked"
press Home Return p
sleep 3
# Two parts are previewed, and nothing goes until it is ticked. Before the preview is there, Space opens
# the loupe and closes it again.
press space Return
until_told "len(people) > $people and done[-1].startswith('Split')" "it comes apart as previewed" space Return
press ctrl+z
until_told "len(people) == $people" "and is whole again"
confirmed=$(told "sum(p['state'] == 'confirmed' for p in people)")
press Escape Escape Home Right Right Right Return d Return
until_told "sum(p['state'] == 'confirmed' for p in people) == $confirmed + 1" "all right: confirmed" d Return
[ "$(told 'len(people)')" = "$people" ]
press Next d space Return
until_told "len(people) == $people + 1 and sum(p['state'] == 'confirmed' for p in people) == $confirmed + 2" \
  "one taken out, the rest confirmed"
press ctrl+z
until_told "len(people) == $people" "and undone"

echo "by the palette"
# A command, then a page by its name, and back.
press Escape Escape End Left Left Left ctrl+k
write "confirm"
press Return
until_told "sum(p['state'] == 'confirmed' for p in people) == $confirmed + 2" "a command is found and done"
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
