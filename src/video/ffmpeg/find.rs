//! Finding the `ffmpeg` program.
//!
//! In the order: what the curator names, the variable `CASTLIST_FFMPEG`, beside Castlist, the folders of
//! PATH, those of package managers that desktop programs do not see, and the Python package
//! `imageio-ffmpeg`. Never in the working folder, which is often the opened archive.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::infer::python_package;
use crate::video::VideoError;

/// How long a program may take to tell its version.
const LONGEST: Duration = Duration::from_secs(10);
/// The oldest version that keeps each frame's own time (`-fps_mode`).
const OLDEST: (u32, u32) = (5, 1);

/// A program that was found and works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ffmpeg {
    /// The program.
    pub(crate) path: PathBuf,
    /// As it says itself.
    pub(crate) version: String,
}

impl Ffmpeg {
    /// The first that works.
    ///
    /// # Errors
    /// [`VideoError::NoFfmpeg`] with what was tried, and how to get one.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, VideoError> {
        if let Some(path) = named {
            return Self::at(path).map_err(|why| no_ffmpeg(&[why]));
        }
        let mut tried = Vec::new();
        let variable = std::env::var_os("CASTLIST_FFMPEG").filter(|path| !path.is_empty()).map(PathBuf::from);
        let is_named = variable.is_some();
        for path in variable.into_iter().chain(candidates()) {
            match Self::at(&path) {
                Ok(found) => return Ok(found),
                Err(why) => tried.push(why),
            }
            if is_named && tried.len() == 1 {
                // Whoever names one wants that one.
                return Err(no_ffmpeg(&tried));
            }
        }
        match of_python().map(|path| Self::at(&path)) {
            Some(Ok(found)) => Ok(found),
            Some(Err(why)) => {
                tried.push(why);
                Err(no_ffmpeg(&tried))
            }
            None => Err(no_ffmpeg(&tried)),
        }
    }

    /// The program at a path, where it is one and new enough.
    fn at(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let said = version_text(path).map_err(|why| format!("{shown}: {why}"))?;
        let version = said
            .strip_prefix("ffmpeg version ")
            .and_then(|rest| rest.split_whitespace().next())
            .ok_or_else(|| format!("{shown}: it does not say that it is ffmpeg"))?;
        if is_too_old(version) {
            let (major, minor) = OLDEST;
            return Err(format!("{shown}: version {version} is too old, {major}.{minor} or newer is needed"));
        }
        Ok(Self { path: path.to_path_buf(), version: version.to_owned() })
    }
}

/// What a program says of its version. One that takes too long is ended: it waits for something.
fn version_text(path: &Path) -> Result<String, String> {
    let mut child = Command::new(path)
        .args(["-hide_banner", "-version"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;
    let since = Instant::now();
    // What it says is short, so it never waits for a reader.
    while child.try_wait().map_err(|error| error.to_string())?.is_none() {
        if since.elapsed() > LONGEST {
            let _ended = child.kill().and_then(|()| child.wait());
            return Err(format!("it did not tell its version within {} s", LONGEST.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Versions are `7.1.1-…` or, of builds between them, `N-12345-…` and dates, which are newer.
fn is_too_old(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('n').split(['.', '-']);
    let mut next = || numbers.next().and_then(|number| number.parse::<u32>().ok());
    next().is_some_and(|major| major < 1000 && (major, next().unwrap_or(0)) < OLDEST)
}

fn no_ffmpeg(tried: &[String]) -> VideoError {
    let how = match std::env::consts::OS {
        "windows" => "winget install Gyan.FFmpeg",
        "macos" => "brew install ffmpeg",
        _ => "sudo apt install ffmpeg (or your distribution's command)",
    };
    let tried = if tried.is_empty() { String::new() } else { format!(" Tried: {}.", tried.join("; ")) };
    VideoError::NoFfmpeg { how, tried }
}

/// Programs that exist, in the order in which they are tried.
fn candidates() -> Vec<PathBuf> {
    let name = if cfg!(windows) { "ffmpeg.exe" } else { "ffmpeg" };
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_path_buf));
    let listed = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = beside.into_iter().chain(std::env::split_paths(&listed)).collect();
    let fixed: &[&str] = match std::env::consts::OS {
        "windows" => &["C:\\Program Files\\ffmpeg\\bin", "C:\\ffmpeg\\bin"],
        "macos" => &["/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin"],
        _ => &["/usr/local/bin", "/usr/bin", "/snap/bin"],
    };
    folders.extend(fixed.iter().map(PathBuf::from));
    if let Some(local) = std::env::var_os("LOCALAPPDATA").filter(|_| cfg!(windows)) {
        folders.push(Path::new(&local).join("Microsoft\\WinGet\\Links"));
    }
    folders.retain(|folder| folder.is_absolute());
    let mut found: Vec<PathBuf> = Vec::new();
    for path in folders.into_iter().map(|folder| folder.join(name)) {
        if path.is_file() && !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

/// The program in the Python package `imageio-ffmpeg`.
fn of_python() -> Option<PathBuf> {
    let folder = python_package("imageio_ffmpeg")?.join("binaries");
    let entries = std::fs::read_dir(folder).ok()?;
    let is_program = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with("ffmpeg-") && path.is_file()
    };
    entries.filter_map(|entry| Some(entry.ok()?.path())).find(is_program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_are_known_and_builds_between_versions_pass() {
        for (version, is_old) in [
            ("4.4.2-0ubuntu0.22.04.1", true),
            ("5.0.3", true),
            ("5.1", false),
            ("7.0.2-static", false),
            ("n6.1.1", false),
            ("N-113007-g8d24a28d06", false),
            ("2026-03-01-git-1234", false),
        ] {
            assert_eq!(is_too_old(version), is_old, "{version}");
        }
    }

    #[test]
    fn a_program_that_is_another_is_refused_with_its_name() {
        let Some(other) = ["/bin/echo", "/usr/bin/true"].iter().find(|path| Path::new(path).is_file()) else {
            return;
        };
        let error = Ffmpeg::find(Some(Path::new(other))).unwrap_err().to_string();
        assert!(error.contains("does not say that it is ffmpeg") && error.contains(other), "{error}");
        let error = Ffmpeg::find(Some(Path::new("/nowhere/ffmpeg"))).unwrap_err().to_string();
        assert!(error.contains("install"), "{error}");
    }
}
