//! The single faces of a track as vectors, for learning.
//!
//! Takes the network's rows; gives bytes that are kept beside the track's embedding, and unit
//! rows again from those bytes. A number becomes one signed byte, relative to the largest of its
//! row: the direction stays within a degree, a track of sixteen faces fits into eight
//! kilobytes, and later trainings need not embed again. It never reads pictures.

use crate::base::Embeddings;

/// The rows as bytes, one after another; rows without a direction are passed over.
pub(super) fn pack<'a>(rows: impl Iterator<Item = &'a [f32]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in rows {
        let largest = row.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        if largest > 0.0 && largest.is_finite() && row.iter().all(|value| value.is_finite()) {
            let byte = |value: &f32| ((value / largest * 127.0).round() as i8).cast_unsigned();
            bytes.extend(row.iter().map(byte));
        }
    }
    bytes
}

/// The unit rows of `dim` numbers that [`pack`] was given, nearly; none where the bytes do not
/// fill whole rows.
pub(super) fn unpack(bytes: &[u8], dim: usize) -> Option<Embeddings> {
    let data = bytes.iter().map(|byte| f32::from(byte.cast_signed())).collect();
    Embeddings::new(dim, data).ok()?.into_unit().ok()
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::base::{seeded, squared_distance};

    #[test]
    fn directions_come_back_within_a_degree() {
        let mut rng = seeded(1);
        let rows =
            Embeddings::new(512, (0..512 * 20).map(|_| rng.random_range(-3.0..3.0)).collect()).unwrap();
        let bytes = pack((0..20).map(|row| rows.row(row)));
        assert_eq!(bytes.len(), 512 * 20);
        let (unit, back) = (rows.into_unit().unwrap(), unpack(&bytes, 512).unwrap());
        for row in 0..20 {
            let angle = squared_distance(unit.row(row), back.row(row)).0.sqrt().to_degrees();
            assert!(angle < 1.0, "{angle}°");
        }
        assert_eq!(pack((0..20).map(|row| back.row(row))), bytes);
    }

    #[test]
    fn what_has_no_direction_is_passed_over() {
        let rows: [&[f32]; 4] = [&[0.0, 0.0], &[f32::NAN, 1.0], &[f32::INFINITY, 1.0], &[0.0, -2.0]];
        let bytes = pack(rows.into_iter());
        assert_eq!(unpack(&bytes, 2).unwrap().as_slice(), [0.0, -1.0]);
        assert_eq!(unpack(&bytes, 3), None);
        assert!(unpack(&[], 2).unwrap().is_empty());
    }
}
