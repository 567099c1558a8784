//! Two curators' work on the same tracks as one: what the second decided, as edits of the first.
//!
//! Takes two projects' tracks and logs; gives one gesture with all that contradicts nothing, and the
//! clashes. In a clash the first project's decision stands; the second's is an edit of its own, to be
//! taken or left. What no curator decided, as a clustering, is nobody's decision. It reads no files.

mod common_tracks;
mod decisions;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::base::{CoOccurrence, TrackIx};
use crate::review::{Edit, History, Identity, IdentityId, LogEntry, Refusal, Review};
use crate::tracks::TrackSet;
use common_tracks::{CommonTracks, cut_at, cut_frames, same_tracks};
use decisions::Decisions;

/// One project.
#[derive(Clone, Copy)]
pub(crate) struct MergeSide<'a> {
    /// Its tracks, cut as its curator cut them.
    pub set: &'a TrackSet,
    /// Its log.
    pub history: &'a History,
    /// Its state.
    pub review: &'a Review,
}

/// What two curators see differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ClashKind {
    /// One name or another.
    Name,
    /// One person or two, or nobody.
    Person,
    /// One value of a person's detail or another.
    Detail,
    /// Ignored or not.
    Ignored,
    /// A link that what was decided here contradicts.
    Link,
    /// A track that is cut there and whole here, or cut elsewhere.
    Cut,
}

/// A decision of the second project that the first contradicts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct MergeClash {
    /// What about.
    pub kind: ClashKind,
    /// The tracks, as the first project calls them.
    pub tracks: Vec<String>,
    /// What holds, in words.
    pub ours: String,
    /// What the second project says, in words.
    pub theirs: String,
    /// The edit that takes the second project's side: a line for `review apply`.
    pub edit: Edit,
    /// The entry of the log with that edit, which redo leads to; none where the edit cannot be made.
    pub entry: Option<u64>,
}

/// How many decisions came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct MergeCounts {
    /// Identities that got a name, or tracks that went to one.
    pub identities: usize,
    /// Links between tracks.
    pub links: usize,
    /// Tracks that were rejected.
    pub rejected: usize,
    /// Cuts of tracks.
    pub cuts: usize,
}

/// What merging would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ProjectMerge {
    /// Tracks of both projects.
    pub n_common: usize,
    /// Those of them that are called otherwise in the second one.
    pub n_renamed: usize,
    /// Tracks of the second project alone; what it says of them stays out.
    pub n_unknown: usize,
    /// What comes in.
    pub brought: MergeCounts,
    /// What does not.
    pub clashes: Vec<MergeClash>,
    /// The entries that follow the first project's log: all that comes in, then one for each clash.
    #[serde(skip)]
    pub entries: Vec<LogEntry>,
    /// Where the log stands afterwards: before the clashes.
    #[serde(skip)]
    pub cursor: u64,
}

impl ProjectMerge {
    /// What the second project adds to the first, made at a moment in seconds since 1970. None where
    /// they have no track in common. O(tracks · log tracks + links).
    pub(crate) fn of(ours: MergeSide<'_>, theirs: MergeSide<'_>, at: i64) -> Option<Self> {
        let same = same_tracks(ours.set, theirs.set);
        if same.is_empty() {
            return None;
        }
        let mut draft = Draft::new(ours);
        let cut_clashes = draft.cut(ours, theirs, &same);
        let set = draft.set.clone();
        let common = CommonTracks::new(&set, &same);
        let mut decisions = Decisions::new(draft, theirs, &common);
        decisions.take_identities();
        decisions.take_rejected();
        decisions.take_links();
        let (draft, mut clashes) = decisions.finish();
        clashes.sort_by(|a, b| (a.kind, &a.tracks).cmp(&(b.kind, &b.tracks)));
        clashes.extend(cut_clashes);
        let brought = draft.brought;
        let (entries, cursor) = draft.entries(ours.history, &mut clashes, at);
        Some(Self {
            n_common: same.len(),
            n_renamed: same.iter().filter(|(theirs, ours)| theirs != ours).count(),
            n_unknown: theirs.set.uncut().len() - same.len(),
            brought,
            clashes,
            entries,
            cursor,
        })
    }
}

/// The first project with what came in so far.
struct Draft {
    set: Arc<TrackSet>,
    co_occurrence: CoOccurrence,
    /// Before anything came in, on the tracks as they are cut now.
    base: Review,
    review: Review,
    edits: Vec<Edit>,
    next: IdentityId,
    brought: MergeCounts,
}

