# The window's texts in English. Keys and arguments are the same as in ko.ftl, but for texts of tables (methods,
# parameters, settings, stages, what edits did), whose English is in the code; a test compares them.

### Counts and people

tracks = { $n ->
    [one] { $n } track
   *[other] { $n } tracks
}
identities = { $n ->
    [one] { $n } identity
   *[other] { $n } identities
}
person = Person { $id }

### Why an edit was not taken

refused-identity = there is no person { $id } (any more)
refused-track = there is no track “{ $track }” in this project
refused-name = a name holds only characters that are shown; remove the control characters
refused-cut = “{ $track }” cannot be cut at frame { $at }
refused-not-in = the track “{ $track }” does not belong to { $who }
refused-joined = { $tracks } were said to be the same person; undo one of these links first
refused-parted = “{ $a }” and “{ $b }” cannot be the same person while “{ $x }” and “{ $y }” were said not to be; undo that link first
refused-together = “{ $a }” and “{ $b }” cannot be the same person while “{ $x }” and “{ $y }” are seen at the same time
refused-overlap = “{ $a }” and “{ $b }” are seen at the same time{ $more ->
    [0] {""}
    [one] {" "}(and { $more } more such pair)
   *[other] {" "}(and { $more } more such pairs)
}, so they cannot be one person
refused-link = “{ $a }” and “{ $b }” were said not to be the same person{ $more ->
    [0] {""}
    [one] {" "}(and { $more } more such pair)
   *[other] {" "}(and { $more } more such pairs)
}; undo that first

### Bar and pages

back = Back
pictures = { $n ->
    [one] { $n } picture
   *[other] { $n } pictures
}
clusters = { $n ->
    [one] { $n } cluster
   *[other] { $n } clusters
}
clusters-of-faces = { $n ->
    [one] { $n } cluster of faces
   *[other] { $n } clusters of faces
}
warnings = { $n ->
    [one] { $n } warning
   *[other] { $n } warnings
}
pairs = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}
differences = { $n ->
    [one] { $n } difference
   *[other] { $n } differences
}
seconds = { $n } s
minutes = { $minutes }:{ $seconds } min
hours = { $hours }:{ $minutes }:{ $seconds } h
spoken = { $title }, { $tracks }
spoken-confirmed = { $title }, { $tracks }, confirmed
spoken-ignored = { $title }, { $tracks }, ignored
confirmed = confirmed
ignored = ignored

### Actions; their names and docs stand in their table

bring-back = Bring back
tip = { $doc }  ({ $key })
place-everywhere = Everywhere
place-people = Identities
place-tracks = Tracks

### The bar, filters, and what is selected

close-project = Close project
close-project-tip = Back to the start; everything is saved
undo-tip = Undo: { $what }, { $when }  ({ $key })
redo-tip = Redo: { $what }, { $when }  ({ $key })
undo-nothing = Nothing to undo
redo-nothing = Nothing to redo
theme = Theme
theme-light = Light
theme-dark = Dark
appearance = Appearance
language = Language
as-system = As the system
chip-all = All
    .doc = Everybody but the ignored
chip-unnamed = Unnamed
    .doc = Those who have no name yet
chip-named = Named
    .doc = Those who have a name
chip-ignored = Ignored
    .doc = Those whom you put aside
unassigned = Unassigned
    .doc = Rejected tracks, and those without a usable face
chip-count = { $name }  { $n }
picture-size = Picture size
sort = Sort
sort-biggest = Biggest first
sort-name = By name
sort-longest = Longest on screen
selected = { $n } selected

### The gallery and the pages

