//! One video to tracks: frames, shots, faces, tracks, crops, in one pass.
//!
//! Batches of frames are looked at on all cores while the next ones are read. What is held is bounded: two
//! batches, the frames of about a second until it is known whether a shot begins there, and a bounded number of
//! squares for each face that is followed.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::VideoError;
use super::crops::TrackMoments;
use super::detect::Detector;
use super::detections::Detection;
use super::follow::{FollowedFace, Follower};
use super::frame_source::{FrameSource, VideoFrame};
use super::journal::{Beginning, CropRecord, Journal, RemovedCounts, ShotRecord, TrackRecord};
use super::shots::ShotDetector;
use super::tables::{self, RateFinder, VideoFacts};
use crate::base::{Cx, Stage};
use crate::embed::LandmarkFinder;
use crate::files;

/// Frames of a batch in which faces are looked for.
const BATCH: usize = 8;
/// Seconds between two frames in which faces are looked for, at the least: 6 to 8 a second at usual rates.
const STEP_S: f64 = 0.124;
/// A face that is seen, or seen with the start score, less often, or for a shorter time, flickers.
const LEAST_SIGHTINGS: usize = 3;
const LEAST_SECONDS: f64 = 0.2;
/// Share of a track's pictures without landmarks from which on it is probably no face.
const DOUBTFUL_SHARE: f32 = 0.5;
/// The folder of tracks that are probably no faces; hidden, so that it is not read as tracks.
pub(crate) const DOUBTFUL: &str = ".probably-no-face";
/// How often the folder's tables follow while a video is worked on.
const TABLES: Duration = Duration::from_secs(10);
/// Parts of the time of which writing them takes at most one.
const TABLES_SHARE: u32 = 50;

/// What came out of one video.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct VideoCounts {
    pub(crate) frames: u64,
    pub(crate) shots: usize,
    pub(crate) tracks: usize,
    pub(crate) doubtful: usize,
    pub(crate) crops: usize,
    pub(crate) removed: RemovedCounts,
    /// Length of the video.
    pub(crate) seconds: f64,
    /// CPU seconds inside the networks, where it was tracked now.
    pub(crate) network_s: f64,
}

/// The frame as it waits for its shot.
struct Looked {
    /// Its place among all frames, from 0.
    index: usize,
    frame: VideoFrame,
    faces: Vec<Detection>,
}

/// What one reading of frames gave.
#[derive(Default)]
struct FrameBatch {
    frames: Vec<(usize, VideoFrame)>,
    is_last: bool,
}

/// The networks and the place of one piece of work.
pub(crate) struct VideoWork<'a> {
    pub(crate) detector: &'a Detector,
    pub(crate) finder: &'a LandmarkFinder,
    /// The folder of all videos.
    pub(crate) out: &'a Path,
    /// The name of this video's folder.
    pub(crate) name: &'a str,
    pub(crate) beginning: &'a Beginning,
}

/// Reads frames and chooses those to look at.
struct FrameReader<'a> {
    source: &'a mut dyn FrameSource,
    /// The frame that was read before the networks were loaded.
    first: Option<VideoFrame>,
    shots: ShotDetector,
    rate: RateFinder,
    /// Number and time of each frame that may begin or end a shot, by its index.
    times: Vec<(u64, f64)>,
    every: Option<u64>,
    last_looked: Option<f64>,
    size: (u32, u32),
}

impl FrameReader<'_> {
    fn read(&mut self, cx: &Cx) -> Result<FrameBatch, VideoError> {
        let mut batch = FrameBatch::default();
        while batch.frames.len() < BATCH {
            let next = match self.first.take() {
                Some(first) => Some(first),
                None => self.source.next_frame(cx)?,
            };
            let Some(frame) = next else {
                self.shots.finish();
                batch.is_last = true;
                break;
            };
            cx.advance(1);
            let index = self.times.len();
            self.times.push((frame.number, frame.seconds));
            self.rate.push(frame.seconds);
            self.shots.push(&frame.picture);
            let is_due = match self.every {
                Some(every) => (index as u64).is_multiple_of(every),
                None => self.last_looked.is_none_or(|last| frame.seconds - last >= STEP_S),
            };
            // A stream that changes its size goes on with faces where they fit no box from before.
            if is_due && (frame.picture.width, frame.picture.height) == self.size {
                self.last_looked = Some(frame.seconds);
                batch.frames.push((index, frame));
            }
        }
        Ok(batch)
    }
}

/// The shot that is worked on.
struct ShotWork {
    /// Which of the video's shots.
    at: usize,
    follower: Follower,
    pictures: BTreeMap<u64, TrackMoments>,
    tracks: Vec<TrackRecord>,
    removed: RemovedCounts,
}

