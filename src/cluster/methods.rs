//! The table of methods: what each is called, takes and does, from its own parameters' struct.
//!
//! A method is a struct of parameters that is an [`Algorithm`]; one line in `methods!` makes it a
//! variant of `MethodParams` and a row of `METHODS`. Every method runs through the same checks, and
//! whatever the method, no constraint is broken in its result.

use super::{ClusterError, Clustering, METHODS, MethodInputs, MethodParams};
use crate::base::{Checked, Constraints, Cx, Embeddings, Parameter, ParameterRange, Parameters, Value};

/// How a method treats constraints between tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintHandling {
    /// It groups under them.
    Within,
    /// It groups without them; clusters that break one are united or split afterwards.
    Afterwards,
}

impl ConstraintHandling {
    /// How cannot-links are honoured, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Within => "exactly, while grouping",
            Self::Afterwards => "exactly, by parting the clusters that break one",
        }
    }
}

/// The parameter that decides most, and values of it from one end to the other, by which methods
/// are compared.
#[derive(Debug, Clone, Copy)]
pub struct ParameterSweep {
    /// The parameter.
    pub parameter: &'static Parameter,
    /// The values.
    pub values: &'static [f64],
}

impl ParameterSweep {
    /// The values as the parameter takes them.
    pub fn values(&self) -> impl Iterator<Item = Value> {
        let is_count = matches!(self.parameter.range, ParameterRange::Count(..));
        let value =
            move |&value: &f64| if is_count { Value::Count(value as usize) } else { Value::Number(value) };
        self.values.iter().map(value)
    }
}

/// One row of the table of methods.
#[derive(Debug)]
pub struct Method {
    /// The name given to `--method`.
    pub id: &'static str,
    /// Its name in the window.
    pub name: &'static str,
    /// What it does, in a curator's words.
    pub doc: &'static str,
    /// The parameter by which methods are compared.
    pub sweep: ParameterSweep,
    /// How it treats constraints.
    pub constraints: ConstraintHandling,
    /// Whether it needs a head of its own kind.
    pub needs_head: bool,
    /// Its parameters with their defaults.
    pub defaults: fn() -> MethodParams,
}

/// Rows are known by their ids.
impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What a method's own file says of it.
#[derive(Debug)]
pub(crate) struct MethodDescription {
    /// The name given to `--method`.
    pub(crate) id: &'static str,
    /// Its name in the window.
    pub(crate) name: &'static str,
    /// What it does, in a curator's words.
    pub(crate) doc: &'static str,
    /// The parameter by which methods are compared.
    pub(crate) sweep: ParameterSweep,
    /// How it treats constraints.
    pub(crate) constraints: ConstraintHandling,
}

/// A method, by the struct of its parameters.
pub(crate) trait Algorithm: Parameters + Clone {
    /// Its row in the table of methods.
    const DESCRIPTION: MethodDescription;
    /// Whether it needs a head of its own kind.
    const NEEDS_HEAD: bool = false;

    /// Groups unit rows.
    fn run(
        params: &Checked<Self>,
        rows: &Embeddings,
        constraints: &Constraints,
        inputs: MethodInputs<'_>,
        cx: &Cx,
    ) -> Result<Clustering, ClusterError>;
}

/// The `run` of a method that is a function of rows, constraints and its own parameters alone.
macro_rules! run_by {
    ($function:ident) => {
        fn run(
            params: &$crate::base::Checked<Self>,
            rows: &$crate::base::Embeddings,
            constraints: &$crate::base::Constraints,
            _inputs: $crate::cluster::MethodInputs<'_>,
            cx: &$crate::base::Cx,
        ) -> Result<$crate::cluster::Clustering, $crate::cluster::ClusterError> {
            $function(rows, constraints, params, cx)
        }
    };
}
pub(super) use run_by;

/// The method of that id.
///
/// # Errors
/// [`ClusterError::Method`] with the ids there are.
pub fn method(id: &str) -> Result<&'static Method, ClusterError> {
    METHODS.iter().find(|method| method.id == id).ok_or_else(|| {
        let known: Vec<_> = METHODS.iter().map(|method| method.id).collect();
        ClusterError::Method { name: id.to_owned(), known: known.join(", ") }
    })
}

/// The parameter of that name, where a method takes it.
#[must_use]
pub fn parameter(name: &str) -> Option<&'static Parameter> {
    parameters().find(|parameter| parameter.name == name)
}