empty-chip = Nobody here
empty-chip-note = No identity belongs under this filter now.
empty-all = Nobody was found
empty-all-note = No track had a usable face; see Unassigned.
empty-search = No match
empty-search-note = No identity here is called “{ $search }”.
clear-search = Clear the search
click-to-name = Click to name
most-doubtful-first = { $n ->
    [0] { $tracks }, the least alike first
    [one] { $tracks }, the least alike first; { $n } doubtful
   *[other] { $tracks }, the least alike first; { $n } doubtful
}
tray-facts = { $rejected } rejected · { $unusable } without a usable face
tray-empty = Every track belongs to somebody. What you reject comes here.
track-spoken = Track { $id }, { $facts }
cover = cover
frame = frame { $n }
time-at = { $duration } at { $start }
features-only = features only
unreadable = { $n } unreadable
no-usable-face = no usable face
name-hint = Name
same-name = { $n ->
    [one] Another identity is called “{ $name }” already.
   *[other] { $n } identities are called “{ $name }” already.
} If it is the same person, merge them.
move-heading = Move { $n ->
    [one] { $n } track
   *[other] { $n } tracks
} to…
move-to = Move to
move-hint = Find somebody, or type a new name
move-new = New identity “{ $name }”
move-nobody = There is nobody else yet. Type a name to make a new identity.
cancel = Cancel
close = Close
open = Open
dismiss = Dismiss

### Start

tagline = Who is in this footage?
open-folder = Open folder…
open-folder-tip = A folder of face tracks: one folder of pictures a track
try-demo = Try the demo
try-demo-tip = Draws about 30 people in 200 tracks and groups them
drop-here = You can also drop a folder or a project here.
drop-to-open = Drop to open
path = Path
path-hint = Or the path of a folder or project
recent = Recent
forget-recent = Forget { $name }
open-recent = Open { $name }
choose-tracks = Open a folder of tracks
choose-export = Export to a folder
looking = Looking at faces…
looking-note = Identities appear here as soon as the tracks are grouped.
nothing-yet = Nothing to show yet
nothing-yet-note = Nobody has grouped these tracks, and this project is read-only.
not-grouped = Not grouped yet
not-grouped-note = Group the tracks to see who is in them. What is done already is kept.
group-tracks = Group the tracks

### Messages, banners, a running job

undone = Undone: { $what }
redone = Redone: { $what }
jumped = Went to: { $what }
panicked = The work ended by an error of Castlist ({ $why }). Nothing is lost; try again, and report it.
no-thread = No work can be done: no thread could be started ({ $why })
is-running = Something is running already; wait for it, or cancel it
not-started = The work could not be started; close Castlist and open it again
stopped = Stopped; what was done is kept
exported = Exported { $identities }, { $tracks }, { $pictures }.
exported-missing = { $n ->
    [one] { $n } picture
   *[other] { $n } pictures
} could not be read and stayed out.
ready-model = { $model } is ready; re-run to group with it
installed-model = { $model } is installed
grouped = { $tracks } in { $clusters }
grouped-warnings = { $warnings }: { $first }
nothing-better = Nothing better was found, so all stays as it is: { $why }
adopted-learned = Adopted what was learned; undo brings the former state back
read-only = Read-only: this project is open in another Castlist, or its file is protected. Close the other one and open it again to make changes.
read-only-no-locks = Read-only: files cannot be locked where this project lies, as on some network shares. Copy it to a local disk and open it there.
elsewhere = This folder cannot be written, so the project lies here: { $path }
settings-changed = The settings changed since the last run.
renewed-model = This project was made with an earlier built-in model. A better one is there; its faces cannot be compared with those of the earlier one.
renewed-method = This project was grouped by ball clusters. Today’s way of grouping makes fewer mistakes on film.
see-what-changes = See what would change…
basic-model = The built-in model is unsure of some people here. Another one may tell them apart:
offer-any-use = For any use: { $model }, { $size }. { $film }
offer-not-commercial = Not for commercial use: { $model }, { $size }. { $film }
film-measured = On film it scored { $with } instead of { $instead } (BCubed F).
film-unmeasured = Nobody measured it on film: it may be better or worse.
here-already = installed
try-model = Try { $model }
try-model-note = Gets it, looks at all faces with it, and shows what would change. Nothing changes until you adopt it.
trial-same = With { $model } nobody would change, so all stays as it is
by-hand = { $model } could not be downloaded ({ $why }). Fetch it on another machine and drop it on this window; what it would change is shown then.
    File: { $file }
    Address: { $address }
    sha256: { $sha256 }
