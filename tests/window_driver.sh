# What scripts that work in the real window share; to be sourced. In the caller: binary, folder and picture.
# Works on a copy of the folder, in English, and reads back with the command line what came of it.
for tool in Xvfb xdotool import python3; do
  command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 0; }
done
binary=$(realpath "$binary")
work=$(mktemp -d)
project=$work/demo
export LC_ALL=C.UTF-8 XDG_DATA_HOME=$work/data
unset LANGUAGE
window='' server='' id=''
cleanup() {
  kill ${window:-} ${server:-} 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
source "$(dirname "${BASH_SOURCE[0]}")/display.sh"

# Opens the window on the copy, and waits until it is drawn.
open_window() {
  start_display
  cp -r "$folder" "$project"
  "$binary" open "$project" &
  window=$!
  for _ in $(seq 150); do
    kill -0 "$window" 2>/dev/null || { echo "the window ended by itself"; exit 1; }
    id=$(xdotool search --onlyvisible --name Castlist 2>/dev/null | head -n 1 || true)
    [ -n "$id" ] && break
    sleep 0.2
  done
  [ -n "$id" ] || { echo "no window appeared"; exit 1; }
  sleep 5
  xdotool windowfocus "$id"
}

press() { for key in "$@"; do xdotool key --window "$id" "$key"; sleep 0.4; done; }
write() { xdotool type --window "$id" --delay 60 "$1"; sleep 0.4; }
# Places are "X Y" in points of the screen, which the window fills.
point() { xdotool mousemove $1; sleep 0.2; }
click() { point "$1"; xdotool click 1; sleep 1; }
with_key() { xdotool keydown "$1"; "${@:2}"; xdotool keyup "$1"; sleep 0.2; }
# Presses at one place and carries to another, by steps as a hand does. What is pressed is looked for once a
# frame, where the pointer is by then, and a frame drawn without a graphics card takes its time.
drag() {
  local from=($1) to=($2) step
  sleep 1
  point "$1"
  xdotool mousedown 1
  sleep 1
  for step in 1 2 3 4 5 6; do
    point "$((from[0] + (to[0] - from[0]) * step / 6)) $((from[1] + (to[1] - from[1]) * step / 6))"
  done
  sleep 0.5
  xdotool mouseup 1
  sleep 1
}

# What the command line says of the project: `told EXPRESSION` over `people`, `by_id`, `done` (what stands in
# the history, newest last) and `asked` (the pairs that it would ask about, best first).
told() {
  local list history pairs
  list=$("$binary" review list "$project" --json 2>/dev/null)
  history=$("$binary" review history "$project" --json 2>/dev/null)
  pairs=[]
  case $1 in *asked*) pairs=$("$binary" review suggest "$project" --json 2>/dev/null) ;; esac
  python3 -c 'import json, sys
answer, history, pairs = map(json.loads, sys.argv[2:])
people = answer["identities"]
by_id = {person["id"]: person for person in people}
done = [entry["words"] for entry in history["entries"] if entry["standing"] == "in-force"]
asked = [(pair["a"], pair["b"]) for pair in pairs["pairs"]] if pairs else []
print(eval(sys.argv[1]))' "$1" "$list" "$history" "$pairs"
}

# Waits until the command line agrees, for a minute; then says what it says instead. Keys that do
# nothing until the window has found something out follow, and are pressed again while it has not.
until_told() {
  local what=$1 words=$2
  shift 2
  for round in $(seq 60); do
    [ "$(told "$what")" = True ] && { echo "  $words"; return; }
    [ $# -gt 0 ] && [ $((round % 8)) = 0 ] && press "$@"
    sleep 1
  done
  import -window root "$picture"
  echo "not so: $words; there are:"
  told '[(p["id"], p.get("name"), p["state"], len(p["tracks"])) for p in people]'
  told 'done'
  exit 1
}
