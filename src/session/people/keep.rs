//! Putting named identities into a library.
//!
//! Chooses the example tracks and pictures of each identity, and finds out which person of the
//! library each is: whoever was recognised before is that person; of a namesake the curator says
//! whether it is the same person. One edit of the library for all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::cuts::CutJob;
use super::super::{Session, SessionError};
use super::known::model_and_space;
use crate::advice::{Vectors, typicality};
use crate::base::{Cx, Fingerprint, Stage, TrackIx, evenly_spaced, squared_distance};
use crate::embed::{CropAlignment, EmbeddingCache as _};
use crate::library::{KeptIdentity, LibraryEdit, People, PersonId};
use crate::project::{Library, LibraryPicture, LibraryTrack, PictureInfo};
use crate::review::{Edit, Identity, IdentityId, IdentityState, KnownPerson, Refusal};
use crate::tracks::{Landmarks, Track, TrackSource, is_as_scanned, read_landmarks};

/// Maximum number of example tracks of an identity.
const TRACKS: usize = 12;
/// Maximum number of pictures of each.
const PICTURES: usize = 4;

/// How people of the same name in the library are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NamesakePolicy {
    /// Refuses, and names them.
    #[default]
    Ask,
    /// The same people.
    Same,
    /// Other people who happen to have the same name.
    Others,
}

/// An identity to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityToKeep {
    /// Which.
    pub identity: IdentityId,
    /// Who of the library it is; none leaves that to the names.
    pub person: Option<u64>,
}

/// One identity with all that is to be kept of it.
#[derive(Debug, Clone)]
struct PersonToKeep {
    identity: Identity,
    name: String,
    person: Option<u64>,
}

/// Reads the pictures and writes them into the library; owns all it needs.
#[derive(Debug, Clone)]
pub struct KeepJob {
    library: PathBuf,
    from: String,
    crops: CropAlignment,
    namesakes: NamesakePolicy,
    faces: Vec<PersonToKeep>,
    vectors: Arc<Vectors>,
    /// The key of each row's embedding.
    keys: Arc<[Fingerprint]>,
    space: CutJob,
}

/// What was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptPeople {
    /// The edit in words.
    pub words: String,
    /// Each identity with the person it is in the library now.
    pub people: Vec<(IdentityId, KnownPerson, String)>,
    /// Those that were not known as that person before.
    new: Vec<(IdentityId, KnownPerson, String)>,
}

impl KeptPeople {
    /// The edit that stores the matches with the library in the project; none where nothing is
    /// new.
    #[must_use]
    pub fn edit(&self) -> Option<Edit> {
        let recognise = |(identity, person, name): &(IdentityId, KnownPerson, String)| Edit::Recognise {
            identity: *identity,
            person: *person,
            name: name.clone(),
        };
        let mut edits: Vec<Edit> = self.new.iter().map(recognise).collect();
        if edits.len() > 1 { Some(Edit::All { edits }) } else { edits.pop() }
    }
}

pub(super) fn is_ignored(identity: &Identity) -> bool {
    identity.state == IdentityState::Ignored
}

/// The job; its identities are chosen here, the slow part is done by the job.
pub(super) fn job(
    session: &Session,
    wanted: &[IdentityToKeep],
    namesakes: NamesakePolicy,
    library: &Path,
) -> Result<KeepJob, SessionError> {
    let vectors = Arc::clone(session.vectors().ok_or(SessionError::NotKept)?);
    let keys = Arc::clone(&session.rows.as_ref().ok_or(SessionError::NotKept)?.keys);
    let face = |(id, person): (IdentityId, Option<u64>)| {
        let identity = session.review().identity(id).ok_or(Refusal::Identity(id))?.clone();
        let name = identity.name.clone().ok_or(SessionError::Nameless(id))?;
        Ok(PersonToKeep { identity, name, person })
    };
    let faces: Vec<PersonToKeep> =
        session.identities_to_keep(wanted).into_iter().map(face).collect::<Result<_, SessionError>>()?;
    if faces.is_empty() {
        return Err(SessionError::NobodyNamed);
    }
    let from = std::path::absolute(session.root()).unwrap_or_else(|_| session.root().to_path_buf());
    let from = from.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let crops = session.settings().crops;
    let (library, space) = (library.to_path_buf(), session.space_job()?);
    Ok(KeepJob { library, from, crops, namesakes, faces, vectors, keys, space })
}

