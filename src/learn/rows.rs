//! Parameters of a training by name: a number or word with its range, read from text and checked.
//!
//! Takes places of a parameters' struct; changes them, or refuses with name, value and range.

use super::LearnError;

/// Where a parameter stands.
pub(super) enum Place<'a> {
    Whole(&'a mut usize),
    Number(&'a mut f64),
    /// What sets it to a word, or says that there is no such word; and the words.
    Word(Box<dyn FnMut(&str) -> bool + 'a>, &'static str),
}

impl<'a> Place<'a> {
    /// A place for words that stand for values.
    pub(super) fn word<V: Clone>(
        place: &'a mut V,
        words: &'static str,
        values: &'a [(&'static str, V)],
    ) -> Self {
        let set = |text: &str| {
            let found = values.iter().find(|(word, _)| *word == text);
            found.map(|(_, value)| place.clone_from(value)).is_some()
        };
        Self::Word(Box::new(set), words)
    }
}

/// One parameter with its range.
pub(super) struct Row<'a> {
    pub name: &'static str,
    pub place: Place<'a>,
    pub least: f64,
    pub most: f64,
}

/// A row.
pub(super) fn row<'a>(name: &'static str, place: Place<'a>, least: f64, most: f64) -> Row<'a> {
    Row { name, place, least, most }
}

/// Sets one parameter from text.
///
/// # Errors
/// [`LearnError::Unknown`] with the names there are, or [`LearnError::Parameter`].
pub(super) fn set(mut rows: Vec<Row<'_>>, name: &str, text: &str) -> Result<(), LearnError> {
    let names = rows.iter().map(|row| row.name).collect::<Vec<_>>().join(", ");
    match rows.iter_mut().find(|row| row.name == name) {
        Some(row) => row.read(text.trim()),
        None => Err(LearnError::Unknown { name: name.to_owned(), known: names }),
    }
}

impl Row<'_> {
    pub(super) fn check(&self) -> Result<(), LearnError> {
        let (number, kind) = match &self.place {
            Place::Whole(number) => (**number as f64, "a whole number"),
            Place::Number(number) => (**number, "a number"),
            Place::Word(..) => return Ok(()),
        };
        if (self.least..=self.most).contains(&number) {
            return Ok(());
        }
        Err(LearnError::parameter(self.name, number, format!("{kind} from {} to {}", self.least, self.most)))
    }

    fn read(&mut self, text: &str) -> Result<(), LearnError> {
        let refused = |kind: &str| LearnError::parameter(self.name, format!("`{text}`"), kind);
        match &mut self.place {
            Place::Whole(number) => **number = text.parse().map_err(|_| refused("a whole number"))?,
            Place::Number(number) => **number = text.parse().map_err(|_| refused("a number"))?,
            Place::Word(set, words) => {
                if !set(text) {
                    return Err(refused(words));
                }
            }
        }
        self.check()
    }
}
