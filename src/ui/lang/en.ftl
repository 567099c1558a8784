# The window's texts in English. Keys and arguments are the same as in ko.ftl, but for texts of tables (methods,
# parameters, settings, stages, what edits did), whose English is in the code; a test compares them.

### Counts and people

tracks = { $n ->
    [one] { $n } track
   *[other] { $n } tracks
}
identities = { $n ->
    [one] { $n } person
   *[other] { $n } people
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
place-people = People
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
as-system = Match system
chip-all = All
    .doc = Everyone except ignored
chip-unnamed = Unnamed
    .doc = People without a name
chip-named = Named
    .doc = People with a name
chip-ignored = Ignored
    .doc = People you set aside
unassigned = Unassigned
    .doc = Rejected tracks and tracks without a usable face
chip-count = { $name }  { $n }
picture-size = Picture size
sort = Sort
sort-biggest = Biggest first
sort-name = By name
sort-longest = Longest on screen
selected = { $n } selected

### The gallery and the pages

empty-chip = No one here
empty-chip-note = No one matches this filter.
empty-all = No one was found
empty-all-note = No track had a usable face; see Unassigned.
empty-search = No matches
empty-search-note = No one here is called “{ $search }”.
clear-search = Clear search
click-to-name = Click to name
most-doubtful-first = { $n ->
    [0] { $tracks }, least typical first
    [one] { $tracks }, least typical first; { $n } doubtful
   *[other] { $tracks }, least typical first; { $n } doubtful
}
tray-facts = { $rejected } rejected · { $unusable } without a usable face
tray-empty = Every track belongs to someone. Rejected tracks appear here.
track-spoken = Track { $id }, { $facts }
cover = cover
frame = frame { $n }
time-at = { $duration } at { $start }
features-only = features only
unreadable = { $n } unreadable
no-usable-face = no usable face
name-hint = Name
same-name = { $n ->
    [one] Another person is already called “{ $name }”.
   *[other] { $n } people are already called “{ $name }”.
} If it is the same person, merge them.
move-heading = Move { $n ->
    [one] { $n } track
   *[other] { $n } tracks
} to…
move-to = Move to
move-hint = Find a person, or type a new name
move-new = New person “{ $name }”
move-nobody = There is no one else yet. Type a name to add a person.
cancel = Cancel
close = Close
open = Open
dismiss = Dismiss

### Start

tagline = Who is in this footage?
open-folder = Open folder…
open-folder-tip = A folder of face tracks: one folder of pictures per track
try-demo = Try the demo
try-demo-tip = Draws about 30 people in 200 tracks and groups them
drop-here = You can also drop a folder, a video or a project here.
drop-to-open = Drop to open
path = Path
path-hint = Or the path of a folder or project
recent = Recent
forget-recent = Forget { $name }
open-recent = Open { $name }
choose-tracks = Open a folder of tracks
choose-export = Export to a folder
looking = Analysing faces…
looking-note = People appear here as soon as the tracks are grouped.
nothing-yet = Nothing to show yet
nothing-yet-note = These tracks are not grouped yet, and this project is read-only.
not-grouped = Not grouped yet
not-grouped-note = Group the tracks to see who is in them. Work already done is kept.
group-tracks = Group the tracks

### Messages, banners, a running job

undone = Undone: { $what }
redone = Redone: { $what }
jumped = Went to: { $what }
panicked = Castlist hit an internal error ({ $why }). Nothing is lost; try again, and please report it.
no-thread = No work can be done: no thread could be started ({ $why })
is-running = Something is already running; wait for it, or cancel it
not-started = The work could not start; close Castlist and open it again
stopped = Stopped; finished work is kept
exported = Exported { $identities }, { $tracks }, { $pictures }.
exported-missing = { $n ->
    [one] { $n } picture
   *[other] { $n } pictures
} could not be read; not exported.
ready-model = { $model } is ready; re-run to group with it
installed-model = { $model } is installed
grouped = { $tracks } in { $clusters }
grouped-warnings = { $warnings }: { $first }
nothing-better = No improvement was found, so nothing changes: { $why }
adopted-learned = Adopted what was learned; undo restores the previous state
read-only = Read-only: this project is open in another Castlist, or its file is protected. Close the other one and open it again to make changes.
read-only-no-locks = Read-only: files cannot be locked where this project is stored, as on some network shares. Copy it to a local disk and open it there.
elsewhere = This folder cannot be written to, so the project is stored here: { $path }
settings-changed = The settings changed since the last run.
renewed-model = This project was made with an earlier built-in model. A better one is available; their faces cannot be compared with each other.
renewed-method = This project was grouped by ball clusters. The current method makes fewer mistakes on film.
see-what-changes = See what would change…
basic-model = The built-in model is unsure of some people here. Another model may separate them:
offer-any-use = For any use: { $model }, { $size }. { $film }
offer-not-commercial = Not for commercial use: { $model }, { $size }. { $film }
film-measured = On film it scored { $with } instead of { $instead } (BCubed F).
film-unmeasured = Not measured on film: it may be better or worse.
here-already = installed
try-model = Try { $model }
try-model-note = Downloads it, analyses all faces with it, and shows what would change. Nothing changes until you adopt it.
trial-same = With { $model } nothing would change
by-hand = { $model } could not be downloaded ({ $why }). Fetch it on another machine and drop it on this window; what it would change is shown then.
    File: { $file }
    Address: { $address }
    sha256: { $sha256 }
server-answered = the server answered { $status }
another-file = the server has a different file
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
failed-unknown-model = No known model has this file's hash, and its { $missing } must be given: { $path }. Look them up and enter them in a terminal: { $command }

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
rerun-note = Changes other than the radius apply to the next run. People you named, merged, confirmed or moved stay as they are; you see what would happen to the rest first.
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
radius-figures = Radius value
radius-own-at = Known for this model ({ $value })
radius-estimated = Estimated from the tracks
radius-estimated-at = Estimated from the tracks ({ $value })
certainty = Certainty
certainty-figures = Certainty value
certainty-own = More likely right than wrong (0.5)
certainty-mark = From here on a merge is more likely right than wrong
stricter = stricter
looser = looser
radius-mark-own = The radius learned with the head, or named in the model’s description
radius-mark-estimated = Estimated from these tracks
radius-working = Computing values above { $value }…
radius-next-run = Changes apply to the next run.

### A second opinion

second-opinion = Second opinion
second-opinion-ask = Second opinion…
second-opinion-tip = Groups by another method and shows where it differs
close-second = Close the second opinion
second-alike = { $method } agrees on { $alike } of { $n ->
    [one] { $n } person
   *[other] { $n } people
}.
second-agree = The two agree on everything.
second-note = { $tracks } in { $differences }, biggest first. Applying one is an ordinary edit; undo reverts it.
parameters = Parameters
ask-again = Ask again
ask-again-tip = Groups again with these parameters
look-at-identity = View this person
second-facts = { $tracks }, { $pairs }
not-same-said = Different people: { $a } and { $b }
not-same-tip = Different people; you won't be asked again
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
export-note = Each person gets a folder; { $files } and { $last } are saved next to them.
export-pictures = Pictures
export-identities = People
link-copy = Copy: independent, uses the same space again
link-hard = Hard link: no extra space; same drive only
link-symbolic = Symbolic link: no extra space; breaks when the tracks move
export-all = Everyone except ignored ({ $n })
export-named = Named only ({ $n })
export-selected = Selected only ({ $n })
export-everybody = Everyone, including ignored ({ $n })
export-unassigned = { $n ->
    [one] { $n } track in Unassigned is not exported.
   *[other] { $n } tracks in Unassigned are not exported.
}

### What a re-run would change

rerun-heading = What the re-run would change
rerun-model = Grouped with { $model }. If you adopt any of it, { $model } becomes the project’s model.
rerun-how = Nothing has changed yet. Untick what should stay unchanged, by click or with the arrows and Space. Enter adopts what is ticked, as one edit; Escape discards all of it.
rerun-part = Part { $n }
rerun-come = new tracks
rerun-leave = becomes unassigned
rerun-merge = merge
rerun-split = split
rerun-move = tracks move
rerun-ends = emptied (had { $tracks })
rerun-adopt = Adopt { $n } of { $all }
rerun-tick-all = Tick all
rerun-untick-all = Untick all
rerun-later = To the gallery; the re-run waits until you adopt or discard it
rerun-nothing-left = Your edits left nothing for the re-run to change.
rerun-waits = A re-run waits for your review. Nothing has changed yet.
rerun-look = Review it
rerun-adopted = Adopted { $n } of { $all ->
    [one] { $all } part
   *[other] { $all } parts
}; undo restores the previous state
rerun-dropped = Discarded the re-run; nothing changed
rerun-same = The re-run would change nothing.

### Learning

learn = Learn
learn-corrections = Learn from my corrections
    .doc = Learns from the people you named, confirmed and linked. You see what would change first.
learn-finetune = Fine-tune on these tracks
    .doc = Learns without names: faces of one track are one person, tracks seen at the same time are different people.
learn-note = Looks for a better projection and radius for this project. Nothing changes until you adopt it.
learned-corrections = Learned from your corrections
learned-finetune = Fine-tuned on these tracks
proposal-note = People you named, merged, confirmed or moved stay as they are. Undo restores everything.
adopt = Adopt
drop = Discard
drop-tip = Nothing changes
held-out-tracks = { $n ->
    [one] { $n } confirmed track
   *[other] { $n } confirmed tracks
} held out: BCubed F { $before } → { $after }
held-out-pairs = { $n ->
    [one] { $n } known pair
   *[other] { $n } known pairs
} held out: { $before } → { $after } wrong
no-change = No track would move to another person.
would-change = { $before } → { $after ->
    [one] { $after } person
   *[other] { $after } people
}; { $changed } would change, { $same } would stay
change-new = new, { $tracks }
change-ends = emptied ({ $tracks } move elsewhere)
change-size = { $before } → { $tracks }
and-more = and { $n } more
sheet-note = Arrow keys move; with Shift they select. Click, Shift+click and Ctrl+click select too.
failed = Not done: { $why }

# Timeline
timeline-title = Timeline
timeline-empty = There are no tracks yet.
timeline-video = Video
timeline-no-video = (no video named)
timeline-no-times = No track of this video has times. Times are read from tracks.csv next to the tracks.
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
map-never-the-truth = Similar faces lie close together; distances are approximate. Drag around points to select tracks; drag with the right button to move, turn the wheel to zoom.
map-old = This map is from an earlier run.
map-placed = { $n ->
    [one] { $n } track is placed next to the most similar tracks.
   *[other] { $n } tracks are placed next to the most similar ones, because there are too many to lay out.
}
map-chosen = { $n ->
    [0] No tracks selected
    [one] { $n } track selected
   *[other] { $n } tracks selected
}
map-clear = Clear selection
map-spoken = Map of { $n } tracks; the list next to it has the same tracks
map-list = Tracks on the map
# Strangers
strangers-title = Strangers
strangers-note = Unnamed people below all these limits. Ignoring them is one edit; undo reverts it.
strangers-here = To ignore
strangers-aside = Already ignored
strangers-tracks = Maximum tracks
strangers-seconds = Maximum time on screen
strangers-blurred = Maximum sharpness
strangers-blurred-doc = Sharpness of the sharpest face: 0.05 is blurred, 0.15 and more is sharp.
strangers-reading = Measuring how sharp the faces are…
strangers-untimed = { $n ->
    [one] { $n } person is left out, because the times are not known.
   *[other] { $n } people are left out, because their times are not known.
}
strangers-unmeasured = { $n ->
    [one] { $n } person is left out, because their faces were never measured.
   *[other] { $n } people are left out, because their faces were never measured.
}
strangers-none = No one matches these limits.
strangers-ignore = { $n ->
    [one] Ignore { $n } person
   *[other] Ignore { $n } people
}
strangers-restore = { $n ->
    [one] Bring { $n } person back
   *[other] Bring { $n } people back
}


## Same person?

pairs-heading = Same person?
pairs-left = about { $n ->
    [one] { $n } decision left
   *[other] { $n } decisions left
}
pairs-left-tip = Estimated: { $names } to name, { $answers } answers here, { $doubtful } doubtful tracks
pairs-one = One by one
pairs-many = Twelve at a time
pairs-waiting = Looking for the questions that save the most work…
pairs-vain = No questions yet
pairs-vain-why = Face data is missing. Re-run to create it.
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
rest-how = Each unnamed person next to the most likely named one. Enter merges what is ticked; the others stay unanswered.
rest-everybody = Everyone has a name: tick all
rest-done = No one is left to identify
pairs-done-all = Everyone has a name, and no two look like the same person.
pairs-done-names = No two look like the same person any more. { $n ->
    [one] { $n } person still needs a name.
   *[other] { $n } people still need a name.
}
pairs-to-gallery = To the gallery
pairs-skipped-again = Show skipped questions
likely-very = very likely
likely = likely
likely-unsure = unsure
likely-not = unlikely
pairs-evidence = { $likely } · similarity { $similarity }
pairs-stranger = looks like someone you ignored
pairs-many-how = Untick wrong pairs, or tick right ones. Enter merges what is ticked; the others stay unanswered.
pairs-accept = { $n ->
    [0] Next page
   *[other] Merge { $n }
}
pairs-spoken = { $a } and { $b }
## Why

why-nobody = Select a track, two tracks or two people to see the evidence.
why-no-face = There is no usable face to compare.
why-track-in = { $track } in { $identity }
why-track = { $track }
why-pair = { $a } and { $b }
why-similarity = Similarity
why-similarity-doc = Cosine of the two vectors: 1 is the same picture, 0 is unrelated
why-distance = Distance
why-distance-doc = Squared distance of the two vectors, 0 to 4
why-margin = Margin
why-margin-doc = How much nearer the track is to its own person than to the nearest other; below zero, the other is nearer
why-belongs = Belongs here
why-same = Same person
why-same-doc = How often pairs at this distance were one person, measured on known people
why-together = { $a } and { $b } are seen at the same time
why-cannot = You marked { $a } and { $b } as different people
why-must = You marked { $a } and { $b } as the same person
why-nearest-own = Nearest tracks of the same person
why-nearest-here = Deciding tracks on one side
why-nearest-there = Deciding tracks on the other side
why-rivals = Who else it could be
why-frames = { $n ->
    [one] { $n } face was used
   *[other] { $n } faces were used
}
why-frame-none = No face was found here
why-frame-weight = Counts for { $percent } %


## Splitting and checking

parting-heading = Split
parting-parts = { $n } parts
parting-fewer = Fewer parts
parting-more = More parts
parting-accept = Split off { $n }
parting-how = Plus and minus change the number of parts, End makes each track a part. A click keeps a part here or splits it off. Enter splits.
parting-goes = Splits off
parting-stays = Stays
parting-spoken = Part { $n }, { $title }, { $facts }
parting-none = Nothing to split: there is only one usable track.
checking-heading = Check
checking-how = The least typical come first. Click faces that don't belong; Enter confirms the rest.
checking-all-right = All right
checking-accept = Remove { $n }, confirm the rest
checking-spoken = Track { $track } belongs here
checking-nearer = nearer to { $name }

## Clashes, namesakes, history

clash-heading = One person cannot be in one frame twice
clash-seen = { $n ->
    [one] These two tracks are seen at the same time:
   *[other] { $n } pairs of these tracks are seen at the same time:
}
clash-said = { $n ->
    [one] You marked these two as different people:
   *[other] You marked { $n } pairs as different people:
}
clash-why = A mirror, a photograph on a wall or a split screen can show one person twice. Undo reverts it.
clash-heading-said = This contradicts an earlier decision
clash-joined = You marked these { $n } tracks as the same person, each with the next:
clash-why-said = The latest decision holds; what contradicts it is removed. Undo reverts it.
clash-leave = Leave them apart
clash-leave-one = Leave them together
clash-part-anyway = Keep apart anyway
clash-anyway = Merge anyway
clash-anyway-tip = Overrides what is known; earlier decisions that contradict it are removed
namesake-heading = Someone is already called { $name }
namesake-same = Same person  (Y)
namesake-same-tip = Merges the two
namesake-other = Different person  (N)
namesake-other-tip = Two people with the same name
past-how = { $n ->
    [one] { $n } edit. A click goes to that moment; nothing is lost.
   *[other] { $n } edits. A click goes to that moment; nothing is lost.
}
past-here = you are here
past-undone = undone
past-aside = another branch

## Questions

place-questions = Questions
place-proposal = A re-run before it is adopted
look-at = View

### The palette, and why something cannot be done now

palette-hint = Type a command, a page or a name
palette-nothing = No matches
palette-page = Go to this page
not-open = Open a project first
not-here = Not on this page
not-anybody = There is no one yet
not-one-identity = Select one person first
not-two-or-more = Select two or more people first
not-two = Select two people or two tracks first
not-chosen = Select a person first
is-confirmed = Confirmed already
not-tracks = Select tracks first
not-one-track = Select one track first
not-one-pair = Only while one pair is asked about
not-several-tracks = There is only one track
not-two-tracks-or-more = Select two or more tracks first
not-in-tray = These tracks are already unassigned
not-read-only = This project is read-only
not-busy = Something is already running
not-proposed = No re-run waits for your review
not-ticked = Tick a part first
pairs-falls = Mixed people
falls-how = Each of these looks like several people. Untick those who are one person; Enter splits the ticked ones.
falls-accept = Split { $n }
falls-done = No mixed identities found

### Known people

known-title = People library
known-note = Suggests library names for unnamed people. Nothing is named until you accept it.
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
known-nobody = No one from the library recognised here
known-nobody-how = People who are named, or were marked as someone else, are not suggested again.
known-unseen = { $n ->
    [one] One kept track has no face data for this model, because it has no pictures or shows no face.
   *[other] { $n } kept tracks have no face data for this model, because they have no pictures or show no face.
}
known-how = Left the library, right this project. Likely ones are ticked: untick the wrong ones, then press Enter. N means: not this person.
known-accept = { $n ->
    [one] Name the ticked one
   *[other] Name the { $n } ticked ones
}
known-rival = next: { $name }, { $likely }
known-spoken = { $who } is { $name }, { $likely }
known-not = Not { $name }
known-not-this = Not this person
known-not-doc = Remembered; these tracks are not suggested as this person again.
members-none = No one is in the library
members-name = Name in the library
members-rename = Rename
members-rename-done = Rename
members-merge = Same person
members-remove = Remove from library
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
    [one] No one was merged
   *[other] Merged { $n } people in the library
}
shelved-remove = Removed a person from the library
shelved-erased = Erased in the library
shelved-undo = Undone in the library
shelved-redo = Redone in the library
kept-people = { $n ->
    [one] Kept one person in the library
   *[other] Kept { $n } people in the library
}
keeping-heading = { $n ->
    [one] The library already has this name
   *[other] The library already has { $n } of these names
}
keeping-note = Are they the same people as in the library, or others with the same name?
keeping-same = The same people
keeping-others = Others with the same name
choose-library = Folder of the library
not-named = Name a person first