server-answered = the server answered { $status }
another-file = another file lies there
try-again = Try again
copy-address = Copy address
download-model = Download { $model } ({ $megabytes } MB)
starting = Starting
stopping = Stopping
running = { $stage }…
megabytes = { $n } MB
progress-of = { $done } of { $total }
progress-rate = { $n } a second
seconds-left = { $n } s left
minutes-left = { $n } min left
refused = Not done: { $why }
failed-missing = There is no such folder or project; check the path: { $path }
failed-no-tracks = This project holds no tracks yet; open its folder instead: { $path }
failed-nothing-yet = Nothing has been grouped yet
failed-unknown-model = No model is known by this file's hash, and its { $missing } are not known either: { $path }. Look them up and say in a terminal: { $command }

### Settings

hide-settings = Hide settings
more = More
frames-all = all
use = Use
file-of-model = Model file
file-of-model-hint = Or an ONNX file
head-file = Head file
head-file-hint = Or a learned head’s file
pooling-file = Pooling file
pooling-file-hint = Or an attention head’s file
licence = Licence: { $licence } ({ $usage }).
use-commercial = commercial use allowed
use-not-commercial = not for commercial use
more-models = Other models
drop-a-model = A model's .onnx file can also be dropped on the window.
licence-unknown = not stated
back-to = Back to { $value }
rerun-note = Other changes than the radius count from the next run. Whom you named, merged, confirmed or moved stays as it is. What would happen to the rest you see first.
last-run = Last run
run-clusters = { $clusters } of { $tracks }
run-model = Model { $name }
run-engine = Engine { $name }
run-certainty = Certainty { $value }
run-radius = Radius { $value }
run-head = Head { $name }
run-project = Project { $path }

### The radius

radius = Radius
radius-figures = Radius in figures
radius-own-at = Known for this model ({ $value })
radius-estimated = Estimated from the tracks
radius-estimated-at = Estimated from the tracks ({ $value })
certainty = Certainty
certainty-figures = Certainty value
certainty-own = Likelier right than wrong (0.5)
certainty-mark = From here on a merge is likelier right than wrong
stricter = stricter
looser = looser
radius-mark-own = The radius learned with the head, or named in the model’s description
radius-mark-estimated = Estimated from these tracks
radius-working = Looser than { $value } is being worked out…
radius-next-run = A change counts from the next run.

### A second opinion

second-opinion = Second opinion
second-opinion-ask = Second opinion…
second-opinion-tip = Groups by another method and shows where it differs
close-second = Close the second opinion
second-alike = { $method } sees { $alike } of { $n ->
    [one] { $n } identity
   *[other] { $n } identities
} as you have them.
second-agree = The two agree on everything.
second-note = { $tracks } in { $differences }, the biggest first. Taking one over is an edit like any other; undo takes it back.
parameters = Parameters
ask-again = Ask again
ask-again-tip = Groups anew with these parameters
look-at-identity = Look at this identity
second-facts = { $tracks }, { $pairs }
not-same-said = Not the same: { $a } and { $b }
not-same-tip = Not the same person; nobody asks again
wish-merge = Merge
wish-move = Move
wish-split = Split off
wish-merge-said = Merge { $other } ({ $tracks }) into { $title }
wish-move-said = Move { $tracks } of { $other } to { $title }
wish-split-said = Split { $tracks } off { $title }
is-two-people = is two people

### Export

