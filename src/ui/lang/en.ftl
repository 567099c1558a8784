# The window's texts in English. Keys and arguments are the same as in ko.ftl; a test compares them.

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

### What edits did, in the history and in notices

did-unname = Took the name of { $who } away
did-rename = Renamed { $who } to { $name }
did-name = Named { $who } { $name }
did-merge = Merged { $who } into { $into }
did-merge-all = Merged { $who } into one
did-move = Moved { $n ->
    [one] { $n } track
   *[other] { $n } tracks
} to { $to }
did-move-from = Moved { $n ->
    [one] { $n } track
   *[other] { $n } tracks
} from { $from } to { $to }
did-split = Split { $n ->
    [one] { $n } track
   *[other] { $n } tracks
}
did-split-as = Split { $n ->
    [one] { $n } track
   *[other] { $n } tracks
}, as { $name }
did-split-off = Split { $n ->
    [one] { $n } track
   *[other] { $n } tracks
} off { $from }
did-split-off-as = Split { $n ->
    [one] { $n } track
   *[other] { $n } tracks
} off { $from }, as { $name }
did-reject = Rejected { $n ->
    [one] { $n } track
   *[other] { $n } tracks
}
did-reject-from = Rejected { $n ->
    [one] { $n } track
   *[other] { $n } tracks
} of { $from }
did-ignore = Ignored { $who }
did-restore = Brought back { $who }
did-confirm = Confirmed { $who }
did-cover = Chose a cover for { $who }
did-cannot-link = Said that { $a } and { $b } are not the same person
did-must-link = Said that { $a } and { $b } are the same person
did-adopt = Regrouped: { $source }
did-nothing = Nothing
did-more = { $first }, and { $n ->
    [one] { $n } edit
   *[other] { $n } edits
} more

### What edits do, in menus and tooltips

do-unname = Take the name of { $who } away
do-name = Name “{ $name }”
do-merge = Merge { $n ->
    [one] { $n } identity
   *[other] { $n } identities
}
do-move = Move { $n ->
    [one] { $n } track
   *[other] { $n } tracks
}
do-split = Split off { $n ->
    [one] { $n } track
   *[other] { $n } tracks
}
do-reject = Reject { $n ->
    [one] { $n } track
   *[other] { $n } tracks
}
do-ignore = Ignore { $n ->
    [one] { $n } identity
   *[other] { $n } identities
}
do-restore = Bring back { $n ->
    [one] { $n } identity
   *[other] { $n } identities
}
do-confirm = Confirm { $n ->
    [one] { $n } identity
   *[other] { $n } identities
}
do-cover = Choose cover
do-cannot-link = Not the same person
do-must-link = The same person

### Why an edit was not taken

refused-identity = there is no person { $id } (any more)
refused-track = there is no track “{ $track }” in this project
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

back = ‹ Back
