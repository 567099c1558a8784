//! What edits did, why one was refused, and what the tables of the rooms below say, in the
//! curator's language.
//!
//! Takes an entry of the log with the names that it recorded, an edit or a refusal; gives one
//! sentence without a full stop. Nothing is looked up in the present state, so that the history
//! reads as it was.

use fluent_bundle::FluentValue;

use crate::base::{Parameter, Stage};
use crate::cluster::Method;
use crate::library::LibraryEdit;
use crate::models as catalogue;
use crate::review::{IdentityId, LogEntry, Part, Refusal, Told};
use crate::session::{SessionError, Setting};
use crate::ui::lang::{self, t};

/// What an entry did: `Merged 3 people into Anna`.
pub(crate) fn entry(entry: &LogEntry) -> String {
    describe_edit(&entry.describe_edit())
}

fn describe_edit(did: &Told) -> String {
    let part = |part: &Part| -> FluentValue<'static> {
        match part {
            Part::Text(text) => text.clone().into(),
            Part::Person(id) => title(*id, None).into(),
            Part::Identities(n) => t!("identities", n = *n).into(),
            Part::Tracks(n) | Part::Edits(n) => (*n).into(),
            Part::Told(other) => describe_edit(other).into(),
        }
    };
    let parts: Vec<_> = did.parts.iter().map(|(name, value)| (*name, part(value))).collect();
    lang::find(did.did.key(), &parts).unwrap_or_else(|| did.english(&lang::number))
}

/// What an identity is called: its name, or `Person 12`.
pub(crate) fn title(id: IdentityId, name: Option<&str>) -> String {
    name.map_or_else(|| t!("person", id = id.to_string()), str::to_owned)
}

/// What was done to the library.
pub(crate) fn deed(deed: &LibraryEdit) -> String {
    match deed {
        LibraryEdit::Keep { people, .. } => t!("kept-people", n = people.len()),
        LibraryEdit::Rename { name, .. } => t!("shelved-rename", name = name.as_str()),
        LibraryEdit::Merge { people, .. } => t!("shelved-merge", n = people.len()),
        LibraryEdit::Remove { .. } => t!("shelved-remove"),
        LibraryEdit::Erased { .. } => t!("shelved-erased"),
        LibraryEdit::Undo => t!("shelved-undo"),
        LibraryEdit::Redo => t!("shelved-redo"),
    }
}

/// Why an edit was not taken. What only a script runs into stays in English.
pub(crate) fn refusal(refusal: &Refusal) -> String {
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
        Refusal::Conflict { pairs, links } => match (pairs.as_slice(), links.as_slice()) {
            ([(a, b), rest @ ..], _) => {
                t!("refused-overlap", a = a.as_str(), b = b.as_str(), more = rest.len())
            }
            ([], [(a, b), rest @ ..]) => {
                t!("refused-link", a = a.as_str(), b = b.as_str(), more = rest.len())
            }
            ([], []) => refusal.to_string(),
        },
        Refusal::NoCut { track, at, .. } => t!("refused-cut", track = track.as_str(), at = at.to_string()),
        Refusal::Name(_) => t!("refused-name"),
        Refusal::Nothing(_) | Refusal::Detail(_) | Refusal::Adopt | Refusal::Erase | Refusal::Nested => {
            refusal.to_string()
        }
    }
}

/// Why something did not happen. The common reasons are given in the curator's language; the others
/// stay as the room that knows them says it.
pub(crate) fn error(error: &SessionError) -> String {
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
        other => match lang::language() {
            lang::Language::English => other.to_string(),
            lang::Language::Korean => t!("failed", why = other.to_string()),
        },
    }
}

/// What a long job does now.
pub(crate) fn stage(stage: Stage) -> String {
    lang::or(stage.key(), stage.english())
}

/// A setting's name.
pub(crate) fn setting(setting: &Setting) -> String {
    lang::or(&format!("setting-{}", setting.name), setting.label)
}

/// What a setting does.
pub(crate) fn setting_doc(setting: &Setting) -> String {
    lang::or(&format!("setting-{}.doc", setting.name), setting.doc)
}

/// A method's name.
pub(crate) fn method(method: &Method) -> String {
    lang::or(&format!("method-{}", method.id), method.name)
}

