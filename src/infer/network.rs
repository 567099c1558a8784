//! A loaded network that many threads run at once.

use std::borrow::Cow;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cpu_time::ThreadTime;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;

use super::{Engine, EngineKind, InferError, InputShape, NetworkFile, batch, probe};

/// Memory that the copies of one model may take together, in bytes.
const SESSIONS_BYTES: usize = 1 << 30;

/// A network with one input and one output that matter, `n` in, `n` rows out.
#[derive(Debug)]
pub struct Network {
    name: String,
    shape: InputShape,
    sessions: Vec<Mutex<Session>>,
    /// The largest batch the graph takes; some files are fixed to one.
    batch: usize,
    /// Whether it takes that batch only: a smaller one is filled up.
    is_fixed: bool,
    /// Which output matters.
    output: usize,
    row: usize,
    /// CPU nanoseconds that callers of [`Self::run`] spent in the engine.
    engine_ns: AtomicU64,
}

impl Network {
    /// Loads a model: one session a core as far as memory allows, each on one thread.
    ///
    /// An unknown model is tried in a process of its own first (`infer::probe`).
    ///
    /// # Errors
    /// [`InferError::Crash`] where it did not survive that; [`InferError::Load`] where the engine
    /// refuses the file, [`InferError::Shape`] where
    /// the graph's input or output differ from what was asked for, or it is unclear which
    /// output matters.
    pub fn load(engine: &Engine, graph: &NetworkFile<'_>) -> Result<Self, InferError> {
        probe::check(engine, graph)?;
        let NetworkFile { name, bytes, file, shape, .. } = *graph;
        let cores = rayon::current_num_threads();
        let wanted = (SESSIONS_BYTES / bytes.len().max(1)).clamp(1, cores);
        let failed = |why| InferError::Load { name: name.into(), engine: engine.to_string(), why };
        // The built-in engine is much faster where it knows the batch; a graph that does not load
        // so stays as it is.
        let can_be_one = engine.kind == EngineKind::Tract && file.is_none();
        let of_one = if can_be_one { batch::with_batch_of_one(bytes) } else { None };
        let of_one = of_one.and_then(|bytes| Some((open(engine, Ok(&bytes), cores / wanted).ok()?, bytes)));
        let (first, bytes, most) = if let Some((first, bytes)) = of_one {
            (first, Cow::Owned(bytes), 1)
        } else {
            let from = file.map_or(Ok(bytes), Err);
            (open(engine, from, cores / wanted).map_err(failed)?, Cow::Borrowed(bytes), usize::MAX)
        };
        let allowed = check_input(&first, name, shape)?;
        let (batch, is_fixed) = (allowed.min(most), allowed != usize::MAX);
        let mut network = Self {
            name: name.into(),
            shape,
            sessions: vec![Mutex::new(first)],
            batch,
            is_fixed,
            output: 0,
            row: 0,
            engine_ns: AtomicU64::new(0),
        };
        network.probe(graph)?;
        for _ in 1..wanted {
            let from = file.map_or(Ok(&*bytes), Err);
            network.sessions.push(Mutex::new(open(engine, from, cores / wanted).map_err(failed)?));
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
        let mut session = free_session(&self.sessions);
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
        let mut filled = Cow::Borrowed(inputs);
        let most = if self.is_fixed { self.batch } else { n };
        if n < most {
            filled.to_mut().resize(most * self.shape.numbers(), 0.0);
        }
        let tensor = TensorRef::from_array_view((self.shape.dims(most), &*filled)).map_err(failed)?;
        let outputs = session.run(ort::inputs![tensor]).map_err(failed)?;
        let (_, values) = outputs[self.output].try_extract_tensor::<f32>().map_err(failed)?;
        // What was filled up comes last.
        Ok(values[..values.len() / most * n].to_vec())
    }

    /// Runs the network on grey, to learn which output matters, its length, and whether it takes
    /// several inputs at once.
    fn probe(&mut self, graph: &NetworkFile<'_>) -> Result<(), InferError> {
        let wrong = |what: String| InferError::Shape { name: self.name.clone(), what };
        let n = if self.is_fixed { self.batch } else { 1 };
        let grey = vec![0.0; n * self.shape.numbers()];
        let found = self.outputs(&grey, n)?;
        let (output, row) = choose(&found, n, graph).map_err(wrong)?;
        (self.output, self.row) = (output, row);
        if !self.is_fixed && self.batch > 1 {
            // Some graphs say that they take any number of inputs, and take one.
            let two = vec![0.0; 2 * self.shape.numbers()];
            let out = self.run_batch(&mut free_session(&self.sessions), &two, 2);
            if out.map_or(0, |out| out.len()) != 2 * row {
                self.batch = 1;
            }
        }
        Ok(())
    }

    /// All outputs of numbers for `n` inputs.
    fn outputs(&self, inputs: &[f32], n: usize) -> Result<Vec<NetworkOutput>, InferError> {
        let failed = |error: ort::Error| InferError::Run { name: self.name.clone(), why: error.to_string() };
        let mut session = free_session(&self.sessions);
        let names: Vec<String> = session.outputs().iter().map(|output| output.name().to_owned()).collect();
        let tensor = TensorRef::from_array_view((self.shape.dims(n), inputs)).map_err(failed)?;
        let outputs = session.run(ort::inputs![tensor]).map_err(failed)?;
        let described = names.into_iter().enumerate().map(|(at, name)| {
            let shape = outputs[at].try_extract_tensor::<f32>().ok();
            NetworkOutput { at, name, shape: shape.map(|(shape, _)| shape.iter().copied().collect()) }
        });
        Ok(described.collect())
    }
}

/// One output of a graph, as it came out.
#[derive(Debug, Clone, PartialEq)]
struct NetworkOutput {
    at: usize,
    name: String,
    /// None where it holds no 32-bit floating-point numbers.
    shape: Option<Vec<i64>>,
}

impl NetworkOutput {
    /// Numbers for each of `n` inputs.
    fn row(&self, n: usize) -> Option<usize> {
        let numbers: i64 = self.shape.as_ref()?.iter().product();
        Some(numbers as usize / n).filter(|row| *row > 0 && (numbers as usize).is_multiple_of(n))
    }