export-heading = Export
export-folder = New or empty folder
browse = Browse…
export-note = Each identity gets a folder; { $files } and { $last } lie beside them.
export-pictures = Pictures
export-identities = Identities
link-copy = Copy: stands alone, needs as much room again
link-hard = Hard link: no extra room; same drive only
link-symbolic = Symbolic link: no extra room; breaks when the tracks move
export-all = All but the ignored ({ $n })
export-named = Only the named ({ $n })
export-selected = Only the selected ({ $n })
export-everybody = Everybody, the ignored too ({ $n })
export-unassigned = { $n ->
    [one] { $n } track in Unassigned stays out.
   *[other] { $n } tracks in Unassigned stay out.
}

### What a re-run would change

rerun-heading = What the re-run would change
rerun-model = Grouped with { $model }. Whatever is adopted of it, { $model } is the project’s model from then on.
rerun-how = Nothing has changed yet. Click out what should stay as it is, or move with the arrows and press Space. Enter adopts what is ticked, as one edit; Escape drops all of it.
rerun-part = Part { $n }
rerun-come = new tracks
rerun-leave = out of all identities
rerun-merge = merge
rerun-split = split
rerun-move = tracks move
rerun-ends = vanishes ({ $tracks } before)
rerun-adopt = Adopt { $n } of { $all }
rerun-tick-all = Tick all
rerun-untick-all = Untick all
rerun-later = To the gallery; the re-run waits until you adopt or drop it
rerun-nothing-left = After your edits nothing is left that the re-run would change.
rerun-waits = A re-run waits to be looked at. Nothing has changed yet.
rerun-look = Look at it
rerun-adopted = Adopted { $n } of { $all ->
    [one] { $all } part
   *[other] { $all } parts
}; undo brings the former state back
rerun-dropped = Dropped the re-run; everybody stays as they are
rerun-same = Nothing changes: everybody stays as they are.

### Learning

learn = Learn
learn-corrections = Learn from my corrections
    .doc = Learns from whom you named, confirmed and linked. You see what would change before anything does.
learn-finetune = Fine-tune on these tracks
    .doc = Learns without names: faces of one track are one person, tracks seen at the same time are not.
learn-note = Looks for a better space and radius on this project. Nothing changes until you adopt it.
learned-corrections = Learned from your corrections
learned-finetune = Fine-tuned on these tracks
proposal-note = Whom you named, merged, confirmed or moved stays as it is. Undo brings everything back.
adopt = Adopt
drop = Drop
drop-tip = Everything stays as it is
held-out-tracks = { $n ->
    [one] { $n } confirmed track
   *[other] { $n } confirmed tracks
} held out: BCubed F { $before } → { $after }
held-out-pairs = { $n ->
    [one] { $n } known pair
   *[other] { $n } known pairs
} held out: { $before } → { $after } on the wrong side
no-change = No track would change its identity.
would-change = { $before } → { $after ->
    [one] { $after } identity
   *[other] { $after } identities
}; { $changed } would change, { $same } would stay
change-new = new, { $tracks }
change-ends = ends ({ $tracks } go elsewhere)
change-size = { $before } → { $tracks }
and-more = and { $n } more
sheet-note = Arrow keys move; with Shift they select. Click, Shift+click and Ctrl+click select too.
failed = Not done: { $why }

