//! Heads of L-GCN: a network that judges links between neighbours, and how it is to be used.
//!
//! A [`LgcnHeadFile`] is a safetensors file like that of a projection. Takes and gives plain
//! numbers and words; everything is checked on loading. It never runs the network.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::core::{MODEL, Metadata, VERSION, are_valid, check_tensors, is_positive, require_model};
use super::{HeadError, HeadKind, ModelRef, Tensor, TensorFile, sha256_hex};

/// Words for what a node is described by.
const INPUTS: [&str; 2] = ["difference", "profile"];
/// Words for how neighbours are averaged.
const AGGREGATIONS: [&str; 2] = ["mean", "weighted"];
/// The widest layer that is believed.
const WIDEST: usize = 65_536;

/// A head as it is in its file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LgcnHeadFile {
    /// The model it was learned for; none where that was not stated.
    pub model: Option<ModelRef>,
    /// Columns of an embedding.
    pub dim: usize,
    /// What a node is described by: `difference` or `profile`.
    pub input: String,
    /// Columns of that description.
    pub columns: usize,
    /// Outputs of each convolution.
    pub widths: Vec<usize>,
    /// Neighbours of a pivot that are scored.
    pub k1: usize,
    /// Neighbours of each of them that come in as well.
    pub k2: usize,
    /// Neighbours that a node is linked with.
    pub u: usize,
    /// How neighbours are averaged: `mean` or `weighted`.
    pub aggregation: String,
    /// What the threshold rises by in propagation.
    pub step: f64,
    /// The largest cluster before the last round.
    pub max_size: usize,
    /// The score from which on links count at all.
    pub floor: f64,
    /// What it was learned on, in words.
    pub data: String,
    /// How good it was, by name.
    pub figures: BTreeMap<String, f64>,
    /// The Castlist that learned it.
    pub castlist: String,
    /// The seed it was learned with.
    pub seed: u64,
    /// As [`Self::wanted`] says.
    #[serde(skip)]
    pub tensors: BTreeMap<String, Tensor>,
}

/// A head that was read, and the name that runs give it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LgcnHead {
    /// What is in it.
    pub file: LgcnHeadFile,
    /// Lower-case hexadecimal sha256 of its bytes.
    pub sha256: String,
}

impl LgcnHead {
    /// Reads and checks a head.
    ///
    /// # Errors
    /// [`HeadError`].
    pub(crate) fn read(path: &Path) -> Result<Self, HeadError> {
        Self::parse(&TensorFile::bytes(path)?, path)
    }

    /// [`Self::read`] for the bytes of a file; `path` is for the message.
    ///
    /// # Errors
    /// [`HeadError`].
    pub(crate) fn parse(bytes: &[u8], path: &Path) -> Result<Self, HeadError> {
        Ok(Self { file: LgcnHeadFile::parse(bytes, path)?, sha256: sha256_hex(bytes) })
    }
}

impl LgcnHeadFile {
    /// The tensors of a network, in their order: name and extents.
    pub(crate) fn wanted(columns: usize, widths: &[usize]) -> impl Iterator<Item = (String, Vec<usize>)> {
        let before = std::iter::once(columns).chain(widths.iter().copied());
        let layers = before.zip(widths.iter().copied()).enumerate();
        let convolutions = layers.flat_map(|(at, (inputs, outputs))| {
            let (weight, bias) = (format!("conv.{at}.weight"), format!("conv.{at}.bias"));
            [(weight, vec![2 * inputs, outputs]), (bias, vec![outputs])]
        });
        let width = widths.last().copied().unwrap_or(0);
        let classifier = [
            ("hidden.weight", vec![width, width]),
            ("hidden.bias", vec![width]),
            ("hidden.slope", vec![width]),
            ("out.weight", vec![2, width]),
            ("out.bias", vec![2]),
        ];
        convolutions.chain(classifier.map(|(name, extents)| (name.to_owned(), extents)))
    }

    fn parse(bytes: &[u8], path: &Path) -> Result<Self, HeadError> {
        let file = TensorFile::parse(bytes, path)?;
        let meta = Metadata::of(&file, path)?;
        meta.get("kind", "\"lgcn\"", |kind: &HeadKind| *kind == HeadKind::Lgcn)?;
        let is_width = |width: &usize| (1..=WIDEST).contains(width);
        let size = |key| meta.get(key, "from 1 to 65536", is_width);
        let head = Self {
            model: meta.get("model", MODEL, |model: &Option<ModelRef>| are_valid(model.as_ref()))?,
            dim: size("dim")?,
            input: meta
                .get("input", "difference or profile", |word: &String| INPUTS.contains(&word.as_str()))?,
            columns: size("columns")?,
            widths: meta.get("widths", "1 to 16 widths of 1 to 65536", |widths: &Vec<usize>| {
                (1..=16).contains(&widths.len()) && widths.iter().all(is_width)
            })?,
            k1: size("k1")?,
            k2: meta.get("k2", "from 0 to 65536", |k2: &usize| *k2 <= WIDEST)?,
            u: size("u")?,
            aggregation: meta.get("aggregation", "mean or weighted", |word: &String| {
                AGGREGATIONS.contains(&word.as_str())
            })?,
            step: meta.get("step", "above 0 and below 1", |step| is_positive(*step) && *step < 1.0)?,
            max_size: meta.get("max_size", "at least 1", |size: &usize| *size > 0)?,
            floor: meta.get("floor", "from 0 to 1", |floor| (0.0..=1.0).contains(floor))?,
            data: meta.get("data", "a text", |_| true)?,
            figures: meta.get("figures", "numbers by name", |_| true)?,
            castlist: meta.get("castlist", "a version", |_| true)?,
            seed: meta.get("seed", "a whole number", |_| true)?,
            tensors: file.tensors,
        };
        head.check(path)?;
        Ok(head)
    }

