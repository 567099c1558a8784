//! A learned projection with its radius, ready to be applied, and its way into and out of a head.
//!
//! Takes track embeddings and gives unit rows in the clustering space. It never learns and never
//! clusters.

use std::collections::BTreeMap;

use super::{LearnError, Mlp};
use crate::base::{Embeddings, Radius};
use crate::models::{HeadFile, Tensor};

/// The map into the clustering space and the ball's radius there.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    mlp: Mlp<f32>,
    radius: Radius,
}

impl Projection {
    /// A projection of these parts.
    #[must_use]
    pub fn new(mlp: Mlp<f32>, radius: Radius) -> Self {
        Self { mlp, radius }
    }

    /// The projection that a head holds. Its radius is that of the head's τ where it has one,
    /// else √b as the loss learned it.
    ///
    /// # Errors
    /// [`LearnError::Parameter`] where the head's tensors do not fit its widths (a head that was
    /// read from a file is checked).
    pub(crate) fn from_head(head: &HeadFile) -> Result<Self, LearnError> {
        let layers = head.dims.len().saturating_sub(1);
        let names = (0..layers).flat_map(|layer| [HeadFile::weight(layer), HeadFile::bias(layer)]);
        let tensors = names.filter_map(|name| head.tensors.get(&name));
        let weights = tensors.flat_map(|tensor| tensor.data.iter().copied()).collect();
        let radius = head.tau.map_or(Radius(head.b.sqrt()), Radius::from_tau);
        Ok(Self { mlp: Mlp::from_weights(&head.dims, weights)?, radius })
    }

    /// The weights as a head keeps them.
    #[must_use]
    pub fn tensors(&self) -> BTreeMap<String, Tensor> {
        let mut tensors = BTreeMap::new();
        for (layer, pair) in self.mlp.dims().windows(2).enumerate() {
            let (weights, biases) = self.mlp.layer(layer);
            let tensor =
                |shape: &[usize], data: &[f32]| Tensor { shape: shape.to_vec(), data: data.to_vec() };
            tensors.insert(HeadFile::weight(layer), tensor(&[pair[1], pair[0]], weights));
            tensors.insert(HeadFile::bias(layer), tensor(&pair[1..], biases));
        }
        tensors
    }

    /// The network's widths, the input's first; one where rows stay as they are.
    #[must_use]
    pub fn dims(&self) -> &[usize] {
        self.mlp.dims()
    }

    /// The network.
    #[must_use]
    pub fn mlp(&self) -> &Mlp<f32> {
        &self.mlp
    }

    /// The ball's radius in the clustering space.
    #[must_use]
    pub fn radius(&self) -> Radius {
        self.radius
    }

    /// The rows of tracks (means of their faces) in the clustering space, of unit length.
    ///
    /// Rows are brought to unit length before the network, as in training. Without a layer they
    /// are given back as they came. O(n·weights), parallel; the same bytes for any number of
    /// threads, and whatever other rows stand beside one.
    ///
    /// # Errors
    /// [`LearnError::Width`] with both widths, [`LearnError::Embeddings`] or
    /// [`LearnError::ZeroRow`] for a row without a direction.
    pub fn apply(&self, rows: &Embeddings) -> Result<Embeddings, LearnError> {
        if rows.is_empty() {
            return Ok(Embeddings::new(self.mlp.outputs(), Vec::new())?);
        }
        if rows.dim() != self.mlp.inputs() {
            return Err(LearnError::Width { head: self.mlp.inputs(), rows: rows.dim() });
        }
        if self.mlp.n_layers() == 0 {
            return Ok(rows.clone());
        }
        let unit = rows.clone().into_unit()?;
        Ok(Embeddings::new(self.mlp.outputs(), self.mlp.apply(unit.as_slice())?)?)
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::super::Initialisation;
    use super::*;
    use crate::base::seeded;
    use crate::models::{HeadKind, ModelRef};

    fn head_of(projection: &Projection, tau: Option<f64>) -> HeadFile {
        HeadFile {
            kind: HeadKind::Bcl,
            model: Some(ModelRef { id: "m".into(), sha256: "ab".repeat(32) }),
            dims: projection.dims().to_vec(),
            b: 0.2,
            tau,
            data: String::new(),
            figures: BTreeMap::new(),
            castlist: "0.1.0".into(),
            seed: 1,
            tensors: projection.tensors(),
        }
    }

    #[test]
    fn goes_through_a_head_and_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head.safetensors");
        for dims in [&[6][..], &[6, 4], &[6, 5, 4]] {
            let mlp = Mlp::new(dims, Initialisation::Uniform, &mut seeded(1)).unwrap();
            let projection = Projection::new(mlp, Radius(0.2_f64.sqrt()));
            head_of(&projection, None).write(&path).unwrap();
            assert_eq!(Projection::from_head(&HeadFile::read(&path).unwrap()).unwrap(), projection);
        }
        let mlp = Mlp::new(&[6], Initialisation::Uniform, &mut seeded(1)).unwrap();
        let head = head_of(&Projection::new(mlp, Radius(0.1)), Some(1.2));
        assert!((Projection::from_head(&head).unwrap().radius().tau() - 1.2).abs() < 1e-12);
    }

    #[test]
    fn applies_to_rows_of_its_width_only_and_each_row_on_its_own() {
        let mut rng = seeded(2);
        let rows = Embeddings::new(6, (0..6 * 700).map(|_| rng.random_range(-1.0..1.0)).collect()).unwrap();
        let projection =
            Projection::new(Mlp::new(&[6, 5, 4], Initialisation::Uniform, &mut rng).unwrap(), Radius(0.5));
        let all = projection.apply(&rows).unwrap();
        let one = projection.apply(&Embeddings::new(6, rows.row(611).to_vec()).unwrap()).unwrap();
        assert_eq!(one.row(0), all.row(611));
        let message = projection.apply(&Embeddings::new(3, vec![1.0; 3]).unwrap()).unwrap_err().to_string();
        assert!(message.contains('6') && message.contains('3'), "{message}");
        assert!(projection.apply(&Embeddings::new(3, Vec::new()).unwrap()).unwrap().is_empty());
        let none = Projection::new(Mlp::new(&[6], Initialisation::Uniform, &mut rng).unwrap(), Radius(0.5));
        assert_eq!(none.apply(&rows).unwrap(), rows);
    }

    #[test]
    fn a_row_without_a_direction_is_named_and_never_nan() {
        let zero = Mlp::from_weights(&[2, 2], vec![1.0, 0.0, 1.0, 0.0, 0.0, 0.0]).unwrap();
        let rows = Embeddings::new(2, vec![1.0, 0.0, 0.0, 1.0]).unwrap();
        let error = Projection::new(zero, Radius(0.5)).apply(&rows).unwrap_err();
        assert!(matches!(error, LearnError::ZeroRow { row: 1 }), "{error}");
    }
}