/// How a method groups.
pub(crate) fn method_doc(method: &Method) -> String {
    lang::or(&format!("method-{}.doc", method.id), method.doc)
}

/// The name of a method's parameter.
pub(crate) fn parameter(parameter: &Parameter) -> String {
    lang::or(&format!("parameter-{}", parameter.name), parameter.label)
}

/// What a parameter does.
pub(crate) fn parameter_doc(parameter: &Parameter) -> String {
    lang::or(&format!("parameter-{}.doc", parameter.name), parameter.doc)
}

/// A model's size in megabytes, rounded up; `~` before an estimate.
pub(crate) fn megabytes(entry: &catalogue::ModelEntry) -> String {
    let (bytes, is_estimated) = entry.size_bytes().unwrap_or_default();
    format!("{}{}", if is_estimated { "~" } else { "" }, bytes.div_ceil(1_000_000))
}

/// A model's licence, and for which use it allows the model.
pub(crate) fn licence(entry: &catalogue::ModelEntry) -> String {
    let usage = match entry.commercial_use {
        Some(true) => t!("use-commercial"),
        Some(false) => t!("use-not-commercial"),
        None => t!("licence-unknown"),
    };
    let licence = entry.licence.clone().unwrap_or_else(|| t!("licence-unknown"));
    t!("licence", licence = licence, usage = usage)
}

/// The note on a model; empty where there is none.
pub(crate) fn model(entry: &catalogue::ModelEntry) -> String {
    lang::or(&format!("model-{}", entry.id), entry.note.as_deref().unwrap_or_default())
}

/// A value that is a word; what no file knows shows itself.
pub(crate) fn word(value: &str) -> String {
    lang::or(&format!("word-{value}"), value)
}

/// [`word`] of a setting, where the word means something else elsewhere.
pub(crate) fn word_of(setting: &Setting, value: &str) -> String {
    lang::or(&format!("word-{}-{value}", setting.name), &word(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Fingerprint;
    use crate::review::{Edit, KnownPerson};
    use crate::ui::lang::{Language, set_language};

    fn anna(edit: Edit) -> LogEntry {
        let names = vec![(IdentityId(1), Some("Anna".to_owned())), (IdentityId(2), None)];
        LogEntry { number: 1, parent: Some(0), at: 0, edit, names }
    }

    #[test]
    fn english_says_what_the_command_line_says() {
        let one = [IdentityId(1)];
        let ids = [IdentityId(1), IdentityId(2)];
        let tracks = || vec!["a".to_owned(), "b".to_owned()];
        let person = KnownPerson { library: Fingerprint([1; 32]), person: 4 };
        for edit in [
            Edit::Rename { identity: ids[0], name: "Berta".to_owned() },
            Edit::Rename { identity: ids[1], name: "Berta".to_owned() },
            Edit::Rename { identity: ids[0], name: String::new() },
            Edit::merge(ids.to_vec(), Some(ids[0])),
            Edit::move_to(tracks(), ids[0]),
            Edit::Ignore { identities: one.to_vec() },
            Edit::Confirm { identities: ids.to_vec() },
            Edit::Reject { tracks: tracks() },
            Edit::Recognise { identity: ids[1], person, name: "Berta".to_owned() },
            Edit::Recognise { identity: ids[0], person, name: "Anna".to_owned() },
        ] {
            let entry = anna(edit);
            assert_eq!(super::entry(&entry), entry.describe());
        }
    }

    #[test]
    fn korean_has_its_particles() {
        set_language(Language::Korean);
        let merged = anna(Edit::merge(vec![IdentityId(1), IdentityId(2)], Some(IdentityId(1))));
        assert_eq!(entry(&merged), "인물 2를 Anna에 합쳤습니다");
        let named = anna(Edit::Rename { identity: IdentityId(2), name: "민준".to_owned() });
        assert_eq!(entry(&named), "인물 2에 민준이라는 이름을 붙였습니다");
        let moved = anna(Edit::move_to(vec!["a".to_owned()], IdentityId(1)));
        assert_eq!(entry(&moved), "트랙 1개를 인물 2에서 Anna(으)로 옮겼습니다".replace("(으)로", "로"));
    }
}
