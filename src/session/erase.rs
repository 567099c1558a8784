//! Erasing a person from a project and from the library: what would go, and doing it.
//!
//! Takes a project and a name or a number; gives an [`Erasure`], which shows what goes, and does it. The
//! library goes first and the log last, so that whatever is interrupted is found and finished by the
//! same call. Pictures and exports are the user's: they are named and left alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Run, Session, SessionError};
use crate::base::Fingerprint;
use crate::library::{LibraryEdit, LibraryTraces, PersonId};
use crate::project::{self, Library, LibraryError, ProjectErasure, default_library};
use crate::review::{Edit, Identity, IdentityId, LogEntry, PersonTraces, Review};
use crate::tracks::{Track, TrackSource, exports_in, id_mark};

/// What an erasure takes away, and what it leaves alone.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Erasure {
    /// The project's file.
    pub project: PathBuf,
    /// Who.
    pub identity: IdentityId,
    /// What they are called, where they have a name.
    pub name: Option<String>,
    /// Tracks that go, those included that are not in the folder any more.
    pub n_tracks: usize,
    /// Parts of cut tracks that show somebody else and go with the whole track.
    pub parts: Vec<String>,
    /// Entries of the log that speak of them.
    pub n_entries: usize,
    /// Copies and replaced files beside the project, which go.
    pub copies: Vec<PathBuf>,
    /// The library that was looked at, where there is one.
    pub library: Option<PathBuf>,
    /// People of the library who go.
    pub n_library_people: usize,
    /// Whether the person was recognised from a library that is another one.
    pub is_in_another_library: bool,
    /// Names of theirs that another identity has, so that they stay.
    pub shared_names: Vec<String>,
    /// People of the library who have such a name and no track of theirs, and stay.
    pub library_namesakes: Vec<PersonId>,
    /// Where their pictures lie; they stay.
    pub pictures: Vec<PathBuf>,
    /// Exports below the folder; they stay, and others are not known.
    pub exports: Vec<PathBuf>,
    #[serde(skip)]
    plan: Plan,
}

/// What the doing needs.
#[derive(Debug, Clone)]
struct Plan {
    traces: PersonTraces,
    state: (usize, u64),
    entries: Vec<LogEntry>,
    record: LogEntry,
    marks: BTreeSet<Fingerprint>,
    keys: BTreeSet<Fingerprint>,
    /// The fingerprints of the tracks and of their parts.
    exemplars: BTreeSet<Fingerprint>,
    /// Their numbers in the library.
    known: BTreeSet<PersonId>,
    /// Whether the library holds anything of them.
    is_in_library: bool,
}

/// The tracks of a person as they were scanned.
#[derive(Default)]
struct PersonTracks {
    ids: BTreeSet<String>,
    fingerprints: BTreeSet<Fingerprint>,
    pictures: BTreeSet<PathBuf>,
    parts: Vec<String>,
    n: usize,
}

/// Finishes an erasure in the project at `path` that was interrupted; whether there was one.
///
/// # Errors
/// [`SessionError`]: no project there, open elsewhere, or not to be written.
pub(crate) fn finish_erasure(path: &Path) -> Result<bool, SessionError> {
    let place = Session::existing_location(path)?;
    Ok(project::finish_erasure(&place.path)?)
}

