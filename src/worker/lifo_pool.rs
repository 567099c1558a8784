//! A few threads that run the newest request first.
//!
//! Made for thumbnails: what was asked for last is on the screen now; what has waited too
//! long was scrolled away and is dropped.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, unbounded};

#[derive(Debug)]
struct PoolState<K> {
    waiting: Mutex<(VecDeque<K>, bool)>,
    arrived: Condvar,
}

/// Threads that turn keys into values, newest first.
#[derive(Debug)]
pub(crate) struct LifoPool<K, V> {
    shared: Arc<PoolState<K>>,
    results: Receiver<(K, Option<V>)>,
    threads: Vec<JoinHandle<()>>,
    limit: usize,
}

fn lock<K>(shared: &PoolState<K>) -> MutexGuard<'_, (VecDeque<K>, bool)> {
    shared.waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K: Send + Clone + PartialEq + 'static, V: Send + 'static> LifoPool<K, V> {
    /// Starts `threads` threads that call `work`; at most `limit` requests wait. `wake` is
    /// called after each result.
    ///
    /// # Errors
    /// What the system said where a thread could not be started.
    pub(crate) fn start(
        threads: usize,
        limit: usize,
        work: impl Fn(&K) -> Option<V> + Send + Sync + 'static,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let shared =
            Arc::new(PoolState { waiting: Mutex::new((VecDeque::new(), false)), arrived: Condvar::new() });
        let (sender, results) = unbounded();
        let (work, wake) = (Arc::new(work), Arc::new(wake));
        let spawn = |number: usize| {
            let (shared, sender, work, wake) =
                (Arc::clone(&shared), sender.clone(), Arc::clone(&work), Arc::clone(&wake));
            std::thread::Builder::new().name(format!("thumbnails-{number}")).spawn(move || {
                while let Some(key) = next(&shared) {
                    // A picture that makes a decoder panic is one that has no thumbnail.
                    let value = catch_unwind(AssertUnwindSafe(|| work(&key))).unwrap_or(None);
                    if sender.send((key, value)).is_err() {
                        return;
                    }
                    wake();
                }
            })
        };
        let threads = (0..threads.max(1)).map(spawn).collect::<std::io::Result<_>>()?;
        Ok(Self { shared, results, threads, limit })
    }

    /// Asks for a value, or asks again, which brings it to the top. Gives the request that
    /// was dropped for it, where too many waited.
    pub(crate) fn request(&self, key: K) -> Option<K> {
        let mut waiting = lock(&self.shared);
        waiting.0.retain(|other| *other != key);
        waiting.0.push_back(key);
        let dropped = if waiting.0.len() > self.limit { waiting.0.pop_front() } else { None };
        drop(waiting);
        self.shared.arrived.notify_one();
        dropped
    }

    /// Drops all requests that are not in progress.
    pub(crate) fn clear(&self) {
        lock(&self.shared).0.clear();
    }

    /// A finished value, where there is one; never waits. `None` inside: it failed.
    pub(crate) fn poll(&self) -> Option<(K, Option<V>)> {
        self.results.try_recv().ok()
    }
}

fn next<K>(shared: &PoolState<K>) -> Option<K> {
    let mut waiting = lock(shared);
    loop {
        if waiting.1 {
            return None;
        }
        if let Some(key) = waiting.0.pop_back() {
            return Some(key);
        }
        waiting = shared.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
    }
}

impl<K, V> Drop for LifoPool<K, V> {
    fn drop(&mut self) {
        lock(&self.shared).1 = true;
        self.shared.arrived.notify_all();
        for thread in self.threads.drain(..) {
            let _ended = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_first_and_a_panic_is_a_failure() {
        let gate = Arc::new(Mutex::new(()));
        let held = gate.lock().unwrap();
        let inner = Arc::clone(&gate);
        let stack = LifoPool::start(
            1,
            2,
            move |key: &u32| {
                drop(inner.lock());
                assert!(*key != 3, "three");
                Some(key * 10)
            },
            || (),
        )
        .unwrap();
        stack.request(0);
        while !lock(&stack.shared).0.is_empty() {
            std::thread::yield_now();
        }
        assert_eq!(stack.request(1), None);
        assert_eq!(stack.request(2), None);
        assert_eq!(stack.request(3), Some(1), "the oldest request makes room");
        drop(held);
        let mut results = Vec::new();
        while results.len() < 3 {
            results.extend(stack.poll());
        }
        assert_eq!(results, [(0, Some(0)), (3, None), (2, Some(20))]);
    }
}
