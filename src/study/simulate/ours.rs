//! Castlist's own way: split, ask, name, and let the machine guess who the rest are.

use super::desk::Desk;
use super::others::send;
use crate::advice::{Falling, Pair, Parting, Queue, accept, checked, falling, split_all, take_apart};
use crate::base::{Cx, TrackIx};
use crate::review::{Edit, IdentityId};
use crate::session::SessionError;

/// Pairs on a page of "same person?", as in the window.
const PAGE: usize = 12;
/// Named people that stand beside a track, as in the window.
const HOMES: usize = 3;
/// How many parts more or fewer than suggested the curator looks at.
const LOOKED: usize = 8;

pub(super) fn play(desk: &mut Desk<'_>, cx: &Cx) -> Result<(), SessionError> {
    split_pages(desk, cx)?;
    mend(desk, cx)?;
    ask(desk, cx)?;
    let mut queue = Queue::new(desk.vectors(), &desk.review, cx)?;
    name(desk, &mut queue)?;
    rest(desk, &mut queue)
}

/// The largest identity first: a few wrong tracks go straight to whom they show, and whoever has no
/// name yet gets one. Who is one of the named waits for the rest.
fn name(desk: &mut Desk<'_>, queue: &mut Queue) -> Result<(), SessionError> {
    let mut waiting: Vec<IdentityId> = Vec::new();
    loop {
        let is_open = |id: &IdentityId| {
            !waiting.contains(id) && desk.review.identity(*id).is_some_and(|identity| identity.name.is_none())
        };
        let Some(id) = desk.gallery().into_iter().find(is_open) else { return Ok(()) };
        let people = desk.people(desk.tracks(id));
        for (person, tracks) in people.iter().skip(1) {
            send_home(desk, queue, *person, tracks)?;
        }
        match desk.named(people[0].0) {
            Some(_) => waiting.push(id),
            None => desk.call(id, people[0].0)?,
        }
        queue.refresh(&desk.review);
    }
}

/// Beside a track stand the named people whom it is likeliest, and "somebody else": one click sends
/// it there. Tracks whose person does not stand there are selected and sent together.
fn send_home(
    desk: &mut Desk<'_>,
    queue: &mut Queue,
    person: u32,
    tracks: &[TrackIx],
) -> Result<(), SessionError> {
    queue.refresh(&desk.review);
    let mut left = Vec::new();
    for &track in tracks {
        let ids = desk.ids(&[track]);
        let Some(home) = desk.named(person) else {
            if tracks.len() > 1 && desk.is_alone(person, tracks) {
                // Somebody new: the name that is due anyway, so that the others find it.
                let others = desk.gallery();
                desk.act(Edit::split(ids, None), 1)?;
                let fresh = desk.gallery().into_iter().find(|id| !others.contains(id));
                if let Some(fresh) = fresh {
                    desk.call(fresh, person)?;
                }
                queue.refresh(&desk.review);
            } else if tracks.len() == 1 {
                desk.act(Edit::split(ids, None), 1)?;
            } else {
                left.push(track);
            }
            continue;
        };
        if queue.named_homes(&[track], HOMES).iter().any(|(id, _)| *id == home) {
            desk.act(Edit::relocate(ids, home), 1)?;
            queue.refresh(&desk.review);
        } else {
            left.push(track);
        }
    }
    if left.is_empty() { Ok(()) } else { send(desk, person, &left) }
}

/// Everybody has a name, and whoever is left is one of them: pages of the machine's guesses, all ticked
/// once the curator has said so by the page's switch. A wrong guess is put right by the name, and the
/// page is accepted where that saves more than it takes.
fn rest(desk: &mut Desk<'_>, queue: &mut Queue) -> Result<(), SessionError> {
    queue.refresh(&desk.review);
    let mut is_said = false;
    loop {
        let page = queue.rest(PAGE);
        let person = |id: IdentityId| desk.people(desk.tracks(id))[0].0;
        let (right, wrong): (Vec<&Pair>, Vec<&Pair>) =
            page.iter().partition(|pair| person(pair.a) == person(pair.b));
        let is_unnamed =
            |id: &IdentityId| desk.review.identity(*id).is_some_and(|identity| identity.name.is_none());
        // The switch, once, and the key that accepts.
        let gestures = if is_said { 1 } else { 2 };
        let to_name = match wrong.as_slice() {
            [] if right.len() > gestures => None,
            [first, ..] => [first.a, first.b].into_iter().find(is_unnamed),
            [] => desk.gallery().into_iter().find(is_unnamed),
        };
        match to_name {
            Some(id) => desk.call(id, person(id))?,
            None if page.is_empty() => return Ok(()),
            None => {
                let Some(edit) = accept(&desk.review, &page, &vec![true; page.len()]) else { return Ok(()) };
                desk.act(edit, gestures)?;
                is_said = true;
            }
        }
        queue.refresh(&desk.review);
    }
}

/// Pages of identities that fall into parts: what would be split wrongly is clicked out. As long as
/// a page that is looked at saves more than it takes; a split by itself takes two gestures.
fn split_pages(desk: &mut Desk<'_>, cx: &Cx) -> Result<(), SessionError> {
    let mut left = falling(desk.vectors(), &desk.review, cx)?;
    while !left.is_empty() {
        let page: Vec<Falling> = left.drain(..left.len().min(PAGE)).collect();
        // No person in two parts: then every part goes where it belongs.
        let is_right = |falling: &Falling| {
            let mut people: Vec<u32> = falling.parts.iter().map(|part| desk.people(part)[0].0).collect();
            people.sort_unstable();
            people.windows(2).all(|pair| pair[0] != pair[1])
        };
        let ticks: Vec<bool> = page.iter().map(is_right).collect();
        let changed = page.iter().zip(&ticks).filter(|(it, tick)| it.is_likely() != **tick).count();
        let saved = 2 * ticks.iter().filter(|&&tick| tick).count();
        if saved > changed + 1
            && let Some(edit) = split_all(&desk.review, &page, &ticks)
        {
            desk.act(edit, changed + 1)?;
        }
    }
    Ok(())
}

