//! The thread that owns all changes of a project file.
//!
//! Changes that wait together are written in one transaction; each is acknowledged after
//! the commit. Lazy changes wait a little for company, urgent ones do not.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::location::file_number;
use super::{ProjectError, error};

/// How long lazy changes wait for company.
const LAZY: Duration = Duration::from_millis(300);
/// Maximum number of changes in one transaction.
const GROUP: usize = 1024;

/// Whether a change waits for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    Now,
    Later,
}

type WriteFn = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;

struct WriteJob {
    urgency: Urgency,
    change: WriteFn,
    reply: SyncSender<Result<(), ProjectError>>,
}

/// The promise of a write; it is kept once [`Self::poll`] or [`Self::wait`] says `Ok`.
#[derive(Debug)]
pub struct Ack(Receiver<Result<(), ProjectError>>);

impl Ack {
    pub(super) fn refused(error: ProjectError) -> Self {
        let (reply, ack) = sync_channel(1);
        let _sent = reply.send(Err(error));
        Self(ack)
    }

    /// The outcome, where it is known already; the caller never waits.
    pub fn poll(&self) -> Option<Result<(), ProjectError>> {
        match self.0.try_recv() {
            Ok(outcome) => Some(outcome),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(gone())),
        }
    }

    /// Waits until the change is on the disk.
    ///
    /// # Errors
    /// [`ProjectError`] where it could not be written; nothing of it was.
    pub fn wait(self) -> Result<(), ProjectError> {
        self.0.recv().unwrap_or_else(|_| Err(gone()))
    }
}

fn gone() -> ProjectError {
    ProjectError::Sqlite { why: "its writer has stopped".to_owned(), path: PathBuf::new() }
}

/// Handle on the writer thread; dropping it writes what waits and ends the thread.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<SyncSender<WriteJob>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, path: &Path) -> Result<Self, ProjectError> {
        let (jobs, queue) = sync_channel(GROUP);
        // Absolute, should the process change its folder.
        let owned = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let opened = file_number(&owned);
        let thread = std::thread::Builder::new()
            .name("project-writer".to_owned())
            .spawn(move || run(connection, &queue, &owned, opened))
            .map_err(|e| ProjectError::Sqlite { why: e.to_string(), path: path.to_path_buf() })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    pub(super) fn write(&self, urgency: Urgency, change: WriteFn) -> Ack {
        let (reply, ack) = sync_channel(1);
        if let Some(jobs) = &self.jobs {
            let _delivered = jobs.send(WriteJob { urgency, change, reply });
        }
        Ack(ack)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

fn run(mut connection: Connection, queue: &Receiver<WriteJob>, path: &Path, opened: Option<(u64, u64)>) {
    while let Ok(first) = queue.recv() {
        let group = gather(first, queue);
        if file_number(path) == opened {
            write(&mut connection, group, path);
        } else {
            // SQLite would go on writing into a file that nobody finds any more.
            for job in group {
                let _heard = job.reply.send(Err(ProjectError::Replaced(path.to_path_buf())));
            }
        }
    }
    // The rest of the write-ahead log goes into the file itself.
    let _tidied = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);");
}

fn gather(first: WriteJob, queue: &Receiver<WriteJob>) -> Vec<WriteJob> {
    let since = Instant::now();
    let mut urgent = first.urgency == Urgency::Now;
    let mut group = vec![first];
    while group.len() < GROUP {
        let wait = if urgent { Duration::ZERO } else { LAZY.saturating_sub(since.elapsed()) };
        match queue.recv_timeout(wait) {
            Ok(job) => {
                urgent |= job.urgency == Urgency::Now;
                group.push(job);
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    group
}

/// Writes a group in one transaction; a change that fails takes only itself back.
fn write(connection: &mut Connection, group: Vec<WriteJob>, path: &Path) {
    let mut replies = Vec::with_capacity(group.len());
    let outcome = connection.transaction().and_then(|mut transaction| {
        for job in group {
            let point = transaction.savepoint()?;
            let done = (job.change)(&point);
            let done = match done {
                Ok(()) => point.commit(),
                Err(error) => {
                    drop(point);
                    Err(error)
                }
            };
            replies.push((job.reply, done));
        }
        transaction.commit()
    });
    let failed = outcome.err().map(|e| error::of(e, path));
    for (reply, done) in replies {
        let result = match &failed {
            Some(error) => Err(error.clone()),
            None => done.map_err(|e| error::of(e, path)),
        };
        // Nothing waits for lazy changes.
        let _heard = reply.send(result);
    }
}
