//! Another radius is one cut away: the same as clustering again there, around what was kept.
//!
//! Works on folders of random features through the session and through the real binary.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::path::Path;
use std::sync::Arc;

use castlist::base::{Cx, Radius};
use castlist::session::{Command, GroupCounts, Session, SessionError};
use common::{TestDir, archive};
use rand::RngExt;
use serde_json::{Value, json};

const EDITS: [&str; 5] = [
    r#"{"edit":"rename","identity":1,"name":"Anna"}"#,
    r#"{"edit":"must-link","a":"v0/0","b":"v1/9"}"#,
    r#"{"edit":"must-link","a":"v0/0","b":"v0/2","override":true}"#,
    r#"{"edit":"cannot-link","a":"v0/8","b":"v0/16"}"#,
    r#"{"edit":"reject","tracks":["v1/31"]}"#,
];

/// The folder clustered at 0.3, edited, and clustered at 0.3 again under the new links.
fn session(folder: &Path) -> Session {
    let mut session = Session::open(folder, None).unwrap();
    session.set("method", "bcl").unwrap();
    session.set("radius", "0.3").unwrap();
    run(&mut session);
    for edit in EDITS {
        session.perform(Command::Edit(serde_json::from_str(edit).unwrap())).unwrap();
    }
    run(&mut session);
    session
}

fn run(session: &mut Session) -> castlist::cluster::Diagnostics {
    let analysis = session.job().run(&Cx::new(), |_| ()).unwrap();
    session.finish(&analysis).unwrap();
    analysis.report.diagnostics
}

fn forget_dendrogram(folder: &Path, sql: &str) {
    let file = rusqlite::Connection::open(folder.join("castlist.sqlite")).unwrap();
    assert!(file.execute(sql, []).unwrap() > 0);
}

fn radius_of(value: f64) -> Radius {
    Radius::new(value).unwrap()
}

#[test]
fn a_cut_is_what_clustering_anew_gives() {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    archive(&test_dir, "g");
    let (f, g) = (test_dir.path("f"), test_dir.path("g"));
    for radius in ["0.1", "0.42", "0.55", "0.7", "1"] {
        for folder in [&f, &g] {
            let _none_yet = std::fs::remove_file(folder.join("castlist.sqlite"));
        }
        let (mut cut, mut anew) = (session(&f), session(&g));
        let r = radius_of(radius.parse().unwrap());
        let cuts = cut.cut_job(Some(r.into())).unwrap().run(&Cx::new()).unwrap();
        assert!(cuts.covers(r.into()));
        cut.take_cuts(Arc::new(cuts));
        let told = cut.counts(r).unwrap();
        cut.perform(Command::Cut(Some(r.into()))).unwrap();

        forget_dendrogram(&g, "DELETE FROM dendrograms");
        anew.set("radius", radius).unwrap();
        assert!(run(&mut anew).recut.is_none());
        assert_eq!(cut.review(), anew.review(), "at {radius}");
        let (a, b) = (cut.run().unwrap(), anew.run().unwrap());
        assert_eq!((&a.clusters, &a.doubts, &a.parameters), (&b.clusters, &b.doubts, &b.parameters));
        assert_eq!(a.vectors, b.vectors);
        assert_eq!(cut.settings().stored(), anew.settings().stored());
        let clusters: std::collections::BTreeSet<_> = a.clusters.values().collect();
        let found = GroupCounts { clusters: clusters.len(), identities: cut.review().identities().len() };
        assert_eq!(told, found, "at {radius}");
        // All of it is on the disk.
        let (review, run) = (Arc::clone(cut.review()), Arc::clone(a));
        drop(cut);
        let again = Session::open(&f, None).unwrap();
        let stored = again.run().unwrap();
        assert_eq!((again.review(), &stored.clusters, &stored.doubts), (&review, &run.clusters, &run.doubts));
        assert_eq!(stored.parameters, run.parameters);
        assert_eq!(again.settings().text("radius").unwrap(), radius);
    }
}