# Timeline
timeline-title = Timeline
timeline-empty = There are no tracks yet.
timeline-video = Video
timeline-no-video = (no video named)
timeline-no-times = No track of this video has times. They come from tracks.csv beside the tracks.
timeline-untimed = { $n ->
    [one] { $n } track of this video has no times and is not shown.
   *[other] { $n } tracks of this video have no times and are not shown.
}
timeline-unassigned = Unassigned
timeline-cursor = { $who }, track { $track }, { $times }
zoom-in = Zoom in  (+)
zoom-out = Zoom out  (−)
zoom-whole = Show all  (0)
# Map
map-title = Map
map-draw = Draw the map
map-draw-again = Draw again
map-never-the-truth = A way to see, never the truth: near each other means alike, far apart means little. Drag around points to select tracks; drag with the right button to move, turn the wheel to zoom.
map-old = This map is of an earlier run.
map-placed = { $n ->
    [one] { $n } track is placed beside the tracks it is most like.
   *[other] { $n } tracks are placed beside the tracks they are most like, because there are too many to lay out.
}
map-chosen = { $n ->
    [0] No tracks selected
    [one] { $n } track selected
   *[other] { $n } tracks selected
}
map-clear = Clear selection
map-spoken = Map of { $n } tracks; the list beside it holds the same tracks
map-list = Tracks of the map
# Strangers
strangers-title = Strangers
strangers-note = Whoever is below all bars and has no name. Putting them aside is one edit; undo takes it back.
strangers-here = To put aside
strangers-aside = Put aside already
strangers-tracks = At most so many tracks
strangers-seconds = Seen for at most
strangers-blurred = Blurred: sharpness at most
strangers-blurred-doc = The sharpest face counts. 0.05 is blurred, 0.15 and more is sharp.
strangers-reading = Reading how sharp the faces are…
strangers-untimed = { $n ->
    [one] { $n } identity is left out, because its times are not known.
   *[other] { $n } identities are left out, because their times are not known.
}
strangers-unmeasured = { $n ->
    [one] { $n } identity is left out, because its faces were never measured.
   *[other] { $n } identities are left out, because their faces were never measured.
}
strangers-none = Nobody is below these bars.
strangers-ignore = { $n ->
    [one] Put { $n } identity aside
   *[other] Put { $n } identities aside
}
strangers-restore = { $n ->
    [one] Bring { $n } identity back
   *[other] Bring { $n } identities back
}


## Same person?

pairs-heading = Same person?
pairs-left = about { $n ->
    [one] { $n } decision left
   *[other] { $n } decisions left
}
pairs-left-tip = Estimated: { $names } to name, { $answers } answers here, { $doubtful } doubtful tracks
pairs-one = One by one
pairs-many = A page of twelve
pairs-waiting = Looking for the questions that save most work …
pairs-vain = No questions yet
pairs-vain-why = The tracks' vectors are not in the project. Re-run, and they will be.
pairs-done = No more questions
pairs-done-passed = { $n ->
    [one] The question left was skipped
   *[other] The { $n } questions left were skipped
}
pairs-open = { $n ->
    [one] One more pair may still be the same person.
   *[other] { $n } more pairs may still be the same person.
}
pairs-rest = Who are the rest?
rest-how = Each of the unnamed beside the named person it is likeliest. Enter merges what is ticked; the others stay unanswered.
rest-everybody = Everybody has a name: tick all
rest-done = Nobody is left to guess
pairs-done-all = Everybody has a name, and no two look like the same person.
pairs-done-names = No two look like the same person any more. { $n ->
    [one] { $n } identity still waits for a name.
   *[other] { $n } identities still wait for a name.
}
pairs-to-gallery = To the gallery
pairs-skipped-again = Ask again what was skipped
likely-very = very likely
likely = likely
likely-unsure = unsure
likely-not = unlikely
pairs-evidence = { $likely } · similarity { $similarity }
pairs-stranger = looks like somebody you ignored
pairs-many-how = Click the wrong pairs out, or the right ones in. Enter merges what is ticked; the others stay unanswered.
pairs-accept = { $n ->
    [0] Next page
   *[other] Merge { $n }
}
pairs-spoken = { $a } and { $b }
## Why

why-nobody = Choose a track, two tracks or two identities, and the evidence stands here.
why-no-face = There is no usable face to go by.
why-track-in = { $track } in { $identity }
why-track = { $track }
why-pair = { $a } and { $b }
why-similarity = Similarity
why-similarity-doc = Cosine of the two vectors: 1 is the same picture, 0 is nothing in common
why-distance = Distance
why-distance-doc = Squared distance of the two vectors, 0 to 4
why-margin = Margin
why-margin-doc = How much nearer the own identity is than the nearest rival; below zero, the rival is nearer
why-belongs = Belongs here
why-same = Same person
why-same-doc = As likely as pairs at this distance are one person, measured on known people
why-together = { $a } and { $b } are seen at the same time
why-cannot = You said that { $a } and { $b } are not the same person
why-must = You said that { $a } and { $b } are the same person
why-nearest-own = Nearest of its own
why-nearest-here = What decided on one side
why-nearest-there = What decided on the other
why-rivals = Who else it could be
why-frames = { $n ->
    [one] { $n } frame was used
   *[other] { $n } frames were used
}
why-frame-none = No face was found here
why-frame-weight = Counts for { $percent } %


