//! What a head is learned from: a matrix with labels, or a project that a curator went through.
//!
//! Takes paths; gives labelled faces with the model that they come from. Identities of a project
//! are those that the curator named, confirmed or otherwise kept. It learns nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::LearnInput;
use crate::base::{Cx, Embeddings, Stage, TrackIx, WarningKind};
use crate::embed::{EmbedOptions, Embedder, embed_faces};
use crate::learn::{LabelledFaces, Split};
use crate::models::{Model, ModelKind, ModelRef};
use crate::project::Project;
use crate::review::{IdentityState, Review};
use crate::session::{Session, SessionError, check_width, load, load_catalogue, read_truth};
use crate::tracks::{
    TrackSet, TrackSource, TracksError, near_miss, read_labels_array, read_matrix, read_split,
    tracks_of_matrix,
};

/// Faces to learn from.
pub(super) struct TrainingFaces {
    pub data: LabelledFaces,
    /// The model that they come from, where it is known.
    pub model: Option<ModelRef>,
    /// Their file's name.
    pub name: String,
}

/// Where identities come from.
enum LabelSource<'a> {
    /// One entry per row.
    Rows(Vec<String>, &'a str),
    /// By track id.
    Tracks(BTreeMap<String, String>),
    /// What a curator said.
    Project(Box<Session>),
}

impl LearnInput {
    /// Reads faces, tracks and identities.
    pub(super) fn read(&self, cx: &Cx) -> Result<TrainingFaces, SessionError> {
        cx.stage(Stage::ReadingTheEmbeddings, 0);
        let labels = self.labels()?;
        match (&self.embeddings, labels) {
            (Some((file, array)), labels) => self.read_matrix(file, array.as_deref(), labels, cx),
            (None, LabelSource::Project(session)) => of_project(&session, cx),
            (None, _) => Err(SessionError::NoEmbeddings { labels: self.labels.clone() }),
        }
    }

    fn labels(&self) -> Result<LabelSource<'_>, SessionError> {
        let ends = |end: &str| {
            Path::new(&self.labels).extension().is_some_and(|found| found.eq_ignore_ascii_case(end))
        };
        if let Some((file, array)) =
            self.labels.rsplit_once(':').filter(|(file, _)| file.to_lowercase().ends_with(".npz"))
        {
            return Ok(LabelSource::Rows(read_labels_array(Path::new(file), array)?, array));
        }
        if ends("csv") || ends("ids") {
            return Ok(LabelSource::Tracks(read_truth(&self.labels)?));
        }
        Ok(LabelSource::Project(Box::new(Session::open_read_only(Path::new(&self.labels))?)))
    }

    fn read_matrix(
        &self,
        file: &Path,
        array: Option<&str>,
        labels: LabelSource,
        cx: &Cx,
    ) -> Result<TrainingFaces, SessionError> {
        let matrix = read_matrix(file, array, self.tracks.as_deref())?;
        let model = match &self.model {
            Some(spec) => {
                Some(load_catalogue(cx)?.resolve(spec, &self.model_overrides)?.require(ModelKind::Embed)?)
            }
            None => None,
        };
        check_width(model.as_ref(), &matrix.rows, file)?;
        let set = tracks_of_matrix(file, &matrix.rows, matrix.groups.as_deref());
        let named = match labels {
            LabelSource::Rows(rows, array) => by_row(&set, &rows, array, matrix.rows.len())?,
            LabelSource::Tracks(by_id) => by_id_of(&set, &by_id, &self.labels, cx)?,
            LabelSource::Project(session) => by_id_of(&set, &curated_by_id(&session), &self.labels, cx)?,
        };
        let mut track_of_face = vec![None; matrix.rows.len()];
        for (ix, track) in set.tracks.iter().enumerate() {
            if let TrackSource::Rows { rows } = &track.source {
                for &row in rows {
                    track_of_face[row as usize] = Some(ix as TrackIx);
                }
            }
        }
        let (people, names) = numbered(&named);
        let unit = matrix.rows.into_unit();
        let rows = unit.map_err(|source| TracksError::Embedding { source, path: file.to_path_buf() })?;
        Ok(TrainingFaces {
            data: LabelledFaces::new(rows, &track_of_face, &people, names)?,
            model: model.as_ref().map(reference),
            name: file_name(file),
        })
    }

    /// The split: as the table says, or by the seed.
    pub(super) fn read_split(&self, data: &LabelledFaces, seed: u64, cx: &Cx) -> Result<Split, SessionError> {
        let Some(path) = &self.split else {
            return Ok(Split::random(data.names().len(), seed));
        };
        let rows = read_split(path, data.names())?;
        let part = |word: &str| match word {
            "validation" => crate::learn::Subset::Validation,
            "test" | "b" => crate::learn::Subset::Test,
            _ => crate::learn::Subset::Train,
        };
        let pairs = rows.iter().map(|(name, word)| (name.as_str(), part(word)));
        let split = Split::listed(data.names(), pairs)?;
        let left = (0..data.names().len() as u32).filter(|&identity| split.part(identity).is_none()).count();
        if left > 0 {
            let text =
                format!("{left} identities are in no part of the split and left out: {}", path.display());
            cx.warn(WarningKind::Input, text);
        }
        Ok(split.with_validation(seed))
    }
}

