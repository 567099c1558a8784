//! Commands: checked against the present state, written, and then on the screen.
//!
//! Takes what a front end asks for; gives what became of it. A change counts once it is on the
//! disk: the next command waits for that, the caller does not. What an edit needs is
//! `review`'s to say; nothing long is done here.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::regroup::PendingRun;
use super::{Analysis, Run, Session, SessionError, SettingError, Settings, StoredProposal, analyse, cuts};
use crate::base::Value;
use crate::cluster::Level;
use crate::models::Catalogue;
use crate::project::{self, Ack};
use crate::review::{Edit, LogEntry, Refusal};
use crate::tracks::TrackSource;

/// What a front end may ask for; each is one undo step at most.
#[derive(Debug, Clone)]
pub enum Command {
    /// One gesture of the curator.
    Edit(Edit),
    /// Adopts a finished run: all of it, or the parts of `Session::propose_run` that are named
    /// by their numbers; without a number nothing happens.
    Regroup(Arc<Analysis>, Option<BTreeSet<usize>>),
    /// Adopts a head that was learned on the project.
    Adopt(StoredProposal),
    /// Adopts the last run's cut at another level; `None` is the own one.
    Cut(Option<Level>),
    /// So many steps back.
    Undo(u64),
    /// So many steps forth.
    Redo(u64),
    /// To an entry of the log, on whatever branch it lies.
    Jump(u64),
}

/// What became of a command.
#[derive(Debug)]
pub enum Notice {
    /// It is on the disk and in the snapshot; the log number, and the edit's words.
    Done {
        /// Log number of the cursor now.
        number: u64,
        /// What happened.
        words: String,
    },
    /// It was refused; nothing changed.
    Refused {
        /// Why.
        error: Box<SessionError>,
        /// The edit that was asked for, so that it can be asked for again, overriding.
        edit: Option<Box<Edit>>,
    },
}

/// A change on its way to the disk.
pub(super) enum PendingChange {
    Append(LogEntry),
    Cut(Box<PendingCut>),
    Run(Box<PendingRun>),
    Cursor(u64, String, Option<(Arc<Run>, Settings)>),
}

impl PendingChange {
    fn run((taking, ack): (PendingRun, Ack)) -> (Self, Ack) {
        (Self::Run(Box::new(taking)), ack)
    }
}

/// A run at another radius; no entry where it groups as the one before.
pub(super) struct PendingCut {
    run: Arc<Run>,
    settings: Settings,
    entry: Option<LogEntry>,
}

/// Whether a model is here under its id.
fn has(model: &str) -> bool {
    Catalogue::load().is_ok_and(|catalogue| catalogue.find(model).is_some_and(|entry| catalogue.has(entry)))
}

impl Session {
    /// Queues a command; [`Self::poll`] gives the outcome.
    pub fn submit(&mut self, command: Command) {
        self.queue.push_back(command);
    }

    /// Whether commands are still on their way.
    pub fn is_busy(&self) -> bool {
        self.in_flight.is_some() || !self.queue.is_empty()
    }

    /// Moves queued commands on without waiting; to be called once per frame.
    pub fn poll(&mut self) -> Vec<Notice> {
        let mut notices = Vec::new();
        loop {
            if let Some((pending, ack)) = self.in_flight.take() {
                match ack.poll() {
                    Some(Ok(())) => {
                        notices.push(self.complete(pending));
                        // Before whatever else waits: it belongs to the run.
                        if let Some(edit) = self.names_in.take().and_then(|import| import.edit) {
                            self.queue.push_front(Command::Edit(edit));
                        }
                    }
                    Some(Err(error)) => {
                        notices.push(Notice::Refused { error: Box::new(error.into()), edit: None });
                    }
                    None => {
                        self.in_flight = Some((pending, ack));
                        return notices;
                    }
                }
            }
            let Some(command) = self.queue.pop_front() else { return notices };
            let edit = if let Command::Edit(edit) = &command { Some(Box::new(edit.clone())) } else { None };
            match self.start(command) {
                Ok(started) => self.in_flight = started,
                Err(error) => notices.push(Notice::Refused { error: Box::new(error), edit }),
            }
        }
    }

