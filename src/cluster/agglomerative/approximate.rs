//! Complete linkage over the pairs that an index proposes, for archives where all pairs are
//! too many.
//!
//! Stage by stage the active clusters' means are indexed, each cluster's nearest means are
//! its possible partners, and exact heights decide. So no cluster becomes wider than τ; but
//! a pair that the index misses may stay apart, or meet a stage later. What a stage may join
//! reaches only as far as half of the lists are complete, so that near pairs do come first.

use std::time::Instant;

use cpu_time::ProcessTime;
use rand::seq::index::sample;
use rayon::prelude::*;

use super::active::ActiveClusters;
use super::complete::{CompleteLinkage, MergeStages};
use super::merging::{ClusterPair, merge_all};
use crate::base::{Cancelled, Dendrogram, Merge, Stage, seeded, squared_distance};
use crate::graph::proposed;

/// Partners that are looked for at each cluster.
const PARTNERS: usize = 32;
/// The share of clusters whose lists may end within a stage's limit.
const SHORT: f64 = 0.5;
/// After a stage that joins less than this share of the clusters (one in …), the last stage goes up
/// to τ.
const FEW: usize = 100;
/// Lists that are compared with exact ones.
const SAMPLE: usize = 500;

impl MergeStages<'_> {
    /// [`Self::run`] over proposed pairs, as long as more than `few` clusters are active, and over
    /// all pairs from then on.
    ///
    /// A merge's height is the width of the cluster that it makes: the largest distance
    /// between its tracks, except within must-links.
    pub(super) fn run_approximate(mut self, few: usize) -> Result<CompleteLinkage, Cancelled> {
        self.join_must_links();
        let (mut n_stages, mut recall, mut last) = (0, None, false);
        loop {
            let level = ActiveClusters::new(self.rows, &self.names, self.constraints);
            let watch = (Instant::now(), ProcessTime::now());
            let (pairs, limit) = if level.len() <= few {
                (self.all_pairs(&level)?, self.tau_f32())
            } else {
                let lists = proposed(level.means(), self.rows.dim(), PARTNERS, self.cx)?;
                if recall.is_none() {
                    recall = Some(self.recall(&level, &lists)?);
                }
                self.proposed_pairs(&level, &lists, last)?
            };
            self.add_time(&watch);
            n_stages += 1;
            let complete = limit >= self.tau_f32();
            self.cx.stage(Stage::GroupingTracks, level.len() as u64);
            let merges = merge_all(level.len(), pairs, self.cx)?;
            let n_merges = merges.len();
            self.record(level.named(merges));
            // A stage costs as much for few merges as for many.
            last = n_merges * FEW < level.len();
            if complete && (last || level.len() <= few) {
                break;
            }
        }
        let merges = widths(self.rows.len(), std::mem::take(&mut self.merges));
        let dendrogram = Dendrogram::from_ordered(self.rows.len(), self.tau, merges);
        Ok(CompleteLinkage {
            dendrogram,
            graph_secs: self.graph_secs,
            n_stages,
            recall: Some(recall.unwrap_or(1.0)),
        })
    }

    /// The proposed pairs up to a limit, by (a, b), and the limit; it is τ where `last`.
    fn proposed_pairs(
        &self,
        level: &ActiveClusters,
        lists: &[Vec<u32>],
        last: bool,
    ) -> Result<(Vec<ClusterPair>, f32), Cancelled> {
        let tau = self.tau_f32();
        let mut both: Vec<(u32, u32)> = lists
            .iter()
            .enumerate()
            .flat_map(|(a, list)| list.iter().map(move |&b| (b.min(a as u32), b.max(a as u32))))
            .collect();
        both.par_sort_unstable();
        both.dedup();
        let limit = if last { tau } else { self.limit(level, lists).min(tau) };
        let height = |&(a, b): &(u32, u32)| {
            self.cx.check()?;
            Ok(level.height(a, b, limit).map(|height| ClusterPair { a, b, height }))
        };
        let pairs: Vec<Option<ClusterPair>> =
            both.par_iter().map(height).collect::<Result<_, Cancelled>>()?;
        Ok((pairs.into_iter().flatten().collect(), limit))
    }

    /// How far half of the lists reach, by the distance of means; beyond it, partners may lack.
    fn limit(&self, level: &ActiveClusters, lists: &[Vec<u32>]) -> f32 {
        let dim = self.rows.dim();
        let mean = |at: usize| &level.means()[at * dim..(at + 1) * dim];
        let reach = |(at, list): (usize, &Vec<u32>)| {
            let to = |&other: &u32| squared_distance(mean(at), mean(other as usize)).0;
            list.iter().map(to).fold(0.0, f32::max)
        };
        let mut reaches: Vec<f32> = lists.par_iter().enumerate().map(reach).collect();
        let short = ((reaches.len() as f64 * SHORT) as usize).min(reaches.len() - 1);
        *reaches.select_nth_unstable_by(short, f32::total_cmp).1
    }

    /// All pairs of few clusters.
    fn all_pairs(&self, level: &ActiveClusters) -> Result<Vec<ClusterPair>, Cancelled> {
        let tau = self.tau_f32();
        let candidates = level.candidates();
        let strips = (0..candidates.n_strips()).into_par_iter().map(|strip| {
            self.cx.check()?;
            let mut found = Vec::new();
            candidates.strip(strip, f64::from(tau), &mut Vec::new(), |a, b| {
                found.extend(level.height(a, b, tau).map(|height| ClusterPair { a, b, height }));
            });
            found.sort_unstable_by_key(|pair: &ClusterPair| (pair.a, pair.b));
            Ok(found)
        });
        Ok(strips.collect::<Result<Vec<_>, Cancelled>>()?.into_iter().flatten().collect())
    }

    /// The share of the true nearest within τ that the lists hold, over a sample; by means,
    /// which are the tracks themselves where nothing was joined before.
    fn recall(&self, level: &ActiveClusters, lists: &[Vec<u32>]) -> Result<f64, Cancelled> {
        let (n, dim) = (level.len(), self.rows.dim());
        let mean = |at: usize| &level.means()[at * dim..(at + 1) * dim];
        let counts: Vec<(usize, usize)> = sample(&mut seeded(0), n, SAMPLE.min(n))
            .into_vec()
            .into_par_iter()
            .map(|at| {
                self.cx.check()?;
                let others = (0..n).filter(|&other| other != at);
                let near = others.map(|other| (squared_distance(mean(at), mean(other)).0, other as u32));
                let mut near: Vec<_> = near.filter(|&(d, _)| f64::from(d) <= self.tau).collect();
                near.sort_unstable_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
                near.truncate(PARTNERS);
                let held = near.iter().filter(|(_, other)| lists[at].binary_search(other).is_ok()).count();
                Ok((held, near.len()))
            })
            .collect::<Result<_, Cancelled>>()?;
        let (held, all) = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        Ok(if all == 0 { 1.0 } else { held as f64 / all as f64 })
    }
}

/// Merges in ascending order: each at the width of what it makes, which is never below that
/// of its parts.
fn widths(n: usize, mut merges: Vec<Merge>) -> Vec<Merge> {
    let mut widths = vec![f32::NEG_INFINITY; n];
    for merge in &mut merges {
        merge.height = merge.height.max(widths[merge.a as usize]).max(widths[merge.b as usize]);
        widths[merge.a as usize] = merge.height;
    }
    // Stable: of equal heights, parts come before what is made of them.
    merges.sort_by(|x, y| x.height.total_cmp(&y.height));
    merges
}