/// What a project's curator said, with the faces of those tracks.
fn of_project(session: &Session, cx: &Cx) -> Result<TrainingFaces, SessionError> {
    let set = session.tracks().ok_or(SessionError::NothingYet)?;
    let (people, names) = curated(session.review());
    let settings = session.settings();
    let needs_model = set.tracks.iter().any(|track| matches!(track.source, TrackSource::Faces { .. }));
    let catalogue = load_catalogue(cx)?;
    let model = catalogue.resolve(settings.model(), settings.model_overrides())?.require(ModelKind::Embed)?;
    let embedder = if needs_model { load(&catalogue, &model, settings, cx)?.1 } else { None };
    let options = settings.embed_options(Some(&model))?;
    Ok(TrainingFaces {
        data: faces_of(set, (&people, names), embedder.as_ref(), &options, session.project(), cx)?,
        model: (needs_model || settings.names_model()).then(|| reference(&model)),
        name: file_name(session.root()),
    })
}

/// The faces of the tracks that have one of `people`, from the project's cache where they are
/// there. The tracks keep their numbers.
pub(super) fn faces_of(
    set: &TrackSet,
    (people, names): (&[Option<u32>], Vec<String>),
    embedder: Option<&Embedder>,
    options: &EmbedOptions,
    project: &Project,
    cx: &Cx,
) -> Result<LabelledFaces, SessionError> {
    let wanted: Vec<TrackIx> =
        (0..set.len() as TrackIx).filter(|&track| people[track as usize].is_some()).collect();
    let faces = embed_faces(set, &wanted, embedder, options, project, cx)?;
    let dim = faces.iter().map(Embeddings::dim).max().unwrap_or(0);
    let (mut rows, mut tracks) = (Vec::new(), Vec::new());
    for (&track, faces) in wanted.iter().zip(&faces) {
        rows.extend_from_slice(faces.as_slice());
        tracks.extend(std::iter::repeat_n(Some(track), faces.len()));
    }
    Ok(LabelledFaces::new(Embeddings::new(dim, rows)?, &tracks, people, names)?)
}