    /// Does one command now and waits for the disk; gives the cursor's log number.
    ///
    /// # Errors
    /// [`SessionError`]: refused, or not to be written; nothing changed.
    pub fn perform(&mut self, command: Command) -> Result<u64, SessionError> {
        if let Some((pending, ack)) = self.start(command)? {
            ack.wait()?;
            self.complete(pending);
        }
        Ok(self.history.cursor())
    }

    /// Adopts a finished analysis: its clusters, around what the curator kept, and
    /// waits until that is on the disk.
    ///
    /// # Errors
    /// [`SessionError::Project`] where it cannot be stored; the old identities stay.
    pub fn finish(&mut self, analysis: &Analysis) -> Result<(), SessionError> {
        self.perform(Command::Regroup(Arc::new(analysis.clone()), None)).map(drop)
    }

    /// Adopts the parts of [`Self::propose_run`] that are named by their numbers, as one entry of
    /// the log, and waits until that is on the disk. The tracks are stored in any case. Where
    /// no part is named the present clustering stays in force, and its radius with it.
    ///
    /// # Errors
    /// [`SessionError::UnknownGroup`] for a number that is none; [`SessionError::Project`] where it
    /// cannot be stored. The old identities stay then.
    pub(crate) fn finish_parts(
        &mut self,
        analysis: &Analysis,
        parts: BTreeSet<usize>,
    ) -> Result<(), SessionError> {
        if parts.is_empty() {
            self.take_tracks(analysis);
            return Ok(());
        }
        self.perform(Command::Regroup(Arc::new(analysis.clone()), Some(parts))).map(drop)
    }

    /// Adopts a stored proposal: its head is in force from here on, its
    /// clusters are adopted as a run's are, and the settings `head` and `radius` go to `auto`. One
    /// undo brings the former head, radius and identities back; a head that the settings named by
    /// its file is to be named again.
    ///
    /// # Errors
    /// [`SessionError::Project`] where it cannot be stored; the old identities stay.
    pub fn adopt(&mut self, proposal: &StoredProposal) -> Result<(), SessionError> {
        self.perform(Command::Adopt(proposal.clone())).map(drop)
    }

    /// Checks a command against the present state and hands it to the writer.
    fn start(&mut self, command: Command) -> Result<Option<(PendingChange, Ack)>, SessionError> {
        // The first run is what everything else stands upon.
        if self.history.is_empty() && !matches!(command, Command::Regroup(..)) {
            return Err(SessionError::NothingYet);
        }
        match command {
            Command::Edit(edit) => {
                self.check_track_cut(&edit)?;
                let edit = self.review.prepare(edit, self.history.new_identity_id(), &self.co_occurrence)?;
                let entry = self.history.next_entry(edit, project::now(), &self.review);
                let ack = self.project.append(&entry);
                Ok(Some((PendingChange::Append(entry), ack)))
            }
            Command::Regroup(_, Some(parts)) if parts.is_empty() => Ok(None),
            Command::Regroup(analysis, parts) => {
                self.start_regroup(&analysis, parts.as_ref()).map(PendingChange::run).map(Some)
            }
            Command::Adopt(proposal) => self.start_adopt(&proposal).map(PendingChange::run).map(Some),
            Command::Cut(level) => self.start_cut(level).map(Some),
            Command::Undo(steps) => {
                let words = self.history.to_undo().map(|e| format!("Undone: {}", e.edit.describe()));
                let moved = self.history.undone(steps);
                Ok(self.cursor_to(moved.cursor, words))
            }
            Command::Redo(steps) => {
                let words = self.history.to_redo().map(|e| format!("Redone: {}", e.edit.describe()));
                let moved = self.history.redone(steps);
                Ok(self.cursor_to(moved.cursor, words))
            }
            Command::Jump(number) => {
                let entry = self.history.entry(number).ok_or(SessionError::NoEntry(number))?;
                Ok(self.cursor_to(number, Some(format!("Went to: {}", entry.describe()))))
            }
        }
    }

    /// Refuses to cut a track where no face lies on one of the sides.
    fn check_track_cut(&self, edit: &Edit) -> Result<(), SessionError> {
        let (Edit::SplitTrack { track: id, at, .. }, Some(set)) = (edit, &self.set) else { return Ok(()) };
        let Some(ix) = self.review.track(id) else { return Ok(()) };
        let track = set.track(ix);
        if track.first_face_after(*at).is_some() {
            return Ok(());
        }
        let last = (track.n_faces() as u32).saturating_sub(1);
        let why = match (&track.source, track.frame(0), track.frame(last)) {
            (TrackSource::Faces { .. }, Some(first), Some(last)) if first < last => {
                format!("its faces lie in frames {first} to {last}, and both parts need one")
            }
            (TrackSource::Faces { .. }, ..) => "it has one face".to_owned(),
            _ => "only tracks of pictures can be cut".to_owned(),
        };
        Err(Refusal::NoCut { track: id.clone(), at: *at, why }.into())
    }

