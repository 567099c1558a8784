//! Castlist's own strategy: split, ask, name, and accept guesses for the rest.

use super::other_tools::{move_selected, move_to_person};
use super::simulation::Simulation;
use crate::advice::{
    MergeQuestion, MixedIdentity, QuestionQueue, SplitSuggestion, accept, checked, mixed_identities,
    split_into_tracks, split_mixed,
};
use crate::base::{Cx, TrackIx};
use crate::review::{Edit, IdentityId};
use crate::session::SessionError;

/// Pairs on a page of "same person?", as in the window.
pub(super) const PAGE: usize = 12;
/// Named people that stand beside a track, as in the window.
const HOMES: usize = 3;
/// How many parts more or fewer than suggested the curator looks at.
const LOOKED: usize = 8;

pub(super) fn play(simulation: &mut Simulation<'_>, cx: &Cx) -> Result<(), SessionError> {
    split_pages(simulation, cx)?;
    repair_mixed(simulation, cx)?;
    answer_questions(simulation, cx)?;
    let mut queue = QuestionQueue::new(simulation.vectors(), &simulation.review, cx)?;
    name_identities(simulation, &mut queue)?;
    name_unnamed(simulation, &mut queue)
}

/// The largest identity first: a few wrong tracks go straight to the person they show, and an
/// identity without a name yet gets one. Who is one of the named waits for the rest.
pub(super) fn name_identities(
    simulation: &mut Simulation<'_>,
    queue: &mut QuestionQueue,
) -> Result<(), SessionError> {
    let mut waiting: Vec<IdentityId> = Vec::new();
    loop {
        let is_open = |id: &IdentityId| {
            !waiting.contains(id)
                && simulation.review.identity(*id).is_some_and(|identity| identity.name.is_none())
        };
        let Some(id) = simulation.gallery().into_iter().find(is_open) else { return Ok(()) };
        let people = simulation.people(simulation.tracks(id));
        for (person, tracks) in people.iter().skip(1) {
            if simulation.has_panes() && bands_are_fewer(simulation, queue, id, *person, tracks) {
                let gestures = simulation.carrying(id, tracks);
                move_selected(simulation, *person, tracks, gestures)?;
                queue.refresh(&simulation.review);
            } else {
                move_to_likely(simulation, queue, *person, tracks)?;
            }
        }
        match simulation.named(people[0].0) {
            Some(_) => waiting.push(id),
            None => simulation.call(id, people[0].0)?,
        }
        queue.refresh(&simulation.review);
    }
}

/// Whether rubber bands take fewer gestures than a click beside each track that has its person there, and
/// a selection of the others.
fn bands_are_fewer(
    simulation: &Simulation<'_>,
    queue: &QuestionQueue,
    id: IdentityId,
    person: u32,
    tracks: &[TrackIx],
) -> bool {
    let is_beside = |track: &TrackIx| {
        let home = simulation.named(person);
        home.is_some_and(|home| queue.likely_named(&[*track], HOMES).iter().any(|(id, _)| *id == home))
    };
    let beside = tracks.iter().filter(|track| is_beside(track)).count();
    let others = tracks.len() - beside;
    let by_click = if others > 0 { beside + others + 1 } else { beside };
    simulation.carrying(id, tracks) < by_click
}

/// Beside a track are its most likely named people, and "somebody else": one click sends
/// it there. Tracks whose person does not stand there are selected and sent together.
fn move_to_likely(
    simulation: &mut Simulation<'_>,
    queue: &mut QuestionQueue,
    person: u32,
    tracks: &[TrackIx],
) -> Result<(), SessionError> {
    queue.refresh(&simulation.review);
    let mut left = Vec::new();
    for &track in tracks {
        let ids = simulation.ids(&[track]);
        let Some(home) = simulation.named(person) else {
            if tracks.len() > 1 && simulation.is_alone(person, tracks) {
                // A new person: the name that is due anyway, so that the others find it.
                let others = simulation.gallery();
                simulation.perform(Edit::split(ids, None), 1)?;
                let fresh = simulation.gallery().into_iter().find(|id| !others.contains(id));
                if let Some(fresh) = fresh {
                    simulation.call(fresh, person)?;
                }
                queue.refresh(&simulation.review);
            } else if tracks.len() == 1 {
                simulation.perform(Edit::split(ids, None), 1)?;
            } else {
                left.push(track);
            }
            continue;
        };
        if queue.likely_named(&[track], HOMES).iter().any(|(id, _)| *id == home) {
            simulation.perform(Edit::move_to(ids, home), 1)?;
            queue.refresh(&simulation.review);
        } else {
            left.push(track);
        }
    }
    if left.is_empty() { Ok(()) } else { move_to_person(simulation, person, &left) }
}

