//! The curator in the window's three panes: rubber bands over faces, and the ranked people who could also
//! be somebody.
//!
//! What is selected counts by runs: a click, or a rubber band over neighbours in the order shown, is 1, and
//! what then carries or accepts the selection 1 more. Questions, previews and guesses are as in
//! [`super::castlist`]; whichever is seen to be cheaper is taken.

use std::collections::BTreeSet;

use super::castlist::{PAGE, answer_questions, name_identities, name_unnamed, repair_mixed, split_pages};
use super::simulation::{Simulation, runs};
use crate::advice::QuestionQueue;
use crate::base::Cx;
use crate::review::{Edit, IdentityId};
use crate::session::SessionError;

/// Guesses that are looked through before the ranked people are.
const GUESSES: usize = 40 * PAGE;

pub(super) fn play(simulation: &mut Simulation<'_>, cx: &Cx) -> Result<(), SessionError> {
    split_pages(simulation, cx)?;
    repair_mixed(simulation, cx)?;
    answer_questions(simulation, cx)?;
    let mut queue = QuestionQueue::new(simulation.vectors(), &simulation.review, cx)?;
    name_identities(simulation, &mut queue)?;
    accept_ranked(simulation, &mut queue)?;
    name_unnamed(simulation, &mut queue)
}

/// "Could also be this person": of each named person the ranked people are looked through, and those who
/// are right are selected and accepted, where the pages of guesses would not have them right and that
/// takes fewer gestures than their names.
fn accept_ranked(simulation: &mut Simulation<'_>, queue: &mut QuestionQueue) -> Result<(), SessionError> {
    queue.refresh(&simulation.review);
    let named = |simulation: &Simulation<'_>, id: IdentityId| {
        simulation.review.identity(id).is_some_and(|identity| identity.name.is_some())
    };
    let mut looked_at: BTreeSet<IdentityId> = BTreeSet::new();
    loop {
        let next =
            simulation.gallery().into_iter().find(|&id| named(simulation, id) && !looked_at.contains(&id));
        let Some(home) = next else { return Ok(()) };
        looked_at.insert(home);
        let one = |id: IdentityId| match simulation.people(simulation.tracks(id)).as_slice() {
            [(person, _)] => Some(*person),
            _ => None,
        };
        let guessed: BTreeSet<IdentityId> = queue
            .name_guesses(GUESSES)
            .iter()
            .filter(|pair| one(pair.a).is_some() && one(pair.a) == one(pair.b))
            .flat_map(|pair| [pair.a, pair.b])
            .filter(|&id| !named(simulation, id))
            .collect();
        let ranked = queue.could_be(simulation.tracks(home));
        let person = one(home);
        let is_right = |id: IdentityId| person.is_some() && one(id) == person && !named(simulation, id);
        let chosen: Vec<bool> = ranked.iter().map(|(id, _)| is_right(*id)).collect();
        let right: Vec<IdentityId> =
            ranked.iter().zip(&chosen).filter(|it| *it.1).map(|((id, _), _)| *id).collect();
        let by_name = right.iter().filter(|id| !guessed.contains(id)).count();
        // One alone has its own yes; in a list a range takes its two ends.
        let gestures = match right.len() {
            0 => continue,
            1 => 1,
            _ => runs(&chosen).iter().map(|&length| length.min(2)).sum::<usize>() + 1,
        };
        if gestures < by_name {
            let all = std::iter::once(home).chain(right).collect();
            simulation.perform(Edit::merge(all, Some(home)), gestures)?;
            queue.refresh(&simulation.review);
            // Who is one of them now may be more likely somebody else as well.
            looked_at.remove(&home);
        }
    }
}