## Splitting and checking

parting-heading = Split
parting-parts = { $n } parts
parting-fewer = Fewer parts
parting-more = More parts
parting-accept = Split off { $n }
parting-how = Plus and minus change the number of parts, End makes each track one. A click keeps a part here or lets it go. Enter splits.
parting-goes = Goes
parting-stays = Stays
parting-spoken = Part { $n }, { $title }, { $facts }
parting-none = There is nothing to split: one usable track only.
checking-heading = Check
checking-how = The odd ones come first. Click the wrong ones out; Enter confirms the rest.
checking-all-right = All right
checking-accept = Take { $n } out, confirm the rest
checking-spoken = Track { $track } belongs here
checking-nearer = nearer to { $name }

## Clashes, namesakes, history

clash-heading = One person cannot be in one frame twice
clash-seen = { $n ->
    [one] These two tracks are seen at the same time:
   *[other] { $n } pairs of these tracks are seen at the same time:
}
clash-said = { $n ->
    [one] You said that these two are not the same person:
   *[other] You said of { $n } pairs that they are not the same person:
}
clash-why = A mirror, a photograph on a wall or a split screen can show one person twice. Undo takes it back.
clash-heading-said = You said otherwise before
clash-joined = You said that these { $n } tracks are the same person, each with the next:
clash-why-said = What is said last holds, and what it contradicts goes. Undo takes it back.
clash-leave = Leave them apart
clash-leave-one = Leave them together
clash-part-anyway = Keep apart anyway
clash-anyway = Put together anyway
clash-anyway-tip = Holds against what is known; what you said before then goes
namesake-heading = Somebody is called { $name } already
namesake-same = Same person  (Y)
namesake-same-tip = Merges the two
namesake-other = A namesake  (N)
namesake-other-tip = Two people with one name
past-how = { $n ->
    [one] { $n } edit. A click goes to that moment; nothing is lost.
   *[other] { $n } edits. A click goes to that moment; nothing is lost.
}
past-here = you are here
past-undone = undone
past-aside = another branch

## Questions

place-questions = Questions
place-proposal = A re-run, before it is adopted
look-at = Look at

### The palette, and why something cannot be done now

palette-hint = Type a command, a page or a name
palette-nothing = Nothing is called like that.
palette-page = Go to this page
not-open = Open a project first
not-here = Not on this page
not-anybody = There is nobody yet
not-one-identity = Select one identity first
not-two-or-more = Select two identities or more first
not-two = Select two people or two tracks first
not-chosen = Select an identity first
not-tracks = Select tracks first
not-one-track = Select one track first
not-one-pair = Only where one pair is asked about
not-several-tracks = It has one track only
not-two-tracks-or-more = Select two tracks or more first
not-in-tray = These tracks are out already
not-read-only = This project is read-only
not-busy = Something is running already
not-proposed = No re-run waits to be looked at
not-ticked = Tick a part first
pairs-falls = Falling apart
falls-how = These look like several people each. Click out who is one person; Enter splits the ticked ones.
falls-accept = Split { $n }
falls-done = Nobody falls apart

### Known people

