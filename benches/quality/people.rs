//! The sets: photographs, tracks of photographs, real tracks and drawn people, as unit vectors.
//!
//! Takes folders with known people and a loaded embedder; gives [`LabelledTracks`] tracks. It
//! learns and clusters nothing.

use std::collections::BTreeMap;
use std::path::Path;

use castlist::base::{Constraints, Cx, Embeddings, TrackIx, seeded};
use castlist::embed::{CropAlignment, EmbedOptions, Embedder, NoCache, embed_faces, embed_tracks};
use castlist::learn::LabelledFaces;
use castlist::pooling::Pooling;
use castlist::tracks::{ScanOptions, Track, TrackSet, TrackSource, overlaps, read_labels, scan};

use super::AnyError;

/// Tracks of unit length, who is on each, and which overlap in time.
#[derive(Debug, Clone)]
pub struct LabelledTracks {
    pub rows: Embeddings,
    pub people: Vec<u32>,
    pub apart: Constraints,
    /// The single faces of each track; empty where nobody asks for them.
    pub faces: Vec<Embeddings>,
}

/// Which half of the people a person belongs to, by the names of the sets.
#[derive(Debug, Default)]
pub struct SplitHalves {
    photographs: BTreeMap<u32, char>,
    stills: BTreeMap<String, char>,
}

impl SplitHalves {
    pub fn read(path: &Path) -> Result<Self, AnyError> {
        let mut halves = Self::default();
        for row in csv::Reader::from_path(path)?.deserialize() {
            let row: BTreeMap<String, String> = row?;
            let half = row["half"].chars().next().unwrap_or_default();
            halves.photographs.insert(row["stills_label"].parse()?, half);
            halves.stills.insert(row["tracks_stills_identity"].clone(), half);
        }
        Ok(halves)
    }
}

/// All sets of one model.
pub struct EvaluationSets {
    /// Photographs, one a track; halves A and B.
    pub single: [LabelledTracks; 2],
    /// Tracks of photographs; halves A and B.
    pub stills: [LabelledTracks; 2],
    /// Tracks of twelve clips of films and series.
    pub video: LabelledTracks,
    /// Tracks of photographs of people that no model was trained on.
    pub unseen: LabelledTracks,
    /// Two clips and tracks of photographs.
    pub small: LabelledTracks,
    /// The two clips alone.
    pub real: LabelledTracks,
    /// The demo.
    pub drawn: LabelledTracks,
}

impl EvaluationSets {
    /// Embeds everything with one model.
    pub fn embed(
        embedder: &Embedder,
        data: &Path,
        halves: &SplitHalves,
        demo: &Path,
    ) -> Result<Self, AnyError> {
        let photographs = photographs(embedder, &data.join("faces-train"))?;
        let (stills, names) = tracks(embedder, &data.join("tracks-stills"))?;
        let single = ['A', 'B'].map(|half| {
            photographs.only(|at| halves.photographs.get(&photographs.people[at]) == Some(&half))
        });
        let stills = ['A', 'B'].map(|half| {
            stills.only(|at| halves.stills.get(&names[stills.people[at] as usize]) == Some(&half))
        });
        let (video, _) = tracks(embedder, &data.join("tracks-video"))?;
        let (unseen, _) = tracks(embedder, &data.join("tracks-unseen"))?;
        let (small, _) = tracks(embedder, &data.join("tracks-small"))?;
        let real: Vec<bool> = is_real(&data.join("tracks-small"))?;
        let real = small.only(|at| real[at]);
        let (drawn, _) = tracks(embedder, demo)?;
        let [single_a, single_b] = single;
        let [stills_a, stills_b] = stills;
        Ok(Self {
            single: [single_a?, single_b?],
            stills: [stills_a?, stills_b?],
            small,
            real: real?,
            drawn,
            video,
            unseen,
        })
    }
}

/// Tracks of photographs are called `p0000` and so on, real ones after their clip.
fn is_real(folder: &Path) -> Result<Vec<bool>, AnyError> {
    let is_still = |track: &Track| {
        track.id.strip_prefix('p').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    };
    Ok(scan(folder, &ScanOptions::with_photographs(), &Cx::new())?
        .tracks
        .iter()
        .map(|track| !is_still(track))
        .collect())
}

