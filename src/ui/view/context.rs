//! What panels may read.

use std::cmp::Reverse;
use std::path::PathBuf;

use super::card::Card;
use super::listing::{self, Listing};
use crate::advice::{MixedIdentity, QuestionQueue};
use crate::base::TrackIx;
use crate::review::IdentityId;
use crate::session::Session;
use crate::tracks::TrackSet;
use crate::views::FaceMeasures;

/// A name in use, and whose it is.
pub(crate) type UsedName = (String, Vec<IdentityId>);

/// What panels may read.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each read by other panels")]
pub(crate) struct PanelContext<'a> {
    pub session: &'a Session,
    pub listing: &'a Listing,
    /// The tracks that are shown, in order.
    pub tracks: &'a [TrackIx],
    /// Those of them that are more likely another person, ascending; known for one person only.
    pub doubtful: &'a [TrackIx],
    /// Names in use, and whose they are.
    pub names: &'a [UsedName],
    /// Side of a picture, in points.
    pub tile: f32,
    /// A long job runs.
    pub is_busy: bool,
    /// A dialog lies over the page.
    pub has_dialog: bool,
    /// A preview or a grid is in the place of the faces.
    pub has_grid: bool,
    /// The pair that is asked about.
    pub pair: Option<(IdentityId, IdentityId)>,
    /// How many parts of a waiting proposal are ticked; none without one.
    pub n_ticked: Option<usize>,
    /// The machine's questions, once they are known.
    pub queue: Option<&'a QuestionQueue>,
    /// Whether there are none to be had before another run.
    pub is_advice_unavailable: bool,
    /// What was measured on the faces, once that was read.
    pub measures: Option<&'a FaceMeasures>,
    /// The mixed identities, once they are known for the present state.
    pub mixed: Option<&'a [MixedIdentity]>,
}

impl<'a> PanelContext<'a> {
    pub(crate) fn set(&self) -> Option<&'a TrackSet> {
        self.session.tracks().map(AsRef::as_ref)
    }

    /// The picture that shows a track best: as measured, and until that is known the readable one
    /// nearest to its middle. None for features.
    pub(crate) fn best_picture(&self, track: TrackIx) -> Option<PathBuf> {
        let set = self.set()?;
        let best = self.measures.and_then(|known| known.of(track));
        let measured = best.and_then(|it| listing::picture(set, track, it.best_face as usize));
        measured.map(|(_, path)| path).or_else(|| listing::middle_picture(set, track))
    }

    /// The track whose picture stands for a person: the curator's choice, or the one that shows them
    /// best. Kept by the card until its tracks change.
    pub(crate) fn cover_track(&self, card: &Card) -> Option<TrackIx> {
        card.cover(|| {
            let (set, identity) = self.set().zip(self.session.review().identity(card.id))?;
            let doubts = self.session.run().map(|run| &run.doubts);
            let doubt =
                |ix: TrackIx| doubts.and_then(|doubts| doubts.get(&set.track(ix).id)).copied().unwrap_or(0.0);
            let longest =
                || identity.tracks.iter().copied().max_by_key(|&ix| (set.track(ix).n_faces(), Reverse(ix)));
            self.measures.and_then(|known| known.cover(identity, doubt)).or_else(longest)
        })
    }

    /// The picture of [`Self::cover_track`].
    pub(crate) fn cover(&self, card: &Card) -> Option<PathBuf> {
        self.best_picture(self.cover_track(card)?)
    }

    /// Whether a track is more likely another person.
    pub(crate) fn is_doubtful(&self, track: TrackIx) -> bool {
        self.doubtful.binary_search(&track).is_ok()
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.session.project().is_read_only()
    }
}