#[test]
fn undo_takes_a_cut_back_with_its_radius() {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    let mut session = session(&test_dir.path("f"));
    let (review, run) = (Arc::clone(session.review()), Arc::clone(session.run().unwrap()));
    let cuts = session.cut_job(Some(radius_of(0.8).into())).unwrap().run(&Cx::new()).unwrap();
    session.take_cuts(Arc::new(cuts));
    session.perform(Command::Cut(Some(radius_of(0.6).into()))).unwrap();
    let after = (Arc::clone(session.review()), Arc::clone(session.run().unwrap()));
    assert_ne!(after.0, review);
    session.perform(Command::Undo(1)).unwrap();
    assert_eq!((session.review(), session.run().unwrap()), (&review, &run));
    assert_eq!(session.settings().set_radius(), Some(radius_of(0.3)));
    drop(session);
    let mut again = Session::open(&test_dir.path("f"), None).unwrap();
    assert_eq!((again.review(), again.run().unwrap()), (&review, &run));
    assert!(again.cuts().is_none(), "nothing is read before it is asked for");
    again.perform(Command::Redo(1)).unwrap();
    assert_eq!((again.review(), again.run().unwrap()), (&after.0, &after.1));
    // Back through its own keys, without pictures or features.
    let cuts = again.cut_job(None).unwrap().run(&Cx::new()).unwrap();
    assert!(cuts.covers(radius_of(0.8).into()), "what was grown is kept");
    again.take_cuts(Arc::new(cuts));
    assert!(again.cuts().is_some());
}

#[test]
fn what_is_beyond_or_stale_is_refused() {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    let folder = test_dir.path("f");
    let mut session = session(&folder);
    assert_eq!(session.counts(radius_of(0.31)), None, "known up to the radius of the run only");
    let refused = session.perform(Command::Cut(Some(radius_of(0.5).into()))).unwrap_err();
    assert!(matches!(refused, SessionError::BeyondCuts { .. }), "{refused}");
    assert_eq!(refused.exit_code(), 1);
    assert!(matches!(session.perform(Command::Cut(None)), Err(SessionError::NoRadius { .. })));
    assert!(matches!(
        session.perform(Command::Cut(Some(Radius::from_tau(4.0 * 49.0).into()))),
        Err(SessionError::Setting(_))
    ));
    // A new link makes the cuts stale; the job finds them out again.
    session.perform(Command::Edit(serde_json::from_str(EDITS[1]).unwrap())).unwrap();
    assert!(session.cuts().is_some(), "the same links as before");
    let link = r#"{"edit":"cannot-link","a":"v1/1","b":"v1/17"}"#;
    session.perform(Command::Edit(serde_json::from_str(link).unwrap())).unwrap();
    assert!(session.cuts().is_none());
    assert!(matches!(session.perform(Command::Cut(Some(radius_of(0.2).into()))), Err(SessionError::NotKept)));
    let cuts = session.cut_job(None).unwrap().run(&Cx::new()).unwrap();
    session.take_cuts(Arc::new(cuts));
    session.perform(Command::Cut(Some(radius_of(0.4).into()))).unwrap();
    drop(session);
    // A damaged dendrogram counts as absent.
    forget_dendrogram(&folder, "UPDATE dendrograms SET dendrogram = substr(dendrogram, 1, 30)");
    let mut session = Session::open(&folder, None).unwrap();
    let lost = session.cut_job(None).unwrap().run(&Cx::new());
    assert!(matches!(lost, Err(SessionError::NotKept)));
    assert!(run(&mut session).recut.is_none());
    assert!(run(&mut session).recut.is_some(), "made anew and kept");
}

