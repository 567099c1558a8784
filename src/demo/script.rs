//! Who appears when: three videos, cut into scenes of one to four people.
//!
//! Gives the list of tracks; draws nothing. Every scene holds different people, so tracks
//! of one video that overlap in time are never the same person.

use rand::RngExt;
use rand::seq::SliceRandom;

use super::cast::CAST;
use crate::base::{Rng, seeded};

/// Tracks of a demo.
pub(super) const N_TRACKS: usize = 200;
/// People who appear in one track only.
const N_STRANGERS: usize = 9;
/// Most frames drawn of a track.
const MAX_FRAMES: u32 = 6;

/// The videos and their frames per second.
pub(super) const VIDEOS: [(&str, u32); 3] = [("harbour-fete", 25), ("night-train", 24), ("winter-revue", 30)];

/// One track of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScriptedTrack {
    /// `<video>/<track>`.
    pub track: String,
    /// Index into [`VIDEOS`].
    pub video: usize,
    /// Index into the cast.
    pub person: usize,
    /// First and last frame, both inclusive.
    pub frames: (u32, u32),
    /// Numbers of the frames that are drawn, rising.
    pub drawn: Vec<u32>,
    /// Seed of this track's drawing.
    pub seed: u64,
}

/// The script of a seed: [`N_TRACKS`] tracks, ordered by video and time.
pub(super) fn write(seed: u64) -> Vec<ScriptedTrack> {
    let mut rng = seeded(seed);
    let parts = parts(&mut rng);
    let scenes = scenes(&mut rng, parts);
    let mut script = Vec::with_capacity(N_TRACKS);
    let n_scenes = scenes.len();
    let (mut clock, mut number, mut last) = (0, 0, usize::MAX);
    for (i, scene) in scenes.into_iter().enumerate() {
        let video = i * VIDEOS.len() / n_scenes;
        if video != last {
            (clock, number, last) = (rng.random_range(20..80), 0, video);
        }
        let (name, fps) = VIDEOS[video];
        let length = rng.random_range(fps * 3..fps * 9);
        for person in scene {
            let start = clock + rng.random_range(0..length / 3);
            let end = clock + length - 1 - rng.random_range(0..length / 3);
            let wanted = rng.random_range(4..=MAX_FRAMES);
            let drawn = (0..wanted).map(|j| start + (end - start) * j / (wanted - 1)).collect();
            number += 1;
            let track = format!("{name}/t{number:03}");
            script.push(ScriptedTrack {
                track,
                video,
                person,
                frames: (start, end),
                drawn,
                seed: rng.random(),
            });
        }
        clock += length + rng.random_range(5..60);
    }
    script
}

/// The appearances of all people, shuffled: strangers once, the others from seldom to often.
fn parts(rng: &mut Rng) -> Vec<usize> {
    let mut people: Vec<usize> = (0..CAST.len()).collect();
    people.shuffle(rng);
    let (strangers, troupe) = people.split_at(N_STRANGERS);
    let left = N_TRACKS - strangers.len();
    // Shares fall linearly from the leads to the extras.
    let share = |rank: usize| 2 * (troupe.len() - rank) + 4;
    let whole: usize = (0..troupe.len()).map(share).sum();
    let mut parts = strangers.to_vec();
    for (rank, &person) in troupe.iter().enumerate() {
        parts.extend(std::iter::repeat_n(person, left * share(rank) / whole));
    }
    // What rounding left over goes round the leads.
    let missing = N_TRACKS - parts.len();
    parts.extend(troupe.iter().cycle().take(missing));
    parts.shuffle(rng);
    parts
}

/// Cuts the parts into scenes of one to four different people.
fn scenes(rng: &mut Rng, mut parts: Vec<usize>) -> Vec<Vec<usize>> {
    let mut scenes = Vec::new();
    while !parts.is_empty() {
        let mut scene = Vec::new();
        for _ in 0..rng.random_range(1..=4) {
            // The next one who is not in the scene yet.
            if let Some(next) = parts.iter().rposition(|person| !scene.contains(person)) {
                scene.push(parts.remove(next));
            }
        }
        scenes.push(scene);
    }
    scenes
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn counts_are_as_promised() {
        for seed in 0..20 {
            let script = write(seed);
            assert_eq!(script.len(), N_TRACKS);
            let mut tracks = BTreeMap::<usize, usize>::new();
            for part in &script {
                *tracks.entry(part.person).or_default() += 1;
                assert!(part.drawn.len() <= MAX_FRAMES as usize);
                assert!(part.drawn.windows(2).all(|pair| pair[0] < pair[1]));
                assert_eq!(part.drawn.first(), Some(&part.frames.0));
                assert_eq!(part.drawn.last(), Some(&part.frames.1));
            }
            assert_eq!(tracks.len(), CAST.len());
            assert_eq!(tracks.values().filter(|&&n| n == 1).count(), N_STRANGERS);
            assert_eq!(script.iter().map(|part| &part.track).collect::<BTreeSet<_>>().len(), N_TRACKS);
        }
    }

    #[test]
    fn who_overlaps_is_somebody_else() {
        let script = write(super::super::DEFAULT_SEED);
        let mut pairs = [0; VIDEOS.len()];
        for (i, a) in script.iter().enumerate() {
            for b in &script[i + 1..] {
                if a.video == b.video && a.frames.0 <= b.frames.1 && b.frames.0 <= a.frames.1 {
                    assert_ne!(a.person, b.person, "{} and {}", a.track, b.track);
                    pairs[a.video] += 1;
                }
            }
        }
        assert!(pairs.iter().all(|&n| n >= 40), "{pairs:?}");
    }
}
