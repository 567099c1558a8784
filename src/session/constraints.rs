//! What a clustering may not do: co-occurrence and the curator's links, by row.
//!
//! Takes the tracks, which of them have a row, and the links that hold (`review` sees to it
//! that they agree); gives constraints that never contradict each other. It decides nothing
//! about links: precedence among them is `review`'s.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Constraint, ConstraintKind, ConstraintSource, Constraints, TrackIx, UnionFind};
use crate::tracks::TrackSet;

/// A link of the curator by track ids.
pub(crate) type ConstraintById = (String, String, ConstraintKind);

/// Links between rows; row `i` is the track `usable[i]`, ascending.
///
/// Must-links join tracks over a chain also where a track of the chain has no row, and what is
/// said of such a track is said of those that it is joined with. A co-occurring pair that the
/// curator joined is left out; every other pair holds. Links of unknown tracks are passed over.
pub(crate) fn constraints(set: &TrackSet, usable: &[TrackIx], links: &[ConstraintById]) -> Constraints {
    let by_id: BTreeMap<&str, TrackIx> = set.tracks.iter().map(|track| track.id.as_str()).zip(0..).collect();
    let links: Vec<(TrackIx, TrackIx, ConstraintKind)> = links
        .iter()
        .filter_map(|(a, b, kind)| Some((*by_id.get(a.as_str())?, *by_id.get(b.as_str())?, *kind)))
        .collect();
    let mut sets = UnionFind::new(set.len());
    let mut linked = BTreeSet::new();
    for &(a, b, _) in links.iter().filter(|link| link.2 == ConstraintKind::Must) {
        sets.union(a, b);
        linked.extend([a, b]);
    }
    let rows: BTreeMap<TrackIx, u32> = usable.iter().copied().zip(0..).collect();
    // The first row of each joined group, and the must-links that hold the group together.
    let mut first_of = BTreeMap::new();
    let mut pairs = Vec::new();
    for (track, row) in linked.iter().filter_map(|track| Some((*track, *rows.get(track)?))) {
        let first = *first_of.entry(sets.find(track)).or_insert(row);
        pairs.push(Constraint {
            a: first,
            b: row,
            kind: ConstraintKind::Must,
            source: ConstraintSource::User,
        });
    }
    let mut row_of =
        |track: TrackIx| rows.get(&track).copied().or_else(|| first_of.get(&sets.find(track)).copied());
    let mut apart = Vec::new();
    let said = links.iter().filter(|link| link.2 == ConstraintKind::Cannot).map(|&(a, b, _)| (a, b));
    let said = said.map(|pair| (pair, ConstraintSource::User)).collect::<Vec<_>>();
    let seen = set.co_occurrence_constraints();
    let seen = seen.cannot().map(|pair| (pair, ConstraintSource::CoOccurrence));
    for ((a, b), source) in said.into_iter().chain(seen) {
        if let (Some(a), Some(b)) = (row_of(a), row_of(b)) {
            apart.push(Constraint { a, b, kind: ConstraintKind::Cannot, source });
        }
    }
    let mut joined = UnionFind::new(usable.len());
    for pair in &pairs {
        joined.union(pair.a, pair.b);
    }
    apart.retain(|pair| joined.find(pair.a) != joined.find(pair.b));
    Constraints::new(pairs.into_iter().chain(apart))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Fingerprint;
    use crate::tracks::{TimeSpan, Track, TrackSource};

    /// Tracks `0`, `1` … of one video, each visible from one frame to another.
    fn set(spans: &[(u64, u64)]) -> TrackSet {
        let track = |(ix, &frames)| Track {
            id: format!("{ix}"),
            video: "v".into(),
            span: TimeSpan { frames: Some(frames), fps: Some(25.0), seconds: None },
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source: TrackSource::Rows { rows: Vec::new() },
            fingerprint: Fingerprint([0; 32]),
        };
        let tracks = spans.iter().enumerate().map(track).collect();
        TrackSet::new("v".into(), tracks)
    }

    fn link(a: u32, b: u32, kind: ConstraintKind) -> ConstraintById {
        (a.to_string(), b.to_string(), kind)
    }

    /// `(a, b, must)` of all constraints.
    fn pairs(constraints: &Constraints) -> Vec<(u32, u32, bool)> {
        constraints.all().iter().map(|c| (c.a, c.b, c.kind == ConstraintKind::Must)).collect()
    }

    #[test]
    fn a_must_link_takes_its_own_overlap_away_and_no_other() {
        // 0, 1 and 2 are all seen at once; 3 stands alone.
        let set = set(&[(0, 9), (0, 9), (5, 14), (20, 29)]);
        let all = [0, 1, 2, 3];
        assert_eq!(pairs(&constraints(&set, &all, &[])), [(0, 1, false), (0, 2, false), (1, 2, false)]);
        let found = constraints(&set, &all, &[link(0, 1, ConstraintKind::Must)]);
        assert_eq!(pairs(&found), [(0, 1, true), (0, 2, false), (1, 2, false)]);
        // Over a chain as well: what lies inside a joined group never counts.
        let found =
            constraints(&set, &all, &[link(0, 3, ConstraintKind::Must), link(1, 3, ConstraintKind::Must)]);
        assert_eq!(pairs(&found), [(0, 1, true), (0, 2, false), (0, 3, true), (1, 2, false)]);
    }

    #[test]
    fn links_reach_over_tracks_without_a_row() {
        let set = set(&[(0, 9), (20, 29), (40, 49), (60, 69)]);
        // Track 1 has no usable face, so the rows are tracks 0, 2 and 3.
        let musts = [link(0, 1, ConstraintKind::Must), link(1, 2, ConstraintKind::Must)];
        assert_eq!(pairs(&constraints(&set, &[0, 2, 3], &musts)), [(0, 1, true)]);
        let mixed = [link(0, 1, ConstraintKind::Must), link(1, 3, ConstraintKind::Cannot)];
        assert_eq!(pairs(&constraints(&set, &[0, 2, 3], &mixed)), [(0, 2, false)]);
        let unknown = [("gone".to_owned(), "0".to_owned(), ConstraintKind::Must)];
        assert_eq!(pairs(&constraints(&set, &[0, 2, 3], &unknown)), []);
    }
}
