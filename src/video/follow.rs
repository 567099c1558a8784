//! Following faces from frame to frame within a shot.
//!
//! Takes the faces of one frame after another; gives tracks. Where a face will be is predicted from how it
//! moved (an α-β filter over real seconds, on the centre and the logarithm of the size); who is who is
//! the assignment of the greatest overlap. Faces below the start score go on with a track that is open, and
//! never begin one (the second pass of `ByteTrack`, Zhang and others 2022).

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use super::detections::{Detection, FaceBox};

/// A face not seen for longer is another track.
const LONGEST_GAP_S: f64 = 0.4;
/// Detections further apart than this move more, so they need to overlap less.
const CLOSE_S: f64 = 0.06;
/// Least intersection over union of a prediction and a face, for close and for distant detections.
const OVERLAP_CLOSE: f32 = 0.3;
const OVERLAP_DISTANT: f32 = 0.2;
/// How much of what the prediction missed goes into the place and into the speed.
const ALPHA: f32 = 0.85;
const BETA: f32 = 0.4;
/// How far a face may jump between two looks while its speed is not known, in its sizes; how much larger or
/// smaller it may be then; and how that weighs against overlaps.
const FARTHEST_JUMP: f32 = 1.8;
const SIZE_OF_JUMP: f32 = 1.25;
const JUMP: f32 = 0.05;
/// Scale of overlaps as whole numbers.
const WHOLE: f32 = 1e6;

/// A face of a track at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sighting {
    /// Number of the frame in its video, from 0.
    pub(crate) frame: u64,
    /// When it is shown, in seconds from the video's start.
    pub(crate) seconds: f64,
    /// What was detected.
    pub(crate) face: Detection,
}

/// A track that is still followed.
#[derive(Debug)]
struct OpenTrack {
    id: u64,
    sightings: Vec<Sighting>,
    /// Centre and logarithms of the sides, and how they change a second.
    place: [f32; 4],
    speed: [f32; 4],
}

/// A face that was followed to its end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FollowedFace {
    /// Which open track it was.
    pub(crate) id: u64,
    /// In order of time; at least one.
    pub(crate) sightings: Vec<Sighting>,
}

impl FollowedFace {
    /// How often it is seen with at least some score.
    pub(crate) fn n_of_score(&self, score: f32) -> usize {
        self.sightings.iter().filter(|it| it.face.score >= score).count()
    }

    /// From the first to the last sighting.
    pub(crate) fn seconds(&self) -> f64 {
        let (first, last) = (self.sightings.first(), self.sightings.last());
        last.map_or(0.0, |it| it.seconds) - first.map_or(0.0, |it| it.seconds)
    }
}

fn place_of(rect: &FaceBox) -> [f32; 4] {
    let [x, y] = rect.centre();
    [x, y, rect.width.ln(), rect.height.ln()]
}

impl OpenTrack {
    fn last(&self) -> f64 {
        self.sightings.last().map_or(0.0, |sighting| sighting.seconds)
    }

    fn predicted(&self, seconds: f64) -> [f32; 4] {
        let passed = (seconds - self.last()).max(0.0) as f32;
        std::array::from_fn(|axis| self.place[axis] + self.speed[axis] * passed)
    }

    fn predicted_box(&self, seconds: f64) -> FaceBox {
        let [x, y, width, height] = self.predicted(seconds);
        let (width, height) = (width.exp(), height.exp());
        FaceBox { x: x - width / 2.0, y: y - height / 2.0, width, height }
    }

    /// Whether a face may be this one although it lies beside: of a track that was seen once, at the last
    /// look, nobody knows yet how it moves.
    fn may_have_jumped(&self, rect: &FaceBox, seconds: f64, step_s: f64) -> bool {
        let Some(only) = self.sightings.first().filter(|_| self.sightings.len() == 1) else { return false };
        let (before, now) = (only.face.rect, rect);
        let ([x, y], [other_x, other_y]) = (before.centre(), now.centre());
        let size = now.height / before.height;
        seconds - only.seconds <= 1.5 * step_s
            && (x - other_x).hypot(y - other_y) <= FARTHEST_JUMP * before.height.max(before.width)
            && (1.0 / SIZE_OF_JUMP..=SIZE_OF_JUMP).contains(&size)
    }

