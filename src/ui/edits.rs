//! The edit that an action makes of what is selected.
//!
//! Takes the page, the selection and an action; gives an edit. Whether it is taken is the session's
//! to say.

use super::actions::Action;
use super::open_project::OpenProject;
use super::state::Page;
use crate::advice::split_into_tracks;
use crate::review::{Edit, IdentityId};

/// The identities that an action is about.
pub(super) fn concerned_identities(project: &OpenProject) -> Vec<IdentityId> {
    match project.state.page {
        Page::Identity(id) => vec![id],
        _ => project.state.identities.items(),
    }
}

/// The edit that an action is; none where it is another thing, or too little is selected.
pub(super) fn edit_of(project: &OpenProject, action: Action, restores: bool) -> Option<Edit> {
    let identities = concerned_identities(project);
    let review = project.session.review();
    let chosen = project.state.tracks.items();
    let tracks: Vec<String> = chosen.iter().map(|&ix| review.track_id(ix).to_owned()).collect();
    Some(match action {
        Action::Merge => Edit::merge(identities, None),
        Action::DifferentPeople if project.state.page == Page::Gallery => match identities[..] {
            [a, b] => review.cannot_link(a, b)?,
            _ => return None,
        },
        Action::DifferentPeople => {
            let [a, b] = chosen[..] else { return None };
            let doubts = project.session.run().map(|run| &run.doubts);
            let doubt = |track| doubts.and_then(|doubts| doubts.get(review.track_id(track))).copied();
            // Who sits worse in the identity that both are in is the one who goes.
            if doubt(a) > doubt(b) {
                review.cannot_link_tracks(b, a)
            } else {
                review.cannot_link_tracks(a, b)
            }
        }
        Action::Link => review.same(&chosen)?,
        Action::Confirm => Edit::Confirm { identities },
        Action::Ignore if restores => Edit::Restore { identities },
        Action::Ignore => Edit::Ignore { identities },
        Action::Split => Edit::split(tracks, None),
        Action::SplitIntoTracks => split_into_tracks(review, *identities.first()?)?,
        Action::Reject => Edit::Reject { tracks },
        Action::Cover => Edit::Cover { identity: *identities.first()?, track: tracks.into_iter().next()? },
        _ => return None,
    })
}
