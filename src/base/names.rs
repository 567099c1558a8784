//! Names that people type, and details of a person beyond the name.
//!
//! Takes a text; gives it trimmed, or refuses characters that act instead of being shown: in a table,
//! on a terminal or in a file's name they would do something that nobody sees. Details have bounds.

use std::collections::BTreeMap;

/// Details of a person by their names: a role, an actor, the number in an authority file.
pub type Details = BTreeMap<String, String>;

/// Details that a person may have.
pub(crate) const MOST_DETAILS: usize = 64;
/// Characters of a detail's name.
const MOST_NAME_CHARS: usize = 64;
/// Characters of a detail's value.
const MOST_VALUE_CHARS: usize = 1_000;

/// Why details were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DetailError {
    /// A name that is none.
    #[error("a detail needs a name")]
    Nameless,
    /// A character that acts.
    #[error(
        "the detail `{}` has the control character U+{:04X}; a detail holds only characters that are shown",
        .name.escape_debug(), u32::from(*.character)
    )]
    Control {
        /// The detail.
        name: String,
        /// Which character.
        character: char,
    },
    /// Too long a name or value.
    #[error(
        "the detail `{name}` has {found} characters; a name may have {MOST_NAME_CHARS}, a value \
         {MOST_VALUE_CHARS}"
    )]
    TooLong {
        /// The beginning of its name.
        name: String,
        /// Characters of what is too long.
        found: usize,
    },
    /// Too many of them.
    #[error("{0} details are too many; a person may have {MOST_DETAILS}")]
    TooMany(usize),
}

/// A detail without spaces around its name and value; the value may be empty.
///
/// # Errors
/// [`DetailError`].
pub(crate) fn checked_detail(name: &str, value: &str) -> Result<(String, String), DetailError> {
    let (name, value) = (name.trim(), value.trim());
    let start: String = name.chars().take(MOST_NAME_CHARS).collect();
    if name.is_empty() {
        return Err(DetailError::Nameless);
    }
    for (text, most) in [(name, MOST_NAME_CHARS), (value, MOST_VALUE_CHARS)] {
        let found = text.chars().count();
        if found > most {
            return Err(DetailError::TooLong { name: start, found });
        }
        if let Some(character) = text.chars().find(|&character| is_control(character)) {
            return Err(DetailError::Control { name: start, character });
        }
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// Details, each as [`checked_detail`] gives it; of two that are one without spaces, the last.
///
/// # Errors
/// [`DetailError`].
pub(crate) fn checked_details(details: &Details) -> Result<Details, DetailError> {
    if details.len() > MOST_DETAILS {
        return Err(DetailError::TooMany(details.len()));
    }
    details.iter().map(|(name, value)| checked_detail(name, value)).collect()
}

/// A character that no name may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the name has the control character U+{:04X} in place {at}; a name holds only characters that are shown",
    u32::from(*.character)
)]
pub struct ControlCharacter {
    /// Which.
    pub character: char,
    /// Which character of the name it is, from 1.
    pub at: usize,
}

/// Whether a character acts on the text around it instead of being shown: the controls of Unicode, and
/// those that turn the direction of writing.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name without spaces around it; may be empty.
///
/// # Errors
/// [`ControlCharacter`].
pub(crate) fn checked_name(text: &str) -> Result<String, ControlCharacter> {
    let name = text.trim();
    match name.chars().enumerate().find(|&(_, character)| is_control(character)) {
        Some((at, character)) => Err(ControlCharacter { character, at: at + 1 }),
        None => Ok(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_scripts_pass_and_controls_do_not() {
        assert_eq!(checked_name(" Åsa 李 \n").as_deref(), Ok("Åsa 李"));
        assert_eq!(checked_name("").as_deref(), Ok(""));
        assert_eq!(checked_name("O\u{200d}k").as_deref(), Ok("O\u{200d}k"), "joiners are letters' own");
        for bad in ["A\u{1b}[2J", "A\nB", "A\u{0}", "A\u{85}B", "A\u{202e}B"] {
            assert_eq!(checked_name(bad).unwrap_err().at, 2, "{bad:?}");
        }
        let error = checked_name("A\u{1b}").unwrap_err().to_string();
        assert!(error.contains("U+001B in place 2"), "{error}");
    }

    #[test]
    fn details_have_bounds() {
        assert_eq!(checked_detail(" role ", " Königin \n"), Ok(("role".to_owned(), "Königin".to_owned())));
        assert_eq!(checked_detail(" ", "x"), Err(DetailError::Nameless));
        assert!(checked_detail("a", &"ü".repeat(1_000)).is_ok());
        for (name, value, words) in [
            ("a".to_owned(), "x".repeat(1_001), "1001 characters"),
            ("n".repeat(65), String::new(), "65 characters"),
            ("ro\u{7}le".to_owned(), String::new(), "U+0007"),
            ("role".to_owned(), "a\u{202e}b".to_owned(), "U+202E"),
        ] {
            let error = checked_detail(&name, &value).unwrap_err().to_string();
            assert!(error.contains(words) && error.chars().all(|c| !is_control(c)), "{error}");
        }
        let many = (0..65).map(|n| (n.to_string(), String::new())).collect();
        assert_eq!(checked_details(&many), Err(DetailError::TooMany(65)));
    }
}
