//! What edits did, why one was refused, and what the tables of the rooms below say, in the curator's language.
//!
//! Takes an entry of the log with the names that it recorded, an edit or a refusal; gives one
//! sentence without a full stop. Nothing is looked up in the present state, so that the history
//! reads as it was.

use super::lang::{self, t};
use crate::base::{Parameter, Stage};
use crate::cluster::Method;
use crate::library::Deed;
use crate::models as catalogue;
use crate::review::{Edit, Entry, IdentityId, Refusal};
use crate::session::{SessionError, Setting};

/// What an entry did: `Merged 3 identities into Anna`.
pub(super) fn entry(entry: &Entry) -> String {
    told(entry, &entry.edit)
}

/// What an identity is called: its name, or `Person 12`.
pub(super) fn title(id: IdentityId, name: Option<&str>) -> String {
    name.map_or_else(|| t!("person", id = id.to_string()), str::to_owned)
}

/// `Anna`, or `4 identities`.
fn whom(entry: &Entry, ids: &[IdentityId]) -> String {
    match ids {
        [one] => called(entry, *one),
        _ => t!("identities", n = ids.len()),
    }
}

fn called(entry: &Entry, id: IdentityId) -> String {
    let name = entry.names.iter().find(|(other, _)| *other == id).and_then(|(_, name)| name.as_deref());
    title(id, name)
}

/// Whose tracks they were, where the entry speaks of one gesture only; empty otherwise.
fn source(entry: &Entry, to: Option<IdentityId>) -> String {
    let ids: Vec<_> = entry.names.iter().map(|it| it.0).filter(|id| Some(*id) != to).collect();
    let alone = !matches!(entry.edit, Edit::All { .. }) && !ids.is_empty();
    if alone { whom(entry, &ids) } else { String::new() }
}

fn told(entry: &Entry, edit: &Edit) -> String {
    match edit {
        Edit::Rename { identity, name } => {
            let known = entry.names.iter().any(|(id, name)| id == identity && name.is_some());
            let who = called(entry, *identity);
            match (name.is_empty(), known) {
                (true, _) => t!("did-unname", who = who),
                (false, true) => t!("did-rename", who = who, name = name.as_str()),
                (false, false) => t!("did-name", who = who, name = name.as_str()),
            }
        }
        Edit::Recognise { identity, name, .. } => match called(entry, *identity) {
            who if who == *name => t!("did-know", name = name.as_str()),
            who => t!("did-recognise", who = who, name = name.as_str()),
        },
        Edit::Unlike { tracks, name, .. } => match source(entry, None) {
            who if who.is_empty() => t!("did-unlike", n = tracks.len(), name = name.as_str()),
            who => t!("did-unlike-who", who = who, name = name.as_str()),
        },
        Edit::Merge { identities, into, .. } => {
            let others: Vec<_> = identities.iter().copied().filter(|id| Some(*id) != *into).collect();
            let who = whom(entry, &others);
            match into {
                Some(id) => t!("did-merge", who = who, into = called(entry, *id)),
                None => t!("did-merge-all", who = who),
            }
        }
        Edit::Move { tracks, to, .. } => {
            let to_whom = called(entry, *to);
            match source(entry, Some(*to)) {
                from if from.is_empty() => t!("did-move", n = tracks.len(), to = to_whom),
                from => t!("did-move-from", n = tracks.len(), to = to_whom, from = from),
            }
        }
        Edit::Split { tracks, new, name, .. } => {
            let off = source(entry, *new);
            let made = name.clone().or_else(|| new.map(|id| called(entry, id))).unwrap_or_default();
            match (off.is_empty(), made.is_empty()) {
                (true, true) => t!("did-split", n = tracks.len()),
                (true, false) => t!("did-split-as", n = tracks.len(), name = made),
                (false, true) => t!("did-split-off", n = tracks.len(), from = off),
                (false, false) => t!("did-split-off-as", n = tracks.len(), from = off, name = made),
            }
        }
        Edit::Reject { tracks } => match source(entry, None) {
            from if from.is_empty() => t!("did-reject", n = tracks.len()),
            from => t!("did-reject-from", n = tracks.len(), from = from),
        },
        Edit::Ignore { identities } => t!("did-ignore", who = whom(entry, identities)),
        Edit::Restore { identities } => t!("did-restore", who = whom(entry, identities)),
        Edit::Confirm { identities } => t!("did-confirm", who = whom(entry, identities)),
        Edit::Cover { identity, .. } => t!("did-cover", who = called(entry, *identity)),
        Edit::CannotLink(link) => t!("did-cannot-link", a = link.a.as_str(), b = link.b.as_str()),
        Edit::MustLink(link) => t!("did-must-link", a = link.a.as_str(), b = link.b.as_str()),
        Edit::Adopt(adopted) => t!("did-adopt", source = adopted.source.as_str()),
        Edit::All { edits } => match edits.as_slice() {
            [] => t!("did-nothing"),
            [one] => told(entry, one),
            [_, rest @ ..] if edit.only_joins() => t!("did-must-links", n = rest.len() + 2),
            [first, rest @ ..] => t!("did-more", first = told(entry, first), n = rest.len()),
        },
    }
}

