//! The decisions of the second project, one after the other: taken where nothing contradicts them.
//!
//! An identity that the second curator named, confirmed, merged or ignored is a decision; so are links
//! and rejections. The identity of the first project that it is has the same name, or holds most of its
//! tracks; each identity of the first project is that of one identity of the second.

use std::collections::{BTreeMap, BTreeSet};

use super::common_tracks::CommonTracks;
use super::{ClashKind, Draft, MergeClash, MergeSide, ids, title};
use crate::base::{ConstraintKind, Details, TrackIx};
use crate::review::{Edit, Identity, IdentityId, IdentityState};

pub(super) struct Decisions<'a> {
    draft: Draft,
    theirs: MergeSide<'a>,
    common: &'a CommonTracks<'a>,
    clashes: Vec<MergeClash>,
    /// For each identity that the first curator keeps, the one of the second project that it is.
    claims: BTreeMap<IdentityId, IdentityId>,
}

/// The tracks of one identity of the second project, by what the first curator decided about them.
struct SortedTracks {
    /// Nothing.
    free: Vec<TrackIx>,
    /// That they show nobody of the identities.
    rejected: Vec<TrackIx>,
    /// Who they show.
    kept: BTreeMap<IdentityId, Vec<TrackIx>>,
}

impl<'a> Decisions<'a> {
    pub(super) fn new(draft: Draft, theirs: MergeSide<'a>, common: &'a CommonTracks<'a>) -> Self {
        let mut all = Self { draft, theirs, common, clashes: Vec::new(), claims: BTreeMap::new() };
        all.claims = all.claims();
        all
    }

    pub(super) fn finish(self) -> (Draft, Vec<MergeClash>) {
        (self.draft, self.clashes)
    }

    /// Which identity of the second project each kept one of the first is: the one of the same name,
    /// else the one that shares most of its tracks.
    fn claims(&self) -> BTreeMap<IdentityId, IdentityId> {
        let mut best: BTreeMap<IdentityId, ((bool, usize), IdentityId)> = BTreeMap::new();
        for other in self.theirs.review.identities().filter(|it| it.kept) {
            for (id, tracks) in self.sorted(other).kept {
                let is_named = other.name.is_some() && self.name(id) == other.name.as_ref();
                let claim = ((is_named, tracks.len()), other.id);
                let held = best.entry(id).or_insert(claim);
                if claim.0 > held.0 {
                    *held = claim;
                }
            }
        }
        best.into_iter().map(|(id, (_, other))| (id, other)).collect()
    }

    fn name(&self, id: IdentityId) -> Option<&String> {
        self.draft.base.identity(id)?.name.as_ref()
    }

    /// The tracks of an identity of the second project that are in both.
    fn sorted(&self, other: &Identity) -> SortedTracks {
        let mut sorted = SortedTracks { free: Vec::new(), rejected: Vec::new(), kept: BTreeMap::new() };
        let base = &self.draft.base;
        let tracks = other.tracks.iter().flat_map(|&track| self.common.of(self.theirs.set.track(track)));
        for track in tracks {
            match base.identity_of(track) {
                _ if base.is_rejected(track) => sorted.rejected.push(track),
                Some(id) if !base.is_free(track) => sorted.kept.entry(id).or_default().push(track),
                _ => sorted.free.push(track),
            }
        }
        sorted
    }

    /// Takes names, confirmed and ignored identities, and who belongs to whom.
    pub(super) fn take_identities(&mut self) {
        let kept: Vec<Identity> = self.theirs.review.identities().filter(|it| it.kept).cloned().collect();
        for other in kept {
            let sorted = self.sorted(&other);
            let before = self.draft.edits.len();
            let home = self.home(&other, &sorted);
            let target = self.bring(&other, &sorted, home);
            self.take_state(&other, target, home.is_some());
            self.take_details(&other, target);
            self.draft.brought.identities += usize::from(self.draft.edits.len() > before);
            for (id, tracks) in sorted.kept.iter().filter(|(id, _)| Some(**id) != home) {
                self.clash_of_people(&other, target, *id, tracks);
            }
            if !sorted.rejected.is_empty() {
                let edit = self.edit_to(&other, target, &sorted.rejected);
                let ours = "rejected".to_owned();
                self.clash(ClashKind::Person, &sorted.rejected, ours, other.title(), edit);
            }
        }
    }

    /// Takes the details that the person does not have here.
    fn take_details(&mut self, other: &Identity, target: Option<IdentityId>) {
        let Some(here) = target.and_then(|id| self.draft.review.identity(id)).cloned() else { return };
        let is_new = |name: &String| !here.details.contains_key(name);
        let new: Details = other.details.clone().into_iter().filter(|(name, _)| is_new(name)).collect();
        if !new.is_empty() {
            // What both checked on entry can be told of the person again.
            let _taken = self.draft.make(Edit::Describe { identity: here.id, details: new });
        }
        for (name, theirs) in &other.details {
            let Some(ours) = here.details.get(name).filter(|ours| *ours != theirs) else { continue };
            let details = Details::from([(name.clone(), theirs.clone())]);
            let edit = Edit::Describe { identity: here.id, details };
            let told = |value: &str| format!("{name}: {value}");
            self.clash(ClashKind::Detail, &here.tracks, told(ours), told(theirs), edit);
        }
    }

