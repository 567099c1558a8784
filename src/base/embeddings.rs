//! A matrix of embeddings, one row per face or track.

use super::TrackIx;

/// Row-major matrix of `f32`, `n` rows of `dim` columns.
///
/// # Examples
/// ```
/// use castlist::base::Embeddings;
///
/// // Two rows of two columns, brought to unit length as every method expects.
/// let rows = Embeddings::new(2, vec![3.0, 4.0, 0.0, 2.0])?.into_unit()?;
/// assert_eq!((rows.len(), rows.dim()), (2, 2));
/// assert_eq!(rows.row(0), [0.6, 0.8]);
/// # Ok::<(), castlist::base::EmbeddingError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Embeddings {
    dim: usize,
    data: Vec<f32>,
}

/// Why a matrix of embeddings was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EmbeddingError {
    /// The data does not fill whole rows.
    #[error("{len} numbers do not fill rows of {dim}")]
    Shape {
        /// Numbers given.
        len: usize,
        /// Columns asked for.
        dim: usize,
    },
    /// Rows with a NaN or an infinity, or of length zero, have no direction.
    #[error("{}", no_direction(not_finite, zero))]
    NoDirection {
        /// All rows that hold a number that is not finite.
        not_finite: Vec<usize>,
        /// All rows of zeros.
        zero: Vec<usize>,
    },
}

/// `rows 3 and 17 (2 rows) hold NaN or infinity …`.
fn no_direction(not_finite: &[usize], zero: &[usize]) -> String {
    const SHOWN: usize = 20;
    let rows = |rows: &[usize], one: &str, many: &str| match rows {
        [] => None,
        [row] => Some(format!("row {row} {one}")),
        rows => {
            let shown: Vec<String> = rows.iter().take(SHOWN).map(ToString::to_string).collect();
            let more = if rows.len() > SHOWN { ", …" } else { "" };
            Some(format!("{} rows {many} ({}{more})", rows.len(), shown.join(", ")))
        }
    };
    let parts = [
        rows(not_finite, "holds NaN or infinity", "hold NaN or infinity"),
        rows(zero, "is all zeros", "are all zeros"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let them = if not_finite.len() + zero.len() == 1 { "it" } else { "them" };
    format!("{}, so there is no direction: leave {them} out or compute {them} again", parts.join(", and "))
}

impl Embeddings {
    /// A matrix of rows of `dim` columns.
    ///
    /// # Errors
    /// [`EmbeddingError::Shape`] where `data.len()` is no multiple of `dim`, or `dim` is 0
    /// while there is data.
    pub fn new(dim: usize, data: Vec<f32>) -> Result<Self, EmbeddingError> {
        if data.is_empty() || (dim > 0 && data.len().is_multiple_of(dim)) {
            Ok(Self { dim, data })
        } else {
            Err(EmbeddingError::Shape { len: data.len(), dim })
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len().checked_div(self.dim).unwrap_or(0)
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// Number of columns.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// One row.
    ///
    /// # Panics
    /// Where `ix` is not below [`Self::len`].
    #[must_use]
    pub fn row(&self, ix: TrackIx) -> &[f32] {
        let start = ix as usize * self.dim;
        &self.data[start..start + self.dim]
    }

    /// All rows, one after another.
    #[must_use]
    pub fn as_slice(&self) -> &[f32] {
        &self.data
    }

    /// Some of the rows, in the order given.
    ///
    /// # Panics
    /// Where one is not below [`Self::len`].
    ///
    /// # Examples
    /// ```
    /// use castlist::base::Embeddings;
    ///
    /// // Leave the second track out.
    /// let rows = Embeddings::new(1, vec![0.1, 0.2, 0.3])?;
    /// assert_eq!(rows.select([0, 2]).as_slice(), [0.1, 0.3]);
    /// # Ok::<(), castlist::base::EmbeddingError>(())
    /// ```
    #[must_use]
    pub fn select(&self, rows: impl IntoIterator<Item = TrackIx>) -> Self {
        let data = rows.into_iter().flat_map(|row| self.row(row)).copied().collect();
        Self { dim: self.dim, data }
    }

    /// Brings every row to unit length (lengths are computed in `f64`).
    ///
    /// # Errors
    /// [`EmbeddingError::NoDirection`] with all rows that have none.
    pub fn into_unit(mut self) -> Result<Self, EmbeddingError> {
        let (mut not_finite, mut zero) = (Vec::new(), Vec::new());
        for (row, values) in self.data.chunks_mut(self.dim.max(1)).enumerate() {
            if values.iter().any(|v| !v.is_finite()) {
                not_finite.push(row);
                continue;
            }
            let length = values.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>().sqrt();
            if length == 0.0 {
                zero.push(row);
                continue;
            }
            for value in values {
                *value = (f64::from(*value) / length) as f32;
            }
        }
        if not_finite.is_empty() && zero.is_empty() {
            Ok(self)
        } else {
            Err(EmbeddingError::NoDirection { not_finite, zero })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_has_no_direction() {
        let told = |data: &[f32]| {
            let error = Embeddings::new(2, data.to_vec()).unwrap().into_unit().unwrap_err();
            error.to_string()
        };
        let mixed = told(&[1.0, 0.0, f32::NAN, 1.0, 0.0, 0.0, 1.0, f32::INFINITY]);
        assert!(mixed.starts_with("2 rows hold NaN or infinity (1, 3), and row 2 is all zeros"), "{mixed}");
        assert!(told(&[0.0; 60]).starts_with("30 rows are all zeros (0, 1, 2, 3"));
        let tiny = Embeddings::new(2, vec![3e-45, 0.0]).unwrap().into_unit().unwrap();
        assert_eq!(tiny.as_slice(), [1.0, 0.0], "a tiny row has a direction");
        assert!(Embeddings::new(2, vec![0.0; 3]).is_err());
    }

    #[test]
    fn unit_rows_have_length_one() {
        let unit = Embeddings::new(2, vec![3.0, 4.0, 0.0, 2.0]).unwrap().into_unit().unwrap();
        assert_eq!(unit.row(0), [0.6, 0.8]);
        assert_eq!(unit.row(1), [0.0, 1.0]);
    }
}
