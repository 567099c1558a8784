//! Parameters as fields of a struct, each described by one row: name, texts and range.
//!
//! Takes texts or typed values; gives values that are in range, or a [`InvalidValue`] that names the
//! parameter, the value and what is allowed. A struct's `Default` holds its defaults, its
//! [`Parameters::FIELDS`] the rows. What a parameter does is not known here.

use std::fmt;
use std::ops::Deref;

/// A value that a parameter does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {value}; it must be {range}")]
pub struct InvalidValue {
    /// The parameter.
    pub name: &'static str,
    /// The value given.
    pub value: String,
    /// What is allowed, in words.
    pub range: String,
}

impl InvalidValue {
    /// A refusal of `value`.
    pub fn new(name: &'static str, value: impl fmt::Display, range: impl Into<String>) -> Self {
        Self { name, value: value.to_string(), range: range.into() }
    }
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParameterRange {
    /// A whole number from the first to the second.
    Count(usize, usize),
    /// A number of a unit from the first to the second; the unit in words, such as "a cosine".
    Number(&'static str, f64, f64),
    /// A number above 0 and at most the given one, or the word.
    AboveZeroOr(f64, &'static str),
    /// One of these words.
    Word(&'static [&'static str]),
}

/// The value of a parameter, as it is shown and stored: a number's text gives the same number again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// Left to the method, the model or the head.
    Auto,
    /// A whole number.
    Count(usize),
    /// A number.
    Number(f64),
    /// A word.
    Word(&'static str),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.pad("auto"),
            Self::Count(count) => count.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Word(word) => f.pad(word),
        }
    }
}

/// One row of a table of parameters: all that is said of one, but its default.
#[derive(Debug)]
pub struct Parameter {
    /// The name at the command line and in files.
    pub name: &'static str,
    /// Its name in the window.
    pub label: &'static str,
    /// What it does, in a curator's words.
    pub doc: &'static str,
    /// What it takes.
    pub range: ParameterRange,
    /// What `auto` stands for, where that is no value of its own.
    pub auto: Option<&'static str>,
}

/// Rows are known by their names.
impl PartialEq for Parameter {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Parameter {
    /// What it takes, in words.
    #[must_use]
    pub fn range(&self) -> String {
        let range = match self.range {
            ParameterRange::Count(least, most) => format!("a whole number from {least} to {most}"),
            ParameterRange::Number(unit, least, most) => format!("{unit} from {least} to {most}"),
            ParameterRange::AboveZeroOr(most, word) => format!("above 0, at most {most}, or {word}"),
            ParameterRange::Word([words @ .., last]) if !words.is_empty() => {
                format!("{} or {last}", words.join(", "))
            }
            ParameterRange::Word(words) => words.concat(),
        };
        match self.auto {
            Some(meaning) => format!("{range}; auto is {meaning}"),
            None => range,
        }
    }

    /// The value that a text stands for.
    ///
    /// # Errors
    /// [`InvalidValue`]: a value out of range, or a text that is none.
    pub fn parse(&self, text: &str) -> Result<Value, InvalidValue> {
        let number = || text.parse().ok().map(Value::Number);
        let word =
            |words: &[&'static str]| words.iter().find(|word| **word == text).map(|&word| Value::Word(word));
        let value = match self.range {
            _ if text == "auto" && self.auto.is_some() => Some(Value::Auto),
            ParameterRange::Count(..) => text.parse().ok().map(Value::Count),
            ParameterRange::Number(..) => number(),
            ParameterRange::AboveZeroOr(_, other) => word(&[other]).or_else(number),
            ParameterRange::Word(words) => word(words),
        };
        self.check(value.ok_or_else(|| InvalidValue::new(self.name, text, self.range()))?)
    }

    /// The same value, where it is in range.
    ///
    /// # Errors
    /// [`InvalidValue`].
    pub fn check(&self, value: Value) -> Result<Value, InvalidValue> {
        let is_allowed = match (self.range, value) {
            (_, Value::Auto) => self.auto.is_some(),
            (ParameterRange::Count(least, most), Value::Count(count)) => (least..=most).contains(&count),
            (ParameterRange::Number(_, least, most), Value::Number(number)) => {
                (least..=most).contains(&number)
            }
            (ParameterRange::AboveZeroOr(most, _), Value::Number(number)) => number > 0.0 && number <= most,
            (ParameterRange::AboveZeroOr(_, other), Value::Word(word)) => word == other,
            (ParameterRange::Word(words), Value::Word(word)) => words.contains(&word),
            _ => false,
        };
        if is_allowed { Ok(value) } else { Err(InvalidValue::new(self.name, value, self.range())) }
    }
}

/// What a field of a parameters' struct may be.
pub trait ParameterValue: Sized {
    /// The field's value.
    fn to_value(&self) -> Value;
    /// The field from a value; none for a value of another kind.
    fn from_value(value: Value) -> Option<Self>;
}

impl ParameterValue for usize {
    fn to_value(&self) -> Value {
        Value::Count(*self)
    }