    /// The identity of the first project that one of the second is, where the first curator keeps it.
    fn home(&self, other: &Identity, sorted: &SortedTracks) -> Option<IdentityId> {
        let claimed = sorted.kept.iter().filter(|(id, _)| self.claims.get(id) == Some(&other.id));
        let fits = claimed.filter(|(id, _)| match (self.name(**id), &other.name) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        });
        let weight = |(id, tracks): &(&IdentityId, &Vec<TrackIx>)| {
            (self.name(**id) == other.name.as_ref(), self.name(**id).is_some(), tracks.len())
        };
        fits.max_by_key(weight).map(|(id, _)| *id)
    }

    /// Brings the free tracks together, to the identity that it is or else to one of its own; gives
    /// that.
    fn bring(
        &mut self,
        other: &Identity,
        sorted: &SortedTracks,
        home: Option<IdentityId>,
    ) -> Option<IdentityId> {
        let home = home.or_else(|| self.namesake(other));
        let target = match home {
            Some(home) => Some(home),
            None if sorted.free.is_empty() => return None,
            None => self.draft.whole_of(&sorted.free),
        };
        let Some(target) = target else {
            let (tracks, new) = (ids(&self.draft.set, &sorted.free), self.draft.next);
            return self
                .attempt(ClashKind::Person, &sorted.free, other, Edit::split(tracks, other.name.clone()))
                .then_some(new);
        };
        let review = &self.draft.review;
        let elsewhere: Vec<TrackIx> =
            sorted.free.iter().copied().filter(|&track| review.identity_of(track) != Some(target)).collect();
        if !elsewhere.is_empty() {
            let edit = Edit::move_to(ids(&self.draft.set, &elsewhere), target);
            self.attempt(ClashKind::Person, &elsewhere, other, edit);
        }
        let is_nameless = self.draft.review.identity(target).is_some_and(|it| it.name.is_none());
        if let Some(name) = other.name.clone().filter(|_| is_nameless) {
            self.attempt(ClashKind::Name, &[], other, Edit::Rename { identity: target, name });
        }
        Some(target)
    }

    /// The identity of the same name, where each project has only one of it.
    fn namesake(&self, other: &Identity) -> Option<IdentityId> {
        let name = other.name.as_deref()?;
        let only = |names: &BTreeMap<&str, Vec<IdentityId>>| match names.get(name).map(Vec::as_slice) {
            Some(&[one]) => Some(one),
            _ => None,
        };
        only(&self.theirs.review.names()).and_then(|_| only(&self.draft.review.names()))
    }

    /// Takes that an identity was confirmed or ignored.
    fn take_state(&mut self, other: &Identity, target: Option<IdentityId>, was_kept: bool) {
        let Some((id, state)) = target.and_then(|id| Some((id, self.draft.review.identity(id)?.state)))
        else {
            return;
        };
        let identities = vec![id];
        let (edit, words) = match (state, other.state) {
            (IdentityState::Proposed, IdentityState::Confirmed) if self.is_within(id, other) => {
                (Edit::Confirm { identities }, None)
            }
            (_, IdentityState::Ignored) if state != IdentityState::Ignored => {
                (Edit::Ignore { identities }, was_kept.then_some("ignored"))
            }
            (IdentityState::Ignored, IdentityState::Confirmed) => {
                (Edit::Restore { identities }, Some("not ignored"))
            }
            _ => return,
        };
        let Some(words) = words else {
            let _stays_proposed = self.draft.make(edit);
            return;
        };
        let tracks = self.draft.review.identity(id).map(|it| it.tracks.clone()).unwrap_or_default();
        let ours = format!("{}: {}", title(&self.draft.review, id), state.word());
        self.clash(ClashKind::Ignored, &tracks, ours, words.to_owned(), edit);
    }

    /// Whether an identity holds nothing but tracks of one of the second project.
    fn is_within(&self, id: IdentityId, other: &Identity) -> bool {
        let of = |&track: &TrackIx| self.common.of(self.theirs.set.track(track));
        let theirs: BTreeSet<TrackIx> = other.tracks.iter().flat_map(of).collect();
        self.draft.review.identity(id).is_some_and(|it| it.tracks.iter().all(|track| theirs.contains(track)))
    }

    /// Tracks that the first curator gave to another identity than the one of the second project is.
    fn clash_of_people(
        &mut self,
        other: &Identity,
        target: Option<IdentityId>,
        id: IdentityId,
        tracks: &[TrackIx],
    ) {
        let named = self.name(id).zip(other.name.as_ref()).filter(|(ours, theirs)| ours != theirs);
        let kind = if named.is_some() { ClashKind::Name } else { ClashKind::Person };
        let all = self.draft.review.identity(id).is_some_and(|it| it.tracks.len() == tracks.len());
        let edit = match (target, &other.name) {
            (Some(target), _) if all => Edit::merge(vec![id, target], Some(target)),
            (None, Some(name)) if all => Edit::Rename { identity: id, name: name.clone() },
            _ => self.edit_to(other, target, tracks),
        };
        let ours = title(&self.draft.base, id);
        let is_apart = kind == ClashKind::Person && target.is_none();
        let theirs = if is_apart { format!("another person: {}", other.title()) } else { other.title() };
        self.clash(kind, tracks, ours, theirs, edit);
    }

    /// Takes the tracks that the second curator rejected.
    pub(super) fn take_rejected(&mut self) {
        let review = self.theirs.review;
        let rejected = review.unassigned().filter(|&track| review.is_rejected(track));
        let tracks: Vec<TrackIx> =
            rejected.flat_map(|track| self.common.of(self.theirs.set.track(track))).collect();
        let base = &self.draft.base;
        let (free, decided): (Vec<TrackIx>, Vec<TrackIx>) = tracks
            .into_iter()
            .filter(|&track| !base.is_rejected(track))
            .partition(|&track| base.is_free(track));
        if !free.is_empty() && self.draft.make(Edit::Reject { tracks: ids(&self.draft.set, &free) }).is_ok() {
            self.draft.brought.rejected += free.len();
        }
        for track in decided {
            let id = self.draft.base.identity_of(track);
            let ours = id.map_or_else(String::new, |id| title(&self.draft.base, id));
            let edit = Edit::Reject { tracks: ids(&self.draft.set, &[track]) };
            self.clash(ClashKind::Person, &[track], ours, "rejected".to_owned(), edit);
        }
    }

    /// Takes the links.
    pub(super) fn take_links(&mut self) {
        let known = self.draft.review.constraints();
        let of = |track| self.common.of(self.theirs.set.track(track)).first().copied();
        let links: Vec<(TrackIx, TrackIx, ConstraintKind)> = self
            .theirs
            .review
            .constraints()
            .iter()
            .filter_map(|link| Some((of(link.a)?, of(link.b)?, link.kind)))
            .map(|(a, b, kind)| (a.min(b), a.max(b), kind))
            .filter(|&(a, b, kind)| a != b && !known.iter().any(|it| (it.a, it.b, it.kind) == (a, b, kind)))
            .collect();
        for (a, b, kind) in links {
            let base = &self.draft.base;
            let kept = |track| base.identity_of(track).filter(|_| !base.is_free(track));
            let (here, there) = (kept(a), kept(b));
            let is_cannot = kind == ConstraintKind::Cannot;
            let pair = ids(&self.draft.set, &[a, b]);
            let edit = if is_cannot {
                Edit::cannot_link(pair[0].clone(), pair[1].clone())
            } else {
                Edit::must_link(pair)
            };
            let contradicts = here.is_some() && there.is_some() && (here == there) == is_cannot;
            if !contradicts && self.draft.make(edit.clone()).is_ok() {
                self.draft.brought.links += 1;
                continue;
            }
            let words = |same: bool| if same { "the same person" } else { "different people" }.to_owned();
            self.clash(ClashKind::Link, &[a, b], words(is_cannot), words(!is_cannot), edit);
        }
    }

    /// The edit that brings tracks to an identity, or makes them one.
    fn edit_to(&self, other: &Identity, target: Option<IdentityId>, tracks: &[TrackIx]) -> Edit {
        let tracks = ids(&self.draft.set, tracks);
        match target {
            Some(target) => Edit::move_to(tracks, target),
            None => Edit::split(tracks, other.name.clone()),
        }
    }

    /// Makes an edit, or remembers it as a clash.
    fn attempt(&mut self, kind: ClashKind, tracks: &[TrackIx], other: &Identity, edit: Edit) -> bool {
        match self.draft.make(edit.clone()) {
            Ok(()) => true,
            Err(why) => {
                self.clash(kind, tracks, why.to_string(), other.title(), edit);
                false
            }
        }
    }

    fn clash(&mut self, kind: ClashKind, tracks: &[TrackIx], ours: String, theirs: String, edit: Edit) {
        let tracks = ids(&self.draft.set, tracks);
        self.clashes.push(MergeClash { kind, tracks, ours, theirs, edit, entry: None });
    }
}

impl Draft {
    /// Of identities that nobody decided about and that hold nothing but some of these tracks, the
    /// largest.
    fn whole_of(&self, tracks: &[TrackIx]) -> Option<IdentityId> {
        let mut counts: BTreeMap<IdentityId, usize> = BTreeMap::new();
        for id in tracks.iter().filter_map(|&track| self.review.identity_of(track)) {
            *counts.entry(id).or_default() += 1;
        }
        let is_whole = |id: IdentityId, n: usize| {
            self.review.identity(id).is_some_and(|it| !it.kept && it.tracks.len() == n)
        };
        let whole = counts.into_iter().filter(|&(id, n)| is_whole(id, n));
        whole.max_by_key(|&(id, n)| (n, std::cmp::Reverse(id))).map(|(id, _)| id)
    }
}
