//! Names that people type.
//!
//! Takes a text; gives it trimmed, or refuses characters that act instead of being shown: in a table,
//! on a terminal or in a file's name they would do something that nobody sees.

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
}
