//! The context of a job: progress as a latest-value slot, a cancel token, warnings.
//!
//! A job calls [`Cx::stage`] and [`Cx::advance`] as it goes and [`Cx::check`] between
//! batches. A front end (window or command line) reads [`Cx::progress`] whenever it draws; nobody
//! ever waits for anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::{Cancelled, Stage};

/// What a job last said about itself.
#[derive(Debug, Clone)]
pub struct Progress {
    /// What it is doing; none before it says so.
    pub stage: Option<Stage>,
    /// Units done, `0..=total`.
    pub done: u64,
    /// Units in all; 0 where the number is not known.
    pub total: u64,
    /// When the stage began.
    pub since: Instant,
}

impl Progress {
    /// Units a second since the stage began; 0 in the first moments.
    #[must_use]
    pub fn rate(&self) -> f64 {
        let secs = self.since.elapsed().as_secs_f64();
        if secs < 0.2 { 0.0 } else { self.done as f64 / secs }
    }

    /// Estimated time left in this stage, where it is known.
    #[must_use]
    pub fn time_left(&self) -> Option<Duration> {
        let rate = self.rate();
        (rate > 0.0 && self.total > self.done)
            .then(|| Duration::from_secs_f64((self.total - self.done) as f64 / rate))
    }
}

/// What a warning is about; the kind is stable, the message is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningKind {
    /// A picture that could not be decoded.
    Unreadable,
    /// A crop in which no face could be found, or whose landmarks are implausible.
    NoFace,
    /// A track that seems to show two people.
    TwoPeople,
    /// A track of which no face could be used.
    UnusableTrack,
    /// Something in the input that was passed over (a loop, a name, a column).
    Input,
    /// The model or the engine fell back to something else.
    Engine,
    /// The project file could not be where or as it should be.
    Project,
    /// Something about the result that the user should know.
    Result,
}

/// One counted warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What it is about.
    pub kind: WarningKind,
    /// What happened and what to do, in plain words; the path stands last.
    pub message: String,
    /// The track that it is about, where one line may stand for many such warnings.
    #[serde(skip)]
    pub track: Option<String>,
}

/// How many warnings are kept word for word; the rest is counted only.
const KEPT: usize = 1000;

/// All warnings of a job: the first thousand word for word, and how many there were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Warnings {
    /// The first warnings, in order.
    pub kept: Vec<Warning>,
    /// How many there were in all.
    pub count: usize,
}

impl Warnings {
    /// Adds one.
    pub fn push(&mut self, kind: WarningKind, message: impl Into<String>) {
        self.add(Warning { kind, message: message.into(), track: None });
    }

    fn add(&mut self, warning: Warning) {
        self.count += 1;
        if self.kept.len() < KEPT {
            self.kept.push(warning);
        }
    }

    /// Sorts by kind and text, so that the order does not depend on threads.
    pub fn sort(&mut self) {
        self.kept.sort_by(|a, b| (a.kind, &a.message).cmp(&(b.kind, &b.message)));
    }
}

/// Warnings for people: those that differ by their track or picture alone are one line with their
/// number and the first few tracks. Each line stands with the number of warnings it is made of.
#[must_use]
pub fn summarise(warnings: &[Warning]) -> Vec<(WarningKind, String, usize)> {
    let mut lines = Vec::new();
    for of_kind in warnings.chunk_by(|a, b| a.kind == b.kind) {
        let mut of_tracks: BTreeMap<&str, (BTreeSet<&str>, usize)> = BTreeMap::new();
        for Warning { kind, message, track } in of_kind {
            let Some(track) = track else {
                lines.push((*kind, message.clone(), 1));
                continue;
            };
            let what = message.split(": ").next().unwrap_or_default();
            let (tracks, n) = of_tracks.entry(what).or_default();
            tracks.insert(track);
            *n += 1;
        }
        let line = |(what, (tracks, n)): (&str, (BTreeSet<&str>, usize))| {
            (of_kind[0].kind, summary_line(what, &tracks, n), n)
        };
        lines.extend(of_tracks.into_iter().map(line));
    }
    lines
}

/// `no face found (7 times, in 2 tracks): a, b`.
fn summary_line(what: &str, tracks: &BTreeSet<&str>, n: usize) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<&str> = tracks.iter().copied().take(SHOWN).collect();
    let more = if tracks.len() > SHOWN { ", …" } else { "" };
    let times = if n == 1 { "once".to_owned() } else { format!("{n} times") };
    let s = if tracks.len() == 1 { "" } else { "s" };
    format!("{what} ({times}, in {} track{s}): {}{more}", tracks.len(), shown.join(", "))
}