/// Everybody has a name, and whoever is left is one of them: pages of guesses, all
/// ticked once the curator has said so by the page's switch. A wrong guess is put right by the
/// name, and the page is accepted where that saves more than it takes.
pub(super) fn name_unnamed(
    simulation: &mut Simulation<'_>,
    queue: &mut QuestionQueue,
) -> Result<(), SessionError> {
    queue.refresh(&simulation.review);
    let mut is_said = false;
    loop {
        let page = queue.name_guesses(PAGE);
        let person = |id: IdentityId| simulation.people(simulation.tracks(id))[0].0;
        let (right, wrong): (Vec<&MergeQuestion>, Vec<&MergeQuestion>) =
            page.iter().partition(|pair| person(pair.a) == person(pair.b));
        let is_unnamed =
            |id: &IdentityId| simulation.review.identity(*id).is_some_and(|identity| identity.name.is_none());
        // The switch, once, and the key that accepts.
        let gestures = if is_said { 1 } else { 2 };
        let to_name = match wrong.as_slice() {
            [] if right.len() > gestures => None,
            [first, ..] => [first.a, first.b].into_iter().find(is_unnamed),
            [] => simulation.gallery().into_iter().find(is_unnamed),
        };
        match to_name {
            Some(id) => simulation.call(id, person(id))?,
            None if page.is_empty() => return Ok(()),
            None => {
                let Some(edit) = accept(&simulation.review, &page, &vec![true; page.len()]) else {
                    return Ok(());
                };
                simulation.perform(edit, gestures)?;
                is_said = true;
            }
        }
        queue.refresh(&simulation.review);
    }
}

/// Pages of mixed identities: wrong splits are unticked. As long as
/// a page that is looked at saves more than it takes; a split by itself takes two gestures.
pub(super) fn split_pages(simulation: &mut Simulation<'_>, cx: &Cx) -> Result<(), SessionError> {
    let mut left = mixed_identities(simulation.vectors(), &simulation.review, cx)?;
    while !left.is_empty() {
        let page: Vec<MixedIdentity> = left.drain(..left.len().min(PAGE)).collect();
        // No person in two parts: then every part goes where it belongs.
        let is_right = |mixed: &MixedIdentity| {
            let mut people: Vec<u32> = mixed.parts.iter().map(|part| simulation.people(part)[0].0).collect();
            people.sort_unstable();
            people.windows(2).all(|pair| pair[0] != pair[1])
        };
        let ticks: Vec<bool> = page.iter().map(is_right).collect();
        let changed = page.iter().zip(&ticks).filter(|(it, tick)| it.is_likely() != **tick).count();
        let saved = 2 * ticks.iter().filter(|&&tick| tick).count();
        if saved > changed + 1
            && let Some(edit) = split_mixed(&simulation.review, &page, &ticks)
        {
            simulation.perform(edit, changed + 1)?;
        }
    }
    Ok(())
}

/// What can be done about a mixed identity, with its gestures as they are seen beforehand.
enum Repair {
    /// The preview with this number of parts, as they are accepted.
    Split(SplitSuggestion, Vec<Vec<TrackIx>>, usize),
    /// The grid of its tracks, these clicked out.
    Check(Vec<TrackIx>),
    /// Each track by itself, since they will be guessed later.
    Apart,
    /// Left as it is: each other person's tracks are moved to that person once it is named.
    Send,
}

/// Takes mixed identities apart where that costs less than sending the wrong tracks away one by
/// one.
pub(super) fn repair_mixed(simulation: &mut Simulation<'_>, cx: &Cx) -> Result<(), SessionError> {
    let mut left: Vec<IdentityId> = Vec::new();
    loop {
        let is_open =
            |id: &IdentityId| !left.contains(id) && simulation.people(simulation.tracks(*id)).len() > 1;
        let mixed = simulation.gallery().into_iter().find(is_open);
        let Some(id) = mixed else { return Ok(()) };
        let people = simulation.people(simulation.tracks(id));
        match cheapest_repair(simulation, id, &people, cx)? {
            Repair::Split(parting, parts, gestures) => {
                let edit = parting.edit(&simulation.review, &parts);
                let Some(edit) = edit else { return Ok(()) };
                simulation.perform(edit, gestures)?;
            }
            Repair::Check(wrong) => {
                let edit = checked(simulation.vectors(), &simulation.review, id, &wrong);
                let Some(edit) = edit else { return Ok(()) };
                // A key opens the grid, and one accepts it.
                simulation.perform(edit, wrong.len() + 2)?;
            }
            Repair::Apart => {
                let Some(edit) = split_into_tracks(&simulation.review, id) else { return Ok(()) };
                simulation.perform(edit, 1)?;
            }
            Repair::Send => left.push(id),
        }
    }
}