impl KeepJob {
    /// Runs it: one edit of the library, which is on the disk afterwards.
    ///
    /// # Errors
    /// [`SessionError`]: namesakes that the curator must decide about, features of no named model,
    /// a library that cannot be written, nobody with a usable face, cancelled.
    pub fn run(&self, cx: &Cx) -> Result<KeptPeople, SessionError> {
        cx.stage(Stage::KeepingPeople, self.faces.len() as u64);
        let (model, _) = model_and_space(&self.space, cx)?;
        let key = model.fingerprint().to_string();
        let library = Library::open(&self.library)?;
        let people = library.people()?;
        let landmarks = read_landmarks(self.root())?;
        let asked = self.namesakes(&people, &library);
        if self.namesakes == NamesakePolicy::Ask && !asked.is_empty() {
            return Err(SessionError::Namesakes(asked));
        }
        let (mut kept, mut tracks) = (Vec::new(), Vec::new());
        let mut placed: Vec<&PersonToKeep> = Vec::new();
        for face in &self.faces {
            cx.check()?;
            let standing = self.exemplars(&face.identity);
            if standing.is_empty() {
                continue;
            }
            let person = self.person(face, &people, &library)?;
            let exemplars = standing.iter().map(|(track, _)| track.fingerprint).collect();
            let name = person.is_none().then(|| face.name.clone());
            kept.push(KeptIdentity { person: person.unwrap_or(PersonId(0)), name, exemplars });
            placed.push(face);
            tracks.extend(standing.into_iter().map(|(track, vector)| LibraryTrack {
                exemplar: track.fingerprint,
                pictures: self.pictures(track, &landmarks),
                vector: (key.clone(), vector),
            }));
            cx.advance(1);
        }
        let (deed, words) =
            library.perform(LibraryEdit::Keep { from: self.from.clone(), people: kept }, &tracks)?;
        let LibraryEdit::Keep { people: kept, .. } = deed else { return Err(SessionError::NobodyNamed) };
        let of = |(face, kept): (&&PersonToKeep, &KeptIdentity)| {
            let known = KnownPerson { library: library.id(), person: kept.person.0 };
            let name = people.person(kept.person).map_or_else(|| face.name.clone(), |it| it.name.clone());
            (face.identity.id, known, name)
        };
        let all: Vec<_> = placed.iter().zip(&kept).map(of).collect();
        let is_new = |(face, told): &(&&PersonToKeep, &(IdentityId, KnownPerson, String))| {
            face.identity.known != Some(told.1)
        };
        let new = placed.iter().zip(&all).filter(is_new).map(|(_, told)| told.clone()).collect();
        Ok(KeptPeople { words, people: all, new })
    }

    /// Names that people of the library have already, of identities without a decision
    /// about.
    fn namesakes(&self, people: &People, library: &Library) -> Vec<String> {
        let open = self.faces.iter().filter(|face| {
            face.person.is_none()
                && Self::recognised(face, people, library).is_none()
                && people.named(&face.name).next().is_some()
        });
        open.map(|face| face.name.clone()).collect()
    }

    /// Who of the library an identity was recognised as, where they are still there.
    fn recognised(face: &PersonToKeep, people: &People, library: &Library) -> Option<PersonId> {
        let known = face.identity.known.filter(|known| known.library == library.id())?;
        people.person(PersonId(known.person)).map(|person| person.id)
    }