    /// Cuts the last run at another level and hands the result to the writer.
    fn start_cut(&self, level: Option<Level>) -> Result<(PendingChange, Ack), SessionError> {
        let mut settings = self.settings.clone();
        if let Some(kind) = level.or_else(|| self.cuts().map(|cuts| cuts.loosest_offered())) {
            let wanted = match level {
                Some(level) => {
                    kind.parameter().check(Value::Number(level.value())).map_err(SettingError::from)?
                }
                None => Value::Auto,
            };
            settings.set_parameter(kind.parameter(), wanted);
        }
        let (Some(cuts), Some(before), Some(set)) = (self.cuts(), &self.run, &self.set) else {
            return Err(SessionError::NotKept);
        };
        let (run, clusters) = cuts.cut(level, before, set)?;
        let key = cuts::run_key(&run);
        let run = Arc::new(run);
        let entry = self.adoption(&self.review, &clusters, analyse::source(&run), (key, None));
        let ack = self.project.adopt(key, Arc::clone(&run), settings.stored(), entry.as_ref());
        Ok((PendingChange::Cut(Box::new(PendingCut { run, settings, entry })), ack))
    }

    /// Moves the cursor; where that leads to another clustering, its model, method and level go
    /// with it.
    fn cursor_to(&self, cursor: u64, words: Option<String>) -> Option<(PendingChange, Ack)> {
        let words = words.filter(|_| cursor != self.history.cursor())?;
        let to = self.history.run_at(cursor);
        let other = to.filter(|_| to != self.history.run_at(self.history.cursor()));
        let other = other.and_then(|key| Some((key, self.project.run::<Run>(key)?)));
        let with = other.map(|(key, run)| {
            let mut settings = self.settings.clone();
            settings.restore(&run.parameters);
            if settings.model() != run.model && has(&run.model) {
                let _known = settings.set("model", &run.model);
            }
            (key, Arc::new(run), settings)
        });
        let stored = with.as_ref().map(|(key, _, settings)| (*key, settings.stored()));
        let ack = self.project.move_cursor(cursor, stored);
        Some((PendingChange::Cursor(cursor, words, with.map(|(_, run, settings)| (run, settings))), ack))
    }

    fn complete(&mut self, pending: PendingChange) -> Notice {
        let before = Arc::clone(&self.review);
        // Other edits change no track.
        let may_cut = match &pending {
            PendingChange::Append(entry) => matches!(entry.edit, Edit::SplitTrack { .. }),
            PendingChange::Cursor(..) => true,
            PendingChange::Cut(_) | PendingChange::Run(_) => false,
        };
        let words = match pending {
            PendingChange::Append(entry) => self.append_described(entry),
            PendingChange::Cut(cut) => {
                self.run = Some(cut.run);
                self.reset_vectors();
                self.settings = cut.settings;
                cut.entry.map_or_else(
                    || "Nothing regroups at that radius".to_owned(),
                    |entry| self.append_described(entry),
                )
            }
            PendingChange::Run(taking) => {
                let analysis = Arc::clone(&taking.analysis);
                let words = self.finish_run(*taking);
                self.names_in = self.names_of_export(&analysis);
                words.unwrap_or_else(|| "Nothing regroups in this run".to_owned())
            }
            PendingChange::Cursor(cursor, words, run) => {
                if let Some((run, settings)) = run {
                    self.run = Some(run);
                    self.settings = settings;
                    self.reset_vectors();
                }
                self.review = Arc::new(self.checkpoints.at(&self.history, cursor, &self.review));
                self.history.jump(cursor);
                words
            }
        };
        if may_cut {
            self.renew_track_cuts();
        }
        self.changed(&before);
        Notice::Done { number: self.history.cursor(), words }
    }

    /// Appends an entry that is durable; gives its description.
    pub(super) fn append_described(&mut self, entry: LogEntry) -> String {
        let words = entry.edit.describe();
        self.push(entry);
        words
    }
}
