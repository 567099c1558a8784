//! Downloads a model into the user's folder.
//!
//! Takes an entry with an address; gives the file, whole and verified. What arrives goes to
//! `<file>.part` and is renamed only once length and sha256 are the entry's. An interrupted
//! download goes on where it stopped (HTTP Range), whatever the server makes of that. It never
//! keeps a file that is not the entry's, and never replaces a good one.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use ureq::http::StatusCode;

use super::catalogue::{MOST_BYTES, POINTER, hex};
use super::{Catalogue, ModelEntry, ModelError};
use crate::base::{Cx, Stage};
use crate::files;

/// How long a server may be silent. Also how long a cancel may take on a dead line.
const PATIENCE: Duration = Duration::from_secs(20);

/// How much is taken from a server.
#[derive(Clone, Copy)]
struct Limits {
    /// How long one request may take with its whole answer: a server that sends a byte now and then is
    /// not listened to for ever. The next call goes on where it stopped.
    time: Duration,
    /// The most bytes that are taken where no page states a model's length.
    bytes: u64,
}

const LIMITS: Limits = Limits { time: Duration::from_hours(4), bytes: MOST_BYTES };

/// Bytes read between two looks at the cancel token.
const CHUNK_BYTES: usize = 64 * 1024;

impl Catalogue {
    /// Downloads the model called `id` into the user's folder; see [`download`].
    ///
    /// # Errors
    /// As [`download`], and [`ModelError::Unknown`], [`ModelError::NoFolder`].
    pub fn get(&self, id: &str, cx: &Cx) -> Result<PathBuf, ModelError> {
        let entry = self.find(id).ok_or_else(|| ModelError::Unknown {
            spec: id.to_owned(),
            known: self.entries().iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>().join(", "),
        })?;
        download(entry, self.folder()?, cx)
    }
}

/// Downloads `entry`'s file into `folder` and returns its path; at once where it is there and good.
///
/// Progress counts bytes. The proxy is the environment's (`HTTPS_PROXY` …).
///
/// # Errors
/// [`ModelError`]. After [`ModelError::Network`] and [`ModelError::Cancelled`] the part is kept
/// and the next call goes on; after a wrong length, hash or a Git LFS pointer it is removed.
pub fn download(entry: &ModelEntry, folder: &Path, cx: &Cx) -> Result<PathBuf, ModelError> {
    download_with(&config(LIMITS.time).build().new_agent(), LIMITS.bytes, entry, folder, cx)
}

fn config(longest: Duration) -> ureq::config::ConfigBuilder<ureq::typestate::AgentScope> {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        // A compressed body has other byte ranges than the file.
        .accept_encoding("identity")
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .timeout_per_read(Some(PATIENCE))
        .timeout_global(Some(longest))
}

fn download_with(
    agent: &ureq::Agent,
    most: u64,
    entry: &ModelEntry,
    folder: &Path,
    cx: &Cx,
) -> Result<PathBuf, ModelError> {
    let path = folder.join(&entry.file);
    let (Some(url), Some(want)) = (entry.download_url(), &entry.sha256) else {
        let source_note = entry.source.clone().unwrap_or_else(|| "its source is not known".to_owned());
        return Err(ModelError::NoDownload { id: entry.id.clone(), source_note });
    };
    if path.is_file() {
        let mut file = files::open(&path).map_err(ModelError::io("read the model", &path))?;
        if hash_file(&mut file, &path, cx)? == *want {
            return Ok(path);
        }
    }
    fs::create_dir_all(folder).map_err(ModelError::io("make the model folder", folder))?;
    let mut part = PartialFile::open(folder.join(format!("{}.part", entry.file)))?;
    let wanted = RemoteFile { url, bytes: entry.bytes, most, sha256: want };
    wanted.fetch(agent, &mut part, cx)?;
    cx.stage(Stage::VerifyingTheDownload, 0);
    // Through the handle that holds the lock: on Windows no other one may read.
    let got = hash_file(&mut part.file, &part.path, cx)?;
    if got != *want {
        part.remove();
        return Err(ModelError::DownloadHash { want: want.clone(), got, url: url.to_owned() });
    }
    part.file.sync_all().map_err(ModelError::io("write the download", &part.path))?;
    files::rename(&part.path, &path).map_err(ModelError::io("rename the finished download", &path))?;
    Ok(path)
}

/// The unfinished file, held by this process alone.
struct PartialFile {
    file: File,
    path: PathBuf,
    bytes: u64,
}