    /// Whether it is `n` rows of more than one number: a score is no embedding.
    fn is_rows(&self, n: usize) -> bool {
        matches!(self.shape.as_deref(), Some([rows, row]) if *rows == n as i64 && *row > 1)
    }
}

/// Which of the outputs for `n` inputs matters, and its numbers for each; or why that is unclear.
fn choose(outputs: &[NetworkOutput], n: usize, graph: &NetworkFile<'_>) -> Result<(usize, usize), String> {
    let listed = |outputs: &[&NetworkOutput]| {
        let one = |output: &&NetworkOutput| match &output.shape {
            Some(shape) => format!("{} {shape:?}", output.name),
            None => format!("{} (no 32-bit floats)", output.name),
        };
        outputs.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let all: Vec<&NetworkOutput> = outputs.iter().collect();
    let named = graph.output.map(|name| outputs.iter().filter(|output| output.name == name).collect());
    let named: Vec<&NetworkOutput> = named.unwrap_or_else(|| all.clone());
    let of_row = |output: &&&NetworkOutput| graph.row.is_none_or(|row| output.row(n) == Some(row));
    let fitting: Vec<&NetworkOutput> =
        named.iter().filter(|it| it.is_rows(n)).filter(of_row).copied().collect();
    let by_length = || named.iter().filter(|_| graph.row.is_some()).filter(of_row).copied().collect();
    let fitting: Vec<&NetworkOutput> = if fitting.is_empty() { by_length() } else { fitting };
    let output = match (named.as_slice(), fitting.as_slice()) {
        ([one], _) | (_, [one]) => *one,
        ([], _) => {
            let name = graph.output.unwrap_or_default();
            return Err(format!("it has no output `{name}`; set model.output to one of: {}", listed(&all)));
        }
        (_, []) => {
            return Err(format!(
                "none of its outputs is rows of the declared length; set model.output to one of them, or \
                 model.dim: {}",
                listed(&all)
            ));
        }
        (_, several) => {
            return Err(format!(
                "several of its outputs may be the embedding; set model.output to one of: {}",
                listed(several)
            ));
        }
    };
    let Some(found) = output.row(n) else {
        return Err(format!("its output is no row of 32-bit floats an input: {}", listed(&[output])));
    };
    match graph.row.filter(|&row| row != found) {
        Some(row) => {
            Err(format!("it gives {found} numbers a face, the description says {row}; set model.dim={found}"))
        }
        None => Ok((output.at, found)),
    }
}

/// Any session that is free; else waits for the one of this thread.
pub(super) fn free_session(sessions: &[Mutex<Session>]) -> MutexGuard<'_, Session> {
    let start = rayon::current_thread_index().unwrap_or(0);
    let n = sessions.len();
    (0..n)
        .find_map(|offset| sessions[(start + offset) % n].try_lock().ok())
        .unwrap_or_else(|| sessions[start % n].lock().unwrap_or_else(PoisonError::into_inner))
}

/// Opens a model from its bytes, or from its file where weights lie beside it.
pub(super) fn open(engine: &Engine, from: Result<&[u8], &Path>, threads: usize) -> Result<Session, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let mut builder = Session::builder(&engine.environment)
        .map_err(|e| text(&e))?
        .with_optimization_level(GraphOptimizationLevel::Level3)
        .map_err(|e| text(&e))?
        .with_intra_threads(threads.max(1))
        .map_err(|e| text(&e))?
        .with_intra_op_spinning(false)
        .map_err(|e| text(&e))?;
    match from {
        Ok(bytes) => builder.commit_from_memory(bytes),
        Err(file) => builder.commit_from_file(file),
    }
    .map_err(|e| text(&e))
}

