//! The questions of a big archive: how long they take to be found, and to follow an answer.
//!
//! `cargo bench --bench advice [-- TRACKS]`: synthetic unit rows of 256 numbers, five tracks an
//! identity, some of whose people are in two or three. Prints medians; a refresh after one answer
//! is to stay below 50 ms at 100,000 tracks. At the end a library of every fifth person is held
//! against all identities.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::sync::Arc;
use std::time::Instant;

use castlist::advice::{Prototype, QuestionQueue, Vectors, accept, answer, recognise_all};
use castlist::base::{CoOccurrence, Cx, Embeddings, Fingerprint, seeded};
use castlist::cluster::likelihood::{Regression, SamePersonModel, TrackGroup};
use castlist::review::{AdoptedClustering, Edit, Identity, IdentityId, KnownPerson, Review};
use rand::RngExt;

const DIM: usize = 256;
/// Tracks of an identity, and identities of a person.
const TRACKS: usize = 5;
const FRAGMENTS: usize = 2;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let n: usize = std::env::args().find_map(|it| it.parse().ok()).unwrap_or(100_000);
    let mut rng = seeded(1);
    let mut normal = || (0..4).map(|_| rng.random::<f32>() - 0.5).sum::<f32>();
    let mut data = Vec::with_capacity(n * DIM);
    let mut middle = vec![0.0; DIM];
    for track in 0..n {
        if track % (TRACKS * FRAGMENTS) == 0 {
            middle = (0..DIM).map(|_| normal()).collect();
        }
        data.extend(middle.iter().map(|x| x + 0.7 * normal()));
    }
    let unit = Arc::new(Embeddings::new(DIM, data)?.into_unit()?);
    let mut review = Review::new((0..n).map(|track| format!("t{track}")).collect());
    let identities = (0..n / TRACKS).map(|at| {
        let tracks = (at * TRACKS..(at + 1) * TRACKS).map(|track| format!("t{track}")).collect();
        (IdentityId(at as u64 + 1), tracks)
    });
    let identities = identities.collect();
    review.apply(&Edit::Adopt(AdoptedClustering {
        source: "bench".into(),
        identities,
        ..AdoptedClustering::default()
    }));
    let together = Arc::new(CoOccurrence::default());
    let tracks: Arc<[u32]> = (0..n as u32).collect();
    let same_person = SamePersonModel::of(&unit, Regression::fitted());
    let vectors = Arc::new(Vectors::new(n, tracks, unit, same_person, Arc::clone(&together)));
    let clock = Instant::now();
    let mut queue = QuestionQueue::new(&vectors, &review, &Cx::new())?;
    println!(
        "{n} tracks, {} identities: found in {:.2} s; {} pairs offered, {} decisions left",
        review.identities().len(),
        clock.elapsed().as_secs_f64(),
        queue.pairs().len(),
        queue.remaining().total()
    );
    for (what, on_page, is_yes) in [("a yes", 1, true), ("a no", 1, false), ("a page of twelve", 12, true)] {
        let mut took = Vec::new();
        for _ in 0..21 {
            let page = queue.page(on_page);
            let edit = match page.as_slice() {
                [pair] => answer(&review, pair, is_yes),
                _ => accept(&review, &page, &vec![is_yes; page.len()]),
            };
            let edit = edit.ok_or("nothing was asked")?;
            let edit = review.prepare(edit, IdentityId(u64::MAX / 2), &together)?;
            review.apply(&edit);
            let clock = Instant::now();
            queue.refresh(&review);
            took.push(clock.elapsed().as_secs_f64() * 1000.0);
        }
        took.sort_by(f64::total_cmp);
        println!("refresh after {what}: {:.1} ms (median of {})", took[took.len() / 2], took.len());
    }
    recognise(&vectors, &review);
    Ok(())
}

/// Every fifth person is in a library already, by one look.
fn recognise(vectors: &Vectors, review: &Review) {
    let mean = |identity: &Identity| -> Vec<f32> {
        let rows: Vec<&[f32]> = identity.tracks.iter().filter_map(|&track| vectors.row(track)).collect();
        (0..DIM).map(|at| rows.iter().map(|row| row[at]).sum::<f32>() / rows.len() as f32).collect()
    };
    let known = |(at, identity): (usize, &Identity)| {
        let mean = mean(identity);
        Prototype {
            person: KnownPerson { library: Fingerprint([0; 32]), person: at as u64 + 1 },
            name: format!("Person {at}"),
            group: TrackGroup::of(identity.tracks.len() as u32, &mean),
            mean,
        }
    };
    let looks: Vec<Prototype> = review.identities().step_by(5 * FRAGMENTS).enumerate().map(known).collect();
    let clock = Instant::now();
    let found = recognise_all(vectors, review, &looks);
    println!(
        "{} known people: {} identities recognised in {:.2} s, beside the window",
        looks.len(),
        found.iter().filter(|it| it.is_sure).count(),
        clock.elapsed().as_secs_f64()
    );
}