    fn see(&mut self, sighting: Sighting) {
        let passed = (sighting.seconds - self.last()) as f32;
        let (predicted, seen) = (self.predicted(sighting.seconds), place_of(&sighting.face.rect));
        // Two sightings are all that is known of the speed.
        let (alpha, beta) = if self.sightings.len() == 1 { (1.0, 1.0) } else { (ALPHA, BETA) };
        for axis in 0..4 {
            let missed = seen[axis] - predicted[axis];
            self.place[axis] = predicted[axis] + alpha * missed;
            if passed > 1e-6 {
                self.speed[axis] += beta * missed / passed;
            }
        }
        self.sightings.push(sighting);
    }
}

/// Follows all faces of one shot.
#[derive(Debug)]
pub(crate) struct Follower {
    start_score: f32,
    open: Vec<OpenTrack>,
    next_id: u64,
    last_step_s: Option<f64>,
}

impl Follower {
    /// Faces of at least `start_score` begin tracks; their ids count on from `first_id`.
    pub(crate) fn new(start_score: f32, first_id: u64) -> Self {
        Self { start_score, open: Vec::new(), next_id: first_id, last_step_s: None }
    }

    /// The id that the next track gets.
    pub(crate) fn next_id(&self) -> u64 {
        self.next_id
    }

    /// The faces of the next frame: for each the track that it belongs to, none for a weak one that nobody
    /// expected; and the tracks that ended before.
    pub(crate) fn step(
        &mut self,
        frame: u64,
        seconds: f64,
        faces: &[Detection],
    ) -> (Vec<Option<u64>>, Vec<FollowedFace>) {
        let step_s = self.last_step_s.map_or(0.0, |last| (seconds - last).max(0.0));
        self.last_step_s = Some(seconds);
        // Where frames are looked at rarely, one that was missed is no end yet.
        let longest = LONGEST_GAP_S.max(2.5 * step_s);
        let ended = self.close(|track| seconds - track.last() > longest);
        let least = if step_s > CLOSE_S { OVERLAP_DISTANT } else { OVERLAP_CLOSE };
        let mut of_face: Vec<Option<u64>> = vec![None; faces.len()];
        let mut free: Vec<usize> = (0..self.open.len()).collect();
        for is_strong in [true, false] {
            let wanted: Vec<usize> = (0..faces.len())
                .filter(|&at| of_face[at].is_none() && (faces[at].score >= self.start_score) == is_strong)
                .collect();
            let fits = |track: usize, face: usize| {
                let (track, rect) = (&self.open[free[track]], &faces[wanted[face]].rect);
                let overlap = track.predicted_box(seconds).overlap(rect);
                if overlap >= least {
                    overlap
                } else if is_strong && track.may_have_jumped(rect, seconds, step_s) {
                    JUMP
                } else {
                    0.0
                }
            };
            let pairs = assigned(free.len(), wanted.len(), fits);
            let mut taken = Vec::new();
            for (track, face) in pairs {
                let (track, at) = (free[track], wanted[face]);
                of_face[at] = Some(self.open[track].id);
                self.open[track].see(Sighting { frame, seconds, face: faces[at] });
                taken.push(track);
            }
            free.retain(|track| !taken.contains(track));
        }
        for (at, face) in faces.iter().enumerate() {
            if of_face[at].is_none() && face.score >= self.start_score {
                of_face[at] = Some(self.next_id);
                self.open.push(OpenTrack {
                    id: self.next_id,
                    sightings: vec![Sighting { frame, seconds, face: *face }],
                    place: place_of(&face.rect),
                    speed: [0.0; 4],
                });
                self.next_id += 1;
            }
        }
        (of_face, ended)
    }

    /// The shot is over: all tracks that are still open.
    pub(crate) fn finish(&mut self) -> Vec<FollowedFace> {
        self.last_step_s = None;
        self.close(|_| true)
    }

    fn close(&mut self, is_over: impl Fn(&OpenTrack) -> bool) -> Vec<FollowedFace> {
        let (over, open) = std::mem::take(&mut self.open).into_iter().partition(is_over);
        self.open = open;
        let over: Vec<OpenTrack> = over;
        over.into_iter().map(|track| FollowedFace { id: track.id, sightings: track.sightings }).collect()
    }
}

