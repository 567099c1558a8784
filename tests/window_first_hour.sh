#!/usr/bin/env bash
# The first hour of a curator in the real window under Xvfb, by mouse: a name, a track dragged to somebody, five
# taken by a rubber band to a new person, proposals accepted and refused, a split, a merge, all undone, all
# redone, an export. After each step the command line says what came of it. For the demo's people.
# usage: window_first_hour.sh BINARY FOLDER PICTURE.png
set -euo pipefail
binary=$1 folder=$2 picture=$3
source "$(dirname "$0")/window_driver.sh"

# Where things are, in a new window of 1280×800 with panes of their usual widths.
# The people. The row of cards moves down by 80 once an edit has left the list out of order: these places are on
# a card before and after.
first_card='70 395' second_card='189 395' third_card='70 530'
new_person='130 740' # while tracks are carried
# The faces: two columns of strips under the header.
first_strip='370 240'
four_strips=('288 166' '800 470') # from free space left above the first to the middle of the fourth
fifth_strip=('288 562' '340 640') # the same of the third row's left one
take_apart='834 113' merge='332 113'
# The inspector, not scrolled; its proposals stand 90 apart.
name='1130 393' split_off='1176 460'
proposals=('1180 538' '1180 628' '1180 718') refuse_first='1102 582'
same_person_scrolled='1066 652' # after three steps of the wheel, below four proposals
export='942 24'

find_people() { press ctrl+f ctrl+a; write "$1"; sleep 1; }
wheel() { point '1130 600'; xdotool click --repeat "$2" --delay 100 "$1"; sleep 1.5; }
n_tracks() { echo "len(by_id[$1]['tracks'])"; }

open_window
people=$(told 'len(people)') first=$(told "$(n_tracks 1)") second=$(told "$(n_tracks 2)")
start=$(told '[(p["id"], p.get("name"), p["state"], p["tracks"]) for p in people]')
echo "a first hour by mouse, with $people people"
import -window root "$picture"
colours=$(convert "$picture" -crop 700x600+280+150 -format '%k' info:)
[ "$colours" -gt 500 ] || { echo "no faces are shown: $colours colours"; exit 1; }
echo "  faces are there"

click "$first_card"
click "$name"
write "Berta Keyser"
press Return
until_told "by_id[1].get('name') == 'Berta Keyser'" "one has a name"

drag "$first_strip" "$second_card"
until_told "$(n_tracks 1) == $first - 1 and $(n_tracks 2) == $second + 1" "a track was dragged to another person"

drag "${four_strips[@]}"
with_key ctrl drag "${fifth_strip[@]}"
drag "$first_strip" "$new_person"
until_told "len(people) == $people + 1 and $(n_tracks 1) == $first - 6 and len(people[-1]['tracks']) == 5" \
  "five were taken by a rubber band to a new person"

new=$(told 'max(by_id)')
find_people "Person $new"
click "$first_card"
click "$take_apart"
until_told "len(people) == $people + 5" "the five were taken apart"

find_people "Berta"
click "$first_card"
sleep 3 # the proposals are found out anew
click "$refuse_first"
until_told "done[-1].endswith('as different people')" "one proposal was refused"
sleep 3
for place in "${proposals[@]}"; do click "$place"; done
wheel 5 3
click "$same_person_scrolled"
until_told "len(people) == $people + 2 and $(n_tracks 1) == $first - 3" "three were accepted at once"

wheel 4 20
click "$first_strip"
click "$split_off"
until_told "len(people) == $people + 3 and $(n_tracks 1) == $first - 4" "a track was split off"

# Those of the last ones whose numbers begin with 3, after the third person.
find_people "Person 3"
click "$second_card"
with_key ctrl click "$third_card"
click "$merge"
until_told "len(people) == $people + 2 and done[-1].startswith('Merged')" "two were merged"

steps=$(told 'len(done)')
end=$(told '[(p["id"], p.get("name"), p["state"], p["tracks"]) for p in people]')
state='[(p["id"], p.get("name"), p["state"], p["tracks"]) for p in people]'
for _ in $(seq "$steps"); do press ctrl+z; done
until_told "len(done) == 1 and $state == $start" "all undone: everything is as it was" ctrl+z
for _ in $(seq "$steps"); do press ctrl+y; done
until_told "len(done) == $steps and $state == $end" "all redone" ctrl+y

click "$export"
press Return
for _ in $(seq 40); do
  [ -f "$work/demo-export/manifest.json" ] && break
  sleep 0.5
done
import -window root "$picture"
[ -f "$work/demo-export/manifest.json" ] || { echo "nothing was exported"; exit 1; }
named=$(grep -c ',Berta Keyser,' "$work/demo-export/tracks.csv")
echo "  exported, $named tracks of Berta Keyser"
[ "$named" = $((first - 4)) ]
kill -0 "$window"
