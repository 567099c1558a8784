//! Reading a library in the space of a run.
//!
//! Vectors that the run's model gave are taken as they are; exemplars that it has not looked at are
//! embedded from their pictures and kept, so that another model changes no name and loses nobody.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::super::analyse::load;
use super::super::cuts::CutJob;
use super::super::rows::unit_rows;
use super::super::space::{ClusteringSpace, load_catalogue};
use super::super::{Run, SessionError};
use crate::advice::Prototype;
use crate::base::{Cx, Stage};
use crate::cluster::likelihood::TrackGroup;
use crate::embed::{CropAlignment, EmbedOptions, NoCache, embed_tracks};
use crate::library::{Exemplar, People, Person};
use crate::models::Model;
use crate::pooling::Pooling;
use crate::project::{Library, LibraryPicture};
use crate::review::KnownPerson;
use crate::tracks::{ScanOptions, scan};

/// Pictures of each person that are shown at most.
const FACES: usize = 3;
/// Written out and embedded at a time: bounds the room on the disk and what a cancel loses.
const BATCH: usize = 256;

/// Reads a library; owns all it needs.
#[derive(Debug, Clone)]
pub(crate) struct KnownJob {
    pub(super) library: PathBuf,
    pub(super) cuts: CutJob,
    pub(super) with_faces: bool,
}

/// The people of a library as they look in the space of a run.
#[derive(Debug, Clone)]
pub struct KnownPeople {
    people: People,
    prototypes: Vec<Prototype>,
    n_without_vector: usize,
    n_embedded: usize,
    /// The model and the head of the run's space.
    space: (String, Option<String>),
    /// A few pictures of each person, in a folder that goes with them.
    faces: BTreeMap<u64, Vec<PathBuf>>,
    _folder: Option<Arc<TempDir>>,
}

impl KnownPeople {
    /// The people by number, as they were read.
    #[must_use]
    pub fn people(&self) -> &People {
        &self.people
    }

    /// How they look, for [`crate::advice::recognise_all`].
    #[must_use]
    pub fn prototypes(&self) -> &[Prototype] {
        &self.prototypes
    }

    /// Tracks of which this model has no vector: they have no pictures, or it saw no face.
    #[must_use]
    pub(crate) fn n_without_vector(&self) -> usize {
        self.n_without_vector
    }

    /// Tracks that were embedded again for this model while they were read.
    #[must_use]
    pub fn n_embedded(&self) -> usize {
        self.n_embedded
    }

    /// A few pictures of a person; empty where the job was not asked for them, or there are none.
    #[must_use]
    pub fn faces(&self, person: u64) -> &[PathBuf] {
        self.faces.get(&person).map_or(&[], Vec::as_slice)
    }

    /// Whether they are in the space of a run with rows of that width.
    pub(super) fn fits(&self, dim: usize, run: Option<&Arc<Run>>) -> bool {
        let is_wide = self.prototypes.first().is_none_or(|look| look.mean.len() == dim);
        is_wide && run.is_some_and(|run| space_of(run) == self.space)
    }
}

/// What identifies the space of a run: its model and its head.
fn space_of(run: &Run) -> (String, Option<String>) {
    (run.model_sha256.clone(), run.parameters.head.clone())
}

/// The model and the space of the last run.
///
/// # Errors
/// [`SessionError::NoModelNamed`] for features of a model that was not named, and
/// [`SessionError::NotKept`] where the settings have moved on from the run.
pub(super) fn model_and_space(cuts: &CutJob, cx: &Cx) -> Result<(Model, ClusteringSpace), SessionError> {
    let (model, space) = cuts.space(cx)?;
    let model = model.ok_or(SessionError::NoModelNamed)?;
    let (sha256, head) = space_of(&cuts.run);
    let is_same = sha256.is_empty() || sha256 == model.sha256;
    if is_same && head.as_deref() == space.head_sha256() {
        Ok((model, space))
    } else {
        Err(SessionError::NotKept)
    }
}

