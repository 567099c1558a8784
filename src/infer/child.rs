//! The child that tries an unknown model for another process.

use std::io::{BufRead as _, BufReader, Read};

use super::probe::Task;
use super::{EngineChoice, InferError, InputShape, Network, NetworkFile, engine};

/// Address space in bytes, beside [`PER_MODEL_BYTE`].
#[cfg(unix)]
const MOST_BYTES: u64 = 8 << 30;
/// Address space for each byte of the model.
#[cfg(unix)]
const PER_MODEL_BYTE: u64 = 8;

/// Loads and runs the model that is described on `input`.
///
/// # Errors
/// [`InferError`], as for any model that does not load.
pub(crate) fn try_model(input: impl Read) -> Result<(), InferError> {
    let unread = |why: String| InferError::Load { name: "model".into(), engine: "none".into(), why };
    let mut input = BufReader::new(input);
    let mut line = String::new();
    input.read_line(&mut line).map_err(|error| unread(error.to_string()))?;
    let task: Task = serde_json::from_str(&line).map_err(|error| unread(error.to_string()))?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(|error| unread(error.to_string()))?;
    limit_memory(bytes.len() as u64);
    let choice = if task.is_tract { EngineChoice::Tract } else { EngineChoice::OnnxRuntime };
    let graph = NetworkFile {
        name: &task.name,
        bytes: &bytes,
        // This process is the one that may end of it.
        is_trusted: true,
        file: task.file.as_deref(),
        shape: InputShape { height: task.height, width: task.width, channels_last: task.channels_last },
        row: task.row,
        output: task.output.as_deref(),
    };
    Network::load(engine(choice)?, &graph).map(drop)
}

/// Bounds this process's address space, where the system can do so.
fn limit_memory(model_bytes: u64) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let most = MOST_BYTES.saturating_add(model_bytes.saturating_mul(PER_MODEL_BYTE));
        let most = getrlimit(Resource::As).maximum.map_or(most, |hard| hard.min(most));
        let _or_it_has_no_such_limit =
            setrlimit(Resource::As, Rlimit { current: Some(most), maximum: Some(most) });
    }
    #[cfg(not(unix))]
    let _no_such_limit = model_bytes;
}
