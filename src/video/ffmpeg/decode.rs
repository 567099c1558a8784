//! Frames of a video from the `ffmpeg` program: one pipe with pixels, and a line a frame with its clock.
//!
//! The filter `showinfo` writes number, time and size of each frame before its pixels go out, so frames of
//! variable rate keep their times. Rotation, anamorphic pixels and interlacing are undone by filters.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Ffmpeg;
use crate::base::{Cx, WarningKind};
use crate::tracks::Picture;
use crate::video::VideoError;
use crate::video::frame_source::{FrameSource, SourceFacts, VideoFrame, WIDEST_PX};

/// A program that says nothing for longer is taken for hung.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);
/// How often a wait looks whether it is cancelled.
const PATIENCE: Duration = Duration::from_millis(100);
/// Frames that may wait for the reader.
const WAITING: usize = 2;
/// Lines of what the program said last that an error shows.
const LAST_WORDS: usize = 2;
/// A frame of more pixels is refused: damaged headers ask for any size.
const MOST_PIXELS: u64 = 1 << 26;

/// What is said of a frame before its pixels come.
#[derive(Debug, Clone, Copy, PartialEq)]
struct FrameHead {
    number: u64,
    /// None where the file has no time for it.
    seconds: Option<f64>,
    width: u32,
    height: u32,
}

/// What the program said beside its frames.
#[derive(Debug, Default)]
struct Said {
    facts: SourceFacts,
    seconds: Option<f64>,
    fps: Option<f64>,
    last: VecDeque<String>,
}

/// A running `ffmpeg`; it is ended when this is dropped.
#[derive(Debug)]
pub(crate) struct VideoDecoder {
    child: Child,
    frames: Receiver<(FrameHead, Vec<u8>)>,
    said: Arc<Mutex<Said>>,
    path: PathBuf,
    n_read: u64,
    last_seconds: f64,
}

