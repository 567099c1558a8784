//! A new clustering: how it is compared with the present state, and adopted.
//!
//! Takes a finished [`Analysis`]; gives a [`Regrouping`], and adopts all of it or some of its
//! parts. Until something of it is adopted, the run before is in force, in memory and on the disk.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::constraints::constraints;
use super::{Analysis, Run, Session, SessionError, Settings, analyse, co_occurrence};
use crate::base::{Cx, Partition, TrackIx};
use crate::cluster::enforce;
use crate::project::{self, Ack, Project};
use crate::review::{AdoptedClustering, Edit, LogEntry, Review, adoption};
use crate::tracks::{PictureGrouping, TrackSet, reads_people};
use crate::views::Regrouping;

/// What was learned on a project, its head in the project already: one transaction away from
/// adopted.
#[derive(Debug, Clone)]
pub struct StoredProposal {
    /// The sha256 of the head.
    sha256: String,
    analysis: Arc<Analysis>,
    /// The settings under which the head is in force.
    settings: Settings,
}

impl StoredProposal {
    /// Keeps the tracks and a head in the project, where nothing names it yet; `settings` put it in
    /// force.
    ///
    /// # Errors
    /// [`SessionError::Project`] where they cannot be stored.
    pub(crate) fn keep(
        project: &Project,
        (sha256, bytes): (&str, Vec<u8>),
        analysis: Arc<Analysis>,
        settings: Settings,
    ) -> Result<Self, SessionError> {
        project.save_head(sha256, bytes).wait()?;
        project.save_tracks(&analysis.set.uncut()).wait()?;
        Ok(Self { sha256: sha256.to_owned(), analysis, settings })
    }
}

/// A run on its way to the disk.
pub(super) struct PendingRun {
    pub(super) analysis: Arc<Analysis>,
    run: Arc<Run>,
    /// The settings that go with it, where those in force do not.
    settings: Option<Settings>,
    /// None where it groups as the one before.
    entry: Option<LogEntry>,
}

impl Session {
    /// What adopting an analysis would change about the present state; nothing changes.
    ///
    /// # Errors
    /// [`SessionError`]: none that a finished analysis leads to.
    pub(crate) fn propose_run(&self, analysis: &Analysis) -> Result<Regrouping, SessionError> {
        self.regrouping(analysis, &self.states_of(&analysis.set).1)
    }

    fn regrouping(&self, analysis: &Analysis, review: &Review) -> Result<Regrouping, SessionError> {
        let source = analyse::source(&analysis.run);
        let clusters = self.clusters_of(analysis)?;
        let adopted = adoption(review, &clusters, source, self.history.new_identity_id());
        Ok(Regrouping::of(review, AdoptedClustering { run: Some(analysis.key), ..adopted }))
    }

    /// The clusters of an analysis, so that they hold to what the curator linked since as well.
    fn clusters_of(&self, analysis: &Analysis) -> Result<Vec<Vec<TrackIx>>, SessionError> {
        if *self.user_constraints() == analysis.constraints {
            return Ok(analysis.clusters());
        }
        let rows = &analysis.rows;
        let labels: Vec<_> = rows.tracks.iter().map(|&track| analysis.labels[track as usize]).collect();
        let links = constraints(&analysis.set, &rows.tracks, self.user_constraints());
        let (partition, _) = enforce(Partition::from_labels(&labels), &rows.unit, &links, &Cx::new())?;
        Ok(rows.clusters(&partition))
    }

    /// Stores the tracks of an analysis, and nothing else: all identities stay.
    pub(crate) fn take_tracks(&mut self, analysis: &Analysis) {
        self.take_set(&analysis.set);
        self.renew_track_cuts();
    }

    /// To be called when the cuts of tracks changed: the tracks are those of the cursor again, and
    /// every edit before holds for all parts of a track that was cut since.
    pub(super) fn renew_track_cuts(&mut self) {
        let cuts = self.history.track_cuts();
        if cuts == self.track_cuts {
            return;
        }
        self.track_cuts = cuts;
        if let Some(set) = &self.set {
            let cut = Arc::new(set.as_ref().clone().with_cuts(&self.track_cuts));
            self.take_set(&cut);
        }
    }

