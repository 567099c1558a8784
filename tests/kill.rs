//! Killed at any moment, a project loses at most the gesture in flight.
//!
//! Drives the real binary and looks into the file behind its back.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]
#![allow(clippy::print_stderr, reason = "counts are shown with --nocapture")]

mod common;

use std::io::{Read as _, Write as _};
use std::time::Duration;

use common::TestDir;

/// The log's numbers, after a look at the whole file.
fn log(test_dir: &TestDir) -> Vec<u64> {
    let file = rusqlite::Connection::open(test_dir.path("f/castlist.sqlite")).unwrap();
    let sound: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let mut query = file.prepare("SELECT number FROM edits ORDER BY number").unwrap();
    let numbers = query.query_map([], |row| row.get::<_, i64>(0)).unwrap();
    numbers.map(|number| number.unwrap() as u64).collect()
}

/// An edit of a review: each kind in turn, each possible at any time.
fn edit(round: u64, sent: u64) -> String {
    let identity = sent / 4 % 3 + 1;
    let rename = format!(r#"{{"edit":"rename","identity":{identity},"name":"{}"}}"#, name(round, sent));
    match sent % 4 {
        0 => rename,
        1 => format!(r#"{{"edit":"all","edits":[{rename},{{"edit":"confirm","identities":{identity}}}]}}"#),
        2 => format!(r#"{{"edit":"ignore","identities":{identity}}}"#),
        _ => format!(r#"{{"edit":"restore","identities":{identity}}}"#),
    }
}

fn name(round: u64, sent: u64) -> String {
    format!("Name {round}-{sent}.")
}

/// What the history says of that edit; those who are ignored go by the name given just before.
fn expected_words(round: u64, sent: u64) -> String {
    match sent % 4 {
        0 | 1 => name(round, sent),
        2 => format!("Ignored {}", name(round, sent - 1)),
        _ => format!("Brought back {}", name(round, sent - 2)),
    }
}

/// A different moment in each round, spread over the first edits.
fn kill_delay(round: u64) -> Duration {
    Duration::from_micros(round.wrapping_mul(2_654_435_761) % 60_000)
}

#[test]
fn no_acknowledged_edit_is_ever_lost() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    let (mut before, mut unreported) = (0, 0);
    for round in 0..25 {
        let mut apply = test_dir.start("review apply f -");
        let mut stdin = apply.child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || {
            let mut sent = 0_u64;
            while writeln!(stdin, "{}", edit(round, sent)).is_ok() {
                sent += 1;
            }
            sent
        });
        // The first word of it is awaited, so that each round is killed at work.
        let mut stdout = apply.child.stdout.take().unwrap();
        let mut told = vec![0];
        stdout.read_exact(&mut told).unwrap();
        std::thread::sleep(kill_delay(round));
        apply.child.kill().unwrap();
        assert!(!apply.child.wait().unwrap().success(), "it was killed among edits");
        stdout.read_to_end(&mut told).unwrap();
        let sent = writer.join().unwrap();
        let text = String::from_utf8(told).unwrap();
        // A line that was cut off is none.
        let acknowledged: Vec<u64> = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'))
            .map(|line| line.trim().parse().unwrap())
            .collect();
        let first = before + 1;
        assert!(
            acknowledged.iter().copied().eq(first..first + acknowledged.len() as u64),
            "{acknowledged:?}"
        );
        let list = test_dir.list("f");
        let edits = list["n_edits"].as_u64().unwrap();
        let durable = before + acknowledged.len() as u64;
        assert!((durable..=durable + 1).contains(&edits), "round {round}: {durable} told, {edits} kept");
        assert!(edits - before <= sent);
        unreported += edits - durable;
        assert_eq!(list["cursor"], edits);
        assert!(log(&test_dir).into_iter().eq(0..=edits), "the log has no hole");
        let history = test_dir.run_words("review history f --json").ok().json();
        for (at, number) in (before + 1..=edits).enumerate() {
            let words = history["entries"][number as usize]["words"].as_str().unwrap();
            assert!(words.contains(&expected_words(round, at as u64)), "entry {number} says: {words}");
        }
        before = edits;
    }
    assert!(before >= 25);
    eprintln!(
        "edits: 25 kills between the first and the last, {unreported} while an edit was on its way back"
    );
}

#[test]
fn edits_survive_a_clustering_that_is_killed() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    test_dir.run_words("cluster f --set engine=tract").ok();
    test_dir.apply("f", &[r#"{"edit":"rename","identity":1,"name":"Ada"}"#]).ok();
    let before = test_dir.list("f");
    let mut inside = 0;
    for round in 0..4 {
        let words = format!(
            "cluster f --set engine=tract --set frames_per_track={} --method bcl --set radius=1",
            round + 1
        );
        let mut cluster = test_dir.start(&words);
        cluster.wait_for("9 tracks");
        std::thread::sleep(Duration::from_millis(40 * round));
        cluster.child.kill().unwrap();
        inside += usize::from(!cluster.child.wait().unwrap().success());
        let after = test_dir.list("f");
        let edits = after["n_edits"].as_u64().unwrap();
        assert!(log(&test_dir).into_iter().eq(0..=edits));
        assert_eq!(after["identities"][0], before["identities"][0], "Ada is as she was");
        if edits == before["n_edits"].as_u64().unwrap() {
            assert_eq!(after["identities"], before["identities"], "all or nothing");
        }
    }
    test_dir.run_words("cluster f --set engine=tract").ok();
    assert_eq!(test_dir.list("f")["identities"][0], before["identities"][0]);
    eprintln!("clusterings: {inside} of 4 kills before the success");
}