impl Erasure {
    /// What erasing a person, by number or name, would take away; nothing changes. `library` is
    /// another library than the usual one.
    ///
    /// # Errors
    /// [`SessionError`]: no project, nobody of that name or several, or a library that cannot be read.
    pub(crate) fn plan(path: &Path, person: &str, library: Option<&Path>) -> Result<Self, SessionError> {
        let session = Session::open_read_only(path)?;
        if session.history.is_empty() {
            return Err(SessionError::NothingYet);
        }
        let identity = find(&session.review, person)?;
        let tracks = tracks_of(&session, identity.id);
        let entries = session.history.entries();
        let traces = PersonTraces::of(entries, &session.review, identity.id, tracks.ids.clone());
        let changed: Vec<LogEntry> = entries.iter().filter_map(|entry| traces.erased(entry)).collect();
        let record = Edit::Erase { tracks: tracks.n };
        let record = session.history.next_entry(record, project::now(), &session.review);
        let marks = tracks.ids.iter().map(|id| id_mark(id)).chain(tracks.fingerprints.iter().copied());
        let mut erasure = Self {
            project: session.project.path().to_path_buf(),
            identity: identity.id,
            name: identity.name.clone(),
            n_tracks: tracks.n,
            parts: tracks.parts,
            n_entries: changed.len(),
            copies: project::copies_beside(session.project.path()),
            library: None,
            n_library_people: 0,
            is_in_another_library: false,
            shared_names: traces.shared_names().cloned().collect(),
            library_namesakes: Vec::new(),
            pictures: tracks.pictures.into_iter().collect(),
            exports: exports_in(&session.root),
            plan: Plan {
                state: (entries.len(), session.history.cursor()),
                entries: changed,
                record,
                marks: marks.collect(),
                keys: keys_of_others(&session, &traces),
                exemplars: tracks.fingerprints,
                known: BTreeSet::new(),
                is_in_library: false,
                traces,
            },
        };
        erasure.look_into(library)?;
        Ok(erasure)
    }

    /// Finds the person in the library, where there is one.
    fn look_into(&mut self, library: Option<&Path>) -> Result<(), SessionError> {
        let place = library.map(Path::to_path_buf).or_else(default_library);
        let known = self.plan.traces.known();
        self.is_in_another_library = !known.is_empty();
        let is_there = |path: &PathBuf| library.is_some() || path.is_file();
        let Some(path) = place.filter(is_there) else { return Ok(()) };
        let library = Library::open_read_only(&path)?;
        self.is_in_another_library = known.iter().any(|known| known.library != library.id());
        let here = known.iter().filter(|known| known.library == library.id());
        self.plan.known = here.map(|known| PersonId(known.person)).collect();
        let log: Vec<LibraryEdit> = library.log()?.into_iter().map(|logged| logged.edit).collect();
        let traces = self.plan.library_traces(&log);
        self.n_library_people = traces.n_people(&log);
        self.plan.is_in_library = log.iter().any(|deed| traces.erased(deed).is_some());
        let people = library.people()?;
        let namesakes = people.iter().filter(|it| self.plan.traces.called().contains(&it.name));
        self.library_namesakes = namesakes.map(|it| it.id).filter(|id| !traces.is(*id)).collect();
        self.library = Some(path);
        Ok(())
    }

    /// Does it. Nothing brings it back.
    ///
    /// # Errors
    /// [`SessionError`]: the project is open elsewhere or was changed since, or something cannot be
    /// written; the same call finishes what was begun.
    pub(crate) fn run(&self) -> Result<(), SessionError> {
        let plan = &self.plan;
        // Whoever has the project open keeps all of it, not half.
        project::finish_erasure(&self.project)?;
        if let Some(path) = &self.library {
            let erased = Library::open(path).and_then(|it| it.erase(|log| plan.library_traces(log)));
            match erased {
                // Nothing of them is in it; it was only to be cleared of what an interrupted call left.
                Err(error) if !plan.is_in_library && !matches!(error, LibraryError::BeingRead(_)) => {}
                erased => erased?,
            }
        }
        project::erase(
            &self.project,
            &ProjectErasure {
                state: plan.state,
                entries: plan.entries.clone(),
                record: plan.record.clone(),
                tracks: plan.traces.tracks(),
                marks: &plan.marks,
                keys: &plan.keys,
                without: &|run| without(run, &plan.traces),
            },
        )?;
        Ok(())
    }
}

impl Plan {
    fn library_traces(&self, log: &[LibraryEdit]) -> LibraryTraces {
        LibraryTraces::of(log, &self.known, self.traces.called(), &self.exemplars)
    }
}

/// The identity with that number, or else the only one with that name.
fn find<'a>(review: &'a Review, person: &str) -> Result<&'a Identity, SessionError> {
    let by_number = person.parse().ok().and_then(|number| review.identity(IdentityId(number)));
    if let Some(identity) = by_number {
        return Ok(identity);
    }
    let named: Vec<&Identity> = review.identities().filter(|it| it.name.as_deref() == Some(person)).collect();
    match named.as_slice() {
        [one] => Ok(one),
        [] => Err(SessionError::NoPerson(person.to_owned())),
        several => {
            let ids = several.iter().map(|it| it.id).collect();
            Err(SessionError::SeveralPeople { name: person.to_owned(), ids })
        }
    }
}