### People, faces and the inspector

faces = { $n ->
    [one] { $n } face
   *[other] { $n } faces
}
faces-everybody = Everyone
    .doc = Tracks of all listed people
faces-of = { $n } people
faces-how = Select people at the left to see their tracks. Drag tracks onto a person to move them; drag over free space to select several.
chip-doubtful = Doubtful
    .doc = People with tracks that are more likely someone else
doubt-badge = { $n } ?
doubtful-track = More likely someone else
sort-faces = Most faces
sort-doubtful = Most doubtful tracks
sort-was = { $sort }, before edits
sort-again = Sort again
video = Video
all-videos = All videos
drop-new-person = New person
inspector-details = Details
inspector-open = Show or hide details over the faces
name-of = Name of { $who }
name-box = Name: { $who }
past-of-person = History of this person
past-of-person-none = No decisions about this person yet.
past-all = Full history
inspector-nobody = Select a person or a track to see details and who else it could be.
could-be-person = Could also be this person
could-be-tracks = Could be tracks of
could-be-spoken = Could be { $who }, { $likely }
could-be-nobody = No one else is likely.
could-be-yes = { $who }: same person
could-be-no = { $who }: not the same person
could-be-accept = { $n ->
    [one] Same person
   *[other] Same person ({ $n })
}
could-be-how = Click to select, Shift-click for a range; double-click to view a person.
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
    [one] { $n } of them is not confirmed yet; the manifest says so.
   *[other] { $n } of them are not confirmed yet; the manifest says so.
}
messages-more = { $n } more
window-panicked = Castlist hit an internal error ({ $why }). The project was opened again; every edit is kept.
window-panicked-twice = Castlist hit an internal error again ({ $why }). The project was closed; every edit is kept.

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
names-note = A table with the columns track and identity. You see what it would do before anything changes.
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
    [one] { $n } track has another name here and keeps it.
   *[other] { $n } tracks have other names here and keep them.
}
names-unknown = { $n ->
    [one] { $n } name is for a track that is not here.
   *[other] { $n } names are for tracks that are not here.
}
names-import = Import
merge-heading = Merge a colleague's project
merge-note = A project over the same tracks. Both are merged into a new project; neither of them changes. Where they differ, your decision stands.
merge-do = Merge
merged-heading = A new project was made
merged-common = { $n ->
    [one] { $n } track is in both projects.
   *[other] { $n } tracks are in both projects.
}
merged-people = { $n ->
    [one] { $n } decision about a person was added.
   *[other] { $n } decisions about people were added.
}
merged-links = { $n ->
    [one] { $n } link was added.
   *[other] { $n } links were added.
}
merged-rejected = { $n ->
    [one] { $n } rejected track was added.
   *[other] { $n } rejected tracks were added.
}
merged-cuts = { $n ->
    [one] { $n } cut was added.
   *[other] { $n } cuts were added.
}
merged-unknown = { $n ->
    [one] { $n } track is only in the other project and was left out.
   *[other] { $n } tracks are only in the other project and were left out.
}
merged-no-clash = The two projects never differ.
merged-clashes = { $n ->
    [one] { $n } difference; your decision stands
   *[other] { $n } differences; your decisions stand
}
merged-clash = { $ours } — the other project: { $theirs }
merged-clashes-how = In the new project, redo applies the other project's decisions, one difference per step.
merged-open = Open the new project
reread-heading = The pictures would be read differently
reread-note = Decisions about tracks that no longer exist would be lost. Nothing has changed yet.
reread-leave = Leave everything as it is
read-tracks = By names, <track>_<frame>
read-single = Each picture is a track
read-people = Each folder is a person
pictures-single = { $n } pictures were each read as a track of their own. Are they meant differently?
changes = { $new } new, { $gone } gone, { $moved } moved since the last run
sure-heading = Sure matches
sure-note = Click a row to leave it out. Accepting is one step of undo.
sure-none = No unnamed person surely matches a named one.
sure-row = { $who } is { $name }
sure-accept = { $n ->
    [one] Accept { $n }
   *[other] Accept { $n }
}
