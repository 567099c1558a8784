//! Brings the machine's advice up to date in the background: the tracks' vectors, the queue of
//! questions, and the parts of an identity that is to be split.
//!
//! Runs on a lane of its own: nobody waits for it, and it gives way to every long job. After an
//! edit the queue looks at what changed within the frame; where much changed at once, it is
//! built anew beside the window.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::Context;

use super::desk::Desk;
use super::known::{KnownPage, Shelf};
use super::look::Page;
use super::pairs::Way;
use super::parting::PartingBox;
use super::words;
use crate::advice::{Falling, Parting, Queue, Resemblance, falling, resembling};
use crate::base::{Cx, Fingerprint};
use crate::project::LibraryError;
use crate::review::IdentityId;
use crate::session::{FoundVectors, KnownPeople, MapOptions, Session, SessionError, TrackMap};
use crate::views::Sharpness;
use crate::worker::{Lane, Outcome};

/// So many changed identities are looked at within a frame; more are looked at beside it.
const IN_A_FRAME: usize = 8;

/// What came back; none where it was cancelled.
enum Found {
    Vectors(Box<Result<FoundVectors, SessionError>>),
    Queue(Option<Box<Queue>>),
    Parting(IdentityId, Option<Box<Parting>>),
    Falling(u64, Option<Vec<Falling>>),
    Map(Option<Arc<TrackMap>>),
    Sharpness(Option<Arc<Sharpness>>),
    Known(PathBuf, Box<Result<KnownPeople, SessionError>>),
    Recognised(u64, Vec<Resemblance>),
}

/// What the machine has to say of an open project.
#[derive(Debug, Default)]
pub(super) struct Advice {
    queue: Option<Queue>,
    /// The revision that the queue knows; none where it may be of an older state.
    of: Option<u64>,
    /// The identities that fall apart, and the revision that they are of.
    falling: Option<(u64, Vec<Falling>)>,
    /// The run whose vectors are not to be had: only a new run finds them.
    vain: Option<Fingerprint>,
}

impl Advice {
    /// The queue, where it is of the present state.
    pub(super) fn queue(&self) -> Option<&Queue> {
        self.queue.as_ref()
    }

    pub(super) fn queue_mut(&mut self) -> Option<&mut Queue> {
        self.queue.as_mut()
    }

    /// The identities that fall apart at that revision, where they were looked for.
    pub(super) fn falling(&self, revision: u64) -> Option<&[Falling]> {
        self.falling.as_ref().filter(|found| found.0 == revision).map(|found| found.1.as_slice())
    }

    /// Whether there is nothing to be had until the next run.
    pub(super) fn is_vain(&self) -> bool {
        self.vain.is_some()
    }
}

/// The lane, and what it is to look for next.
pub(super) struct Adviser {
    lane: Option<Lane<(PathBuf, Found)>>,
    /// An identity that is to be split as soon as the lane is free.
    wanted: Option<IdentityId>,
    wants_map: bool,
    wants_sharpness: bool,
}

impl Adviser {
    /// Starts the lane; without a thread there is no advice.
    pub(super) fn start(ctx: &Context) -> Self {
        let wake = ctx.clone();
        Self {
            lane: Lane::start("advice", move || wake.request_repaint()).ok(),
            wanted: None,
            wants_map: false,
            wants_sharpness: false,
        }
    }

    /// Looks for what an identity comes apart into; the preview opens when it is found.
    pub(super) fn part(&mut self, identity: IdentityId) {
        self.wanted = Some(identity);
    }

    /// Draws the map as soon as the lane is free.
    pub(super) fn draw_map(&mut self) {
        self.wants_map = true;
    }

    /// Measures how sharp the faces are, as soon as the lane is free.
    pub(super) fn measure(&mut self) {
        self.wants_sharpness = true;
    }

    /// Takes in what was found, and starts to look for what is missing; never waits.
    pub(super) fn step(&mut self, desk: Option<&mut Desk>, is_free: bool) {
        let Some(lane) = &mut self.lane else { return };
        let mut desk = desk;
        while let Some(outcome) = lane.poll() {
            let Some(desk) = desk.as_mut() else { continue };
            match outcome {
                Outcome::Done((root, found)) if root == desk.session.root() => take(desk, found),
                Outcome::Done(_) => {}
                Outcome::Panicked(_) => desk.advice.vain = run_of(&desk.session),
            }
        }
        let Some(desk) = desk else { return };
        let run = run_of(&desk.session);
        if desk.advice.vain.is_some() && desk.advice.vain != run {
            desk.advice.vain = None;
        }
        refresh(desk);
        if !is_free || lane.running().is_some() || desk.session.is_busy() {
            return;
        }
        let root = desk.session.root().to_path_buf();
        let Some(vectors) = desk.session.vectors().map(Arc::clone) else {
            if desk.advice.vain.is_none() {
                match desk.session.vectors_job() {
                    Some(job) => drop(lane.submit(move |cx| (root, Found::Vectors(Box::new(job.run(cx)))))),
                    None => desk.advice.vain = run,
                }
            }
            return;
        };
        if std::mem::take(&mut self.wants_map) {
            if let Some(job) = desk.session.map_job() {
                lane.submit(move |cx| {
                    (root, Found::Map(job.run(MapOptions::default(), cx).ok().map(Arc::new)))
                });
            }
            return;
        }
        if std::mem::take(&mut self.wants_sharpness) {
            if let Some(job) = desk.session.sharpness_job() {
                lane.submit(move |cx| (root, Found::Sharpness(job.run(cx).ok().map(Arc::new))));
            }
            return;
        }
        if desk.look.page == Page::Known && recognise(desk, lane, &root) {
            return;
        }
        let review = Arc::clone(desk.session.review());
        if let Some(identity) = self.wanted.take() {
            lane.submit(move |cx| {
                let parting = Parting::new(&vectors, &review, identity, cx).ok().flatten();
                (root, Found::Parting(identity, parting.map(Box::new)))
            });
        } else if wants_falling(desk) {
            let revision = desk.session.revision();
            lane.submit(move |cx| (root, Found::Falling(revision, falling(&vectors, &review, cx).ok())));
        } else if desk.advice.queue.is_none() {
            lane.submit(move |cx: &Cx| {
                (root, Found::Queue(Queue::new(&vectors, &review, cx).ok().map(Box::new)))
            });
        }
    }

