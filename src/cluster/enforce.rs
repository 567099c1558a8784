//! Links after the fact: for methods that do not know them, and for links that came later.
//!
//! Takes a partition and constraints; gives the partition that honours them: clusters that a
//! must-link joins become one, and a cluster that holds a cannot-link is grouped again by
//! constrained complete linkage, into as few parts as that finds. A partition without a broken
//! link comes back as it is.

use std::collections::BTreeMap;

use super::agglomerative::complete_linkage;
use crate::base::{
    Cancelled, Constraint, ConstraintKind, Constraints, Cx, Embeddings, Partition, TrackIx, UnionFind,
};

/// The largest squared distance of unit rows, and a little more: all that may merge does.
const ALL: f64 = 4.5;

/// Enforces `constraints` on `partition` of `rows`; also gives how many clusters were split.
///
/// O(n + links) where none is broken; O(m² · dim) for each cluster of m tracks that is split.
///
/// # Errors
/// [`Cancelled`].
///
/// # Examples
/// ```
/// use castlist::base::{Constraint, Constraints, Cx, Embeddings, ConstraintKind, ConstraintSource, Partition};
/// use castlist::cluster::enforce;
///
/// // A method put all three tracks together, but tracks 0 and 2 show different people.
/// let rows = Embeddings::new(2, vec![1.0, 0.0, 0.96, 0.28, 0.6, 0.8])?;
/// let pair = Constraint { a: 0, b: 2, kind: ConstraintKind::Cannot, source: ConstraintSource::User };
/// let found = Partition::from_labels(&[0, 0, 0]);
/// let (found, n_parted) = enforce(found, &rows, &Constraints::new([pair]), &Cx::new())?;
/// assert_eq!((found.labels(), n_parted), (&[0, 0, 1][..], 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn enforce(
    partition: Partition,
    rows: &Embeddings,
    constraints: &Constraints,
    cx: &Cx,
) -> Result<(Partition, usize), Cancelled> {
    let partition = join_must_links(partition, constraints);
    let labels = partition.labels();
    let of = |track: TrackIx| labels[track as usize];
    let mut broken: Vec<u32> =
        constraints.cannot().filter(|&(a, b)| of(a) == of(b)).map(|(a, _)| of(a)).collect();
    broken.sort_unstable();
    broken.dedup();
    if broken.is_empty() {
        return Ok((partition, 0));
    }
    // What lies within each broken cluster, in one pass over the links.
    let mut inside: BTreeMap<u32, Vec<Constraint>> =
        broken.iter().map(|&cluster| (cluster, Vec::new())).collect();
    for link in constraints.all().iter().filter(|link| of(link.a) == of(link.b)) {
        if let Some(links) = inside.get_mut(&of(link.a)) {
            links.push(*link);
        }
    }
    let clusters = partition.clusters();
    let mut labels: Vec<(u32, u32)> = labels.iter().map(|&label| (label, 0)).collect();
    for (cluster, links) in inside {
        let members = &clusters[cluster as usize];
        let place = |track| members.partition_point(|&member| member < track) as TrackIx;
        let links = links.into_iter().map(|link| Constraint { a: place(link.a), b: place(link.b), ..link });
        let some = rows.select(members.iter().copied());
        let parts = complete_linkage(&some, &Constraints::new(links), ALL, cx)?.dendrogram.cut(ALL);
        for (&member, &part) in members.iter().zip(parts.labels()) {
            labels[member as usize].1 = part;
        }
    }
    Ok((Partition::from_labels(&labels), broken.len()))
}

/// Makes one cluster of all that a must-link joins.
fn join_must_links(partition: Partition, constraints: &Constraints) -> Partition {
    let mut sets = UnionFind::new(partition.n_clusters());
    let mut any = false;
    for link in constraints.all().iter().filter(|link| link.kind == ConstraintKind::Must) {
        let labels = partition.labels();
        any |= sets.union(labels[link.a as usize], labels[link.b as usize]);
    }
    if !any {
        return partition;
    }
    let labels: Vec<u32> = partition.labels().iter().map(|&label| sets.find(label)).collect();
    Partition::from_labels(&labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ConstraintSource;

    fn rows(angles: &[f32]) -> Embeddings {
        Embeddings::new(2, angles.iter().flat_map(|angle| [angle.cos(), angle.sin()]).collect()).unwrap()
    }

    fn link(a: TrackIx, b: TrackIx, kind: ConstraintKind) -> Constraint {
        Constraint { a, b, kind, source: ConstraintSource::User }
    }

    #[test]
    fn without_a_broken_link_nothing_changes() {
        let partition = Partition::from_labels(&[0, 0, 1]);
        let links = [link(0, 1, ConstraintKind::Must), link(0, 2, ConstraintKind::Cannot)];
        let (rows, links) = (rows(&[0.0, 0.1, 0.2]), Constraints::new(links));
        assert_eq!(enforce(partition.clone(), &rows, &links, &Cx::new()).unwrap(), (partition, 0));
    }

    #[test]
    fn a_cluster_is_parted_by_who_is_near_whom() {
        let partition = Partition::from_labels(&[0, 0, 0, 0, 1]);
        let links = Constraints::new([link(0, 3, ConstraintKind::Cannot)]);
        let rows = rows(&[0.0, 0.9, 0.1, 1.0, 3.0]);
        let (parted, n) = enforce(partition, &rows, &links, &Cx::new()).unwrap();
        assert_eq!((parted, n), (Partition::from_labels(&[0, 1, 0, 1, 2]), 1));
    }

    #[test]
    fn must_links_join_clusters_and_hold_where_they_are_parted() {
        let partition = Partition::from_labels(&[0, 0, 1, 1, 2]);
        let links = [link(1, 2, ConstraintKind::Must), link(0, 3, ConstraintKind::Cannot)];
        let rows = rows(&[0.0, 0.1, 1.4, 1.5, 3.0]);
        let (parted, _) = enforce(partition, &rows, &Constraints::new(links), &Cx::new()).unwrap();
        let labels = parted.labels();
        assert_eq!(labels[1], labels[2]);
        assert_ne!(labels[0], labels[3]);
        assert_eq!(parted.n_clusters(), 3);
    }
}
