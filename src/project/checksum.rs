//! Checksums of rows: what a failing disk or another program changed is told from what was written.
//!
//! Takes the values of a row; gives a number that is stored beside them. Rows of older formats have
//! none, and are taken as they are.

use crate::base::Hasher;

/// The checksum of a row's values, its key first.
pub(super) fn of(values: &[&[u8]]) -> i64 {
    let hash = values.iter().fold(Hasher::default(), |mut hasher, value| {
        hasher.part(value);
        hasher
    });
    let [a, b, c, d, e, f, g, h, ..] = hash.finish().0;
    i64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// Whether a row is as it was written.
pub(super) fn holds(stored: Option<i64>, values: &[&[u8]]) -> bool {
    stored.is_none_or(|stored| stored == of(values))
}