/// The tracks of an identity, those included that have left the folder.
fn tracks_of(session: &Session, identity: IdentityId) -> PersonTracks {
    let Some(set) = session.set.as_deref() else { return PersonTracks::default() };
    let gone = set.gone.iter().map(|track| track.id.clone());
    let ids = set.tracks.iter().map(|track| track.id.clone()).chain(gone).collect();
    let mut former = set.former_ids();
    for track in &set.gone {
        former.extend(track.formerly.iter().map(|was| (was.clone(), track.id.clone())));
    }
    let review = session.history.replay(Review::of_moved(ids, former));
    let own: BTreeSet<&str> = review
        .identity(identity)
        .map(|it| it.tracks.iter().map(|&track| review.track_id(track)).collect())
        .unwrap_or_default();
    let whole: BTreeSet<&str> =
        set.tracks.iter().filter(|track| own.contains(track.id.as_str())).map(Track::scanned_id).collect();
    let mut found = PersonTracks::default();
    for track in set.tracks.iter().filter(|track| whole.contains(track.scanned_id())) {
        found.fingerprints.insert(track.fingerprint);
        if !own.contains(track.id.as_str()) {
            found.parts.push(track.id.clone());
        }
    }
    let uncut = set.uncut();
    let present: BTreeSet<&str> = uncut.tracks.iter().map(|track| track.id.as_str()).collect();
    // An id that another track has now is that one's.
    let former = |ids: &[String]| ids.iter().filter(|id| !present.contains(id.as_str())).cloned().collect();
    for track in uncut.tracks.iter().filter(|track| whole.contains(track.id.as_str())) {
        let former: Vec<String> = former(&track.formerly);
        found.ids.extend(former.into_iter().chain([track.id.clone()]));
        found.fingerprints.insert(track.fingerprint);
        let place = match &track.source {
            TrackSource::Faces { folder, .. } => set.root.join(folder),
            TrackSource::Features { file, .. } => set.root.join(file),
            TrackSource::Rows { .. } => set.root.clone(),
        };
        found.pictures.insert(place);
        found.n += 1;
    }
    for track in set.gone.iter().filter(|track| own.contains(track.id.as_str())) {
        let former: Vec<String> = former(&track.formerly);
        found.ids.extend(former.into_iter().chain([track.id.clone()]));
        found.fingerprints.insert(track.fingerprint);
        found.n += 1;
    }
    found
}

/// The keys of the embeddings of everybody else, as the last run kept them with its dendrogram. Where
/// it kept none, no embedding is known to be anybody's.
fn keys_of_others(session: &Session, traces: &PersonTraces) -> BTreeSet<Fingerprint> {
    let rows = || {
        let (run, set) = (session.run.as_ref()?, session.set.as_ref()?);
        let kept = session.project.dendrogram(run.vectors?)?;
        let usable: Vec<&str> = set
            .tracks
            .iter()
            .map(|track| track.id.as_str())
            .filter(|id| run.clusters.contains_key(*id))
            .collect();
        let keys: BTreeMap<&str, Fingerprint> =
            usable.iter().copied().zip(kept.rows.iter().copied()).collect();
        (usable.len() == kept.rows.len()).then_some(keys)
    };
    let keys = rows().unwrap_or_default();
    let theirs: BTreeSet<Fingerprint> =
        keys.iter().filter(|(id, _)| traces.has_track(id)).map(|(_, key)| *key).collect();
    // Two tracks of the same pictures share one.
    keys.into_values().filter(|key| !theirs.contains(key)).collect()
}

/// A stored clustering without the person's tracks.
fn without(run: &str, traces: &PersonTraces) -> Option<String> {
    let mut run: Run = serde_json::from_str(run).ok()?;
    run.clusters.retain(|id, _| !traces.has_track(id));
    run.doubts.retain(|id, _| !traces.has_track(id));
    run.two_people.retain(|id, _| !traces.has_track(id));
    serde_json::to_string(&run).ok()
}