known-title = Known people
known-note = Whom of the library the unnamed people are. It only proposes; nothing is named before you say so.
known-other = Another library…
known-here = Recognised here ({ $n })
known-members = In the library ({ $n })
known-keep-all = { $n ->
    [one] Keep the named person
   *[other] Keep all { $n } named people
}
known-reading = Reading the library…
known-comparing = Comparing faces…
known-none = There is no library of people yet
known-none-how = Keep the people you named, and the next project will recognise them.
known-nobody = Nobody of the library is recognised here
known-nobody-how = Whoever is named already, or was said not to be somebody, is not asked about again.
known-unseen = { $n ->
    [one] One kept track has no vector of this model, since it has no pictures or shows no face.
   *[other] { $n } kept tracks have no vector of this model, since they have no pictures or show no face.
}
known-how = Left the library, right this project. Likely ones are ticked: click the wrong ones out, then press Enter. N says: not this person.
known-accept = { $n ->
    [one] Name the ticked one
   *[other] Name the { $n } ticked ones
}
known-rival = next: { $name }, { $likely }
known-spoken = { $who } is { $name }, { $likely }
known-not = Not { $name }
known-not-this = Not this person
known-not-doc = Remembered: these tracks are not proposed as this person again.
members-none = Nobody is in the library
members-name = Name in the library
members-rename = Rename
members-rename-done = Rename
members-merge = Same person
members-remove = Forget
members-undo = Undo in the library
members-redo = Redo in the library
members-facts = { $n ->
    [one] { $n } track
   *[other] { $n } tracks
}, { $looks ->
    [one] { $looks } project
   *[other] { $looks } projects
}
members-from = From { $from }
shelved-rename = Renamed to { $name } in the library
shelved-merge = { $n ->
    [one] Nobody was merged
   *[other] { $n } people of the library are one now
}
shelved-remove = Forgot a person of the library
shelved-erased = Erased in the library
shelved-undo = Undone in the library
shelved-redo = Redone in the library
kept-people = { $n ->
    [one] Kept one person in the library
   *[other] Kept { $n } people in the library
}
keeping-heading = { $n ->
    [one] The library knows this name already
   *[other] The library knows { $n } of these names already
}
keeping-note = Are they the same people as in the library, or others who happen to have the same name?
keeping-same = The same people
keeping-others = Others of the same name
choose-library = Folder of the library
not-named = Name somebody first

### People, faces and the inspector

faces = { $n ->
    [one] { $n } face
   *[other] { $n } faces
}
faces-everybody = Everybody
    .doc = The tracks of all people who are listed
faces-of = { $n } people
faces-how = Select people at the left to see their tracks. Drag tracks onto somebody to move them there; drag over free space to select several.
chip-doubtful = Doubtful
    .doc = People with tracks that are more likely somebody else
doubt-badge = { $n } ?
doubtful-track = More likely somebody else
sort-faces = Most faces
sort-doubtful = Most doubtful tracks
sort-was = { $sort }, before your changes
sort-again = Sort again
video = Video
all-videos = All videos
drop-new-person = New person
inspector-details = Details
inspector-open = Show or hide details over the faces
name-of = Name of { $who }
name-box = Name: { $who }
past-of-person = History of this person
past-of-person-none = Nothing was decided about this person yet.
past-all = Full history
inspector-nobody = Select a person or a track to see more of them, and who else they could be.
could-be-person = Could also be this person
could-be-tracks = Could be tracks of
could-be-spoken = Could be { $who }, { $likely }
could-be-nobody = Nobody else is likely.
could-be-yes = { $who }: same person
could-be-no = { $who }: not the same person
could-be-accept = { $n ->
    [one] Same person
   *[other] Same person ({ $n })
}
could-be-how = Click to select; double click to look at somebody.
loupe-nothing = This track has no picture.
loupe-frame = Frame { $n } · { $at } of { $all }
loupe-how = Arrow keys step through the frames; X cuts; Space or Escape closes.
loupe-cut = Cut before this frame
    .doc = This frame and all after it become a track of their own, as one step of undo (X)
