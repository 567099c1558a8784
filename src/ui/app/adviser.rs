//! Keeps the advice up to date in the background: the tracks' vectors, the queue of
//! questions, and the parts of an identity that is to be split.
//!
//! Runs on a thread of its own: nothing waits for it, and it is cancelled for every long job. After
//! an edit the queue looks at what changed within the frame; where much changed at once, it is
//! built again beside the window.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::Context;

use super::open_project::OpenProject;
use crate::advice::{
    MixedIdentity, QuestionQueue, Resemblance, SplitSuggestion, mixed_identities, recognise_all,
};
use crate::base::{Cx, Fingerprint};
use crate::project::LibraryError;
use crate::review::IdentityId;
use crate::session::{
    FaceMeasuresJob, FoundVectors, KnownPeople, MapOptions, Session, SessionError, TrackMap,
};
use crate::ui::lang::texts;
use crate::ui::pages::known_people::{KnownPeoplePage, LibraryState};
use crate::ui::pages::pairs::PairsMode;
use crate::ui::pages::split::SplitDialog;
use crate::ui::view::ask::Page;
use crate::views::FaceMeasures;
use crate::worker::{JobOutcome, JobThread};

/// So many changed identities are looked at within a frame; more are looked at beside it.
const IN_A_FRAME: usize = 8;

/// What came back; none where it was cancelled.
enum Computed {
    Vectors(Box<Result<FoundVectors, SessionError>>),
    Queue(Option<Box<QuestionQueue>>),
    Split(IdentityId, Option<Box<SplitSuggestion>>),
    Mixed(u64, Option<Vec<MixedIdentity>>),
    Map(Option<Arc<TrackMap>>),
    Measures(Option<Fingerprint>, Option<Arc<FaceMeasures>>),
    Known(PathBuf, Box<Result<KnownPeople, SessionError>>),
    Recognised(u64, Vec<Resemblance>),
}

/// The thread, and what it is to compute next.
pub(crate) struct Adviser {
    thread: Option<JobThread<(PathBuf, Computed)>>,
    /// An identity that is to be split as soon as the thread is free.
    wanted: Option<IdentityId>,
    wants_map: bool,
}

impl Adviser {
    /// Starts the thread; without a thread there is no advice.
    pub(crate) fn start(ctx: &Context) -> Self {
        let wake = ctx.clone();
        Self {
            thread: JobThread::start("advice", move || wake.request_repaint()).ok(),
            wanted: None,
            wants_map: false,
        }
    }

    /// Looks for what an identity comes apart into; the preview opens when it is found.
    pub(crate) fn start_split(&mut self, identity: IdentityId) {
        self.wanted = Some(identity);
    }

    /// Draws the map as soon as the thread is free.
    pub(crate) fn start_map(&mut self) {
        self.wants_map = true;
    }

    /// Takes in what was found, and starts to look for what is missing; never waits.
    pub(crate) fn step(&mut self, project: Option<&mut OpenProject>, is_free: bool) {
        let Some(lane) = &mut self.thread else { return };
        let mut project = project;
        while let Some(outcome) = lane.poll() {
            let Some(project) = project.as_mut() else { continue };
            match outcome {
                JobOutcome::Done((root, found)) if root == project.session.root() => {
                    apply_computed(project, found);
                }
                JobOutcome::Done(_) => {}
                JobOutcome::Panicked(_) => {
                    let run = run_of(&project.session);
                    (project.advice.unavailable_for, project.advice.unmeasured_for) = (run, run);
                }
            }
        }
        let Some(project) = project else { return };
        let run = run_of(&project.session);
        if project.advice.unavailable_for.is_some() && project.advice.unavailable_for != run {
            project.advice.unavailable_for = None;
        }
        refresh(project);
        if !is_free || lane.running().is_some() || project.session.is_busy() {
            return;
        }
        let root = project.session.root().to_path_buf();
        // First, since the pictures that are looked at already depend on them.
        if wants_measures(project)
            && let Some(job) = project.session.face_measures_job()
        {
            lane.submit(move |cx| (root, measured(&job, run, cx)));
            return;
        }
        let Some(vectors) = project.session.vectors().map(Arc::clone) else {
            if project.advice.unavailable_for.is_none() {
                match project.session.vectors_job() {
                    Some(job) => {
                        let _ = lane.submit(move |cx| (root, Computed::Vectors(Box::new(job.run(cx)))));
                    }
                    None => project.advice.unavailable_for = run,
                }
            }
            return;
        };
        if std::mem::take(&mut self.wants_map) {
            if let Some(job) = project.session.map_job() {
                lane.submit(move |cx| {
                    (root, Computed::Map(job.run(MapOptions::default(), cx).ok().map(Arc::new)))
                });
            }
            return;
        }
        if project.state.look.page == Page::KnownPeople && start_recognising(project, lane, &root) {
            return;
        }
        let review = Arc::clone(project.session.review());
        if let Some(identity) = self.wanted.take() {
            lane.submit(move |cx| {
                let parting = SplitSuggestion::new(&vectors, &review, identity, cx).ok().flatten();
                (root, Computed::Split(identity, parting.map(Box::new)))
            });
        } else if wants_mixed(project) {
            let revision = project.session.revision();
            lane.submit(move |cx| {
                (root, Computed::Mixed(revision, mixed_identities(&vectors, &review, cx).ok()))
            });
        } else if project.advice.queue.is_none() {
            lane.submit(move |cx: &Cx| {
                (root, Computed::Queue(QuestionQueue::new(&vectors, &review, cx).ok().map(Box::new)))
            });
        }
    }