/// Each photograph; the folder's name is the person.
fn photographs(embedder: &Embedder, folder: &Path) -> Result<LabelledTracks, AnyError> {
    let people = scan(folder, &ScanOptions::with_photographs(), &Cx::new())?;
    let (mut tracks, mut labels) = (Vec::new(), Vec::new());
    for track in &people.tracks {
        let TrackSource::Faces { folder, faces } = &track.source else { continue };
        for face in faces {
            let source = TrackSource::Faces { folder: folder.clone(), faces: vec![face.clone()] };
            tracks.push(Track { source, ..track.clone() });
            labels.push(track.id.trim_start_matches('p').parse::<u32>()?);
        }
    }
    let set = TrackSet {
        root: people.root,
        tracks,
        overlaps: people.overlaps,
        whole: Vec::new(),
        gone: Vec::new(),
    };
    let vectors =
        embed_tracks(&set, Some(embedder), &options(CropAlignment::Aligned), &NoCache, &Cx::new())?.tracks;
    LabelledTracks::new(
        vectors.into_iter().zip(labels).filter_map(|(track, person)| Some((track.vector?, person))),
    )
}

/// The tracks of a folder with `labels.csv`, and the people's names by number. Every track must
/// be usable, so that a track's place stays its number.
fn tracks(embedder: &Embedder, folder: &Path) -> Result<(LabelledTracks, Vec<String>), AnyError> {
    let (set, cx) = (scan(folder, &ScanOptions::with_photographs(), &Cx::new())?, Cx::new());
    let labels = read_labels(&folder.join("labels.csv"))?;
    let mut names: Vec<String> = labels.values().cloned().collect();
    names.sort();
    names.dedup();
    let embedded = embed_tracks(&set, Some(embedder), &options(CropAlignment::Loose), &NoCache, &cx)?;
    let mut known = Vec::new();
    for (track, embedding) in set.tracks.iter().zip(embedded.tracks) {
        let vector = embedding.vector.ok_or_else(|| format!("no usable face in track {}", track.id))?;
        let name = labels.get(&track.id).ok_or_else(|| format!("track without a label: {}", track.id))?;
        known.push((vector, names.binary_search(name).unwrap_or_default() as u32));
    }
    let all: Vec<TrackIx> = (0..set.len() as TrackIx).collect();
    let faces = embed_faces(&set, &all, Some(embedder), &options(CropAlignment::Loose), &NoCache, &cx)?;
    Ok((LabelledTracks { apart: overlaps(&set.tracks), faces, ..LabelledTracks::new(known)? }, names))
}

/// All frames of a track.
fn options(crops: CropAlignment) -> EmbedOptions {
    EmbedOptions { frames_per_track: 0, pooling: Pooling::Quality, crops }
}

impl LabelledTracks {
    fn new(tracks: impl IntoIterator<Item = (Vec<f32>, u32)>) -> Result<Self, AnyError> {
        let (vectors, people): (Vec<Vec<f32>>, Vec<u32>) = tracks.into_iter().unzip();
        let dim = vectors.first().map_or(0, Vec::len);
        let rows = Embeddings::new(dim, vectors.concat())?.into_unit()?;
        Ok(Self { rows, people, apart: Constraints::default(), faces: Vec::new() })
    }

    /// The tracks at the places that are wanted, without what is known of their times.
    pub fn only(&self, wanted: impl Fn(usize) -> bool) -> Result<Self, AnyError> {
        let those: Vec<usize> = (0..self.people.len()).filter(|&at| wanted(at)).collect();
        let row = |&at: &usize| (self.rows.row(at as TrackIx).to_vec(), self.people[at]);
        let faces = those.iter().filter_map(|&at| self.faces.get(at).cloned()).collect();
        Ok(Self { faces, ..Self::new(those.iter().map(row))? })
    }

    /// The rows as photographs to learn from.
    pub fn labelled(&self) -> Result<LabelledFaces, AnyError> {
        let numbers: BTreeMap<u32, u32> = {
            let mut people = self.people.clone();
            people.sort_unstable();
            people.dedup();
            people.into_iter().zip(0..).collect()
        };
        let people: Vec<Option<u32>> =
            self.people.iter().map(|person| numbers.get(person).copied()).collect();
        let names = numbers.keys().map(u32::to_string).collect();
        Ok(LabelledFaces::single_faces(self.rows.clone(), &people, names)?)
    }

    /// Every photograph once: a person's photographs in random order, cut into tracks of one to
    /// five, each their mean.
    pub fn simulate(&self, seed: u64) -> Result<Self, AnyError> {
        let all: Vec<TrackIx> = (0..self.people.len() as TrackIx).collect();
        let (rows, people) = self.labelled()?.simulated(&all, &mut seeded(seed))?;
        Ok(Self { rows, people, apart: Constraints::default(), faces: Vec::new() })
    }
}
