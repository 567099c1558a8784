//! Korean particles that follow the sound before them: `안나를`, `민준을`.
//!
//! Takes a word and the two forms; gives the form that fits. Of Hangul and digits the end is
//! known; of Latin letters it is guessed by the last one, and of anything else both forms are shown.

use fluent_bundle::FluentValue;

/// `JOSA($name, "을", "를")` in a Fluent file: the first form follows a consonant.
pub(super) fn function<'a>(args: &[FluentValue<'a>]) -> FluentValue<'a> {
    let [word, FluentValue::String(closed), FluentValue::String(open)] = args else {
        return FluentValue::Error;
    };
    let word = match word {
        FluentValue::String(word) => word.to_string(),
        FluentValue::Number(number) => number.as_string().into_owned(),
        _ => return FluentValue::Error,
    };
    FluentValue::from(particle(&word, closed, open))
}

/// How a word ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WordEnding {
    Vowel,
    /// The consonant ㄹ, after which `로` stands as after a vowel.
    Rieul,
    Consonant,
}

fn particle(word: &str, closed: &str, open: &str) -> String {
    match ending(word) {
        None => format!("{closed}({open})"),
        Some(WordEnding::Vowel) => open.to_owned(),
        Some(WordEnding::Rieul) if closed == "으로" => open.to_owned(),
        Some(WordEnding::Rieul | WordEnding::Consonant) => closed.to_owned(),
    }
}

fn ending(word: &str) -> Option<WordEnding> {
    let last = word.chars().rev().find(|c| c.is_alphanumeric())?;
    match last.to_ascii_lowercase() {
        '가'..='힣' => Some(match (u32::from(last) - 0xAC00) % 28 {
            0 => WordEnding::Vowel,
            8 => WordEnding::Rieul,
            _ => WordEnding::Consonant,
        }),
        '1' | '7' | '8' | 'l' => Some(WordEnding::Rieul),
        '0' | '3' | '6' | 'm' | 'n' => Some(WordEnding::Consonant),
        '2' | '4' | '5' | '9' | 'a'..='z' => Some(WordEnding::Vowel),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_particle_follows_the_sound_before_it() {
        for (word, object, way) in [
            ("안나", "를", "로"),
            ("민준", "을", "으로"),
            ("서울", "을", "로"),
            ("인물 3", "을", "으로"),
            ("인물 12", "를", "로"),
            ("인물 7", "을", "로"),
            ("Anna", "를", "로"),
            ("John", "을", "으로"),
            ("«서연»", "을", "으로"),
            ("王", "을(를)", "으로(로)"),
        ] {
            assert_eq!(particle(word, "을", "를"), object, "{word}");
            assert_eq!(particle(word, "으로", "로"), way, "{word}");
        }
    }
}
