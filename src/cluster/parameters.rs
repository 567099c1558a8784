//! What the methods may be told, described once: the table feeds `--set`, the window and the docs.
//!
//! Takes texts; gives checked [`Values`]. `auto` is a method's own default, from its row in the
//! table of methods. What a method does with a value is not decided here.

use std::collections::BTreeMap;

use super::ClusterError;

/// What a parameter takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// A whole number from the first to the second.
    Count(usize, usize),
    /// A number from the first to the second.
    Number(f64, f64),
    /// One of these words.
    Word(&'static [&'static str]),
}

/// One row of the table of parameters.
#[derive(Debug)]
pub struct Parameter {
    /// The name given to `--set`.
    pub name: &'static str,
    /// Its name in the window.
    pub label: &'static str,
    /// What it does, in a curator's words.
    pub doc: &'static str,
    /// What is allowed, in words.
    pub range: &'static str,
    /// What is allowed.
    pub takes: Takes,
}

/// All parameters but the radius, which belongs to a model.
pub const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "certainty",
        label: "Certainty",
        doc: "How sure a merge must be: higher keeps people apart, lower joins more.",
        range: "a probability from 0.02 to 0.98",
        takes: Takes::Number(0.02, 0.98),
    },
    Parameter {
        name: "search",
        label: "Comparison",
        doc: "Whether all pairs of tracks are compared, or in very large archives those that an index proposes.",
        range: "auto, exact or approximate",
        takes: Takes::Word(&["auto", "exact", "approximate"]),
    },
    Parameter {
        name: "k",
        label: "Neighbours",
        doc: "How many of the most similar tracks each track is compared with.",
        range: "a whole number from 1 to 4096",
        takes: Takes::Count(1, 4096),
    },
    Parameter {
        name: "similarity",
        label: "Similarity",
        doc: "How alike two tracks must be to count as neighbours, or two groups to be merged, as a cosine.",
        range: "a cosine from -1 to 1",
        takes: Takes::Number(-1.0, 1.0),
    },
    Parameter {
        name: "min_samples",
        label: "Density",
        doc: "How many tracks must be near each other, a track itself counted, to be the heart of a group.",
        range: "a whole number from 1 to 1000",
        takes: Takes::Count(1, 1000),
    },
    Parameter {
        name: "min_cluster_size",
        label: "Smallest group",
        doc: "Fewer tracks than this are no group; each stays alone.",
        range: "a whole number from 2 to 1000",
        takes: Takes::Count(2, 1000),
    },
    Parameter {
        name: "rank_distance",
        label: "Rank distance",
        doc: "How much the nearest tracks of two tracks may differ for the two to be linked.",
        range: "a number from 0 to 1000",
        takes: Takes::Number(0.0, 1000.0),
    },
    Parameter {
        name: "linkage",
        label: "Linkage",
        doc: "Whether two groups are as alike as their nearest tracks, as all pairs on average, or as their farthest tracks.",
        range: "single, average or complete",
        takes: Takes::Word(&["single", "average", "complete"]),
    },
    Parameter {
        name: "window",
        label: "Window",
        doc: "Over how many neighbours the place is sought where strangers begin; each track keeps more than half as many.",
        range: "a whole number from 1 to 1000",
        takes: Takes::Count(1, 1000),
    },
    Parameter {
        name: "flow",
        label: "Flow",
        doc: "Whether likeness counts both ways, as in the published program, or from each track to its neighbours, as in the paper.",
        range: "undirected or directed",
        takes: Takes::Word(&["undirected", "directed"]),
    },
    Parameter {
        name: "gate",
        label: "Gate",
        doc: "How far above strangers' likeness a link must stand, in standard deviations; 0 is the published method, 4.5 leaves strangers alone.",
        range: "a number from 0 to 20",
        takes: Takes::Number(0.0, 20.0),
    },
    Parameter {
        name: "floor",
        label: "Floor",
        doc: "How sure the network must be of a link for it to count at all: higher keeps people apart.",
        range: "a number from 0 to 1; auto is the head's own",
        takes: Takes::Number(0.0, 1.0),
    },
    Parameter {
        name: "step",
        label: "Step",
        doc: "How fast groups that are too large are taken apart: the threshold rises by this share of what is left.",
        range: "a number from 0.01 to 0.95; auto is the head's own",
        takes: Takes::Number(0.01, 0.95),
    },
    Parameter {
        name: "seed",
        label: "Seed",
        doc: "Another seed looks at the tracks in another order.",
        range: "a whole number from 0 to 1000000",
        takes: Takes::Count(0, 1_000_000),
    },
];

