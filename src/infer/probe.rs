//! Trying an unknown model in a process of its own, before this one loads it.
//!
//! A file that an engine cannot take may end the process: a panic that crosses the engine's C interface
//! aborts, and a small graph can ask for all memory. So a child loads and runs it first, within limits
//! of time and memory (`child`); what it survived is remembered by content and engine. Takes what
//! [`super::Network::load`] takes; gives nothing or [`InferError::Crash`]. Where no program was named to
//! do so (another program that uses this library) nothing is tried.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{Engine, EngineKind, InferError, NetworkFile};
use crate::base::Hasher;

/// How long a child may take: a large model takes seconds.
const LONGEST: Duration = Duration::from_mins(2);
/// A child that said why it cannot load the model, in the ordinary way.
pub(crate) const REFUSED: u8 = 5;

/// Who tries models, and where those are remembered that were tried.
#[derive(Debug)]
struct Prober {
    program: PathBuf,
    remembered: Option<PathBuf>,
}

static PROBER: OnceLock<Prober> = OnceLock::new();

/// Names the program whose `models probe` tries a model, and a folder in which the models that
/// were tried are remembered. The first call counts.
pub(crate) fn try_with(program: PathBuf, remembered: Option<PathBuf>) {
    let _first_stays = PROBER.set(Prober { program, remembered });
}

/// What a child is to try; the model's bytes follow its line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) is_tract: bool,
    pub(super) name: String,
    pub(super) file: Option<PathBuf>,
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels_last: bool,
    pub(super) row: Option<usize>,
    pub(super) output: Option<String>,
}

/// Tries a model in a child, unless it comes with Castlist or was tried before.
///
/// # Errors
/// [`InferError::Crash`] where the child did not end by itself, or not in time.
pub(super) fn check(engine: &Engine, graph: &NetworkFile<'_>) -> Result<(), InferError> {
    let Some(prober) = PROBER.get().filter(|_| !graph.is_trusted) else { return Ok(()) };
    // Weights beside the model are not among its bytes: such a model is tried each time.
    let mark = prober.remembered.as_deref().filter(|_| graph.file.is_none()).map(|folder| {
        let mut hasher = Hasher::default();
        hasher.part(engine.to_string()).part(format!("{:?}", graph.shape)).part(graph.bytes);
        folder.join(hasher.finish().to_string())
    });
    if mark.as_deref().is_some_and(Path::is_file) {
        return Ok(());
    }
    let crashed = |why: String| InferError::Crash { name: graph.name.to_owned(), why };
    let mut child = start(&prober.program, engine)
        .map_err(|error| crashed(format!("no process could be started to try it: {error}")))?;
    let sent = send(&mut child, engine, graph);
    let ended = wait(&mut child).map_err(crashed)?;
    if ended.success() && sent.is_ok() {
        if let Some(mark) = mark {
            // Without a mark it is tried again the next time.
            let _remembered = std::fs::create_dir_all(mark.parent().unwrap_or(&mark))
                .and_then(|()| std::fs::write(&mark, ""));
        }
        return Ok(());
    }
    match ended.code() {
        // This process will hear the same reason when it loads the model.
        Some(code) if code == i32::from(REFUSED) => Ok(()),
        _ => Err(crashed(format!("the engine {engine} ended with {ended}"))),
    }
}

fn start(program: &Path, engine: &Engine) -> std::io::Result<Child> {
    let mut command = Command::new(program);
    command.args(["models", "probe"]).env("RAYON_NUM_THREADS", "1");
    if let Some(library) = &engine.library {
        command.env("ORT_DYLIB_PATH", library);
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        // A Ctrl+C is this process's to answer: in the child it would look like the model's doing.
        command.process_group(0);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}

fn send(child: &mut Child, engine: &Engine, graph: &NetworkFile<'_>) -> std::io::Result<()> {
    let task = Task {
        is_tract: engine.kind == EngineKind::Tract,
        name: graph.name.to_owned(),
        file: graph.file.map(Path::to_path_buf),
        height: graph.shape.height,
        width: graph.shape.width,
        channels_last: graph.shape.channels_last,
        row: graph.row,
        output: graph.output.map(str::to_owned),
    };
    let Some(mut stdin) = child.stdin.take() else { return Ok(()) };
    serde_json::to_writer(&mut stdin, &task)?;
    stdin.write_all(b"\n")?;
    stdin.write_all(graph.bytes)
}

/// The end of a child, which comes in time or is brought about.
fn wait(child: &mut Child) -> Result<std::process::ExitStatus, String> {
    let since = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(ended)) => return Ok(ended),
            Ok(None) if since.elapsed() < LONGEST => std::thread::sleep(Duration::from_millis(10)),
            tried => {
                let _ended = child.kill().and_then(|()| child.wait());
                let seconds = LONGEST.as_secs();
                return Err(tried.err().map_or(format!("it took more than {seconds} s"), |e| e.to_string()));
            }
        }
    }
}