#[derive(Debug)]
struct SharedState {
    cancel: AtomicBool,
    done: AtomicU64,
    stage: Mutex<Progress>,
}

/// Handle on a job's progress, cancel token and warnings; clones share one state.
///
/// # Examples
/// ```
/// use castlist::base::{Cancelled, Cx, Stage};
///
/// // A job reports its progress and checks between batches.
/// fn read(cx: &Cx) -> Result<u32, Cancelled> {
///     cx.stage(Stage::ReadingTracks, 3);
///     for _ in 0..3 {
///         cx.check()?;
///         cx.advance(1);
///     }
///     Ok(3)
/// }
///
/// let cx = Cx::new();
/// assert_eq!(read(&cx), Ok(3));
/// assert_eq!(cx.progress().done, 3);
/// // Another thread, such as the window's, may ask it to stop through a clone.
/// cx.clone().cancel();
/// assert_eq!(read(&cx), Err(Cancelled));
/// ```
#[derive(Debug, Clone)]
pub struct Cx {
    inner: Arc<SharedState>,
    warnings: Arc<Mutex<Warnings>>,
}

impl Default for Cx {
    fn default() -> Self {
        Self::new()
    }
}

/// A lock that a panicking thread left behind still holds usable plain data.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cx {
    /// A fresh context: not cancelled, no stage, no warnings.
    #[must_use]
    pub fn new() -> Self {
        let progress = Progress { stage: None, done: 0, total: 0, since: Instant::now() };
        let inner = SharedState {
            cancel: AtomicBool::new(false),
            done: AtomicU64::new(0),
            stage: Mutex::new(progress),
        };
        Self { inner: Arc::new(inner), warnings: Arc::default() }
    }

    /// The same context for work whose warnings do not matter: it shows its progress and
    /// stops when asked, and keeps its warnings to itself.
    #[must_use]
    pub fn without_warnings(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), warnings: Arc::default() }
    }

    /// Begins a stage of `total` units (0: not known).
    pub fn stage(&self, stage: Stage, total: u64) {
        self.inner.done.store(0, Ordering::Relaxed);
        *lock(&self.inner.stage) = Progress { stage: Some(stage), done: 0, total, since: Instant::now() };
    }

    /// Counts `units` more as done; cheap enough for inner loops.
    pub fn advance(&self, units: u64) {
        self.inner.done.fetch_add(units, Ordering::Relaxed);
    }

    /// The latest progress.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let mut progress = lock(&self.inner.stage).clone();
        progress.done = self.inner.done.load(Ordering::Relaxed);
        progress
    }

    /// Asks the work to stop at its next check.
    pub fn cancel(&self) {
        self.inner.cancel.store(true, Ordering::Relaxed);
    }

    /// `Err(Cancelled)` once the work was asked to stop.
    ///
    /// # Errors
    /// [`Cancelled`], and nothing else.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.inner.cancel.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
    }

    /// Counts and keeps a warning.
    ///
    /// # Examples
    /// ```
    /// use castlist::base::{Cx, WarningKind};
    ///
    /// let cx = Cx::new();
    /// cx.warn(WarningKind::Input, "the column `fps` is empty: tracks.csv");
    /// let warnings = cx.warnings();
    /// assert_eq!((warnings.count, warnings.kept[0].kind), (1, WarningKind::Input));
    /// ```
    pub fn warn(&self, kind: WarningKind, message: impl Into<String>) {
        lock(&self.warnings).push(kind, message);
    }

    /// Counts and keeps a warning about a picture of a track, see [`summarise`].
    pub fn warn_track(&self, kind: WarningKind, message: impl Into<String>, track: &str) {
        lock(&self.warnings).add(Warning { kind, message: message.into(), track: Some(track.to_owned()) });
    }

    /// The warnings so far, sorted.
    #[must_use]
    pub fn warnings(&self) -> Warnings {
        let mut warnings = lock(&self.warnings).clone();
        warnings.sort();
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_about_pictures_of_tracks_are_one_line() {
        let cx = Cx::new();
        for at in 0..7 {
            cx.warn_track(WarningKind::NoFace, format!("no face: /x/{at}.jpg"), &format!("t{}", at / 2));
        }
        cx.warn(WarningKind::Unreadable, "the picture is torn: /x/9.jpg");
        let warnings = cx.warnings();
        assert_eq!((warnings.count, warnings.kept.len()), (8, 8), "each is kept");
        let lines = summarise(&warnings.kept);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].1, "the picture is torn: /x/9.jpg");
        assert_eq!(
            lines[1],
            (WarningKind::NoFace, "no face (7 times, in 4 tracks): t0, t1, t2, t3".into(), 7)
        );
    }
}
