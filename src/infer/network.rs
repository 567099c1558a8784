//! A loaded network that many threads run at once.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cpu_time::ThreadTime;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;

use super::{Engine, EngineKind, InferError, batch};

/// Memory that the copies of one model may take together, in bytes.
const SESSIONS_BYTES: usize = 1 << 30;

/// The shape of one input: `channels × height × width`, channels first or last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputShape {
    /// Height in pixels.
    pub height: usize,
    /// Width in pixels.
    pub width: usize,
    /// Whether the three channels come last (`NHWC`).
    pub channels_last: bool,
}

impl InputShape {
    /// Numbers in one input.
    #[must_use]
    pub fn numbers(self) -> usize {
        3 * self.height * self.width
    }

    fn dims(self, n: usize) -> [i64; 4] {
        let (h, w) = (self.height as i64, self.width as i64);
        if self.channels_last { [n as i64, h, w, 3] } else { [n as i64, 3, h, w] }
    }
}

/// A network with one input and one output that matter, `n` in, `n` rows out.
#[derive(Debug)]
pub struct Network {
    name: String,
    shape: InputShape,
    sessions: Vec<Mutex<Session>>,
    /// The largest batch the graph takes; some files are fixed to one.
    batch: usize,
    row: usize,
    /// CPU nanoseconds that callers of [`Self::run`] spent in the engine.
    engine_ns: AtomicU64,
}

impl Network {
    /// Loads a model: one session a core as far as memory allows, each on one thread.
    ///
    /// `row` is the number of outputs for one input; where it is not known, it is found by
    /// running the network once.
    ///
    /// # Errors
    /// [`InferError::Load`] where the engine refuses the file, [`InferError::Shape`] where
    /// the graph's input or output differ from what was asked for.
    pub fn load(
        engine: &Engine,
        name: &str,
        bytes: &[u8],
        shape: InputShape,
        row: Option<usize>,
    ) -> Result<Self, InferError> {
        let cores = rayon::current_num_threads();
        let wanted = (SESSIONS_BYTES / bytes.len().max(1)).clamp(1, cores);
        let failed = |why| InferError::Load { name: name.into(), engine: engine.to_string(), why };
        // The built-in engine is much faster where it knows the batch; a graph that does not load
        // so stays as it is.
        let of_one = if engine.kind == EngineKind::Tract { batch::of_one(bytes) } else { None };
        let of_one = of_one.and_then(|bytes| Some((open(engine, &bytes, cores / wanted).ok()?, bytes)));
        let (first, bytes, most) = match of_one {
            Some((first, bytes)) => (first, Cow::Owned(bytes), 1),
            None => (open(engine, bytes, cores / wanted).map_err(failed)?, Cow::Borrowed(bytes), usize::MAX),
        };
        let batch = check_input(&first, name, shape)?.min(most);
        let mut network = Self {
            name: name.into(),
            shape,
            sessions: vec![Mutex::new(first)],
            batch,
            row: row.unwrap_or(0),
            engine_ns: AtomicU64::new(0),
        };
        network.probe(row)?;
        for _ in 1..wanted {
            network.sessions.push(Mutex::new(open(engine, &bytes, cores / wanted).map_err(failed)?));
        }
        Ok(network)
    }

    /// Numbers in one row of the output.
    #[must_use]
    pub fn row(&self) -> usize {
        self.row
    }

    /// The shape of one input.
    #[must_use]
    pub fn shape(&self) -> InputShape {
        self.shape
    }

    /// CPU time that the calling threads of [`Self::run`] spent in the engine so far.
    ///
    /// An engine's own threads are not in it; there are none where each core has a session.
    #[must_use]
    pub fn engine_time(&self) -> Duration {
        Duration::from_nanos(self.engine_ns.load(Ordering::Relaxed))
    }

