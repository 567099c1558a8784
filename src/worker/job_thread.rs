//! One thread that runs long jobs one after another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use crate::base::Cx;

type JobFn<T> = Box<dyn FnOnce(&Cx) -> T + Send>;

/// What became of a job.
#[derive(Debug)]
pub(crate) enum JobOutcome<T> {
    /// It returned.
    Done(T),
    /// It panicked; the words of the panic.
    Panicked(String),
}

/// A named thread for long jobs; dropping it cancels the running one.
#[derive(Debug)]
pub(crate) struct JobThread<T> {
    jobs: Option<Sender<(Cx, JobFn<T>)>>,
    outcomes: Receiver<JobOutcome<T>>,
    running: Option<Cx>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> JobThread<T> {
    /// Starts the thread; `wake` is called after each job (the window asks for a frame).
    ///
    /// # Errors
    /// What the system said where no thread could be started.
    pub(crate) fn start(name: &str, wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let (jobs, queue) = bounded::<(Cx, JobFn<T>)>(4);
        let (done, outcomes) = unbounded();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            for (cx, job) in queue {
                let outcome = match catch_unwind(AssertUnwindSafe(|| job(&cx))) {
                    Ok(value) => JobOutcome::Done(value),
                    Err(panic) => JobOutcome::Panicked(super::panic_words(panic.as_ref())),
                };
                if done.send(outcome).is_err() {
                    return;
                }
                wake();
            }
        })?;
        Ok(Self { jobs: Some(jobs), outcomes, running: None, thread: Some(thread) })
    }

    /// Hands over a job with a fresh context; `false` where the thread is full.
    pub(crate) fn submit(&mut self, job: impl FnOnce(&Cx) -> T + Send + 'static) -> bool {
        let cx = Cx::new();
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.try_send((cx.clone(), Box::new(job))).is_ok());
        if sent {
            self.running = Some(cx);
        }
        sent
    }

    /// The context of the job handed over last, until its outcome was taken.
    pub(crate) fn running(&self) -> Option<&Cx> {
        self.running.as_ref()
    }

    /// A finished job, where there is one; never waits.
    pub(crate) fn poll(&mut self) -> Option<JobOutcome<T>> {
        let outcome = self.outcomes.try_recv().ok()?;
        self.running = None;
        Some(outcome)
    }
}

impl<T> Drop for JobThread<T> {
    fn drop(&mut self) {
        if let Some(cx) = &self.running {
            cx.cancel();
        }
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait<T: Send + 'static>(lane: &mut JobThread<T>) -> JobOutcome<T> {
        loop {
            if let Some(outcome) = lane.poll() {
                return outcome;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_panic_is_a_message_and_the_lane_goes_on() {
        let mut lane = JobThread::start("test", || ()).unwrap();
        assert!(lane.submit(|_| -> u32 { panic!("no luck") }));
        assert!(matches!(wait(&mut lane), JobOutcome::Panicked(words) if words == "no luck"));
        assert!(lane.submit(|_| 7));
        assert!(matches!(wait(&mut lane), JobOutcome::Done(7)));
    }

    #[test]
    fn cancelling_reaches_the_job() {
        let mut lane = JobThread::start("test", || ()).unwrap();
        assert!(lane.submit(|cx| {
            while cx.check().is_ok() {
                std::thread::yield_now();
            }
            "stopped"
        }));
        lane.running().unwrap().cancel();
        assert!(matches!(wait(&mut lane), JobOutcome::Done("stopped")));
        assert!(lane.running().is_none());
    }
}