/// The curator's identity of each track as a number, and their names: who was named, confirmed
/// or otherwise kept, but not ignored. A name that several identities bear may or may not mean
/// one person, so those are left out.
pub(super) fn curated(review: &Review) -> (Vec<Option<u32>>, Vec<String>) {
    let shared = review.names();
    let is_one = |name: &str| shared.get(name).is_none_or(|ids| ids.len() == 1);
    let mut people = vec![None; review.n_tracks()];
    let mut names = Vec::new();
    let kept = review.identities().filter(|identity| {
        identity.kept
            && identity.state != IdentityState::Ignored
            && identity.name.as_deref().is_none_or(is_one)
    });
    for identity in kept {
        for &track in &identity.tracks {
            people[track as usize] = Some(names.len() as u32);
        }
        names.push(identity.title());
    }
    (people, names)
}

fn curated_by_id(session: &Session) -> BTreeMap<String, String> {
    let (people, names) = curated(session.review());
    let named = |(track, person): (usize, &Option<u32>)| {
        Some((session.review().track_id(track as TrackIx).to_owned(), names[(*person)? as usize].clone()))
    };
    people.iter().enumerate().filter_map(named).collect()
}

/// One name per track from one per row; rows of a track must agree, and an empty name is none.
fn by_row(
    set: &TrackSet,
    labels: &[String],
    array: &str,
    n_rows: usize,
) -> Result<Vec<Option<String>>, SessionError> {
    let wrong = |what: String| SessionError::from(TracksError::Matrix { what, path: set.root.clone() });
    if labels.len() != n_rows {
        let what = format!("`{array}` has {} labels for {n_rows} rows; give one a row", labels.len());
        return Err(wrong(what));
    }
    let name = |track: &crate::tracks::Track| {
        let TrackSource::Rows { rows } = &track.source else { return Ok(None) };
        let mut names = rows.iter().map(|&row| &labels[row as usize]);
        let Some(first) = names.next() else { return Ok(None) };
        match names.find(|name| *name != first) {
            Some(other) => {
                let id = &track.id;
                Err(wrong(format!("the rows of track `{id}` show both `{first}` and `{other}` by `{array}`")))
            }
            None => Ok(Some(first.clone()).filter(|name| !name.is_empty())),
        }
    };
    set.tracks.iter().map(name).collect()
}

/// One name per track by its id.
fn by_id_of(
    set: &TrackSet,
    names: &BTreeMap<String, String>,
    labels: &str,
    cx: &Cx,
) -> Result<Vec<Option<String>>, SessionError> {
    let found: Vec<_> = set.tracks.iter().map(|track| names.get(&track.id).cloned()).collect();
    let common = found.iter().flatten().count();
    if common == 0 {
        let show = |id: Option<&String>| id.map_or("none", String::as_str).to_owned();
        let ids = || set.tracks.iter().map(|track| track.id.as_str());
        let near = names.keys().take(100).find_map(|name| Some((name, near_miss(name, ids())?)));
        let what = match near {
            Some((name, id)) => format!(
                "no track has a label: `{name}` in {labels} is not the track `{id}`, since ids are compared exactly"
            ),
            None => format!(
                "no track has a label: the first track is called `{}`, the first one labelled in {labels} `{}`",
                show(set.tracks.first().map(|track| &track.id)),
                show(names.keys().next())
            ),
        };
        return Err(TracksError::Matrix { what, path: set.root.clone() }.into());
    }
    let unlabelled = set.len() - common;
    if unlabelled > 0 {
        cx.warn(WarningKind::Input, format!("{unlabelled} tracks have no label and are left out: {labels}"));
    }
    Ok(found)
}

/// Names as numbers, in order of the names.
fn numbered(named: &[Option<String>]) -> (Vec<Option<u32>>, Vec<String>) {
    let mut names: Vec<String> = named.iter().flatten().cloned().collect();
    names.sort();
    names.dedup();
    let number = |name: &Option<String>| names.binary_search(name.as_ref()?).ok().map(|at| at as u32);
    (named.iter().map(number).collect(), names)
}

pub(super) fn reference(model: &Model) -> ModelRef {
    ModelRef { id: model.entry.id.clone(), sha256: model.sha256.clone() }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(PathBuf::from).unwrap_or_default().to_string_lossy().into_owned()
}
