//! Reads the texts of the window in both languages beside the sources that use them, and fails
//! where one says what the other does not.
//!
//! Both files have the same keys with the same arguments; every key that the window asks for is
//! there, and every key is asked for; what the tables of the modules below say has its Korean; and
//! no English is in the sources where the curator would see it.

#![cfg(feature = "gui")]
#![expect(clippy::panic, reason = "a test's helpers end the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use castlist::base::{ParameterRange, Stage};
use castlist::cluster::{METHODS, parameters};
use castlist::models::Catalogue;
use castlist::review::Did;
use castlist::session::SETTINGS;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// What only the Korean file has, because the tables say it in English themselves.
const OF_TABLES: [&str; 8] =
    ["action-", "setting-", "method-", "parameter-", "word-", "stage-", "model-", "did-"];

/// Behind these a string would be seen.
const SEEN: [&str; 17] = [
    ".button(",
    ".small_button(",
    ".menu_button(",
    ".label(",
    ".heading(",
    ".strong(",
    ".weak(",
    ".on_hover_text(",
    ".on_disabled_hover_text(",
    ".accessible_name(",
    ".hint_text(",
    ".collapsing(",
    "RichText::new(",
    "Button::new(",
    "note(ui, ",
    "primary(ui, ",
    ".set_title(",
];

/// Names that are the same in every language.
const NAMES: [&str; 3] = ["Castlist", "English", "한국어"];

type Keys = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Keys of a file with the arguments that each takes; attributes are keys of their own.
fn keys(language: &str) -> Keys {
    let text = read(&root().join(format!("src/ui/lang/{language}.ftl")));
    let resource = fluent_syntax::parser::parse(text.as_str())
        .unwrap_or_else(|(_, errors)| panic!("{language}.ftl cannot be read: {errors:?}"));
    let mut keys = Keys::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let own = message.value.as_ref().map(|value| (message.id.name.to_owned(), value));
        let attributes = message.attributes.iter();
        let attributes = attributes.map(|it| (format!("{}.{}", message.id.name, it.id.name), &it.value));
        for (key, pattern) in own.into_iter().chain(attributes) {
            let mut arguments = BTreeSet::new();
            of_pattern(pattern, &mut arguments);
            assert!(keys.insert(key.clone(), arguments).is_none(), "{language}.ftl says {key} twice");
        }
    }
    keys
}

fn of_pattern(pattern: &Pattern<&str>, arguments: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, arguments);
        }
    }
}

fn of_expression(expression: &Expression<&str>, arguments: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, arguments),
        Expression::Select { selector, variants } => {
            of_inline(selector, arguments);
            for variant in variants {
                of_pattern(&variant.value, arguments);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { id, arguments: given } => {
            assert_eq!(id.name, "JOSA", "the only function");
            assert_eq!(given.positional.len(), 3, "a word and both forms");
            given.positional.iter().for_each(|it| of_inline(it, arguments));
        }
        InlineExpression::Placeable { expression } => of_expression(expression, arguments),
        _ => {}
    }
}

/// The window's sources without their tests and comments: path and text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
                let text = read(&path);
                let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                let lines: Vec<&str> = text.lines().filter(|line| !line.trim().starts_with("//")).collect();
                found.push((path.display().to_string(), lines.join("\n")));
            }
        }
    }
    found.sort();
    found
}

/// The string that a text begins with, where it begins with one.
fn literal(text: &str) -> Option<&str> {
    let inner = text.trim_start().strip_prefix('"')?;
    let mut before = ' ';
    let end = inner.find(|c| c == '"' && std::mem::replace(&mut before, c) != '\\')?;
    inner.get(..end)
}

