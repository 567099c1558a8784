//! How other tools have it done.

use super::simulation::Simulation;
use crate::base::TrackIx;
use crate::review::Edit;
use crate::session::SessionError;

/// The largest identity first: what is another person's goes, a person at a time, a click for each
/// track and one for where it goes; then the name.
pub(super) fn cluster_page(simulation: &mut Simulation<'_>) -> Result<(), SessionError> {
    loop {
        let open = simulation
            .gallery()
            .into_iter()
            .find(|&id| simulation.review.identity(id).is_some_and(|identity| identity.name.is_none()));
        let Some(id) = open else { return Ok(()) };
        let people = simulation.people(simulation.tracks(id));
        for (person, tracks) in people.iter().skip(1) {
            move_to_person(simulation, *person, tracks)?;
        }
        simulation.call(id, people[0].0)?;
    }
}

/// Selects tracks of one person, and moves them to where that person is, or makes them an identity.
pub(super) fn move_to_person(
    simulation: &mut Simulation<'_>,
    person: u32,
    tracks: &[TrackIx],
) -> Result<(), SessionError> {
    move_selected(simulation, person, tracks, tracks.len() + 1)
}

/// The same of tracks that are selected, with what all of it takes.
pub(super) fn move_selected(
    simulation: &mut Simulation<'_>,
    person: u32,
    tracks: &[TrackIx],
    gestures: usize,
) -> Result<(), SessionError> {
    let ids = simulation.ids(tracks);
    let edit = match simulation.named(person) {
        Some(home) => Edit::move_to(ids, home),
        None => Edit::split(ids, None),
    };
    simulation.perform(edit, gestures)
}

/// Track after track: a name for the first of a person, a yes or a correction for each other.
pub(super) fn one_by_one(simulation: &mut Simulation<'_>) -> Result<(), SessionError> {
    for track in 0..simulation.review.n_tracks() as TrackIx {
        let Some(at) = simulation.review.identity_of(track) else { continue };
        let person = simulation.person(track);
        let (ids, alone) = (simulation.ids(&[track]), simulation.tracks(at).len() == 1);
        let edit = match simulation.named(person) {
            Some(home) if home == at => Edit::Confirm { identities: vec![at] },
            Some(home) => Edit::move_to(ids, home),
            None if alone => Edit::Rename { identity: at, name: simulation.name(person) },
            None => Edit::split(ids, Some(simulation.name(person))),
        };
        simulation.perform(edit, 1)?;
    }
    Ok(())
}
