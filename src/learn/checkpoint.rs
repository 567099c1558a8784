//! An unfinished training in a file, so that it can go on to the same result, bit for bit.
//!
//! Takes and gives a [`TrainingState`]; the file is a safetensors file like a head, in which
//! numbers of 64 bits are in the metadata by their bits. It is of no use but for going on.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::{LearnError, Validation};
use crate::base::Fingerprint;
use crate::models::{HeadError, Tensor, TensorFile};

/// Everything that a training needs to go on; what is random follows from seed, epoch and step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TrainingState {
    pub weights: Vec<f32>,
    pub velocity: Vec<f32>,
    pub h: f64,
    pub h_velocity: f64,
    /// Whole epochs done.
    pub epoch: usize,
    /// Steps done in the epoch under way.
    pub step: usize,
    /// Loss, its attracting and its repelling part, added up over these steps.
    pub sums: [f64; 3],
    /// The best state by validation so far.
    pub best: Option<BestState>,
}

/// A state that validated best.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BestState {
    pub weights: Vec<f32>,
    pub h: f64,
    /// Epochs done then.
    pub epoch: usize,
    pub validation: Validation,
}

impl TrainingState {
    /// Writes the state of the training that `key` stands for: all or nothing.
    pub(super) fn write(&self, key: Fingerprint, path: &Path) -> Result<(), LearnError> {
        let vector = |data: &[f32]| Tensor { shape: vec![data.len()], data: data.to_vec() };
        let mut tensors = BTreeMap::from([
            ("weights".to_owned(), vector(&self.weights)),
            ("velocity".to_owned(), vector(&self.velocity)),
        ]);
        let mut meta = Map::from_iter([
            ("training".to_owned(), json!(key)),
            ("epoch".to_owned(), json!(self.epoch)),
            ("step".to_owned(), json!(self.step)),
            ("numbers".to_owned(), bits(&[&[self.h, self.h_velocity][..], &self.sums].concat())),
        ]);
        if let Some(best) = &self.best {
            let Validation { nmi, bcubed_f, n_clusters, n_identities } = best.validation;
            tensors.insert("best".to_owned(), vector(&best.weights));
            meta.insert("best-epoch".to_owned(), json!(best.epoch));
            meta.insert("best-counts".to_owned(), json!([n_clusters, n_identities]));
            meta.insert("best-numbers".to_owned(), bits(&[best.h, nmi, bcubed_f]));
        }
        Ok(TensorFile { meta, tensors }.write(path)?)
    }

    /// The state kept in `path`; `None` where there is none.
    ///
    /// # Errors
    /// [`LearnError::OtherTraining`] where it belongs to another training, or its weights are
    /// not `n_weights`; [`LearnError::Head`] where it cannot be read.
    pub(super) fn read(key: Fingerprint, n_weights: usize, path: &Path) -> Result<Option<Self>, LearnError> {
        let mut file = match TensorFile::read(path) {
            Err(HeadError::Read { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                return Ok(None);
            }
            file => file?,
        };
        let other = || LearnError::OtherTraining { path: path.to_owned() };
        if file.meta.get("training") != Some(&json!(key)) {
            return Err(other());
        }
        Self::of(&mut file, n_weights).map(Some).ok_or_else(other)
    }

    fn of(file: &mut TensorFile, n_weights: usize) -> Option<Self> {
        let meta = &file.meta;
        let whole = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        let mut weights = |name: &str| {
            file.tensors.remove(name).map(|tensor| tensor.data).filter(|data| data.len() == n_weights)
        };
        let [h, h_velocity, loss, pos, neg] = numbers(meta.get("numbers")?)?;
        let best = match meta.get("best-epoch") {
            None => None,
            Some(epoch) => {
                let [h, nmi, bcubed_f] = numbers(meta.get("best-numbers")?)?;
                let counts = meta.get("best-counts")?;
                let (n_clusters, n_identities) = (whole(counts.get(0)?)?, whole(counts.get(1)?)?);
                let validation = Validation { nmi, bcubed_f, n_clusters, n_identities };
                Some(BestState { weights: weights("best")?, h, epoch: whole(epoch)?, validation })
            }
        };
        Some(Self {
            weights: weights("weights")?,
            velocity: weights("velocity")?,
            h,
            h_velocity,
            epoch: whole(meta.get("epoch")?)?,
            step: whole(meta.get("step")?)?,
            sums: [loss, pos, neg],
            best,
        })
    }
}

/// Numbers by their bits, since decimal text need not come back the same.
fn bits(numbers: &[f64]) -> Value {
    numbers.iter().map(|number| json!(number.to_bits())).collect()
}

fn numbers<const N: usize>(value: &Value) -> Option<[f64; N]> {
    let numbers: Option<Vec<f64>> =
        value.as_array()?.iter().map(|number| number.as_u64().map(f64::from_bits)).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_bit_by_bit_and_only_to_its_own_training() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head.resume");
        let key = Fingerprint([7; 32]);
        assert_eq!(TrainingState::read(key, 2, &path).unwrap(), None);
        let mut state = TrainingState {
            weights: vec![0.1, -0.0],
            velocity: vec![1e-40, 3.0],
            h: -2.25,
            h_velocity: 1.0 / 3.0,
            epoch: 3,
            step: 1,
            sums: [f64::MIN_POSITIVE, 0.3, -0.0],
            best: None,
        };
        state.write(key, &path).unwrap();
        assert_eq!(TrainingState::read(key, 2, &path).unwrap().unwrap(), state);
        let validation = Validation { nmi: 0.1 + 0.2, bcubed_f: 0.5, n_clusters: 3, n_identities: 4 };
        state.best = Some(BestState { weights: vec![5.0, 6.0], h: 0.7, epoch: 2, validation });
        state.write(key, &path).unwrap();
        assert_eq!(TrainingState::read(key, 2, &path).unwrap().unwrap(), state);
        let other = TrainingState::read(Fingerprint([8; 32]), 2, &path).unwrap_err().to_string();
        assert!(other.contains("other settings") && other.ends_with("head.resume"), "{other}");
        assert!(TrainingState::read(key, 3, &path).is_err());
        std::fs::write(&path, "nothing").unwrap();
        assert!(matches!(TrainingState::read(key, 2, &path), Err(LearnError::Head(_))));
    }
}