/// Compares the graph's first input with what it will be fed; gives the batch it allows.
pub(super) fn check_input(session: &Session, name: &str, shape: InputShape) -> Result<usize, InferError> {
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
        let key = key_for(&dims, shape);
        let what = format!("its input is {dims:?}, the description says {expected:?} (−1 is any){key}");
        return Err(wrong(what));
    }
    Ok(if dims[0] > 0 { dims[0] as usize } else { usize::MAX })
}

/// Which keys of the description would make it fit an input, in words; nothing where none would.
fn key_for(dims: &[i64], shape: InputShape) -> String {
    let (is_last, [height, width]) = match *dims {
        [_, 3, height, width] => (false, [height, width]),
        [_, height, width, 3] => (true, [height, width]),
        _ => return String::new(),
    };
    let mut keys = Vec::new();
    if is_last != shape.channels_last {
        keys.push(format!("model.layout={}", if is_last { "nhwc" } else { "nchw" }));
    }
    let fits = |is: i64, want: usize| is < 0 || is == want as i64;
    if !(fits(height, shape.height) && fits(width, shape.width)) {
        let side = |is: i64, want: usize| if is < 0 { want.to_string() } else { is.to_string() };
        let (height, width) = (side(height, shape.height), side(width, shape.width));
        keys.push(if height == width {
            format!("model.size={height}")
        } else {
            format!("model.size={height}x{width}")
        });
    }
    format!("; set {}", keys.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: InputShape = InputShape { height: 112, width: 112, channels_last: false };

    /// What is chosen among outputs of these names and shapes.
    fn chosen(
        outputs: &[(&str, &[i64])],
        row: Option<usize>,
        output: Option<&str>,
    ) -> Result<(usize, usize), String> {
        let one = |(at, (name, shape)): (usize, &(&str, &[i64]))| NetworkOutput {
            at,
            name: (*name).to_owned(),
            shape: Some(shape.to_vec()),
        };
        let outputs: Vec<NetworkOutput> = outputs.iter().enumerate().map(one).collect();
        let graph =
            NetworkFile { name: "m", bytes: b"", is_trusted: true, file: None, shape: SHAPE, row, output };
        choose(&outputs, 1, &graph)
    }

    #[test]
    fn the_output_of_rank_two_and_the_declared_length_matters() {
        let map: (&str, &[i64]) = ("map", &[1, 512, 7, 7]);
        let norm: (&str, &[i64]) = ("norm", &[1, 1]);
        let face: (&str, &[i64]) = ("face", &[1, 512]);
        let class: (&str, &[i64]) = ("class", &[1, 1000]);
        assert_eq!(chosen(&[map, norm, face], None, None), Ok((2, 512)));
        assert_eq!(chosen(&[class, face], Some(512), None), Ok((1, 512)));
        assert_eq!(chosen(&[class, face], None, Some("face")), Ok((1, 512)));
        assert_eq!(chosen(&[("only", &[1, 512, 1, 1])], None, None), Ok((0, 512)));
        assert_eq!(chosen(&[norm, ("face", &[1, 512, 1, 1])], Some(512), None), Ok((1, 512)));
        for (outputs, row, output, words) in [
            (&[class, face][..], None, None, "set model.output to one of: class [1, 1000], face [1, 512]"),
            (&[face, ("again", &[1, 512])], Some(512), None, "several of its outputs"),
            (&[class, face], None, Some("f"), "no output `f`; set model.output to one of: class"),
            (&[class, face], Some(128), None, "none of its outputs"),
            (&[face], Some(128), None, "set model.dim=512"),
        ] {
            let error = chosen(outputs, row, output).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_refusal_names_the_key() {
        assert_eq!(key_for(&[1, 112, 112, 3], SHAPE), "; set model.layout=nhwc");
        assert_eq!(key_for(&[-1, 3, 160, 160], SHAPE), "; set model.size=160");
        assert_eq!(key_for(&[1, 112, 96, 3], SHAPE), "; set model.layout=nhwc and model.size=112x96");
        assert_eq!(key_for(&[1, 1, 112, 112], SHAPE), "");
    }
}