/// What stands between a parenthesis that was just opened and its end.
fn within(text: &str) -> &str {
    let (mut depth, mut in_string, mut before) = (1, false, ' ');
    for (at, c) in text.char_indices() {
        match c {
            '"' if before != '\\' => in_string = !in_string,
            '(' if !in_string => depth += 1,
            ')' if !in_string => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
        before = c;
    }
    text
}

/// The names before `=` at the top level of a call's arguments.
fn given(call: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut depth, mut in_string, mut before, mut start) = (0, false, ' ', 0);
    let mut take = |part: &str| {
        let name = part.split_once('=').map(|(name, _)| name.trim());
        names.extend(name.filter(|n| n.chars().all(|c| c.is_alphanumeric() || c == '_')).map(str::to_owned));
    };
    for (at, c) in call.char_indices() {
        match c {
            '"' if before != '\\' => in_string = !in_string,
            '(' | '[' | '{' if !in_string => depth += 1,
            ')' | ']' | '}' if !in_string => depth -= 1,
            ',' if !in_string && depth == 0 => {
                take(&call[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    take(&call[start..]);
    names
}

#[test]
fn both_languages_say_the_same() {
    let (english, korean) = (keys("en"), keys("ko"));
    for (key, arguments) in &english {
        assert_eq!(korean.get(key), Some(arguments), "{key} in ko.ftl, beside en.ftl");
    }
    for key in korean.keys().filter(|key| !OF_TABLES.iter().any(|prefix| key.starts_with(prefix))) {
        assert!(english.contains_key(key), "{key} stands in ko.ftl alone");
    }
}

#[test]
fn every_key_that_is_asked_for_is_there_and_every_key_is_asked_for() {
    let english = keys("en");
    let sources = sources("src/ui");
    let mut faults = Vec::new();
    for (path, text) in &sources {
        for (at, _) in text.match_indices("t!(").filter(|(at, _)| !text[..*at].ends_with(char::is_alphabetic))
        {
            let call = within(&text[at + 3..]);
            let Some(key) = literal(call) else { continue };
            match english.get(key) {
                None => faults.push(format!("{path}: there is no text `{key}`")),
                Some(arguments) if *arguments != given(call) => {
                    faults.push(format!("{path}: `{key}` takes {arguments:?}, not {:?}", given(call)));
                }
                Some(_) => {}
            }
        }
    }
    let asked = |key: &str| sources.iter().any(|(_, text)| text.contains(&format!("\"{key}\"")));
    for key in english.keys() {
        let message = key.split('.').next().unwrap_or(key);
        if !asked(key) && !asked(message) {
            faults.push(format!("nobody asks for `{key}`"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_the_tables_say_has_its_korean() {
    let korean = keys("ko");
    let mut wanted = BTreeSet::new();
    wanted.extend(SETTINGS.iter().map(|it| format!("setting-{}", it.name)));
    wanted.extend(METHODS.iter().map(|it| format!("method-{}", it.id)));
    wanted.extend(parameters().map(|it| format!("parameter-{}", it.name)));
    let rows = |file: &str| read(&root().join("src/ui/actions").join(file));
    let actions = rows("table.rs") + &rows("file_rows.rs");
    wanted.extend(actions.split("= action(").skip(1).filter_map(literal).map(|id| format!("action-{id}")));
    wanted.extend(wanted.clone().iter().map(|key| format!("{key}.doc")));
    let catalogue = Catalogue::builtin().unwrap_or_else(|error| panic!("{error}"));
    let noted = catalogue.list().into_iter().filter(|it| it.entry.note.is_some());
    wanted.extend(noted.map(|it| format!("model-{}", it.entry.id)));
    for parameter in parameters() {
        if let ParameterRange::Word(words) = parameter.range {
            wanted.extend(words.iter().map(|word| format!("word-{word}")));
        }
    }
    wanted.extend(Stage::ALL.iter().map(|it| it.key().to_owned()));
    for did in Did::ALL {
        let places = did.english().split('{').skip(1).filter_map(|it| it.split_once('}'));
        let places: BTreeSet<_> = places.map(|(place, _)| place.to_owned()).collect();
        assert_eq!(korean.get(did.key()), Some(&places), "{} in ko.ftl, beside its English", did.key());
        wanted.insert(did.key().to_owned());
    }
    let missing: Vec<_> = wanted.iter().filter(|key| !korean.contains_key(*key)).collect();
    assert!(missing.is_empty(), "ko.ftl lacks {missing:?}");
    for key in korean.keys().filter(|key| OF_TABLES.iter().any(|prefix| key.starts_with(prefix))) {
        let is_word = key.starts_with("word-");
        assert!(is_word || wanted.contains(key), "no table says `{key}`");
    }
}

#[test]
fn nothing_that_is_seen_stands_in_the_sources() {
    let mut faults = Vec::new();
    for (path, text) in sources("src/ui") {
        for call in SEEN {
            for (at, _) in text.match_indices(call) {
                let inside = within(&text[at + call.len()..]);
                let said = inside.trim_start();
                let said = said.strip_prefix('&').unwrap_or(said);
                let said = said.strip_prefix("format!(").unwrap_or(said);
                let Some(said) = literal(said) else { continue };
                // What is in braces is put in, not said.
                let mut depth = 0;
                let words = said.chars().filter(|c| {
                    depth += i32::from(*c == '{') - i32::from(*c == '}');
                    depth == 0
                });
                if !NAMES.contains(&said) && words.filter(|c| c.is_alphabetic()).count() > 0 {
                    faults.push(format!("{path}: “{said}” behind {call}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