    /// The person of the library that an identity is; none for a new person.
    fn person(
        &self,
        face: &PersonToKeep,
        people: &People,
        library: &Library,
    ) -> Result<Option<PersonId>, SessionError> {
        if let Some(person) = face.person {
            // Number 0 is unused: a new person.
            return Ok(Some(PersonId(person)).filter(|person| person.0 > 0));
        }
        if let Some(person) = Self::recognised(face, people, library) {
            return Ok(Some(person));
        }
        let mut called = people.named(&face.name).map(|person| person.id);
        match (self.namesakes, called.next(), called.next()) {
            (NamesakePolicy::Others, ..) | (_, None, _) => Ok(None),
            (_, Some(_), Some(_)) => Err(SessionError::Namesakes(vec![face.name.clone()])),
            (_, one, None) => Ok(one),
        }
    }

    fn root(&self) -> &Path {
        &self.space.set.root
    }

    /// The tracks that stand for an identity, with their vectors as the model gave them: its most
    /// typical one, then again and again the one that is least like those chosen before, so that
    /// few tell of every look. Who is more likely another person stands for nobody, unless the
    /// curator confirmed it.
    fn exemplars(&self, identity: &Identity) -> Vec<(&Track, Vec<f32>)> {
        let typical = typicality(&self.vectors, identity);
        let is_confirmed = identity.state == IdentityState::Confirmed;
        let fit = typical.iter().filter(|odd| is_confirmed || odd.stays >= 0.5).map(|odd| odd.track);
        let mut left: Vec<TrackIx> = fit.collect();
        if left.is_empty() {
            left.extend(typical.first().map(|odd| odd.track));
        }
        let mut chosen: Vec<TrackIx> = Vec::with_capacity(TRACKS);
        // How near each is to the nearest that was chosen.
        let mut nearest = vec![f32::INFINITY; left.len()];
        while chosen.len() < TRACKS && !left.is_empty() {
            let farthest = |a: &usize, b: &usize| nearest[*a].total_cmp(&nearest[*b]).then(b.cmp(a));
            let at = if chosen.is_empty() { 0 } else { (0..left.len()).max_by(farthest).unwrap_or(0) };
            let track = left.remove(at);
            nearest.remove(at);
            chosen.push(track);
            for (other, nearest) in left.iter().zip(&mut nearest) {
                if let (Some(a), Some(b)) = (self.vectors.row(track), self.vectors.row(*other)) {
                    *nearest = nearest.min(squared_distance(a, b).0);
                }
            }
        }
        let raw = |track: TrackIx| {
            let key = self.keys.get(self.vectors.row_of(track)? as usize)?;
            Some((self.space.set.track(track), self.space.project.get(*key)?.vector?))
        };
        chosen.into_iter().filter_map(raw).collect()
    }

    /// Some pictures of a track, spread evenly; those that cannot be read are left out.
    fn pictures(&self, track: &Track, landmarks: &Landmarks) -> Vec<LibraryPicture> {
        if let TrackSource::Faces { folder, faces } = &track.source {
            let (root, files) = (self.root(), faces.iter().map(|face| face.file.as_str()));
            if !is_as_scanned(root, &root.join(folder), files, track.fingerprint) {
                return Vec::new();
            }
        }
        let readable: Vec<_> =
            track.pictures(self.root()).filter(|(face, _)| face.unreadable.is_none()).collect();
        let read = |at: usize| {
            let (face, path) = &readable[at];
            let bytes = crate::files::read(path, 64 << 20).ok()?;
            let extension = path.extension()?.to_string_lossy().to_lowercase();
            let given = landmarks.get(&(track.scanned_id().to_owned(), face.frame));
            let points = given.map(|given| given.points);
            Some(LibraryPicture { bytes, about: PictureInfo { extension, crops: self.crops, points } })
        };
        evenly_spaced(readable.len(), PICTURES).filter_map(read).collect()
    }
}