    /// Runs `n` inputs laid one after another; gives `n` rows.
    ///
    /// Callable from many threads; each call takes a free session. The result depends on the
    /// batch alone, not on which session ran it.
    ///
    /// # Errors
    /// [`InferError::Run`].
    pub fn run(&self, inputs: &[f32]) -> Result<Vec<f32>, InferError> {
        let mut rows = Vec::with_capacity(inputs.len() / self.shape.numbers() * self.row);
        let mut session = self.free_session();
        for chunk in inputs.chunks(self.batch.saturating_mul(self.shape.numbers())) {
            let n = chunk.len() / self.shape.numbers();
            let watch = ThreadTime::now();
            let out = self.run_batch(&mut session, chunk, n)?;
            self.engine_ns.fetch_add(watch.elapsed().as_nanos() as u64, Ordering::Relaxed);
            if out.len() != n * self.row {
                let why = format!("{} numbers came out for {n} faces, not {} each", out.len(), self.row);
                return Err(InferError::Run { name: self.name.clone(), why });
            }
            rows.extend(out);
        }
        Ok(rows)
    }

    fn run_batch(&self, session: &mut Session, inputs: &[f32], n: usize) -> Result<Vec<f32>, InferError> {
        let failed = |error: ort::Error| InferError::Run { name: self.name.clone(), why: error.to_string() };
        let tensor = TensorRef::from_array_view((self.shape.dims(n), inputs)).map_err(failed)?;
        let outputs = session.run(ort::inputs![tensor]).map_err(failed)?;
        let (_, values) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
        Ok(values.to_vec())
    }

    /// Any session that nobody holds; else waits for the one of this thread.
    fn free_session(&self) -> MutexGuard<'_, Session> {
        let start = rayon::current_thread_index().unwrap_or(0);
        let n = self.sessions.len();
        (0..n)
            .find_map(|offset| self.sessions[(start + offset) % n].try_lock().ok())
            .unwrap_or_else(|| self.sessions[start % n].lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs the network once on grey, to learn or check the length of its output.
    fn probe(&mut self, row: Option<usize>) -> Result<(), InferError> {
        let grey = vec![0.0; self.shape.numbers()];
        let found = self.run_batch(&mut self.free_session(), &grey, 1)?.len();
        if let Some(row) = row.filter(|&row| row != found) {
            let what = format!("it gives {found} numbers a face, the description says {row}");
            return Err(InferError::Shape { name: self.name.clone(), what });
        }
        self.row = found;
        Ok(())
    }
}

fn open(engine: &Engine, bytes: &[u8], threads: usize) -> Result<Session, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    Session::builder(&engine.environment)
        .map_err(|e| text(&e))?
        .with_optimization_level(GraphOptimizationLevel::Level3)
        .map_err(|e| text(&e))?
        .with_intra_threads(threads.max(1))
        .map_err(|e| text(&e))?
        .with_intra_op_spinning(false)
        .map_err(|e| text(&e))?
        .commit_from_memory(bytes)
        .map_err(|e| text(&e))
}

/// Compares the graph's first input with what it will be fed; gives the batch it allows.
fn check_input(session: &Session, name: &str, shape: InputShape) -> Result<usize, InferError> {
    let wrong = |what: String| InferError::Shape { name: name.into(), what };
    if session.outputs().is_empty() {
        return Err(wrong("the graph has no output".into()));
    }
    let [input] = session.inputs() else {
        return Err(wrong(format!("the graph has {} inputs, one was expected", session.inputs().len())));
    };
    // The built-in engine does not always tell shapes; the probe run shows them then.
    let Some(dims) = input.dtype().tensor_shape() else { return Ok(usize::MAX) };
    if dims.is_empty() {
        return Ok(usize::MAX);
    }
    let expected = shape.dims(1);
    let fits = dims.len() == 4 && dims.iter().zip(expected).skip(1).all(|(&is, want)| is < 0 || is == want);
    if !fits {
        let dims: Vec<i64> = dims.iter().copied().collect();
        return Err(wrong(format!("its input is {dims:?}, the description says {expected:?} (−1 is any)")));
    }
    Ok(if dims[0] > 0 { dims[0] as usize } else { usize::MAX })
}