    fn check(&self, path: &Path) -> Result<(), HeadError> {
        let statistics = ["mean", "variance"].map(|name| (name.to_owned(), vec![self.columns]));
        let wanted = Self::wanted(self.columns, &self.widths).chain(statistics);
        check_tensors(&self.tensors, wanted, &self.widths, path)?;
        let negative = self.tensors.get("variance").and_then(|tensor| tensor.data.iter().find(|v| **v < 0.0));
        match negative {
            Some(value) => Err(HeadError::Metadata {
                key: "variance".to_owned(),
                value: value.to_string(),
                want: "at least 0",
                path: path.to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Checks and writes a head: all or nothing, over what was there. Equal heads are equal bytes.
    ///
    /// # Errors
    /// [`HeadError`] where the head would not be read again, or the file cannot be written.
    pub(crate) fn write(&self, path: &Path) -> Result<(), HeadError> {
        let bytes = self.to_bytes(path)?;
        Self::parse(&bytes, path)?;
        TensorFile::put(&bytes, path)
    }

    fn to_bytes(&self, path: &Path) -> Result<Vec<u8>, HeadError> {
        let Ok(Value::Object(mut meta)) = serde_json::to_value(self) else {
            return Err(HeadError::Metadata {
                key: "metadata".to_owned(),
                value: "not expressible".to_owned(),
                want: "JSON",
                path: path.to_owned(),
            });
        };
        meta.insert("version".to_owned(), VERSION.into());
        meta.insert("kind".to_owned(), "lgcn".into());
        TensorFile { meta, tensors: self.tensors.clone() }.to_bytes(path)
    }

    /// Refuses any model but the one that this head was learned for.
    ///
    /// # Errors
    /// [`HeadError::OtherModel`] and [`HeadError::OtherWidth`], which name both.
    pub(crate) fn require_model(&self, id: &str, sha256: &str, dim: Option<usize>) -> Result<(), HeadError> {
        require_model(self.model.as_ref(), Some(self.dim), id, sha256, dim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> LgcnHeadFile {
        let (columns, widths) = (3, vec![4, 2]);
        let statistics = ["mean", "variance"].map(|name| (name.to_owned(), vec![columns]));
        let filled = |(name, shape): (String, Vec<usize>)| {
            let data = (0..shape.iter().product::<usize>()).map(|at| at as f32 / 7.0).collect();
            (name, Tensor { shape, data })
        };
        LgcnHeadFile {
            model: Some(ModelRef { id: "edgeface-xs".into(), sha256: "0a".repeat(32) }),
            dim: 512,
            input: "difference".into(),
            columns,
            widths: widths.clone(),
            k1: 20,
            k2: 5,
            u: 5,
            aggregation: "mean".into(),
            step: 0.05,
            max_size: 300,
            floor: 0.1 + 0.2,
            data: "50 drawn people".into(),
            figures: [("auc".to_owned(), 1.0 / 3.0)].into(),
            castlist: "0.1.0".into(),
            seed: u64::MAX,
            tensors: LgcnHeadFile::wanted(columns, &widths).chain(statistics).map(filled).collect(),
        }
    }

    #[test]
    fn comes_back_as_it_was_and_is_no_head_of_another_kind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("links.safetensors");
        head().write(&path).unwrap();
        let read = LgcnHead::read(&path).unwrap();
        assert_eq!(read.file, head());
        let error = super::super::HeadFile::read(&path).unwrap_err().to_string();
        assert!(error.contains("\"kind\" is \"lgcn\"") && error.contains("\"bcl\""), "{error}");
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(matches!(LgcnHead::read(&path), Err(HeadError::NoSafetensors { .. })));
    }

    #[test]
    fn whatever_would_not_be_read_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("links.safetensors");
        let refused = |head: LgcnHeadFile| head.write(&path).unwrap_err().to_string();
        for (key, head) in [
            ("input", LgcnHeadFile { input: "both".into(), ..head() }),
            ("step", LgcnHeadFile { step: 1.0, ..head() }),
            ("floor", LgcnHeadFile { floor: f64::NAN, ..head() }),
            ("k1", LgcnHeadFile { k1: 0, ..head() }),
            ("conv.0.weight", LgcnHeadFile { columns: 5, ..head() }),
            ("conv.0.bias", LgcnHeadFile { widths: vec![3, 2], ..head() }),
            (
                "model",
                LgcnHeadFile { model: Some(ModelRef { id: "x".into(), sha256: "0".into() }), ..head() },
            ),
        ] {
            let message = refused(head);
            assert!(message.contains(key), "{key}: {message}");
        }
        assert!(!path.exists());
    }

    #[test]
    fn only_its_own_model_is_served() {
        let (head, own) = (head(), "0a".repeat(32));
        assert!(head.require_model("other-id", &own, Some(512)).is_ok());
        let other = head.require_model("sface", &"0b".repeat(32), None).unwrap_err().to_string();
        assert!(other.contains("edgeface-xs") && other.contains("sface"), "{other}");
        assert!(matches!(head.require_model("x", &own, Some(128)), Err(HeadError::OtherWidth { .. })));
    }
}