impl KnownJob {
    /// The same, which also writes out a few pictures of each person to be shown.
    #[must_use]
    pub(crate) fn with_faces(self) -> Self {
        Self { with_faces: true, ..self }
    }

    /// Runs it. What it embeds is kept in the library where that can be written.
    ///
    /// # Errors
    /// [`SessionError`]: no library, features of no named model, a model that cannot be loaded,
    /// cancelled.
    pub(crate) fn run(&self, cx: &Cx) -> Result<KnownPeople, SessionError> {
        let (model, space) = model_and_space(&self.cuts, cx)?;
        cx.stage(Stage::ReadingTheLibrary, 0);
        let library = Library::open_read_only(&self.library)?;
        let people = library.people()?;
        let mut vectors = library.vectors(&model.fingerprint().to_string())?;
        let pictured = library.with_pictures()?;
        let wanted = people.iter().flat_map(|person| &person.exemplar_sets).flat_map(|look| &look.exemplars);
        let mut missing: Vec<Exemplar> = wanted
            .copied()
            .filter(|exemplar| !vectors.contains_key(exemplar) && pictured.contains(exemplar))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        let n_embedded = missing.len();
        if !missing.is_empty() {
            vectors.extend(self.embed(&library, &model, &missing, cx)?);
        }
        let (mut prototypes, mut n_without_vector) = (Vec::new(), 0);
        for person in people.iter() {
            for look in &person.exemplar_sets {
                cx.check()?;
                let rows: Vec<&[f32]> =
                    look.exemplars.iter().filter_map(|key| vectors.get(key)?.as_deref()).collect();
                n_without_vector += look.exemplars.len() - rows.len();
                prototypes.extend(prototype(&library, person, &rows, &space)?);
            }
        }
        let (folder, faces) =
            if self.with_faces { write_faces(&library, &people)? } else { Default::default() };
        Ok(KnownPeople {
            people,
            prototypes,
            n_without_vector,
            n_embedded,
            space: space_of(&self.cuts.run),
            faces,
            _folder: folder,
        })
    }

    /// Looks at exemplars with a model that has not seen them yet.
    fn embed(
        &self,
        library: &Library,
        model: &Model,
        missing: &[Exemplar],
        cx: &Cx,
    ) -> Result<BTreeMap<Exemplar, Option<Vec<f32>>>, SessionError> {
        let (_, embedder) = load(&load_catalogue(cx)?, model, &self.cuts.settings, cx)?;
        // Reading needs no leave to write; where there is none, the work is done again next time.
        let writable = Library::open(&self.library).ok();
        let mut all = BTreeMap::new();
        for batch in missing.chunks(BATCH) {
            cx.check()?;
            let mut found: BTreeMap<Exemplar, Option<Vec<f32>>> =
                batch.iter().map(|exemplar| (*exemplar, None)).collect();
            for crops in [CropAlignment::Loose, CropAlignment::Aligned] {
                let folder = temporary()?;
                if !write_out(library, batch, crops, folder.path())? {
                    continue;
                }
                let named: BTreeMap<String, Exemplar> =
                    batch.iter().map(|exemplar| (exemplar.to_string(), *exemplar)).collect();
                let set = scan(folder.path(), &ScanOptions::with_photographs(), cx)?;
                let options = EmbedOptions { frames_per_track: 0, pooling: Pooling::Quality, crops };
                let embedded = embed_tracks(&set, embedder.as_ref(), &options, &NoCache, cx)?;
                // No one is recognised by a guess.
                let sure = set.tracks.iter().zip(embedded.tracks).filter(|(_, found)| !found.is_guess());
                for (track, embedding) in sure {
                    if let (Some(key), Some(vector)) = (named.get(&track.id), embedding.vector) {
                        found.insert(*key, Some(vector));
                    }
                }
            }
            if let Some(library) = &writable {
                let found: Vec<_> = found.iter().map(|(key, vector)| (*key, vector.clone())).collect();
                library.put_vectors(&model.fingerprint().to_string(), &found)?;
            }
            all.extend(found);
        }
        Ok(all)
    }
}