    /// Stops what runs: something more urgent does, or the project closes.
    pub(super) fn give_way(&self) {
        if let Some(cx) = self.lane.as_ref().and_then(Lane::running) {
            cx.cancel();
        }
    }

    /// Whether something is being looked for.
    pub(super) fn runs(&self) -> bool {
        self.wanted.is_some()
            || self.wants_map
            || self.wants_sharpness
            || self.lane.as_ref().and_then(Lane::running).is_some()
    }
}

/// Starts to read the library, or to look whom of it the identities are; whether it did.
fn recognise(desk: &mut Desk, lane: &mut Lane<(PathBuf, Found)>, root: &Path) -> bool {
    let (known, session, root) = (&mut desk.views.known, &desk.session, root.to_path_buf());
    if known.people().is_some_and(|people| !session.knows(people)) {
        // Another run, in another space.
        known.forget();
    }
    match (&known.shelf, &known.path) {
        (Shelf::Unread, None) => known.shelf = Shelf::Missing,
        (Shelf::Unread, Some(path)) => {
            let Some(job) = session.known_job(path) else { return false };
            let path = path.clone();
            known.shelf = Shelf::Reading;
            return lane.submit(move |cx| (root, Found::Known(path, Box::new(job.with_faces().run(cx)))));
        }
        _ => {}
    }
    let revision = session.revision();
    if !known.is_behind(revision) {
        return false;
    }
    let (Some(people), Some(vectors)) = (known.people(), session.vectors()) else { return false };
    let (people, vectors, review) = (Arc::clone(people), Arc::clone(vectors), Arc::clone(session.review()));
    lane.submit(move |_| (root, Found::Recognised(revision, resembling(&vectors, &review, people.looks()))))
}

fn take_known(page: &mut KnownPage, path: &Path, found: Result<KnownPeople, SessionError>) {
    if page.path.as_deref() != Some(path) || !matches!(page.shelf, Shelf::Reading) {
        return;
    }
    page.shelf = match found {
        Ok(people) => Shelf::Read(Arc::new(people)),
        Err(SessionError::Library(LibraryError::Missing(_))) => Shelf::Missing,
        // It gave way to something more urgent.
        Err(error) if error.exit_code() == 130 => Shelf::Unread,
        Err(error) => Shelf::Failed(words::error(&error)),
    };
}

/// Whether the page of identities that fall apart is looked at and not of the present state.
fn wants_falling(desk: &Desk) -> bool {
    let is_shown = desk.look.page == Page::Pairs && desk.look.pairs.way == Way::Falls;
    is_shown && desk.advice.falling(desk.session.revision()).is_none()
}

fn run_of(session: &Session) -> Option<Fingerprint> {
    session.run().and_then(|run| run.vectors)
}

fn take(desk: &mut Desk, found: Found) {
    match found {
        Found::Vectors(found) => match *found {
            Ok(found) => desk.session.take_vectors(found),
            Err(error) if error.exit_code() == 130 => {}
            // The project lacks the rows: only a run makes them.
            Err(_) => desk.advice.vain = run_of(&desk.session),
        },
        Found::Queue(Some(queue)) => {
            desk.advice.queue = Some(*queue);
            desk.advice.of = None;
        }
        Found::Queue(None) | Found::Map(None) | Found::Sharpness(None) => {}
        Found::Falling(revision, found) => desk.advice.falling = found.map(|found| (revision, found)),
        Found::Map(Some(map)) => desk.views.map.take(map),
        Found::Sharpness(Some(sharpness)) => desk.views.strangers.take(sharpness),
        Found::Known(path, found) => take_known(&mut desk.views.known, &path, *found),
        Found::Recognised(revision, found) => desk.views.known.take(revision, found),
        Found::Parting(identity, parting) => {
            if desk.look.page == Page::Identity(identity) {
                desk.look.unsplittable = parting.is_none().then_some(identity);
                desk.look.parting = parting.map(|parting| PartingBox::new(*parting));
            }
        }
    }
}

/// Lets the queue follow the review; drops one that is too far behind.
fn refresh(desk: &mut Desk) {
    let advice = &mut desk.advice;
    let Some(queue) = &mut advice.queue else { return };
    let revision = desk.session.revision();
    let fits = desk.session.vectors().is_some_and(|now| Arc::ptr_eq(queue.vectors(), now));
    if !fits || desk.session.review().identities().len() == 0 {
        advice.queue = None;
        return;
    }
    if advice.of == Some(revision) {
        return;
    }
    if queue.n_changed(desk.session.review()) > IN_A_FRAME {
        advice.queue = None;
        return;
    }
    queue.refresh(desk.session.review());
    advice.of = Some(revision);
}
