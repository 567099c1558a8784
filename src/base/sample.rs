//! A few of many, evenly.

/// At most `most` of the places `0..n`, spread evenly: the middles of equal shares. Ascending; all
/// of them where there are no more.
///
/// # Examples
/// ```
/// use castlist::base::evenly_spaced;
///
/// // At most four of the sixteen frames of a track.
/// assert_eq!(evenly_spaced(16, 4).collect::<Vec<_>>(), [2, 6, 10, 14]);
/// ```
pub fn evenly_spaced(n: usize, most: usize) -> impl Iterator<Item = usize> {
    let m = n.min(most);
    (0..m).map(move |at| (2 * at + 1) * n / (2 * m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_spread_evenly() {
        assert_eq!(evenly_spaced(3, 8).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(evenly_spaced(16, 4).collect::<Vec<_>>(), [2, 6, 10, 14]);
        assert_eq!(evenly_spaced(0, 4).count(), 0);
    }
}