type LibraryPictures = (Option<Arc<TempDir>>, BTreeMap<u64, Vec<PathBuf>>);

/// Writes the first picture of a few tracks of each person, of each look one before a second of
/// any.
fn write_faces(library: &Library, people: &People) -> Result<LibraryPictures, SessionError> {
    let folder = temporary()?;
    let mut faces: BTreeMap<u64, Vec<PathBuf>> = BTreeMap::new();
    for person in people.iter() {
        let rounds = person.exemplar_sets.iter().map(|look| look.exemplars.len()).max().unwrap_or(0);
        let in_turn = (0..rounds)
            .flat_map(|at| person.exemplar_sets.iter().filter_map(move |look| look.exemplars.get(at)));
        for exemplar in in_turn.take(FACES) {
            let Some(picture) = library.pictures(*exemplar, 1)?.pop() else { continue };
            let path = folder.path().join(format!("{exemplar}.{}", picture.about.extension));
            std::fs::write(&path, &picture.bytes).map_err(|e| not_written(&e, &path))?;
            faces.entry(person.id.0).or_default().push(path);
        }
    }
    Ok((Some(Arc::new(folder)), faces))
}

fn temporary() -> Result<TempDir, SessionError> {
    tempfile::tempdir().map_err(|error| not_written(&error, &std::env::temp_dir()))
}

fn not_written(error: &dyn std::fmt::Display, path: &Path) -> SessionError {
    SessionError::Write { why: error.to_string(), path: path.to_path_buf() }
}

/// The mean of rows that were kept together, in the space; none where there are none.
fn prototype(
    library: &Library,
    person: &Person,
    rows: &[&[f32]],
    space: &ClusteringSpace,
) -> Result<Option<Prototype>, SessionError> {
    if rows.is_empty() {
        return Ok(None);
    }
    let rows = space.map(unit_rows(rows.iter().copied())?)?.into_unit()?;
    let mut mean = vec![0.0; rows.dim()];
    for row in rows.as_slice().chunks(rows.dim().max(1)) {
        mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / rows.len() as f32);
    }
    let known = KnownPerson { library: library.id(), person: person.id.0 };
    let group = TrackGroup::of(rows.len() as u32, &mean);
    Ok(Some(Prototype { person: known, name: person.name.clone(), mean, group }))
}

/// Writes the pictures of exemplars that are cut one way as a folder of tracks, named by their
/// keys; whether there were any.
fn write_out(
    library: &Library,
    batch: &[Exemplar],
    crops: CropAlignment,
    folder: &Path,
) -> Result<bool, SessionError> {
    let table = folder.join("landmarks.csv");
    let mut landmarks = csv::Writer::from_path(&table).map_err(|e| not_written(&e, &table))?;
    let axes = (1..=5).flat_map(|at| [format!("x{at}"), format!("y{at}")]);
    let header = ["track".to_owned(), "frame".to_owned()].into_iter().chain(axes);
    landmarks.write_record(header).map_err(|e| not_written(&e, &table))?;
    let mut is_any = false;
    for exemplar in batch {
        let pictures: Vec<LibraryPicture> = library.pictures(*exemplar, usize::MAX >> 1)?;
        let own = folder.join(exemplar.to_string());
        for (at, picture) in pictures.iter().enumerate().filter(|(_, it)| it.about.crops == crops) {
            std::fs::create_dir_all(&own).map_err(|e| not_written(&e, &own))?;
            let path = own.join(format!("{at}.{}", picture.about.extension));
            std::fs::write(&path, &picture.bytes).map_err(|e| not_written(&e, &path))?;
            is_any = true;
            if let Some(points) = &picture.about.points {
                let start = [exemplar.to_string(), at.to_string()].into_iter();
                let row = start.chain(points.iter().flatten().map(f32::to_string));
                landmarks.write_record(row).map_err(|e| not_written(&e, &table))?;
            }
        }
    }
    landmarks.flush().map_err(|e| not_written(&e, &table))?;
    Ok(is_any)
}