/// What can be done about a mixed identity, with its gestures as they are seen beforehand.
enum Way {
    /// The preview in so many parts, as they are accepted.
    Split(Parting, Vec<Vec<TrackIx>>, usize),
    /// The grid of its tracks, these clicked out.
    Check(Vec<TrackIx>),
    /// Each track by itself, since the machine will guess who they are.
    Apart,
    /// Left as it is: each other person's tracks are sent to whom they show when it is named.
    Send,
}

/// Takes mixed identities apart where that costs less than sending the wrong tracks away one by one.
fn mend(desk: &mut Desk<'_>, cx: &Cx) -> Result<(), SessionError> {
    let mut left: Vec<IdentityId> = Vec::new();
    loop {
        let is_open = |id: &IdentityId| !left.contains(id) && desk.people(desk.tracks(*id)).len() > 1;
        let mixed = desk.gallery().into_iter().find(is_open);
        let Some(id) = mixed else { return Ok(()) };
        let people = desk.people(desk.tracks(id));
        match cheapest(desk, id, &people, cx)? {
            Way::Split(parting, parts, gestures) => {
                let edit = parting.edit(&desk.review, &parts);
                let Some(edit) = edit else { return Ok(()) };
                desk.act(edit, gestures)?;
            }
            Way::Check(wrong) => {
                let edit = checked(desk.vectors(), &desk.review, id, &wrong);
                let Some(edit) = edit else { return Ok(()) };
                // A key opens the grid, and one accepts it.
                desk.act(edit, wrong.len() + 2)?;
            }
            Way::Apart => {
                let Some(edit) = take_apart(&desk.review, id) else { return Ok(()) };
                desk.act(edit, 1)?;
            }
            Way::Send => left.push(id),
        }
    }
}

fn cheapest(
    desk: &Desk<'_>,
    id: IdentityId,
    people: &[(u32, Vec<TrackIx>)],
    cx: &Cx,
) -> Result<Way, SessionError> {
    let wrong: Vec<TrackIx> = people.iter().skip(1).flat_map(|(_, tracks)| tracks).copied().collect();
    // Who is split off and stands elsewhere as well takes a name more.
    let elsewhere = |person: u32| {
        desk.gallery().iter().any(|&other| other != id && desk.people(desk.tracks(other))[0].0 == person)
    };
    // In half gestures, since the machine guesses about half of them right in the end.
    let names = people.iter().filter(|(person, _)| elsewhere(*person)).count();
    let n_tracks: usize = people.iter().map(|(_, tracks)| tracks.len()).sum();
    let by_grid = 2 * (wrong.len() + 2) + names;
    // Half of the time a click beside the track sends it; else one selects and one sends.
    let by_sending = 2 * wrong.len() + people.len() - 1 + usize::from(elsewhere(people[0].0));
    let apart = 2 + n_tracks + names - people.len();
    let (mut least, mut way) =
        if by_sending <= by_grid { (by_sending, Way::Send) } else { (by_grid, Way::Check(wrong)) };
    if apart < least {
        (least, way) = (apart, Way::Apart);
    }
    let Some(parting) = Parting::new(desk.vectors(), &desk.review, id, cx)? else { return Ok(way) };
    let (suggested, most) = (parting.suggested(), *parting.range().end());
    // Step by step, or back from each track by itself, which is one key as well.
    let steps = |n: usize| n.abs_diff(suggested).min(1 + most - n);
    for n in parting.range().filter(|n| steps(*n) <= LOOKED) {
        // The key, the steps to n, and the accepting one.
        let mut gestures = 2 + steps(n);
        let mut later = names;
        let parts = parting.parts(n);
        let first = desk.people(&parts[0])[0].0;
        let mut accepted: Vec<Vec<TrackIx>> = vec![parts[0].clone()];
        let mut seen = vec![first];
        later += 2 * left_over(desk, &parts[0]);
        for part in &parts[1..] {
            let person = desk.people(part)[0].0;
            later += 2 * left_over(desk, part);
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
            way = Way::Split(parting.clone(), accepted, gestures);
        }
    }
    Ok(way)
}

/// What a part that is seen to be mixed will still take: a click for each wrong track, and one for
/// each person whose they are.
fn left_over(desk: &Desk<'_>, part: &[TrackIx]) -> usize {
    desk.people(part).iter().skip(1).map(|(_, tracks)| tracks.len() + 1).sum()
}

/// Pages of "same person?", as long as a page that is looked at saves more than it takes.
fn ask(desk: &mut Desk<'_>, cx: &Cx) -> Result<(), SessionError> {
    let mut queue = Queue::new(desk.vectors(), &desk.review, cx)?;
    loop {
        let page = queue.page(PAGE);
        let same = |pair: &Pair| {
            let one = |id| match desk.people(desk.tracks(id)).as_slice() {
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
        let Some(edit) = accept(&desk.review, &page, &ticks) else { return Ok(()) };
        desk.act(edit, changed + 1)?;
        for (pair, _) in page.iter().zip(&ticks).filter(|(_, tick)| !**tick) {
            queue.skip(pair.a, pair.b);
        }
        queue.refresh(&desk.review);
    }
}
