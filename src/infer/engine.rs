//! Which inference engine runs: ONNX Runtime where the machine has it, tract otherwise.
//!
//! The choice is made once a process and never changes: the runtime is loaded from
//! `ORT_DYLIB_PATH`, beside the binary, the system's library folders, or the `onnxruntime`
//! package of the Python on the PATH; never from the working folder. What failed on the way is
//! kept as notes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::sync::OnceLock;

use ort::environment::Environment;

use super::InferError;

/// Which engine the user asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineChoice {
    /// ONNX Runtime, or else the built-in one.
    #[default]
    Auto,
    /// ONNX Runtime or nothing.
    OnnxRuntime,
    /// The built-in one.
    Tract,
}

impl FromStr for EngineChoice {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "auto" => Ok(Self::Auto),
            "onnxruntime" => Ok(Self::OnnxRuntime),
            "tract" => Ok(Self::Tract),
            _ => Err(()),
        }
    }
}

/// Which engine runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    /// Microsoft's library, loaded at run time.
    OnnxRuntime,
    /// The built-in engine in pure Rust.
    Tract,
}

/// The engine of this process.
#[derive(Debug)]
pub struct Engine {
    /// Which one.
    pub kind: EngineKind,
    /// Its version, such as `1.32.0`.
    pub version: String,
    /// The library it was loaded from.
    pub library: Option<PathBuf>,
    /// What was tried before and failed, in plain words.
    pub notes: Vec<String>,
    pub(super) environment: Environment,
}

impl std::fmt::Display for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self.kind {
            EngineKind::OnnxRuntime => "onnxruntime",
            EngineKind::Tract => "tract",
        };
        write!(f, "{name} {}", self.version)
    }
}

/// The engine of this process; the first call decides, later calls get the same one.
///
/// # Errors
/// [`InferError::NoEngine`] where nothing works; asking again gives the same answer.
pub fn engine(choice: EngineChoice) -> Result<&'static Engine, InferError> {
    static ENGINE: OnceLock<Result<Engine, String>> = OnceLock::new();
    ENGINE
        .get_or_init(|| start(choice))
        .as_ref()
        .map_err(|tried| InferError::NoEngine { tried: tried.clone() })
}

fn start(choice: EngineChoice) -> Result<Engine, String> {
    let mut notes = Vec::new();
    if choice != EngineChoice::Tract {
        for library in candidates() {
            // A library that is missing, foreign or too old is reported, and the next one tried.
            match ort::init_from(&library)
                .map_err(|e| e.to_string())
                .and_then(|builder| builder.with_telemetry(false).build().map_err(|e| e.to_string()))
            {
                Ok(environment) => {
                    let version = version_of(&library);
                    let kind = EngineKind::OnnxRuntime;
                    return Ok(Engine { kind, version, library: Some(library), notes, environment });
                }
                Err(why) => notes.push(format!("ONNX Runtime not used: {why}")),
            }
        }
    }
    if choice == EngineChoice::OnnxRuntime {
        return Err(if notes.is_empty() {
            "ONNX Runtime is not installed".to_owned()
        } else {
            notes.join("; ")
        });
    }
    built_in(notes)
}

#[cfg(feature = "tract")]
fn built_in(mut notes: Vec<String>) -> Result<Engine, String> {
    ort::set_api(ort_tract::api());
    match ort::init().with_telemetry(false).build() {
        Ok(environment) => {
            let version = ort::info().rsplit('=').next().unwrap_or_default().to_owned();
            Ok(Engine { kind: EngineKind::Tract, version, library: None, notes, environment })
        }
        Err(error) => {
            notes.push(format!("the built-in engine did not start: {error}"));
            Err(notes.join("; "))
        }
    }
}

#[cfg(not(feature = "tract"))]
fn built_in(mut notes: Vec<String>) -> Result<Engine, String> {
    notes.push("this build has no built-in engine".to_owned());
    Err(notes.join("; "))
}