impl VideoDecoder {
    /// Starts decoding the first video stream of a file; cover pictures are none.
    ///
    /// # Errors
    /// [`VideoError::Read`] where the path cannot be made absolute, [`VideoError::Decoder`] where the program
    /// does not start.
    pub(crate) fn start(ffmpeg: &Ffmpeg, path: &Path) -> Result<Self, VideoError> {
        let read = |source| VideoError::Read { source, path: path.to_path_buf() };
        // An absolute path is no option, no pattern and no address of the network, whatever it is called.
        let mut input = std::ffi::OsString::from("file:");
        input.push(std::path::absolute(path).map_err(read)?);
        let filter = format!(
            "bwdif=mode=send_frame:deint=interlaced,scale=w=trunc(iw*sar/2)*2:h=ih:flags=area,setsar=1,\
             scale=w='min({WIDEST_PX},iw)':h=-2:flags=area,format=rgb24,showinfo=checksum=0"
        );
        let mut command = Command::new(&ffmpeg.path);
        command
            .args([
                "-hide_banner",
                "-nostdin",
                "-loglevel",
                "info",
                "-nostats",
                "-protocol_whitelist",
                "file",
                "-i",
            ])
            .arg(&input)
            .args(["-map", "0:V:0", "-an", "-sn", "-dn", "-vf", &filter])
            .args(["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(windows)]
        {
            use std::os::windows::process::CommandExt as _;
            // No console window for each video.
            command.creation_flags(0x0800_0000);
        }
        let failed = |why: String| VideoError::Decoder { why, path: path.to_path_buf() };
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            let _ended = child.kill();
            return Err(failed("it has no output".to_owned()));
        };
        let said = Arc::new(Mutex::new(Said::default()));
        let (head_in, head_out) = channel();
        let (frame_in, frame_out) = sync_channel(WAITING);
        let listening = Arc::clone(&said);
        std::thread::spawn(move || listen(stderr, &listening, &head_in));
        std::thread::spawn(move || read_frames(stdout, &head_out, &frame_in));
        Ok(Self { child, frames: frame_out, said, path: path.to_path_buf(), n_read: 0, last_seconds: -1.0 })
    }

    fn last_words(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.last.iter().map(String::as_str).collect::<Vec<_>>().join("; ")
    }

    /// No frame comes any more: how it ended.
    fn ended(&mut self, cx: &Cx) -> Result<Option<VideoFrame>, VideoError> {
        let status = self.child.wait();
        let failed = !status.as_ref().is_ok_and(std::process::ExitStatus::success);
        if self.n_read == 0 {
            let words = self.last_words();
            let why = if words.is_empty() { "there is no picture in it".to_owned() } else { words };
            return Err(VideoError::Decoder { why, path: self.path.clone() });
        }
        if failed {
            let text = format!(
                "the video breaks off after {} frames ({}): {}",
                self.n_read,
                self.last_words(),
                self.path.display()
            );
            cx.warn(WarningKind::Unreadable, text);
        }
        Ok(None)
    }
}

impl FrameSource for VideoDecoder {
    fn next_frame(&mut self, cx: &Cx) -> Result<Option<VideoFrame>, VideoError> {
        let since = Instant::now();
        let (head, rgb) = loop {
            cx.check()?;
            match self.frames.recv_timeout(PATIENCE) {
                Ok(frame) => break frame,
                Err(RecvTimeoutError::Disconnected) => return self.ended(cx),
                Err(RecvTimeoutError::Timeout) if since.elapsed() > LONGEST_SILENCE => {
                    return Err(VideoError::Silent {
                        seconds: LONGEST_SILENCE.as_secs(),
                        path: self.path.clone(),
                    });
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        };
        self.n_read += 1;
        let fps = self.said.lock().unwrap_or_else(PoisonError::into_inner).fps.unwrap_or(25.0);
        let step = 1.0 / fps;
        // Times that stand still or run backwards would put two moments in one.
        let next = self.last_seconds + step;
        let seconds = match head.seconds {
            Some(seconds) if seconds > self.last_seconds => seconds,
            _ => next.max(0.0),
        };
        self.last_seconds = seconds;
        let picture = Picture { width: head.width, height: head.height, rgb };
        Ok(Some(VideoFrame { number: head.number, seconds, picture }))
    }

    fn facts(&self) -> SourceFacts {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let expected = said.seconds.zip(said.fps).map(|(seconds, fps)| (seconds * fps).round() as u64);
        SourceFacts { expected_frames: expected, ..said.facts.clone() }
    }
}

impl Drop for VideoDecoder {
    fn drop(&mut self) {
        // The threads end with the pipes.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// Reads what the program says: heads of frames go on, the rest is remembered.
fn listen(stderr: ChildStderr, said: &Mutex<Said>, heads: &Sender<FrameHead>) {
    let mut lines = BufReader::new(stderr);
    let mut line = Vec::new();
    loop {
        line.clear();
        // Names in messages are in any encoding.
        match lines.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        if text.contains("Parsed_showinfo") {
            if let Some(head) = frame_head(&text)
                && heads.send(head).is_err()
            {
                return;
            }
            continue;
        }
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.remember(text.trim());
    }
}

impl Said {
    fn remember(&mut self, text: &str) {
        if let Some(rest) = text.strip_prefix("Duration: ") {
            self.seconds = rest.split(',').next().and_then(seconds_of);
        } else if text.starts_with("Stream #0") && text.contains("Video:") && self.fps.is_none() {
            let before = |unit: &str| {
                let start = text.split(unit).next().filter(|start| start.len() < text.len())?;
                start.rsplit(' ').next()?.parse::<f64>().ok().filter(|fps| *fps > 0.0)
            };
            self.fps = before(" fps").or_else(|| before(" tbr"));
        } else if let Some(rest) = text.strip_prefix("timecode")
            && self.facts.start_timecode.is_none()
        {
            let code = rest.trim_start_matches([' ', ':']).trim();
            self.facts.start_timecode = Some(code.to_owned()).filter(|code| !code.is_empty());
        }
        if let Some(reason) = reason(text) {
            self.last.push_back(reason);
            if self.last.len() > LAST_WORDS {
                self.last.pop_front();
            }
        }
    }
}

/// What a line says of why it does not work, without what it repeats; none of other lines.
fn reason(text: &str) -> Option<String> {
    const SIGNS: [&str; 7] =
        ["Error", "error", "nvalid", "matches no streams", "not found", "No such", "Permission denied"];
    const REPEATS: [&str; 4] =
        ["Error opening input file", "Error opening output", "Error parsing options", "Terminating thread"];
    if text.contains("0:V:0") {
        return Some("there is no picture in it".to_owned());
    }
    let plain =
        if text.starts_with('[') { text.split_once("] ").map_or(text, |(_, rest)| rest) } else { text };
    let is_reason = SIGNS.iter().any(|sign| plain.contains(sign));
    let repeats = REPEATS.iter().any(|repeat| plain.starts_with(repeat));
    (is_reason && !repeats).then(|| plain.trim_start_matches("Error opening input: ").to_owned())
}

/// `HH:MM:SS.cc`.
fn seconds_of(text: &str) -> Option<f64> {
    text.trim().split(':').try_fold(0.0, |sum, part| Some(sum * 60.0 + part.parse::<f64>().ok()?))
}

/// The frame that a line of `showinfo` tells of; none for its other lines.
fn frame_head(line: &str) -> Option<FrameHead> {
    let value = |key: &str| {
        let at = line.find(key)?;
        line[at + key.len()..].split_whitespace().next()
    };
    let (width, height) = value(" s:")?.split_once('x')?;
    Some(FrameHead {
        number: value(" n:")?.parse().ok()?,
        seconds: value(" pts_time:")?.parse().ok().filter(|seconds: &f64| seconds.is_finite()),
        width: width.parse().ok().filter(|px| *px > 0)?,
        height: height.parse().ok().filter(|px| *px > 0)?,
    })
}

/// Reads the pixels of each frame whose head came.
fn read_frames(
    mut stdout: ChildStdout,
    heads: &Receiver<FrameHead>,
    frames: &SyncSender<(FrameHead, Vec<u8>)>,
) {
    while let Ok(head) = heads.recv() {
        let pixels = u64::from(head.width) * u64::from(head.height);
        if pixels > MOST_PIXELS {
            return;
        }
        let mut rgb = vec![0; pixels as usize * 3];
        if stdout.read_exact(&mut rgb).is_err() || frames.send((head, rgb)).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_showinfo_is_a_frame() {
        let line = "[Parsed_showinfo_5 @ 0x5581] n:   2 pts:   3003 pts_time:0.125125 duration:   1001 \
                    duration_time:0.0417 fmt:rgb24 cl:unspecified sar:1/1 s:160x376 i:P iskey:0 type:P";
        let head = frame_head(line).unwrap();
        assert_eq!((head.number, head.width, head.height), (2, 160, 376));
        assert!((head.seconds.unwrap() - 0.125_125).abs() < 1e-9);
        let without = line.replace("0.125125", "NOPTS");
        assert_eq!(frame_head(&without).unwrap().seconds, None);
        assert_eq!(frame_head("[Parsed_showinfo_5 @ 0x5581] config in time_base: 1/24000"), None);
        assert_eq!(frame_head(&line.replace("160x376", "0x376")), None);
    }

    #[test]
    fn what_is_said_of_the_file_is_kept_and_reasons_are_the_last_words() {
        let mut said = Said::default();
        for text in [
            "Duration: 00:01:30.50, start: 0.000000, bitrate: 120 kb/s",
            "Stream #0:0[0x1](und): Video: h264 (High), yuv420p, 640x360, 700 kb/s, 23.98 fps, 23.98 tbr, 24k tbn",
            "timecode        : 01:00:00:00",
            "handler_name    : VideoHandler",
            "Error while decoding",
        ] {
            said.remember(text);
        }
        assert_eq!(said.facts.start_timecode.as_deref(), Some("01:00:00:00"));
        assert_eq!(
            (said.seconds.map(|s| (s * 10.0) as i32), said.fps.map(|f| (f * 100.0) as i32)),
            (Some(905), Some(2398))
        );
        assert_eq!(said.last, ["Error while decoding"]);
        let told = reason("[in#0 @ 0x5581] Error opening input: Invalid data found when processing input");
        assert_eq!(told.as_deref(), Some("Invalid data found when processing input"));
        assert_eq!(reason("Error opening input files: Invalid data found when processing input"), None);
        let told = reason("Stream map '0:V:0' matches no streams.");
        assert_eq!(told.as_deref(), Some("there is no picture in it"));
    }
}