/// The pairs of tracks and faces that fit best together; those that fit by 0 are none.
fn assigned(tracks: usize, faces: usize, fit: impl Fn(usize, usize) -> f32) -> Vec<(usize, usize)> {
    if tracks == 0 || faces == 0 {
        return Vec::new();
    }
    // The crate wants no more rows than columns.
    let is_turned = tracks > faces;
    let (rows, columns) = if is_turned { (faces, tracks) } else { (tracks, faces) };
    let pair = |row: usize, column: usize| if is_turned { (column, row) } else { (row, column) };
    let weights = Matrix::from_fn(rows, columns, |(row, column)| {
        let (track, face) = pair(row, column);
        (fit(track, face) * WHOLE) as i64
    });
    let (_, chosen) = kuhn_munkres(&weights);
    let fitting = chosen.into_iter().enumerate().filter(|&(row, column)| weights[(row, column)] > 0);
    fitting.map(|(row, column)| pair(row, column)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracks::Points;

    fn face(x: f32, y: f32, score: f32) -> Detection {
        let rect = FaceBox { x, y, width: 50.0, height: 60.0 };
        Detection { rect, score, points: Points::default() }
    }

    fn followed(frames: &[Vec<Detection>], step_s: f64) -> Vec<FollowedFace> {
        let mut follower = Follower::new(0.6, 0);
        let mut tracks = Vec::new();
        for (frame, faces) in frames.iter().enumerate() {
            tracks.extend(follower.step(frame as u64, frame as f64 * step_s, faces).1);
        }
        tracks.extend(follower.finish());
        tracks.sort_by_key(|track| track.id);
        tracks
    }

    #[test]
    fn two_people_who_cross_keep_their_tracks() {
        // They pass each other, one below the other by more than half a face.
        let frames: Vec<Vec<Detection>> = (0..20)
            .map(|t| vec![face(t as f32 * 10.0, 0.0, 0.9), face(200.0 - t as f32 * 10.0, 40.0, 0.9)])
            .collect();
        let tracks = followed(&frames, 0.12);
        assert_eq!(tracks.len(), 2);
        for (track, y) in tracks.iter().zip([0.0, 40.0]) {
            assert_eq!(track.sightings.len(), 20);
            assert!(track.sightings.iter().all(|it| (it.face.rect.y - y).abs() < 1.0));
        }
    }

    #[test]
    fn a_fast_face_is_where_it_is_expected() {
        // 30 px a step: neighbours overlap by a quarter, which is enough for distant detections, and the
        // prediction is exact from the third on.
        let frames: Vec<Vec<Detection>> = (0..8).map(|t| vec![face(t as f32 * 30.0, 0.0, 0.9)]).collect();
        assert_eq!(followed(&frames, 0.12).len(), 1);
    }

    #[test]
    fn a_passer_by_is_one_track_although_first_looks_do_not_overlap() {
        let frames: Vec<Vec<Detection>> =
            (0..8).map(|t| vec![face(t as f32 * 84.0, t as f32, 0.9), face(300.0, 200.0, 0.9)]).collect();
        let tracks = followed(&frames, 0.16);
        assert_eq!(tracks.iter().map(|track| track.sightings.len()).collect::<Vec<_>>(), [8, 8]);
    }

    #[test]
    fn weak_faces_go_on_and_do_not_begin() {
        let scores = [0.5, 0.9, 0.5, 0.5, 0.9];
        let frames: Vec<Vec<Detection>> = scores.iter().map(|&score| vec![face(0.0, 0.0, score)]).collect();
        let tracks = followed(&frames, 0.12);
        assert_eq!(tracks.len(), 1);
        assert_eq!(tracks[0].sightings.first().unwrap().frame, 1);
        assert_eq!(tracks[0].sightings.len(), 4);
        assert_eq!(tracks[0].n_of_score(0.6), 2);
    }

    #[test]
    fn a_short_gap_is_bridged_and_a_long_one_is_not() {
        let with_gap = |missing: usize| -> usize {
            let frames: Vec<Vec<Detection>> = (0..20)
                .map(|t| if (5..5 + missing).contains(&t) { Vec::new() } else { vec![face(0.0, 0.0, 0.9)] })
                .collect();
            followed(&frames, 0.12).len()
        };
        assert_eq!((with_gap(2), with_gap(6)), (1, 2));
    }

    #[test]
    fn ids_are_told_for_each_face() {
        let mut follower = Follower::new(0.6, 7);
        let (ids, _) = follower.step(0, 0.0, &[face(0.0, 0.0, 0.9), face(300.0, 0.0, 0.4)]);
        assert_eq!(ids, [Some(7), None]);
        let (ids, _) = follower.step(1, 0.1, &[face(300.0, 0.0, 0.9), face(2.0, 0.0, 0.4)]);
        assert_eq!(ids, [Some(8), Some(7)]);
        assert_eq!(follower.next_id(), 9);
    }
}
