//! The edit that an action makes of what is selected.
//!
//! Takes the page, the selection and an action; gives an edit. Whether it is taken is the session's
//! to say.

use super::actions::Action;
use super::desk::Desk;
use super::look::Page;
use crate::advice::take_apart;
use crate::review::{Edit, IdentityId};

/// The identities that an action is about.
pub(super) fn people(desk: &Desk) -> Vec<IdentityId> {
    match desk.look.page {
        Page::Identity(id) => vec![id],
        _ => desk.look.choice.items(),
    }
}

/// The edit that an action is; none where it is another thing, or too little is selected.
pub(super) fn made(desk: &Desk, action: Action, restores: bool) -> Option<Edit> {
    let identities = people(desk);
    let review = desk.session.review();
    let chosen = desk.look.tracks.items();
    let tracks: Vec<String> = chosen.iter().map(|&ix| review.track_id(ix).to_owned()).collect();
    Some(match action {
        Action::Merge => Edit::merge(identities, None),
        Action::NotSame if desk.look.page == Page::Gallery => match identities[..] {
            [a, b] => review.apart(a, b)?,
            _ => return None,
        },
        Action::NotSame => {
            let [a, b] = chosen[..] else { return None };
            let doubts = desk.session.run().map(|run| &run.doubts);
            let doubt = |track| doubts.and_then(|doubts| doubts.get(review.track_id(track))).copied();
            // Who sits worse in the identity that both are in is the one who goes.
            if doubt(a) > doubt(b) { review.never_same(b, a) } else { review.never_same(a, b) }
        }
        Action::Link => review.same(&chosen)?,
        Action::Confirm => Edit::Confirm { identities },
        Action::Ignore if restores => Edit::Restore { identities },
        Action::Ignore => Edit::Ignore { identities },
        Action::Split => Edit::split(tracks, None),
        Action::Apart => take_apart(review, *identities.first()?)?,
        Action::Reject => Edit::Reject { tracks },
        Action::Cover => Edit::Cover { identity: *identities.first()?, track: tracks.into_iter().next()? },
        _ => return None,
    })
}