    fn take_set(&mut self, new: &Arc<TrackSet>) {
        let same = |set: &Arc<TrackSet>| Arc::ptr_eq(set, new) || *set == *new;
        if self.set.as_ref().is_some_and(same) {
            return;
        }
        let (checkpoints, review) = self.states_of(new);
        if !review.is_of(self.review.track_ids()) {
            // Rows are known by the places of their tracks.
            (self.rows, self.cuts) = (None, None);
        }
        self.set = Some(Arc::clone(new));
        self.co_occurrence = co_occurrence(new);
        self.reset_vectors();
        self.checkpoints = checkpoints;
        let before = std::mem::replace(&mut self.review, Arc::new(review));
        self.changed(&before);
    }

    /// Hands an analysis to the writer: all of it, or some parts of what it would change.
    pub(super) fn start_regroup(
        &self,
        analysis: &Arc<Analysis>,
        parts: Option<&BTreeSet<usize>>,
    ) -> Result<(PendingRun, Ack), SessionError> {
        self.check_track_cuts(analysis)?;
        let review = self.states_of(&analysis.set).1;
        let entry = if let Some(parts) = parts {
            let adopted = self.regrouping(analysis, &review)?.chosen(&review, parts)?;
            Some(self.history.next_entry(Edit::Adopt(adopted), project::now(), &review))
        } else {
            let source = analyse::source(&analysis.run);
            self.adoption(&review, &self.clusters_of(analysis)?, source, (analysis.key, None))
        };
        Ok(self.write_run(analysis, self.settings_with(analysis)?, entry))
    }

    /// The settings that become the project's with an analysis; none where those in force stay.
    fn settings_with(&self, analysis: &Analysis) -> Result<Option<Settings>, SessionError> {
        // Once all pictures are sorted, nothing in the names would say any more that folders are people.
        let is_people = self.settings.pictures == PictureGrouping::Auto && reads_people(&analysis.set);
        if analysis.model.is_none() && !is_people {
            return Ok(None);
        }
        let mut settings = self.settings.clone();
        if is_people {
            settings.pictures = PictureGrouping::People;
        }
        if let Some(model) = analysis.model.as_deref() {
            settings.choose_model(model)?;
        }
        Ok(Some(settings))
    }

    /// Hands a head that was learned, and what it groups, to the writer.
    pub(super) fn start_adopt(&self, proposal: &StoredProposal) -> Result<(PendingRun, Ack), SessionError> {
        let StoredProposal { sha256, analysis, settings } = proposal;
        self.check_track_cuts(analysis)?;
        let review = self.states_of(&analysis.set).1;
        let (clusters, source) = (self.clusters_of(analysis)?, analyse::source(&analysis.run));
        let entry = self.adoption(&review, &clusters, source, (analysis.key, Some(sha256)));
        Ok(self.write_run(analysis, Some(settings.clone()), entry))
    }

    /// Refuses what was made of other tracks than there are now.
    fn check_track_cuts(&self, analysis: &Analysis) -> Result<(), SessionError> {
        if analysis.track_cuts == self.track_cuts || self.set.is_none() {
            Ok(())
        } else {
            Err(SessionError::CutSince)
        }
    }

    fn write_run(
        &self,
        analysis: &Arc<Analysis>,
        settings: Option<Settings>,
        entry: Option<LogEntry>,
    ) -> (PendingRun, Ack) {
        if let Some(kept) = &analysis.kept {
            // It can be made again, so nothing waits for it.
            let _derived = self.project.save_dendrogram(kept);
        }
        let run = Arc::new(analysis.run.clone());
        let stored = settings.as_ref().unwrap_or(&self.settings).stored();
        let ack = self.project.adopt(analysis.key, Arc::clone(&run), stored, entry.as_ref());
        let taking = PendingRun { analysis: Arc::clone(analysis), run, settings, entry };
        (taking, ack)
    }

    /// Finishes a run that is on the disk; gives the description of its entry, where it has one.
    pub(super) fn finish_run(&mut self, taking: PendingRun) -> Option<String> {
        let PendingRun { analysis, run, settings, entry } = taking;
        self.take_tracks(&analysis);
        self.run = Some(run);
        self.cuts.clone_from(&analysis.cuts);
        self.rows = Some(analysis.rows.clone());
        if let Some(settings) = settings {
            self.settings = settings;
        }
        self.reset_vectors();
        entry.map(|entry| self.append_described(entry))
    }
}