/// The parameter of that name.
#[must_use]
pub fn parameter(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| parameter.name == name)
}

impl Parameter {
    /// Whether a text is a value of it.
    #[must_use]
    pub fn allows(&self, text: &str) -> bool {
        match self.takes {
            Takes::Count(least, most) => text.parse().is_ok_and(|n: usize| (least..=most).contains(&n)),
            Takes::Number(least, most) => text.parse().is_ok_and(|x: f64| (least..=most).contains(&x)),
            Takes::Word(words) => words.contains(&text),
        }
    }
}

/// A method's parameters, each with a value that is allowed.
///
/// # Examples
/// ```
/// use castlist::cluster::{METHODS, method, parameter};
///
/// // What a method takes, and what each parameter means.
/// let dbscan = method("dbscan")?;
/// for &(name, default) in dbscan.parameters {
///     println!("{name}={default}  {}", parameter(name).map_or("", |it| it.doc));
/// }
///
/// // Values by name; what is not set has the method's default.
/// let values = dbscan.values(|name| (name == "similarity").then_some("0.6"))?;
/// assert_eq!((values.number("similarity"), values.count("min_samples")), (0.6, 2));
///
/// // A value out of range is refused before anything runs.
/// let refusal = dbscan.values(|_| Some("7")).unwrap_err().to_string();
/// assert_eq!(refusal, "similarity is 7; it must be a cosine from -1 to 1");
/// assert!(METHODS.iter().all(|method| method.values(|_| None).is_ok()));
/// # Ok::<(), castlist::cluster::ClusterError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<&'static str, String>);

impl Values {
    /// The values of a method's parameters: what `set` says of them, or else their defaults.
    ///
    /// # Errors
    /// [`ClusterError::Parameter`] with name, value and what is allowed.
    pub(super) fn new<'a>(
        defaults: &[(&'static str, &'static str)],
        set: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Self, ClusterError> {
        let known = defaults.iter().filter_map(|&(name, default)| Some((parameter(name)?, default)));
        let value = |(parameter, default): (&'static Parameter, &'static str)| {
            let text = set(parameter.name).filter(|text| *text != "auto").unwrap_or(default);
            let bad = || ClusterError::Parameter {
                name: parameter.name,
                value: text.to_owned(),
                range: parameter.range,
            };
            // A default may be `auto`: the method decides by its other parameters.
            (text == default || parameter.allows(text))
                .then(|| (parameter.name, text.to_owned()))
                .ok_or_else(bad)
        };
        Ok(Self(known.map(value).collect::<Result<_, _>>()?))
    }

    /// A value as text, by name; an empty one where the method does not take it.
    #[must_use]
    pub fn word(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// A whole number by name; 0 where the method does not take it.
    #[must_use]
    pub fn count(&self, name: &str) -> usize {
        self.word(name).parse().unwrap_or_default()
    }

    /// A number by name; 0 where the method does not take it.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        self.word(name).parse().unwrap_or_default()
    }

    /// All names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(&name, value)| (name, value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::METHODS;
    use super::*;

    #[test]
    fn every_method_has_values_and_no_parameter_is_idle() {
        for method in METHODS {
            let values = Values::new(method.parameters, |_| None).unwrap();
            for &(name, default) in method.parameters {
                assert!(
                    name == "radius" || name == "head" || values.word(name) == default,
                    "{} names no parameter {name}",
                    method.id
                );
            }
            for text in method.sweep.1 {
                let allowed = method.sweep.0 == "radius"
                    || parameter(method.sweep.0).is_some_and(|parameter| parameter.allows(text));
                assert!(allowed && method.takes(method.sweep.0), "{} sweeps {:?}", method.id, method.sweep);
            }
        }
        for parameter in PARAMETERS {
            assert!(METHODS.iter().any(|method| method.takes(parameter.name)), "{}", parameter.name);
            assert!(!parameter.allows("") && !parameter.range.is_empty());
        }
    }

    #[test]
    fn a_refusal_tells_name_value_and_range() {
        let error = Values::new(&[("search", "auto")], |_| Some("some")).unwrap_err().to_string();
        assert!(error.contains("search is some") && error.contains("exact"), "{error}");
        assert_eq!(Values::new(&[("search", "exact")], |_| Some("auto")).unwrap().word("search"), "exact");
    }
}
