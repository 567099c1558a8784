//! Rows of many numbers as points on a plane: near each other where the rows are.
//!
//! Takes unit rows; gives one point for each, by t-SNE over exact nearest neighbours. A way to
//! see, never the truth: far apart on the map says little, and no edit follows from it. It uses
//! no tracks, identities or windows. The same rows, seed and sample give the same bytes
//! for any number of threads: t-SNE runs on one thread, so that nothing is added up in another
//! order.

mod interpolate;
mod layout;

use crate::base::{Cancelled, Cx, Embeddings, TrackIx, seeded};

/// Up to this many rows are laid out; of more, a sample of this size.
pub(crate) const SAMPLE: usize = 20_000;

/// What may vary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MapOptions {
    /// Seed of everything random.
    pub seed: u64,
    /// Maximum number of rows that are laid out; the others are placed next to their nearest ones
    /// among them.
    pub sample: usize,
}

impl Default for MapOptions {
    fn default() -> Self {
        Self { seed: 0, sample: SAMPLE }
    }
}

/// One point per row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct MapLayout {
    /// Both coordinates within -1..=1, the middle of all at 0.
    pub points: Vec<[f32; 2]>,
    /// Rows that were not laid out, but placed beside their nearest ones in the sample.
    pub n_placed: usize,
}

/// Why there is no map.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// The system gives no thread.
    #[error("no thread for the map ({0}); close other programs and try again")]
    Thread(String),
    /// The user stopped the work.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Lays unit rows out on a plane.
///
/// O(m² · dim) for the neighbours of the m rows laid out, O(m log m) a step of t-SNE, and
/// O(n · m · dim) for placing the others. Fewer than five rows are in a circle.
///
/// # Errors
/// [`MapError`]; cancelled between steps.
pub(crate) fn lay_out(rows: &Embeddings, options: MapOptions, cx: &Cx) -> Result<MapLayout, MapError> {
    let n = rows.len();
    let sample = options.sample.max(layout::FEWEST);
    let mut plane = if n <= sample {
        MapLayout { points: layout::lay_out(rows, options.seed, cx)?, n_placed: 0 }
    } else {
        let chosen = choose(n, sample, options.seed);
        let laid_out = rows.select(chosen.iter().copied());
        let of_sample = layout::lay_out(&laid_out, options.seed, cx)?;
        let points = interpolate::place(rows, (&chosen, &laid_out, &of_sample), cx)?;
        MapLayout { points, n_placed: n - chosen.len() }
    };
    normalise(&mut plane.points);
    Ok(plane)
}

/// So many of the rows, ascending.
fn choose(n: usize, sample: usize, seed: u64) -> Vec<TrackIx> {
    let mut chosen: Vec<TrackIx> =
        rand::seq::index::sample(&mut seeded(seed), n, sample).into_iter().map(|at| at as TrackIx).collect();
    chosen.sort_unstable();
    chosen
}

/// Moves the middle to 0 and the farthest coordinate to 1.
fn normalise(points: &mut [[f32; 2]]) {
    for axis in 0..2 {
        let mean =
            points.iter().map(|point| f64::from(point[axis])).sum::<f64>() / points.len().max(1) as f64;
        for point in points.iter_mut() {
            point[axis] -= mean as f32;
        }
    }
    let farthest = points.iter().flatten().fold(0.0_f32, |most, value| most.max(value.abs()));
    if farthest > 0.0 {
        points.iter_mut().flatten().for_each(|value| *value /= farthest);
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    /// People of `each` rows; the rows of one are much nearer to each other.
    fn people(n_people: usize, each: usize) -> Embeddings {
        let mut rng = seeded(7);
        let mut draw =
            |n: usize, width: f32| -> Vec<f32> { (0..n).map(|_| rng.random_range(-width..width)).collect() };
        let mut data = Vec::new();
        for _ in 0..n_people {
            let middle = draw(32, 1.0);
            for _ in 0..each {
                data.extend(middle.iter().zip(draw(32, 0.4)).map(|(a, b)| a + b));
            }
        }
        Embeddings::new(32, data).unwrap().into_unit().unwrap()
    }

    /// Share of the points whose nearest point is of the same person.
    fn kept(points: &[[f32; 2]], each: usize) -> f64 {
        let away = |a: [f32; 2], b: [f32; 2]| (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
        let nearest = |at: usize| {
            let others = (0..points.len()).filter(|&other| other != at);
            others.min_by(|&a, &b| away(points[at], points[a]).total_cmp(&away(points[at], points[b])))
        };
        let same = (0..points.len()).filter(|&at| nearest(at).is_some_and(|it| it / each == at / each));
        same.count() as f64 / points.len() as f64
    }

    #[test]
    fn people_stay_together_and_the_map_is_the_same_every_time() {
        let rows = people(15, 20);
        let plane = lay_out(&rows, MapOptions::default(), &Cx::new()).unwrap();
        assert_eq!((plane.points.len(), plane.n_placed), (300, 0));
        assert!(plane.points.iter().flatten().all(|value| (-1.0..=1.0).contains(value)));
        assert!(kept(&plane.points, 20) > 0.95, "{}", kept(&plane.points, 20));
        assert_eq!(lay_out(&rows, MapOptions::default(), &Cx::new()).unwrap(), plane);
        let threads = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        assert_eq!(threads.install(|| lay_out(&rows, MapOptions::default(), &Cx::new())).unwrap(), plane);
        let other = lay_out(&rows, MapOptions { seed: 1, ..MapOptions::default() }, &Cx::new()).unwrap();
        assert_ne!(other, plane);
    }

    #[test]
    fn of_too_many_the_rest_is_placed_beside_their_own() {
        let rows = people(10, 30);
        let options = MapOptions { sample: 100, ..MapOptions::default() };
        let plane = lay_out(&rows, options, &Cx::new()).unwrap();
        assert_eq!((plane.points.len(), plane.n_placed), (300, 200));
        assert!(kept(&plane.points, 30) > 0.95, "{}", kept(&plane.points, 30));
        assert_eq!(lay_out(&rows, options, &Cx::new()).unwrap(), plane);
    }

    #[test]
    fn few_rows_and_rows_that_are_all_the_same_have_a_map_too() {
        for n in (0..14).chain([40]) {
            let all = people(1, 40);
            let rows = Embeddings::new(32, all.as_slice()[..32 * n].to_vec()).unwrap();
            let plane = lay_out(&rows, MapOptions::default(), &Cx::new()).unwrap();
            assert_eq!(plane.points.len(), n);
            assert!(plane.points.iter().flatten().all(|value| value.is_finite()), "{n}: {plane:?}");
        }
        let same = Embeddings::new(2, [1.0, 0.0].repeat(100)).unwrap();
        let plane = lay_out(&same, MapOptions::default(), &Cx::new()).unwrap();
        assert!(plane.points.iter().flatten().all(|value| value.is_finite()), "{plane:?}");
    }

    #[test]
    fn it_stops_when_it_is_told_to() {
        let cx = Cx::new();
        cx.cancel();
        let stopped = lay_out(&people(5, 10), MapOptions::default(), &cx);
        assert!(matches!(stopped, Err(MapError::Cancelled(_))), "{stopped:?}");
    }
}