    fn from_value(value: Value) -> Option<Self> {
        if let Value::Count(count) = value { Some(count) } else { None }
    }
}

impl ParameterValue for u64 {
    fn to_value(&self) -> Value {
        Value::Count(usize::try_from(*self).unwrap_or(usize::MAX))
    }

    fn from_value(value: Value) -> Option<Self> {
        usize::from_value(value).map(|count| count as u64)
    }
}

impl ParameterValue for f64 {
    fn to_value(&self) -> Value {
        Value::Number(*self)
    }

    fn from_value(value: Value) -> Option<Self> {
        if let Value::Number(number) = value { Some(number) } else { None }
    }
}

/// None is `auto`.
impl ParameterValue for Option<f64> {
    fn to_value(&self) -> Value {
        self.map_or(Value::Auto, Value::Number)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Auto => Some(None),
            Value::Number(number) => Some(Some(number)),
            _ => None,
        }
    }
}

/// Makes an enum whose variants each have a word a value of a parameter.
macro_rules! word_values {
    ($Enum:ty: $($Variant:ident = $word:literal),+ $(,)?) => {
        impl $Enum {
            /// All words, in the order of the variants.
            pub(crate) const WORDS: &'static [&'static str] = &[$($word),+];
        }

        impl $crate::base::ParameterValue for $Enum {
            fn to_value(&self) -> $crate::base::Value {
                $crate::base::Value::Word(match self { $(Self::$Variant => $word),+ })
            }

            fn from_value(value: $crate::base::Value) -> Option<Self> {
                match value {
                    $($crate::base::Value::Word($word) => Some(Self::$Variant),)+
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use word_values;

/// A field of the parameters `P`: its row, and how it is read and set.
#[derive(Debug)]
pub struct ParameterField<P: 'static> {
    /// The row.
    pub parameter: &'static Parameter,
    /// The field's value.
    pub get: fn(&P) -> Value,
    /// Sets the field; a value of another kind changes nothing.
    pub set: fn(&mut P, Value),
}

/// The field of a parameters' struct, by the row that describes it and its path in the struct.
macro_rules! field {
    ($row:expr, $($path:ident).+) => {
        $crate::base::ParameterField {
            parameter: &$row,
            get: |params| $crate::base::ParameterValue::to_value(&params.$($path).+),
            set: |params, value| {
                if let Some(value) = $crate::base::ParameterValue::from_value(value) {
                    params.$($path).+ = value;
                }
            },
        }
    };
}
pub(crate) use field;

/// Why a parameter was not set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetParameterError {
    /// No parameter of that name.
    #[error("there is no parameter `{name}`; there are: {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A value out of range.
    #[error(transparent)]
    Refused(#[from] InvalidValue),
}

/// A struct of parameters that are described by rows.
pub trait Parameters: Sized + Default + 'static {
    /// The fields that have a name.
    const FIELDS: &'static [ParameterField<Self>];

    /// What no single row can say; nothing, unless a struct has such a rule.
    ///
    /// # Errors
    /// [`InvalidValue`].
    fn check_more(&self) -> Result<(), InvalidValue> {
        Ok(())
    }

    /// The same parameters, where all are in range; only these can run.
    ///
    /// # Errors
    /// [`InvalidValue`] for the first that is not.
    fn check(self) -> Result<Checked<Self>, InvalidValue> {
        for field in Self::FIELDS {
            field.parameter.check((field.get)(&self))?;
        }
        self.check_more()?;
        Ok(Checked(self))
    }

    /// Sets one parameter from text.
    ///
    /// # Errors
    /// [`SetParameterError`]: an unknown name, or a value out of range; nothing changes.
    fn set(&mut self, name: &str, text: &str) -> Result<(), SetParameterError> {
        let Some(field) = Self::FIELDS.iter().find(|field| field.parameter.name == name) else {
            let known: Vec<_> = Self::FIELDS.iter().map(|field| field.parameter.name).collect();
            return Err(SetParameterError::Unknown { name: name.to_owned(), known: known.join(", ") });
        };
        (field.set)(self, field.parameter.parse(text.trim())?);
        Ok(())
    }

    /// Sets one parameter to a value in its range; an unknown name changes nothing.
    fn set_value(&mut self, name: &str, value: Value) {
        if let Some(field) = Self::FIELDS.iter().find(|field| field.parameter.name == name) {
            (field.set)(self, value);
        }
    }

    /// Every row with its value.
    fn values(&self) -> Vec<(&'static Parameter, Value)> {
        Self::FIELDS.iter().map(|field| (field.parameter, (field.get)(self))).collect()
    }
}

/// Parameters that were checked; see [`Parameters::check`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked<P>(P);

impl<P> Deref for Checked<P> {
    type Target = P;

    fn deref(&self) -> &P {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq)]
    struct Params {
        count: usize,
        number: Option<f64>,
    }

    const COUNT: Parameter =
        Parameter { name: "count", label: "", doc: "", range: ParameterRange::Count(0, 9), auto: None };
    const NUMBER: Parameter = Parameter {
        name: "number",
        label: "",
        doc: "",
        range: ParameterRange::Number("a number", 0.0, 1.0),
        auto: Some("the head's own"),
    };
    const SIZE: Parameter = Parameter {
        name: "size",
        label: "",
        doc: "",
        range: ParameterRange::AboveZeroOr(1.0, "estimate"),
        auto: None,
    };

    impl Parameters for Params {
        const FIELDS: &'static [ParameterField<Self>] = &[field!(COUNT, count), field!(NUMBER, number)];
    }

    #[test]
    fn a_value_is_set_by_name_and_comes_out_as_it_went_in() {
        let mut params = Params::default();
        params.set("count", " 7").unwrap();
        params.set("number", "0.1234567890123").unwrap();
        assert_eq!(params, Params { count: 7, number: Some(0.123_456_789_012_3) });
        let texts: Vec<String> = params.values().iter().map(|(_, value)| value.to_string()).collect();
        assert_eq!(texts, ["7", "0.1234567890123"]);
        params.set("number", "auto").unwrap();
        assert_eq!(params.number, None);
    }

    #[test]
    fn a_refusal_names_parameter_value_and_range_and_changes_nothing() {
        let mut params = Params::default();
        let message = params.set("count", "10").unwrap_err().to_string();
        assert_eq!(message, "count is 10; it must be a whole number from 0 to 9");
        let message = params.set("number", "NaN").unwrap_err().to_string();
        assert_eq!(message, "number is NaN; it must be a number from 0 to 1; auto is the head's own");
        assert!(params.set("count", "auto").is_err() && params.set("count", "1.5").is_err());
        assert!(params.set("speed", "1").unwrap_err().to_string().contains("`speed`"));
        assert_eq!(params, Params::default());
        assert!(Params { count: 10, number: None }.check().is_err());
        assert_eq!(Params { count: 9, number: None }.check().unwrap().count, 9);
        assert_eq!(SIZE.parse("estimate"), Ok(Value::Word("estimate")));
        assert!(
            ["0", "1.01", "auto", ""].iter().all(|text| SIZE.parse(text).is_err()) && SIZE.parse("1").is_ok()
        );
    }
}