impl PartialFile {
    fn open(path: PathBuf) -> Result<Self, ModelError> {
        let failed = |source| ModelError::Io { doing: "write the download", source, path: path.clone() };
        let file = files::open_or_make(&path).map_err(failed)?;
        // A file system without locks is no reason not to download.
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(ModelError::Busy { path });
        }
        let bytes = file.metadata().map_err(failed)?.len();
        Ok(Self { file, path, bytes })
    }

    /// Goes on at `bytes`, dropping what lies behind.
    fn rewind(&mut self, bytes: u64) -> Result<(), ModelError> {
        let moved = self.file.set_len(bytes).and_then(|()| self.file.seek(SeekFrom::Start(bytes)));
        self.bytes = moved.map_err(ModelError::io("write the download", &self.path))?;
        Ok(())
    }

    fn append(&mut self, chunk: &[u8]) -> Result<(), ModelError> {
        self.file.write_all(chunk).map_err(ModelError::io("write the download", &self.path))?;
        self.bytes += chunk.len() as u64;
        Ok(())
    }

    fn starts_like_a_pointer(&mut self) -> bool {
        let mut head = [0; POINTER.len()];
        let read = self.file.seek(SeekFrom::Start(0)).and_then(|_| self.file.read_exact(&mut head));
        read.is_ok() && head == *POINTER
    }

    /// Removes it; a failure only leaves a file that the next download overwrites.
    fn remove(&self) {
        let _ = self.file.set_len(0);
        let _ = fs::remove_file(&self.path);
    }
}

/// A file on a server: what is known of it before it is there.
struct RemoteFile<'a> {
    url: &'a str,
    /// Its length, where a page states it.
    bytes: Option<u64>,
    /// The most that is taken where no page states it.
    most: u64,
    sha256: &'a str,
}

impl RemoteFile<'_> {
    fn broken(&self, why: String) -> ModelError {
        ModelError::Network { why, sha256: self.sha256.to_owned(), url: self.url.to_owned() }
    }

    fn refused(&self, status: StatusCode) -> ModelError {
        let (sha256, url) = (self.sha256.to_owned(), self.url.to_owned());
        ModelError::Refused { status: status.as_u16(), sha256, url }
    }

    /// Fills the part up to the file's whole length.
    fn fetch(&self, agent: &ureq::Agent, part: &mut PartialFile, cx: &Cx) -> Result<(), ModelError> {
        let (url, want) = (self.url, self.bytes);
        let network = |error: ureq::Error| self.broken(error.to_string());
        if want.is_some_and(|want| part.bytes > want) {
            part.rewind(0)?;
        }
        if part.bytes > 0 && Some(part.bytes) == want {
            return Ok(());
        }
        cx.stage(Stage::Downloading, want.unwrap_or(0));
        cx.check()?;
        let mut response = request(agent, url, part.bytes).map_err(network)?;
        let resumes = response.status() == StatusCode::PARTIAL_CONTENT && begins_at(&response, part.bytes);
        if !resumes {
            // The server ignores ranges (200), has no such range (416) or sends another: from the top.
            if matches!(response.status(), StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PARTIAL_CONTENT) {
                response = request(agent, url, 0).map_err(network)?;
            }
            if response.status() != StatusCode::OK {
                return Err(self.refused(response.status()));
            }
        }
        part.rewind(if resumes { part.bytes } else { 0 })?;
        let stated = response.body().content_length();
        if let (None, Some(rest)) = (want, stated) {
            // No page states the length, but the server does: now there is something to count to.
            cx.stage(Stage::Downloading, part.bytes + rest);
        }
        cx.advance(part.bytes);
        let mut body = response.into_body().into_reader();
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            cx.check()?;
            let read = body.read(&mut chunk).map_err(|error| network(ureq::Error::Io(error)))?;
            if read == 0 {
                break;
            }
            part.append(&chunk[..read])?;
            cx.advance(read as u64);
            if part.bytes > want.unwrap_or(self.most) {
                break;
            }
        }
        self.check_end(part, stated.is_some())
    }

    /// Tells a whole file from a pointer, another file and an interrupted one.
    fn check_end(&self, part: &mut PartialFile, stated: bool) -> Result<(), ModelError> {
        if part.starts_like_a_pointer() {
            part.remove();
            return Err(ModelError::Pointer { origin: self.url.to_owned() });
        }
        match self.bytes {
            Some(want) if part.bytes < want && !stated => {
                Err(self.broken(format!("{} of {want} bytes arrived", part.bytes)))
            }
            Some(want) if part.bytes != want => {
                part.remove();
                Err(ModelError::DownloadSize { want, got: part.bytes, url: self.url.to_owned() })
            }
            None if part.bytes > self.most => {
                part.remove();
                let (most, url) = (self.most, self.url.to_owned());
                Err(ModelError::DownloadTooLarge { most, url })
            }
            _ => Ok(()),
        }
    }
}

fn request(
    agent: &ureq::Agent,
    url: &str,
    from: u64,
) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
    let request = agent.get(url);
    if from == 0 { request.call() } else { request.header("Range", format!("bytes={from}-")).call() }
}

/// Whether the part that the server sends begins at `from` (`Content-Range: bytes FROM-…`).
fn begins_at(response: &ureq::http::Response<ureq::Body>, from: u64) -> bool {
    let range = response.headers().get("Content-Range").and_then(|value| value.to_str().ok());
    let begin = range.and_then(|range| range.trim().strip_prefix("bytes ")?.split('-').next());
    begin.and_then(|begin| begin.trim().parse().ok()) == Some(from)
}

/// sha256 of a file of any length.
fn hash_file(file: &mut File, path: &Path, cx: &Cx) -> Result<String, ModelError> {
    let failed = |source| ModelError::Io { doing: "read the model", source, path: path.to_owned() };
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        cx.check()?;
        match file.read(&mut chunk).map_err(failed)? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(&chunk[..read]),
        }
    }
}

#[cfg(test)]
mod tests;
