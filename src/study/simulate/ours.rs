//! Castlist's own way: split, ask, name.

use super::desk::Desk;
use super::others::cluster_page;
use crate::advice::{Falling, Pair, Parting, Queue, accept, checked, falling, split_all};
use crate::base::{Cx, TrackIx};
use crate::review::IdentityId;
use crate::session::SessionError;

/// Pairs on a page of "same person?", as in the window.
const PAGE: usize = 12;
/// How many parts more or fewer than suggested the curator looks at.
const LOOKED: usize = 8;

pub(super) fn play(desk: &mut Desk<'_>, cx: &Cx) -> Result<(), SessionError> {
    split_pages(desk, cx)?;
    mend(desk, cx)?;
    ask(desk, cx)?;
    // What is left is named, and a few wrong tracks go straight to whom they show.
    cluster_page(desk)
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
    let names = people.iter().skip(1).filter(|(person, _)| elsewhere(*person)).count();
    let by_grid = wrong.len() + 2 + names;
    let by_sending = wrong.len() + people.len() - 1;
    let (mut least, mut way) =
        if by_sending <= by_grid { (by_sending, Way::Send) } else { (by_grid, Way::Check(wrong)) };
    let Some(parting) = Parting::new(desk.vectors(), &desk.review, id, cx)? else { return Ok(way) };
    let suggested = parting.suggested();
    for n in parting.range().filter(|n| n.abs_diff(suggested) <= LOOKED) {
        // The key, the steps to n, and the accepting one.
        let mut gestures = 2 + n.abs_diff(suggested);
        let mut later = names;
        let parts = parting.parts(n);
        let first = desk.people(&parts[0])[0].0;
        let mut accepted: Vec<Vec<TrackIx>> = vec![parts[0].clone()];
        let mut seen = vec![first];
        later += left_over(desk, &parts[0]);
        for part in &parts[1..] {
            let person = desk.people(part)[0].0;
            later += left_over(desk, part);
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
        if accepted.len() > 1 && gestures + later < least {
            least = gestures + later;
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