loupe-cut-first = A cut needs a face on both sides: choose a later frame.
loupe-two-people = These faces look like two people, the second from frame { $n } on.
two-people-badge = 2 people?
two-people-track = This track seems to show two people. Press U to look at it frame by frame and to cut it.
export-confirmed = { $n ->
    [one] Confirmed only: { $n } person
   *[other] Confirmed only: { $n } people
}
export-unconfirmed = { $n ->
    [one] Nobody has confirmed { $n } of them yet; the manifest says so.
   *[other] Nobody has confirmed { $n } of them yet; the manifest says so.
}
messages-more = { $n } more
window-panicked = Something went wrong inside Castlist ({ $why }). The project was opened again; every edit is kept.
window-panicked-twice = Something went wrong inside Castlist again ({ $why }). The project was closed; every edit is kept.

## Files and folders of a project

project-menu = Project: { $name }
choose-model = Choose a model
browse-model = Choose a model file…
    .doc = Any ONNX file that embeds faces; it is used from the next run on
moved-heading = Where are the tracks now?
moved-note = Choose the folder that holds the tracks now. All decisions stay.
moved-was = They were in { $path }
moved-use = They are here
moved-find = Where is it now?
moved-find-of = Where is { $name } now?
recent-gone = Not found
folder-missing = The folder with the tracks is not there: { $path }
names-heading = Import names
names-note = A table with the columns track and identity. Nothing changes before you have seen what it would do.
names-read = Read
names-would = { $people ->
    [one] { $people } person, { $tracks }
   *[other] { $people } people, { $tracks }
}
names-line = { $name }: { $tracks }
names-clash = { $track } stays { $name }, not { $wanted }
names-unchanged = { $n ->
    [one] { $n } track has its name already.
   *[other] { $n } tracks have their name already.
}
names-clashes = { $n ->
    [one] { $n } track is called otherwise here, and stays so.
   *[other] { $n } tracks are called otherwise here, and stay so.
}
names-unknown = { $n ->
    [one] { $n } name is of a track that is not here.
   *[other] { $n } names are of tracks that are not here.
}
names-import = Import
merge-heading = Merge a colleague's project
merge-note = A project over the same tracks. A new project is made of both; neither of them changes. Where they differ, your decision stands.
merge-do = Merge
merged-heading = A new project was made
merged-common = { $n ->
    [one] { $n } track is in both projects.
   *[other] { $n } tracks are in both projects.
}
merged-people = { $n ->
    [one] { $n } decision about a person came in.
   *[other] { $n } decisions about people came in.
}
merged-links = { $n ->
    [one] { $n } link came in.
   *[other] { $n } links came in.
}
merged-rejected = { $n ->
    [one] { $n } rejected track came in.
   *[other] { $n } rejected tracks came in.
}
merged-cuts = { $n ->
    [one] { $n } cut came in.
   *[other] { $n } cuts came in.
}
merged-unknown = { $n ->
    [one] { $n } track is in the other project only, and stayed out.
   *[other] { $n } tracks are in the other project only, and stayed out.
}
merged-no-clash = The two never differ.
merged-clashes = { $n ->
    [one] { $n } difference; your decision stands
   *[other] { $n } differences; your decisions stand
}
merged-clash = { $ours } — the other project: { $theirs }
merged-clashes-how = In the new project, redo takes the other side, one difference a step.
merged-open = Open the new project
reread-heading = The pictures would be read differently
reread-note = Decisions about tracks that are no more would be lost. Nothing has changed yet.
reread-leave = Leave everything as it is
read-tracks = By names, <track>_<frame>
read-single = Each picture is a track
read-people = Each folder is a person
pictures-single = { $n } pictures were each read as a track of their own. Are they meant differently?
changes = { $new } new, { $gone } gone, { $moved } moved since the last run
sure-heading = Sure matches
sure-note = Click a row to leave it out. Accepting is one step of undo.
sure-none = Nobody without a name is surely one of the people with a name.
sure-row = { $who } is { $name }
sure-accept = { $n ->
    [one] Accept { $n }
   *[other] Accept { $n }
}