fn cheapest_repair(
    simulation: &Simulation<'_>,
    id: IdentityId,
    people: &[(u32, Vec<TrackIx>)],
    cx: &Cx,
) -> Result<Repair, SessionError> {
    let wrong: Vec<TrackIx> = people.iter().skip(1).flat_map(|(_, tracks)| tracks).copied().collect();
    // Who is split off and stands elsewhere as well takes a name more.
    let elsewhere = |person: u32| {
        simulation
            .gallery()
            .iter()
            .any(|&other| other != id && simulation.people(simulation.tracks(other))[0].0 == person)
    };
    // In half gestures, since about half of the guesses are right in the end.
    let names = people.iter().filter(|(person, _)| elsewhere(*person)).count();
    let n_tracks: usize = people.iter().map(|(_, tracks)| tracks.len()).sum();
    let by_grid = 2 * (wrong.len() + 2) + names;
    // Half of the time a click beside the track sends it; else one selects and one sends.
    let mut by_sending = 2 * wrong.len() + people.len() - 1 + usize::from(elsewhere(people[0].0));
    if simulation.has_panes() {
        let bands = people
            .iter()
            .skip(1)
            .map(|(_, tracks)| (2 * tracks.len() + 1).min(2 * simulation.carrying(id, tracks)));
        by_sending = by_sending.min(bands.sum::<usize>() + usize::from(elsewhere(people[0].0)));
    }
    let apart = 2 + n_tracks + names - people.len();
    let (mut least, mut way) =
        if by_sending <= by_grid { (by_sending, Repair::Send) } else { (by_grid, Repair::Check(wrong)) };
    if apart < least {
        (least, way) = (apart, Repair::Apart);
    }
    let Some(parting) = SplitSuggestion::new(simulation.vectors(), &simulation.review, id, cx)? else {
        return Ok(way);
    };
    let (suggested, most) = (parting.suggested(), *parting.range().end());
    // Step by step, or back from each track by itself, which is one key as well.
    let steps = |n: usize| n.abs_diff(suggested).min(1 + most - n);
    for n in parting.range().filter(|n| steps(*n) <= LOOKED) {
        // The key, the steps to n, and the accepting one.
        let mut gestures = 2 + steps(n);
        let mut later = names;
        let parts = parting.parts(n);
        let first = simulation.people(&parts[0])[0].0;
        let mut accepted: Vec<Vec<TrackIx>> = vec![parts[0].clone()];
        let mut seen = vec![first];
        later += 2 * remaining_clicks(simulation, &parts[0]);
        for part in &parts[1..] {
            let person = simulation.people(part)[0].0;
            later += 2 * remaining_clicks(simulation, part);
            if person == first {
                // A click keeps it here.
                gestures += 1;
                accepted[0].extend(part);
            } else {
                later += usize::from(seen.contains(&person));
                seen.push(person);
                accepted.push(part.clone());
            }
        }
        if accepted.len() > 1 && 2 * gestures + later < least {
            least = 2 * gestures + later;
            way = Repair::Split(parting.clone(), accepted, gestures);
        }
    }
    Ok(way)
}

/// What a part that is seen to be mixed will still take: a click for each wrong track, and one for
/// each person whose they are.
fn remaining_clicks(simulation: &Simulation<'_>, part: &[TrackIx]) -> usize {
    simulation.people(part).iter().skip(1).map(|(_, tracks)| tracks.len() + 1).sum()
}

/// Pages of "same person?", as long as a page that is looked at saves more than it takes.
pub(super) fn answer_questions(simulation: &mut Simulation<'_>, cx: &Cx) -> Result<(), SessionError> {
    let mut queue = QuestionQueue::new(simulation.vectors(), &simulation.review, cx)?;
    loop {
        let page = queue.page(PAGE);
        let same = |pair: &MergeQuestion| {
            let one = |id| match simulation.people(simulation.tracks(id)).as_slice() {
                [(person, _)] => Some(*person),
                _ => None,
            };
            one(pair.a).is_some() && one(pair.a) == one(pair.b)
        };
        let ticks: Vec<bool> = page.iter().map(same).collect();
        let changed = page.iter().zip(&ticks).filter(|(pair, tick)| pair.is_likely() != **tick).count();
        let merges = ticks.iter().filter(|&&tick| tick).count();
        if merges <= changed + 1 {
            return Ok(());
        }
        let Some(edit) = accept(&simulation.review, &page, &ticks) else { return Ok(()) };
        simulation.perform(edit, changed + 1)?;
        for (pair, _) in page.iter().zip(&ticks).filter(|(_, tick)| !**tick) {
            queue.skip(pair.a, pair.b);
        }
        queue.refresh(&simulation.review);
    }
}