/// All parameters of all methods; one that several methods take comes once.
pub fn parameters() -> impl Iterator<Item = &'static Parameter> {
    let all = || METHODS.iter().flat_map(Method::parameters);
    all()
        .enumerate()
        .filter(move |(at, it)| all().take(*at).all(|before| before.name != it.name))
        .map(|(_, it)| it)
}

impl Method {
    /// The parameters that it takes.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        (self.defaults)().values().into_iter().map(|(parameter, _)| parameter)
    }

    /// Whether it takes a parameter.
    #[must_use]
    pub fn takes(&self, parameter: &Parameter) -> bool {
        self.parameters().any(|known| known.name == parameter.name)
    }
}

/// Makes the table of methods, and the enum of their parameters, from one line per method.
macro_rules! methods {
    ($($(#[$doc:meta])* $Variant:ident($Params:ty)),+ $(,)?) => {
        /// The parameters of a method, which are also the choice of the method.
        #[derive(Debug, Clone, PartialEq)]
        pub enum MethodParams {
            $($(#[$doc])* $Variant($Params)),+
        }

        /// All methods; the first is the default.
        pub const METHODS: &[Method] = &[$(Method {
            id: <$Params as Algorithm>::DESCRIPTION.id,
            name: <$Params as Algorithm>::DESCRIPTION.name,
            doc: <$Params as Algorithm>::DESCRIPTION.doc,
            sweep: <$Params as Algorithm>::DESCRIPTION.sweep,
            constraints: <$Params as Algorithm>::DESCRIPTION.constraints,
            needs_head: <$Params as Algorithm>::NEEDS_HEAD,
            defaults: || MethodParams::$Variant(<$Params>::default()),
        }),+];

        impl MethodParams {
            /// The id of the method.
            #[must_use]
            pub fn id(&self) -> &'static str {
                match self { $(Self::$Variant(_) => <$Params as Algorithm>::DESCRIPTION.id),+ }
            }

            /// Every parameter with its value.
            #[must_use]
            pub fn values(&self) -> Vec<(&'static Parameter, Value)> {
                match self { $(Self::$Variant(params) => params.values()),+ }
            }

            /// Sets one parameter from text.
            ///
            /// # Errors
            /// [`SetParameterError`]: a name that the method does not take, or a value out of
            /// range.
            pub fn set(&mut self, name: &str, text: &str) -> Result<(), SetParameterError> {
                match self { $(Self::$Variant(params) => params.set(name, text)),+ }
            }

            /// Sets one parameter to a value in its range; a name that the method does not take
            /// changes nothing.
            pub fn set_value(&mut self, name: &str, value: Value) {
                match self { $(Self::$Variant(params) => params.set_value(name, value)),+ }
            }

            fn run_alone(
                &self,
                rows: &Embeddings,
                constraints: &Constraints,
                inputs: MethodInputs<'_>,
                cx: &Cx,
            ) -> Result<Clustering, ClusterError> {
                match self {
                    $(Self::$Variant(params) => {
                        <$Params as Algorithm>::run(&params.clone().check()?, rows, constraints, inputs, cx)
                    }),+
                }
            }
        }
    };
}
pub(super) use methods;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_speaks_for_itself_and_every_default_is_allowed() {
        for method in METHODS {
            let defaults = (method.defaults)();
            assert_eq!(defaults.id(), method.id);
            for (parameter, value) in defaults.values() {
                parameter.check(value).unwrap();
                assert!(!parameter.range().is_empty() && parameter.parse("").is_err());
                assert!(!parameter.label.is_empty() && parameter.doc.ends_with('.'), "{}", parameter.name);
                let text = value.to_string();
                assert_eq!(parameter.parse(&text), Ok(value), "{} reads its own text", parameter.name);
            }
            assert!(method.takes(method.sweep.parameter), "{}", method.id);
            for value in method.sweep.values() {
                method.sweep.parameter.check(value).unwrap();
            }
        }
    }

    #[test]
    fn a_name_means_the_same_parameter_in_every_method() {
        let all = || METHODS.iter().flat_map(Method::parameters);
        for (a, b) in all().flat_map(|a| all().map(move |b| (a, b))).filter(|(a, b)| a.name == b.name) {
            assert_eq!((a.label, a.doc, a.range), (b.label, b.doc, b.range));
        }
        assert_eq!(parameters().filter(|it| it.name == "similarity").count(), 1);
    }
}