/// What was done to the library.
pub(super) fn deed(deed: &Deed) -> String {
    match deed {
        Deed::Keep { people, .. } => t!("kept-people", n = people.len()),
        Deed::Rename { name, .. } => t!("shelved-rename", name = name.as_str()),
        Deed::Merge { people, .. } => t!("shelved-merge", n = people.len()),
        Deed::Remove { .. } => t!("shelved-remove"),
        Deed::Undo => t!("shelved-undo"),
        Deed::Redo => t!("shelved-redo"),
    }
}

/// Why an edit was not taken. What only a script runs into stays in English.
pub(super) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Identity(id) => t!("refused-identity", id = id.to_string()),
        Refusal::Track(track) => t!("refused-track", track = track.as_str()),
        Refusal::NotIn { track, identity } => {
            t!("refused-not-in", track = track.as_str(), who = title(*identity, None))
        }
        Refusal::Joined { chain } => t!("refused-joined", tracks = chain.join(" – ")),
        Refusal::Parted { a, b, x, y } => {
            t!("refused-parted", a = a.as_str(), b = b.as_str(), x = x.as_str(), y = y.as_str())
        }
        Refusal::Together { a, b, x, y, .. } => {
            t!("refused-together", a = a.as_str(), b = b.as_str(), x = x.as_str(), y = y.as_str())
        }
        Refusal::Clash { pairs, links } => match (pairs.as_slice(), links.as_slice()) {
            ([(a, b), rest @ ..], _) => {
                t!("refused-overlap", a = a.as_str(), b = b.as_str(), more = rest.len())
            }
            ([], [(a, b), rest @ ..]) => {
                t!("refused-link", a = a.as_str(), b = b.as_str(), more = rest.len())
            }
            ([], []) => refusal.to_string(),
        },
        Refusal::Nothing(_) | Refusal::Adopt | Refusal::Nested => refusal.to_string(),
    }
}

/// Why something did not happen. The common reasons are told in the curator's language; the others
/// stay as the room that knows them says it.
pub(super) fn error(error: &SessionError) -> String {
    match error {
        SessionError::Refused(why) => t!("refused", why = refusal(why)),
        SessionError::Missing(path) => t!("failed-missing", path = path.display().to_string()),
        SessionError::NoTracks(path) => t!("failed-no-tracks", path = path.display().to_string()),
        SessionError::NothingYet => t!("failed-nothing-yet"),
        SessionError::Model(catalogue::ModelError::Missing { missing, example, path, .. }) => t!(
            "failed-unknown-model",
            missing = missing.as_str(),
            path = path.as_str(),
            command = format!("castlist models add \"{path}\" {example}")
        ),
        other => match lang::spoken() {
            lang::Language::English => other.to_string(),
            lang::Language::Korean => t!("failed", why = other.to_string()),
        },
    }
}

/// What a long job does now.
pub(super) fn stage(stage: Stage) -> String {
    lang::or(stage.key(), stage.english())
}

/// A setting's name.
pub(super) fn setting(setting: &Setting) -> String {
    lang::or(&format!("setting-{}", setting.name), setting.label)
}

/// What a setting does.
pub(super) fn setting_doc(setting: &Setting) -> String {
    lang::or(&format!("setting-{}.doc", setting.name), setting.doc)
}

