//! A loaded network all of whose outputs matter, such as that of a detector.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cpu_time::ThreadTime;
use ort::session::Session;
use ort::value::TensorRef;

use super::network::{check_input, free_session, open};
use super::{Engine, InferError, InputShape, NetworkFile, probe};

/// One output for one input.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OutputTensor {
    /// Its name in the graph.
    pub(crate) name: String,
    /// The length of its last axis.
    pub(crate) row: usize,
    /// All numbers, row by row.
    pub(crate) values: Vec<f32>,
}

/// A network with one input and several outputs, run on one input at a time by many threads.
#[derive(Debug)]
pub(crate) struct MultiOutputNetwork {
    name: String,
    shape: InputShape,
    sessions: Vec<Mutex<Session>>,
    engine_ns: AtomicU64,
}

impl MultiOutputNetwork {
    /// Loads a model: one session a core, each on one thread. Its `row` and `output` are not looked at.
    ///
    /// # Errors
    /// [`InferError`], as of [`super::Network::load`].
    pub(crate) fn load(engine: &Engine, graph: &NetworkFile<'_>) -> Result<Self, InferError> {
        probe::check(engine, graph)?;
        let failed = |why| InferError::Load { name: graph.name.into(), engine: engine.to_string(), why };
        let from = || graph.file.map_or(Ok(graph.bytes), Err);
        let mut sessions = Vec::new();
        for _ in 0..rayon::current_num_threads() {
            let session = open(engine, from(), 1).map_err(failed)?;
            check_input(&session, graph.name, graph.shape)?;
            sessions.push(Mutex::new(session));
        }
        Ok(Self { name: graph.name.into(), shape: graph.shape, sessions, engine_ns: AtomicU64::new(0) })
    }

    /// The shape of one input.
    pub(crate) fn shape(&self) -> InputShape {
        self.shape
    }

    /// CPU time that the calling threads of [`Self::run`] spent in the engine so far.
    pub(crate) fn engine_time(&self) -> Duration {
        Duration::from_nanos(self.engine_ns.load(Ordering::Relaxed))
    }

    /// Runs one input; gives all outputs that are 32-bit numbers, in the graph's order.
    ///
    /// # Errors
    /// [`InferError::Run`].
    pub(crate) fn run(&self, input: &[f32]) -> Result<Vec<OutputTensor>, InferError> {
        let failed = |error: ort::Error| InferError::Run { name: self.name.clone(), why: error.to_string() };
        let mut session = free_session(&self.sessions);
        let names: Vec<String> = session.outputs().iter().map(|output| output.name().to_owned()).collect();
        let tensor = TensorRef::from_array_view((self.shape.dims(1), input)).map_err(failed)?;
        let watch = ThreadTime::now();
        let outputs = session.run(ort::inputs![tensor]).map_err(failed)?;
        self.engine_ns.fetch_add(watch.elapsed().as_nanos() as u64, Ordering::Relaxed);
        let read = |(at, name): (usize, String)| {
            let (shape, values) = outputs[at].try_extract_tensor::<f32>().ok()?;
            let row = shape.last().map_or(1, |&row| row as usize);
            Some(OutputTensor { name, row, values: values.to_vec() })
        };
        Ok(names.into_iter().enumerate().filter_map(read).collect())
    }
}