    /// Stops what runs: something more urgent does, or the project closes.
    pub(crate) fn cancel(&self) {
        if let Some(cx) = self.thread.as_ref().and_then(JobThread::running) {
            cx.cancel();
        }
    }

    /// Whether something is being looked for.
    pub(crate) fn is_running(&self) -> bool {
        self.wanted.is_some() || self.wants_map || self.thread.as_ref().and_then(JobThread::running).is_some()
    }
}

/// Starts to read the library, or to recognise identities; whether it did.
fn start_recognising(
    project: &mut OpenProject,
    lane: &mut JobThread<(PathBuf, Computed)>,
    root: &Path,
) -> bool {
    let (known, session, root) = (&mut project.track_pages.known, &project.session, root.to_path_buf());
    if known.people().is_some_and(|people| !session.has_space_of(people)) {
        // Another run, in another space.
        known.forget();
    }
    match (&known.library, &known.path) {
        (LibraryState::Unread, None) => known.library = LibraryState::Missing,
        (LibraryState::Unread, Some(path)) => {
            let Some(job) = session.known_job(path) else { return false };
            let path = path.clone();
            known.library = LibraryState::Reading;
            return lane.submit(move |cx| (root, Computed::Known(path, Box::new(job.with_faces().run(cx)))));
        }
        _ => {}
    }
    let revision = session.revision();
    if !known.is_outdated(revision) {
        return false;
    }
    let (Some(people), Some(vectors)) = (known.people(), session.vectors()) else { return false };
    let (people, vectors, review) = (Arc::clone(people), Arc::clone(vectors), Arc::clone(session.review()));
    lane.submit(move |_| {
        (root, Computed::Recognised(revision, recognise_all(&vectors, &review, people.prototypes())))
    })
}

fn take_known(page: &mut KnownPeoplePage, path: &Path, found: Result<KnownPeople, SessionError>) {
    if page.path.as_deref() != Some(path) || !matches!(page.library, LibraryState::Reading) {
        return;
    }
    page.library = match found {
        Ok(people) => LibraryState::Read(Arc::new(people)),
        Err(SessionError::Library(LibraryError::Missing(_))) => LibraryState::Missing,
        // It gave way to something more urgent.
        Err(error) if error.exit_code() == 130 => LibraryState::Unread,
        Err(error) => LibraryState::Failed(texts::error(&error)),
    };
}

/// Whether the page of mixed identities is open and not of the present state.
fn wants_mixed(project: &OpenProject) -> bool {
    let is_shown = project.state.look.page == Page::Pairs && project.state.pairs.mode == PairsMode::Mixed;
    is_shown && project.advice.mixed(project.session.revision()).is_none()
}

/// Whether what was measured on the faces of the present run is to be read.
fn wants_measures(project: &mut OpenProject) -> bool {
    let session = &project.session;
    let measures = &mut project.advice.measures;
    *measures = measures.take().filter(|measures| session.has_face_measures(measures));
    measures.is_none() && project.advice.unmeasured_for != run_of(session)
}

/// Reads them; a cancel is not in vain, they are read when there is time.
fn measured(job: &FaceMeasuresJob, run: Option<Fingerprint>, cx: &Cx) -> Computed {
    match job.run(cx) {
        Ok(measures) => Computed::Measures(run, Some(Arc::new(measures))),
        Err(error) if error.exit_code() == 130 => Computed::Measures(None, None),
        Err(_) => Computed::Measures(run, None),
    }
}

fn run_of(session: &Session) -> Option<Fingerprint> {
    session.run().and_then(|run| run.vectors)
}

fn apply_computed(project: &mut OpenProject, found: Computed) {
    match found {
        Computed::Vectors(found) => match *found {
            Ok(found) => project.session.take_vectors(found),
            Err(error) if error.exit_code() == 130 => {}
            // The project lacks the rows: only a run makes them.
            Err(_) => project.advice.unavailable_for = run_of(&project.session),
        },
        Computed::Queue(Some(queue)) => {
            project.advice.queue = Some(*queue);
            project.advice.revision = None;
        }
        Computed::Queue(None) | Computed::Map(None) => {}
        Computed::Mixed(revision, found) => project.advice.mixed = found.map(|found| (revision, found)),
        Computed::Map(Some(map)) => project.track_pages.map.take(map),
        Computed::Measures(_, Some(measures)) => {
            project.advice.measures = Some(measures);
            project.listing.choose_covers_again();
        }
        Computed::Measures(run, None) => project.advice.unmeasured_for = run,
        Computed::Known(path, found) => take_known(&mut project.track_pages.known, &path, *found),
        Computed::Recognised(revision, found) => project.track_pages.known.set_found(revision, found),
        Computed::Split(identity, parting) => {
            if project.state.look.single() == Some(identity) {
                project.state.unsplittable = parting.is_none().then_some(identity);
                project.state.split = parting.map(|parting| SplitDialog::new(*parting));
            }
        }
    }
}

/// Lets the queue follow the review; drops one that is too far behind.
fn refresh(project: &mut OpenProject) {
    let advice = &mut project.advice;
    let Some(queue) = &mut advice.queue else { return };
    let revision = project.session.revision();
    let fits = project.session.vectors().is_some_and(|now| Arc::ptr_eq(queue.vectors(), now));
    if !fits || project.session.review().identities().len() == 0 {
        advice.queue = None;
        return;
    }
    if advice.revision == Some(revision) {
        return;
    }
    if queue.n_changed(project.session.review()) > IN_A_FRAME {
        advice.queue = None;
        return;
    }
    queue.refresh(project.session.review());
    advice.revision = Some(revision);
}