impl ShotWork {
    fn new(at: usize, start_score: f32, first_id: u64) -> Self {
        Self {
            at,
            follower: Follower::new(start_score, first_id),
            pictures: BTreeMap::new(),
            tracks: Vec::new(),
            removed: RemovedCounts::default(),
        }
    }
}

impl VideoWork<'_> {
    /// Tracks a video to its end, or goes on with it. `first` is its first frame.
    ///
    /// # Errors
    /// [`VideoError`]; shots that are done stay.
    pub(crate) fn run(
        &self,
        source: &mut dyn FrameSource,
        first: VideoFrame,
        cx: &Cx,
    ) -> Result<VideoCounts, VideoError> {
        let folder = self.out.join(self.name);
        let mut journal = Journal::open(&folder, self.beginning)?;
        cx.stage(Stage::TrackingFaces, source.facts().expected_frames.unwrap_or(0));
        let size = (first.picture.width, first.picture.height);
        let mut reader = FrameReader {
            source,
            first: Some(first),
            shots: ShotDetector::default(),
            rate: RateFinder::default(),
            times: Vec::new(),
            every: self.beginning.every,
            last_looked: None,
            size,
        };
        // Frames of shots that are done are read again for the clock and the cuts, and not looked at.
        let n_done = journal.shots.len();
        let done_until = journal.shots.last().map(|shot| shot.frames.1);
        let mut waiting: VecDeque<Looked> = VecDeque::new();
        let next_id = journal.shots.last().map_or(0, |shot| shot.next_id);
        let mut shot = ShotWork::new(n_done, self.detector.start_score(), next_id);
        let (mut tables_at, mut tables_every) = (Instant::now(), TABLES);
        let mut batch = reader.read(cx)?;
        loop {
            let is_done = |frame: &VideoFrame| done_until.is_some_and(|end| frame.number < end);
            batch.frames.retain(|(_, frame)| !is_done(frame));
            let is_last = batch.is_last;
            let (next, looked) = rayon::join(
                || if is_last { Ok(FrameBatch::default()) } else { reader.read(cx) },
                || self.look(batch.frames, cx),
            );
            (batch, waiting) = (next?, {
                waiting.extend(looked?);
                waiting
            });
            while waiting.front().is_some_and(|front| front.index < reader.shots.decided()) {
                let Some(front) = waiting.pop_front() else { break };
                let at = reader.shots.starts().partition_point(|&start| start <= front.index) - 1;
                while shot.at < at {
                    self.finish_shot(&mut shot, &reader, &mut journal)?;
                    if tables_at.elapsed() > tables_every {
                        let clock = Instant::now();
                        tables::write_folder_tables(self.out, reader.rate.mean())?;
                        // They are written whole, so of long videos less often.
                        tables_every = TABLES.max(TABLES_SHARE * clock.elapsed());
                        tables_at = Instant::now();
                    }
                }
                self.follow(&mut shot, &front)?;
            }
            if is_last {
                break;
            }
        }
        while shot.at < reader.shots.starts().len() {
            self.finish_shot(&mut shot, &reader, &mut journal)?;
        }
        let facts = VideoFacts {
            source: self.beginning.source.clone(),
            content: self.beginning.content.clone(),
            rate: reader.rate.rate(),
            frames: reader.times.len() as u64,
            seconds: reader.rate.end(),
            start_timecode: reader.source.facts().start_timecode,
            width: size.0,
            height: size.1,
        };
        tables::write_video_files(&folder, &journal.shots, &facts)?;
        tables::write_folder_tables(self.out, None)?;
        let network = self.detector.engine_time() + self.finder.engine_time();
        Ok(VideoCounts { network_s: network.as_secs_f64(), ..counts(&journal.shots, &facts) })
    }

    fn look(&self, frames: Vec<(usize, VideoFrame)>, cx: &Cx) -> Result<Vec<Looked>, VideoError> {
        let one = |(index, frame): (usize, VideoFrame)| {
            cx.check()?;
            let faces = self.detector.find(&frame.picture)?;
            Ok(Looked { index, frame, faces })
        };
        frames.into_par_iter().map(one).collect()
    }

    fn follow(&self, shot: &mut ShotWork, looked: &Looked) -> Result<(), VideoError> {
        let VideoFrame { number, seconds, picture } = &looked.frame;
        let (ids, ended) = shot.follower.step(*number, *seconds, &looked.faces);
        for (id, face) in ids.into_iter().zip(&looked.faces) {
            let Some(id) = id else { continue };
            let pictures = shot.pictures.entry(id).or_insert_with(TrackMoments::new);
            pictures.offer(*number, *seconds, picture, face);
        }
        self.keep(shot, ended)
    }

    /// The last shot's faces are over; its files are written, and then its line.
    fn finish_shot(
        &self,
        shot: &mut ShotWork,
        reader: &FrameReader<'_>,
        journal: &mut Journal,
    ) -> Result<(), VideoError> {
        let ended = shot.follower.finish();
        self.keep(shot, ended)?;
        shot.pictures.clear();
        let starts = reader.shots.starts();
        let (first, start_s) = reader.times[starts[shot.at]];
        let (end, end_s) = match starts.get(shot.at + 1) {
            Some(&next) => reader.times[next],
            None => (reader.times.last().map_or(0, |last| last.0) + 1, reader.rate.end()),
        };
        let next_id = shot.follower.next_id();
        let mut tracks = std::mem::take(&mut shot.tracks);
        tracks.sort_by(|a, b| a.name.cmp(&b.name));
        for track in &tracks {
            let folder = self.track_folder(track.doubtful, &track.name);
            files::sync_all_below(&folder).map_err(|source| VideoError::Write { source, path: folder })?;
        }
        let removed = std::mem::take(&mut shot.removed);
        journal.add(ShotRecord {
            frames: (first, end),
            seconds: (start_s, end_s),
            tracks,
            removed,
            next_id,
        })?;
        *shot = ShotWork::new(shot.at + 1, self.detector.start_score(), next_id);
        Ok(())
    }

    /// Writes the crops of faces that were followed to their end, where they are tracks.
    fn keep(&self, shot: &mut ShotWork, ended: Vec<FollowedFace>) -> Result<(), VideoError> {
        for face in ended {
            let Some(pictures) = shot.pictures.remove(&face.id) else { continue };
            if face.sightings.len() < LEAST_SIGHTINGS {
                shot.removed.flicker += 1;
            } else if face.seconds() < LEAST_SECONDS {
                shot.removed.short += 1;
            } else if face.n_of_score(self.detector.start_score()) < LEAST_SIGHTINGS {
                shot.removed.weak += 1;
            } else {
                shot.tracks.push(self.write(&face, pictures)?);
            }
        }
        Ok(())
    }

    fn track_folder(&self, doubtful: bool, name: &str) -> PathBuf {
        let of_videos = if doubtful { self.out.join(DOUBTFUL) } else { self.out.to_path_buf() };
        of_videos.join(self.name).join(name)
    }

    fn write(&self, face: &FollowedFace, pictures: TrackMoments) -> Result<TrackRecord, VideoError> {
        let crops = pictures.into_crops(self.finder)?;
        let without = crops.iter().filter(|crop| crop.points.is_none()).count();
        let doubtful = without as f32 > DOUBTFUL_SHARE * crops.len() as f32;
        let name = format!("t{:05}", face.id + 1);
        let folder = self.track_folder(doubtful, &name);
        let write = |source, path: PathBuf| VideoError::Write { source, path };
        // A stop in the middle leaves pictures that the next run writes again.
        std::fs::create_dir_all(&folder).map_err(|source| write(source, folder.clone()))?;
        let mut records = Vec::with_capacity(crops.len());
        for crop in crops {
            let path = folder.join(format!("{:06}.jpg", crop.frame));
            std::fs::write(&path, &crop.jpeg).map_err(|source| write(source, path))?;
            records.push(CropRecord {
                frame: crop.frame,
                points: crop.points,
                disagreement: crop.disagreement,
                detector_disagreement: crop.detector_disagreement,
            });
        }
        let boxes = face.sightings.iter().map(|it| {
            let rect = it.face.rect;
            (it.frame, it.seconds, rect.x, rect.y, rect.width, rect.height, it.face.score)
        });
        Ok(TrackRecord { name, doubtful, boxes: boxes.collect(), crops: records })
    }
}

/// What the shots of a video hold together.
pub(crate) fn counts(shots: &[ShotRecord], facts: &VideoFacts) -> VideoCounts {
    let mut counts = VideoCounts {
        frames: facts.frames,
        seconds: facts.seconds,
        shots: shots.len(),
        ..VideoCounts::default()
    };
    for shot in shots {
        counts.removed.add(shot.removed);
        for track in &shot.tracks {
            counts.doubtful += usize::from(track.doubtful);
            counts.tracks += usize::from(!track.doubtful);
            counts.crops += if track.doubtful { 0 } else { track.crops.len() };
        }
    }
    counts
}