/// Libraries that exist, in the order in which they are tried.
fn candidates() -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Some(path) = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty()) {
        found.push(PathBuf::from(path));
    }
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_path_buf));
    for folder in beside.into_iter().chain(system_folders()) {
        found.extend(library_in(&folder));
    }
    if found.is_empty() {
        found.extend(python_package("onnxruntime").and_then(|package| library_in(&package.join("capi"))));
    }
    found
}

fn system_folders() -> Vec<PathBuf> {
    let listed = |name: &str| {
        std::env::var_os(name)
            .map(|paths| std::env::split_paths(&paths).collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let mut folders = match std::env::consts::OS {
        "windows" => listed("PATH"),
        "macos" => listed("DYLD_LIBRARY_PATH"),
        _ => listed("LD_LIBRARY_PATH"),
    };
    let fixed: &[&str] = match std::env::consts::OS {
        "windows" => &[],
        "macos" => &["/usr/local/lib", "/opt/homebrew/lib"],
        _ => &[
            "/usr/local/lib",
            "/usr/lib",
            "/usr/lib64",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
        ],
    };
    folders.extend(fixed.iter().map(PathBuf::from));
    // A relative folder would be one of the working folder, which is often the opened archive.
    folders.retain(|folder| folder.is_absolute());
    folders
}

/// `libonnxruntime.so`, `libonnxruntime.so.1.32.0`, `onnxruntime.dll` or
/// `libonnxruntime.1.32.0.dylib`; the last in natural order is the newest.
fn library_in(folder: &Path) -> Option<PathBuf> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| match std::env::consts::OS {
            "windows" => name == "onnxruntime.dll",
            "macos" => {
                name.starts_with("libonnxruntime.")
                    && Path::new(name).extension().is_some_and(|e| e == "dylib")
            }
            _ => name == "libonnxruntime.so" || name.starts_with("libonnxruntime.so."),
        })
        .collect();
    names.sort_by(|a, b| alphanumeric_sort::compare_str(a, b));
    names.pop().map(|name| folder.join(name))
}

/// The folder of a package of the Python on the PATH; it is located, not imported.
///
/// Python looks for packages in the working folder first, which is often the opened archive. So it
/// runs isolated, away from there, and only a package below its site-packages is taken.
pub(crate) fn python_package(name: &str) -> Option<PathBuf> {
    const LOCATE: &str = "import site, sys\n\
                          sites = [*site.getsitepackages(), site.getusersitepackages()]\n\
                          sys.path.append(sites[-1])\n\
                          import importlib.util\n\
                          spec = importlib.util.find_spec(sys.argv[1])\n\
                          print(spec.submodule_search_locations[0] if spec else '')\n\
                          print(*sites, sep='\\n')";
    let python = if cfg!(windows) { "python" } else { "python3" };
    let mut command = Command::new(python);
    command.args(["-I", "-c", LOCATE, name]).current_dir(std::env::temp_dir().ancestors().last()?);
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let mut lines = said.lines().filter(|line| !line.is_empty());
    let package = std::fs::canonicalize(lines.next()?).ok()?;
    let is_installed =
        lines.filter_map(|site| std::fs::canonicalize(site).ok()).any(|s| package.starts_with(s));
    is_installed.then_some(package)
}

/// The version in the file's name, or what the library says of its build.
fn version_of(library: &Path) -> String {
    let name = std::fs::canonicalize(library).unwrap_or_else(|_| library.to_path_buf());
    let name = name.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let digits =
        name.find(|c: char| c.is_ascii_digit()).map(|at| name[at..].trim_end_matches(".dylib").to_owned());
    digits.unwrap_or_else(|| {
        let said = ort::info();
        said.split("git-branch=rel-")
            .nth(1)
            .and_then(|rest| rest.split(',').next())
            .unwrap_or(said)
            .to_owned()
    })
}