/// A method's name.
pub(super) fn method(method: &Method) -> String {
    lang::or(&format!("method-{}", method.id), method.name)
}

/// How a method groups.
pub(super) fn method_doc(method: &Method) -> String {
    lang::or(&format!("method-{}.doc", method.id), method.doc)
}

/// The name of a method's parameter.
pub(super) fn parameter(parameter: &Parameter) -> String {
    lang::or(&format!("parameter-{}", parameter.name), parameter.label)
}

/// What a parameter does.
pub(super) fn parameter_doc(parameter: &Parameter) -> String {
    lang::or(&format!("parameter-{}.doc", parameter.name), parameter.doc)
}

/// A model's size in megabytes, rounded up; `~` before an estimate.
pub(super) fn megabytes(entry: &catalogue::Entry) -> String {
    let (bytes, is_estimated) = entry.size_bytes().unwrap_or_default();
    format!("{}{}", if is_estimated { "~" } else { "" }, bytes.div_ceil(1_000_000))
}

/// A model's licence, and for which use it allows the model.
pub(super) fn licence(entry: &catalogue::Entry) -> String {
    let usage = match entry.commercial_use {
        Some(true) => t!("use-commercial"),
        Some(false) => t!("use-not-commercial"),
        None => t!("licence-unknown"),
    };
    let licence = entry.licence.clone().unwrap_or_else(|| t!("licence-unknown"));
    t!("licence", licence = licence, usage = usage)
}

/// What is said of a model; nothing where nobody says anything.
pub(super) fn model(entry: &catalogue::Entry) -> String {
    lang::or(&format!("model-{}", entry.id), entry.note.as_deref().unwrap_or_default())
}

/// A value that is a word; what no file knows shows itself.
pub(super) fn word(value: &str) -> String {
    lang::or(&format!("word-{value}"), value)
}

/// [`word`] of a setting, where the word means something else elsewhere.
pub(super) fn word_of(setting: &Setting, value: &str) -> String {
    lang::or(&format!("word-{}-{value}", setting.name), &word(value))
}

#[cfg(test)]
mod tests {
    use super::super::lang::{Language, speak};
    use super::*;
    use crate::base::Fingerprint;
    use crate::review::Known;

    fn anna(edit: Edit) -> Entry {
        let names = vec![(IdentityId(1), Some("Anna".to_owned())), (IdentityId(2), None)];
        Entry { number: 1, parent: Some(0), at: 0, edit, names }
    }

    #[test]
    fn english_says_what_the_command_line_says() {
        let one = [IdentityId(1)];
        let ids = [IdentityId(1), IdentityId(2)];
        let tracks = || vec!["a".to_owned(), "b".to_owned()];
        let person = Known { library: Fingerprint([1; 32]), person: 4 };
        for edit in [
            Edit::Rename { identity: ids[0], name: "Berta".to_owned() },
            Edit::Rename { identity: ids[1], name: "Berta".to_owned() },
            Edit::Rename { identity: ids[0], name: String::new() },
            Edit::merge(ids.to_vec(), Some(ids[0])),
            Edit::relocate(tracks(), ids[0]),
            Edit::Ignore { identities: one.to_vec() },
            Edit::Confirm { identities: ids.to_vec() },
            Edit::Reject { tracks: tracks() },
            Edit::Recognise { identity: ids[1], person, name: "Berta".to_owned() },
            Edit::Recognise { identity: ids[0], person, name: "Anna".to_owned() },
        ] {
            let entry = anna(edit);
            assert_eq!(super::entry(&entry), entry.words());
        }
    }

    #[test]
    fn korean_has_its_particles() {
        speak(Language::Korean);
        let merged = anna(Edit::merge(vec![IdentityId(1), IdentityId(2)], Some(IdentityId(1))));
        assert_eq!(entry(&merged), "인물 2를 Anna에 합쳤습니다");
        let named = anna(Edit::Rename { identity: IdentityId(2), name: "민준".to_owned() });
        assert_eq!(entry(&named), "인물 2에 민준이라는 이름을 붙였습니다");
        let moved = anna(Edit::relocate(vec!["a".to_owned()], IdentityId(1)));
        assert_eq!(entry(&moved), "트랙 1개를 인물 2에서 Anna(으)로 옮겼습니다".replace("(으)로", "로"));
    }
}
