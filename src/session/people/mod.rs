//! Known people: named identities go into a library, and new ones are recognised from it.
//!
//! Takes a project whose vectors are at hand and the place of a library; gives jobs that own all
//! they need, and what came of them. A library is never asked to decide: what it recognises is
//! proposed, and a yes is an ordinary edit of the project.

mod edit;
mod keep;
mod known;

use std::path::Path;

use super::{Session, SessionError, cuts::CutJob};
use crate::advice::{Resemblance, recognise_all};
use crate::review::IdentityId;

pub(crate) use edit::LibraryEditJob;
pub use keep::{IdentityToKeep, KeepJob, KeptPeople, NamesakePolicy};
pub(crate) use known::KnownJob;
pub use known::KnownPeople;

impl Session {
    /// The job that puts identities into a library; all named ones that are not ignored, where
    /// `wanted` is empty.
    ///
    /// # Errors
    /// [`SessionError`]: nothing grouped yet, vectors that are not at hand, or an identity that has
    /// no name or is not there.
    pub fn keep_job(
        &self,
        wanted: &[IdentityToKeep],
        namesakes: NamesakePolicy,
        library: &Path,
    ) -> Result<KeepJob, SessionError> {
        keep::job(self, wanted, namesakes, library)
    }

    /// The job that reads a library in the space of the last run. None before the first run.
    pub(crate) fn known_job(&self, library: &Path) -> Option<KnownJob> {
        Some(KnownJob { library: library.to_path_buf(), cuts: self.cut_job(None)?, with_faces: false })
    }

    /// The people of a library that the identities may be; none where the vectors are not at
    /// hand, or where the people were read for another space. O(identities · looks · dim).
    pub fn recognised(&self, known: &KnownPeople) -> Vec<Resemblance> {
        let vectors = self.vectors().filter(|_| self.has_space_of(known));
        vectors.map_or_else(Vec::new, |vectors| recognise_all(vectors, self.review(), known.prototypes()))
    }

    /// Whether the vectors are at hand, and the people were read for their space.
    pub fn has_space_of(&self, known: &KnownPeople) -> bool {
        self.vectors().is_some_and(|vectors| known.fits(vectors.unit().dim(), self.run()))
    }

    /// The last run with all that finds its model and its space again.
    fn space_job(&self) -> Result<CutJob, SessionError> {
        self.cut_job(None).ok_or(SessionError::NothingYet)
    }

    /// Identities by number, those asked for or all with a name.
    fn identities_to_keep(&self, wanted: &[IdentityToKeep]) -> Vec<(IdentityId, Option<u64>)> {
        if wanted.is_empty() {
            let named = self.review().identities().filter(|it| it.name.is_some() && !keep::is_ignored(it));
            return named.map(|it| (it.id, None)).collect();
        }
        wanted.iter().map(|it| (it.identity, it.person)).collect()
    }
}
