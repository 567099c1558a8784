//! How other tools have it done.

use super::desk::Desk;
use crate::base::TrackIx;
use crate::review::Edit;
use crate::session::SessionError;

/// The largest identity first: what is somebody else's goes, a person at a time, a click for each
/// track and one for where it goes; then the name.
pub(super) fn cluster_page(desk: &mut Desk<'_>) -> Result<(), SessionError> {
    loop {
        let open = desk
            .gallery()
            .into_iter()
            .find(|&id| desk.review.identity(id).is_some_and(|identity| identity.name.is_none()));
        let Some(id) = open else { return Ok(()) };
        let people = desk.people(desk.tracks(id));
        for (person, tracks) in people.iter().skip(1) {
            send(desk, *person, tracks)?;
        }
        desk.call(id, people[0].0)?;
    }
}

/// Selects tracks of one person, and moves them to where that person is, or makes them an identity.
pub(super) fn send(desk: &mut Desk<'_>, person: u32, tracks: &[TrackIx]) -> Result<(), SessionError> {
    let ids = desk.ids(tracks);
    let edit = match desk.named(person) {
        Some(home) => Edit::relocate(ids, home),
        None => Edit::split(ids, None),
    };
    desk.act(edit, tracks.len() + 1)
}

/// Track after track: a name for the first of a person, a yes or a correction for each other.
pub(super) fn one_by_one(desk: &mut Desk<'_>) -> Result<(), SessionError> {
    for track in 0..desk.review.n_tracks() as TrackIx {
        let Some(at) = desk.review.identity_of(track) else { continue };
        let person = desk.person(track);
        let (ids, alone) = (desk.ids(&[track]), desk.tracks(at).len() == 1);
        let edit = match desk.named(person) {
            Some(home) if home == at => Edit::Confirm { identities: vec![at] },
            Some(home) => Edit::relocate(ids, home),
            None if alone => Edit::Rename { identity: at, name: desk.name(person) },
            None => Edit::split(ids, Some(desk.name(person))),
        };
        desk.act(edit, 1)?;
    }
    Ok(())
}