impl Draft {
    fn new(ours: MergeSide<'_>) -> Self {
        Self {
            set: Arc::new(ours.set.clone()),
            co_occurrence: CoOccurrence::new(&ours.set.co_occurrence_constraints()),
            base: ours.review.clone(),
            review: ours.review.clone(),
            edits: Vec::new(),
            next: ours.history.new_identity_id(),
            brought: MergeCounts::default(),
        }
    }

    /// Makes an edit, where the state allows it.
    fn make(&mut self, edit: Edit) -> Result<(), Refusal> {
        let edit = self.review.prepare(edit, self.next, &self.co_occurrence)?;
        self.review.apply(&edit);
        self.next = self.next.max(IdentityId(edit.highest_identity().saturating_add(1)));
        self.edits.push(edit);
        Ok(())
    }

    /// Takes the cuts of tracks that the first project's curator neither cut nor decided about; gives
    /// the others as clashes.
    fn cut(
        &mut self,
        ours: MergeSide<'_>,
        theirs: MergeSide<'_>,
        same: &BTreeMap<String, String>,
    ) -> Vec<MergeClash> {
        let (here, mut clashes) = (cut_frames(ours.set), Vec::new());
        let mut cuts = ours.history.track_cuts();
        for (track, frames) in cut_frames(theirs.set) {
            let Some(whole) = same.get(track) else { continue };
            let cut_here = here.get(whole.as_str());
            let is_open =
                cut_here.is_none() && ours.review.track(whole).is_some_and(|it| ours.review.is_free(it));
            for frame in frames {
                if cut_here.is_some_and(|frames| frames.contains(&frame)) {
                    continue;
                }
                let Some((track, at)) = cut_at(&self.set, whole, frame) else { continue };
                let edit = Edit::SplitTrack { track: track.clone(), at, new: None };
                if is_open && self.make(edit.clone()).is_ok() {
                    cuts.push((track, at));
                    self.set = Arc::new(ours.set.clone().with_cuts(&cuts));
                    self.recut(ours);
                    self.brought.cuts += 1;
                    continue;
                }
                let stands = if cut_here.is_some() { "cut elsewhere" } else { "one person, not cut" };
                clashes.push(MergeClash {
                    kind: ClashKind::Cut,
                    tracks: vec![track],
                    ours: stands.to_owned(),
                    theirs: format!("cut at frame {at}"),
                    edit,
                    entry: None,
                });
            }
        }
        clashes
    }

    /// The state on the tracks as they are cut now.
    fn recut(&mut self, ours: MergeSide<'_>) {
        let ids = self.set.tracks.iter().map(|track| track.id.clone()).collect();
        self.base = ours.history.replay(Review::of_moved(ids, self.set.former_ids()));
        for edit in &self.edits {
            self.base.apply(edit);
        }
        self.review = self.base.clone();
        self.co_occurrence = CoOccurrence::new(&self.set.co_occurrence_constraints());
    }

    /// The entries: what came in as one, then each clash upon the one before, so that each redo takes one.
    fn entries(self, history: &History, clashes: &mut [MergeClash], at: i64) -> (Vec<LogEntry>, u64) {
        let (mut history, before) = (history.clone(), history.entries().len());
        let edit = match <[Edit; 1]>::try_from(self.edits) {
            Ok([edit]) => Some(edit),
            Err(none) if none.is_empty() => None,
            Err(edits) => Some(Edit::All { edits }),
        };
        if let Some(edit) = edit {
            history.push(history.next_entry(edit, at, &self.base));
        }
        let (cursor, mut state) = (history.cursor(), self.review);
        for clash in clashes {
            let edit = clash.edit.clone().overriding();
            let Ok(edit) = state.prepare(edit, history.new_identity_id(), &self.co_occurrence) else {
                continue;
            };
            let entry = history.next_entry(edit, at, &state);
            clash.entry = Some(entry.number);
            state.apply(&entry.edit);
            history.push(entry);
        }
        (history.entries()[before..].to_vec(), cursor)
    }
}

/// What an identity is called.
fn title(review: &Review, id: IdentityId) -> String {
    review.identity(id).map_or_else(|| format!("Person {id}"), Identity::title)
}

/// The ids of tracks.
fn ids(set: &TrackSet, tracks: &[TrackIx]) -> Vec<String> {
    tracks.iter().map(|&track| set.track(track).id.clone()).collect()
}
