//! What panels may read.

use super::listing::Listing;
use crate::advice::{MixedIdentity, QuestionQueue};
use crate::base::TrackIx;
use crate::review::IdentityId;
use crate::session::Session;
use crate::tracks::TrackSet;

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
    /// The mixed identities, once they are known for the present state.
    pub mixed: Option<&'a [MixedIdentity]>,
}

impl<'a> PanelContext<'a> {
    pub(crate) fn set(&self) -> Option<&'a TrackSet> {
        self.session.tracks().map(AsRef::as_ref)
    }

    /// Whether a track is more likely another person.
    pub(crate) fn is_doubtful(&self, track: TrackIx) -> bool {
        self.doubtful.binary_search(&track).is_ok()
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.session.project().is_read_only()
    }
}
