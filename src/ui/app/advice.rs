//! The advice on an open project, as far as it is known.

use std::sync::Arc;

use crate::advice::{MixedIdentity, QuestionQueue};
use crate::base::Fingerprint;
use crate::views::FaceMeasures;

/// The advice on an open project.
#[derive(Debug, Default)]
pub(crate) struct Advice {
    pub queue: Option<QuestionQueue>,
    /// The revision that the queue knows; none where it may be of an older state.
    pub revision: Option<u64>,
    /// The mixed identities, and the revision that they are of.
    pub mixed: Option<(u64, Vec<MixedIdentity>)>,
    /// What was measured on the faces.
    pub measures: Option<Arc<FaceMeasures>>,
    /// The run whose measures are not to be had, or were looked for in vain.
    pub unmeasured_for: Option<Fingerprint>,
    /// The run whose vectors are not to be had: only a new run finds them.
    pub unavailable_for: Option<Fingerprint>,
}

impl Advice {
    /// The queue, where it is of the present state.
    pub(crate) fn queue(&self) -> Option<&QuestionQueue> {
        self.queue.as_ref()
    }

    pub(crate) fn queue_mut(&mut self) -> Option<&mut QuestionQueue> {
        self.queue.as_mut()
    }

    /// The mixed identities at that revision, where they were computed.
    pub(crate) fn mixed(&self, revision: u64) -> Option<&[MixedIdentity]> {
        self.mixed.as_ref().filter(|found| found.0 == revision).map(|found| found.1.as_slice())
    }

    /// Whether there is nothing to be had until the next run.
    pub(crate) fn is_unavailable(&self) -> bool {
        self.unavailable_for.is_some()
    }
}