#[test]
fn cutting_on_the_command_line() {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    test_dir.run_words("review cut f --radius 0.5").fails(2, &["castlist cluster"]);
    test_dir.run_words("cluster f --method bcl --set radius=0.6").ok();
    test_dir.apply("f", &[EDITS[0]]).ok();
    let report =
        test_dir.run_words("cluster f --method bcl --set radius=0.4 --json --assignments cut.csv").json();
    assert_eq!((&report["diagnostics"]["recut"], &report["n_embedded"]), (&json!(1.0), &json!(0)));
    archive(&test_dir, "g");
    test_dir.run_words("cluster g --method bcl --set radius=0.4 --assignments anew.csv").ok();
    assert_eq!(test_dir.read("cut.csv"), test_dir.read("anew.csv"));

    let n = |value: &Value| value["n_identities"].as_u64().unwrap();
    let before = test_dir.list("f");
    let told = test_dir.run_words("review cut f --radius 0.9 --json").json();
    assert_eq!(
        (test_dir.list("f"), &told["cursor"]),
        (before.clone(), &Value::Null),
        "looking changes nothing"
    );
    let adopted = test_dir.run_words("review cut f --radius 0.9 --adopt --json").json();
    assert_eq!((n(&adopted), &adopted["cursor"]), (n(&told), &json!(3)));
    let list = test_dir.list("f");
    assert_eq!(list["identities"].as_array().unwrap().len() as u64, n(&told));
    assert_eq!(list["identities"][0], before["identities"][0], "Anna stays as she was");
    test_dir.run_words("review undo f").ok();
    assert_eq!(test_dir.list("f")["identities"], before["identities"]);
    test_dir.run_words("review cut f --radius 7").fails(1, &["radius", "at most 1"]);
    test_dir.run_words("review cut f").fails(1, &["--set radius=R"]);
    let text = test_dir.run_words("review cut f --radius 0.9").ok().out();
    assert!(text.contains(&format!("{} identities", n(&told))), "{text}");
}

/// Whatever number was set is the number that is stored, shown after an undo, and written to the
/// manifest, to the last bit.
#[test]
fn a_level_that_was_set_survives_bit_for_bit() {
    let test_dir = TestDir::new();
    archive(&test_dir, "f");
    test_dir.run_words("cluster f --method bcl --set radius=0.2").ok();
    let mut rng = castlist::base::seeded(5);
    let cursor = || test_dir.list("f")["cursor"].clone();
    let mut n_undone = 0;
    for (method, name, most) in [("bcl", "radius", 1.0), ("likelihood", "certainty", 0.98)] {
        for turn in 0..12 {
            let value: f64 = if turn == 0 { 0.55555 } else { rng.random_range(0.02..most) };
            let (manifest, first) = (format!("out-{method}-{turn}"), cursor());
            test_dir.run_words(&format!("cluster f --method {method} --set {name}={value}")).ok();
            test_dir.run_words(&format!("export f {manifest}")).ok();
            let manifest: Value =
                serde_json::from_str(&test_dir.read(format!("{manifest}/manifest.json"))).unwrap();
            let bits = |text: &str| text.parse::<f64>().unwrap().to_bits();
            assert_eq!(bits(manifest["parameters"][name].as_str().unwrap()), value.to_bits());
            let before = cursor();
            test_dir.run_words(&format!("cluster f --method {method} --set {name}=0.3")).ok();
            if before == first || cursor() == before {
                // What groups alike makes no entry, and undo leads to the entry before.
                continue;
            }
            n_undone += 1;
            let session = Session::open(&test_dir.path("f"), None).unwrap();
            assert_eq!(bits(&session.settings().text(name).unwrap()), 0.3_f64.to_bits());
            drop(session);
            test_dir.run_words("review undo f").ok();
            let session = Session::open(&test_dir.path("f"), None).unwrap();
            assert_eq!(bits(&session.settings().text(name).unwrap()), value.to_bits(), "after an undo");
            assert_eq!(bits(&session.run().unwrap().parameters.texts()[name]), value.to_bits());
        }
    }
    assert!(n_undone > 5, "{n_undone}");
}
