//! A type's name has one meaning in the whole library.
//!
//! Takes the sources; gives the names of structs, enums, traits, unions and type aliases that are
//! defined more than once. `pub` means that a user of the library can name the type: the lint
//! `unreachable_pub` sees to that. Types of test modules inside a file are left out, and so are
//! the associated types of traits.

use std::collections::BTreeMap;

use super::{Source, assert_tidy, sources};

/// What defines a type.
const KEYWORDS: [&str; 5] = ["struct", "enum", "trait", "type", "union"];

/// Types that no user of the library sees, each with one idea behind its name: what two
/// agglomerative methods merge, and their next merge; the material of a module's tests; two tracks.
const SAME_IDEA: &[&str] = &["Cluster", "Fixture", "NextMerge", "TrackPair"];

/// The name that a line defines, and whether users of the library see it.
fn defined(line: &str) -> Option<(&str, bool)> {
    let is_public = line.starts_with("pub ");
    let rest = match line.strip_prefix("pub(") {
        Some(rest) => rest.split_once(") ")?.1,
        None => line.strip_prefix("pub ").unwrap_or(line),
    };
    let (keyword, rest) = rest.split_once(' ')?;
    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    let is_type = KEYWORDS.contains(&keyword) && name.starts_with(|c: char| c.is_ascii_uppercase());
    is_type.then_some((name, is_public))
}

/// Each type with where it is defined and whether it is public.
fn types(sources: &[Source]) -> BTreeMap<String, Vec<(String, bool)>> {
    let mut types: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    for source in sources {
        let end = if source.tests == 0 { usize::MAX } else { source.tests };
        for (at, line) in source.code.lines().enumerate().take(end) {
            // Associated types stand deeper; items of a macro do, too, and are `pub` or `enum`.
            let is_associated = line.starts_with(' ') && line.trim_start().starts_with("type ");
            if let Some((name, is_public)) = defined(line.trim_start()).filter(|_| !is_associated) {
                let place = format!("{}:{}", source.path, at + 1);
                types.entry(name.to_owned()).or_default().push((place, is_public));
            }
        }
    }
    types
}

#[test]
fn a_type_name_has_one_meaning() {
    let mut wrong = Vec::new();
    for (name, places) in types(&sources()).iter().filter(|(_, places)| places.len() > 1) {
        let is_public = places.iter().any(|(_, is_public)| *is_public);
        if is_public || !SAME_IDEA.contains(&name.as_str()) {
            let places: Vec<&str> = places.iter().map(|(place, _)| place.as_str()).collect();
            wrong.push(format!("{}: `{name}` is defined more than once", places.join(", ")));
        }
    }
    assert_tidy(&wrong);
}

#[test]
fn exceptions_are_still_needed() {
    let types = types(&sources());
    let stale = SAME_IDEA.iter().filter(|name| types.get(**name).is_none_or(|places| places.len() < 2));
    let wrong: Vec<String> =
        stale.map(|name| format!("`{name}` is defined once: not an exception")).collect();
    assert_tidy(&wrong);
}

#[test]
fn definitions_are_recognised() {
    assert_eq!(defined("pub struct Track {"), Some(("Track", true)));
    assert_eq!(defined("pub(super) enum Page<T> {"), Some(("Page", false)));
    assert_eq!(defined("pub(in crate::cli) struct MapArgs {"), Some(("MapArgs", false)));
    assert_eq!(defined("type Bundle = Vec<u8>;"), Some(("Bundle", false)));
    assert_eq!(defined("type of a name"), None);
    assert_eq!(defined("let a = 1;"), None);
}
