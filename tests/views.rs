//! `castlist review strangers|timeline|map` by the real binary.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::TestDir;
use serde_json::Value;

/// Six tracks of features, three people in two videos; the last track has no times.
fn test_dir() -> TestDir {
    let test_dir = TestDir::new();
    test_dir.file(
        "f/tracks.csv",
        "track,video,start_frame,end_frame,fps\ne1/0,e1,0,24,25\ne1/1,e1,50,149,25\ne1/2,e1,25,74,25\n\
         e2/0,e2,0,49,25\ne2/1,e2,0,249,25\n",
    );
    test_dir.project("f");
    test_dir
}

fn numbers(list: &Value, key: &str) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|it| it[key].as_u64().unwrap()).collect()
}

#[test]
fn strangers_go_by_one_edit_and_come_back_by_another() {
    let test_dir = test_dir();
    let before = test_dir.list("f");
    test_dir.run_words("review strangers f").ok();
    let told = test_dir.run_words("review strangers f --tracks 2 --seconds 3 --json").ok().json();
    assert_eq!(numbers(&told["found"], "identity").len(), 1, "{told}");
    assert_eq!((told["n_untimed"].as_u64(), &told["cursor"]), (Some(1), &Value::Null));
    assert_eq!(test_dir.list("f"), before, "nothing changed without --ignore");
    let blurred = test_dir.run_words("review strangers f --tracks 2 --blurred --json").ok().json();
    assert_eq!((blurred["found"].as_array().unwrap().len(), &blurred["n_unmeasured"]), (0, &Value::from(3)));

    let gone = test_dir.run_words("review strangers f --tracks 2 --ignore --json").ok().json();
    assert_eq!((numbers(&gone["found"], "identity").len(), &gone["cursor"]), (3, &Value::from(1)));
    let state = |list: &Value| {
        list["identities"].as_array().unwrap().iter().map(|it| it["state"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(state(&test_dir.list("f")), ["ignored"; 3]);
    assert_eq!(
        test_dir.run_words("review strangers f --tracks 2 --ignore --json").ok().json()["cursor"],
        Value::Null
    );
    test_dir.run_words("review strangers f --tracks 2 --restore").ok();
    assert_eq!(state(&test_dir.list("f")), ["proposed"; 3]);
    test_dir.run_words("review undo f").ok();
    assert_eq!(state(&test_dir.list("f")), ["ignored"; 3], "one undo step each");
    test_dir.run_words("review strangers f --ignore --restore").fails(1, &["--restore"]);
}

#[test]
fn blurred_faces_are_told_from_sharp_ones() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    test_dir.run_words("cluster f --set engine=tract --method bcl --set radius=0.05").ok();
    let find = |bar: &str| {
        test_dir.run_words(&format!("review strangers f --tracks 9 --blurred {bar} --json")).ok().json()["found"]
            .clone()
    };
    let all = find("9");
    assert!(!all.as_array().unwrap().is_empty());
    let mut sharp: Vec<f64> =
        all.as_array().unwrap().iter().map(|it| it["sharpness"].as_f64().unwrap()).collect();
    sharp.sort_by(f64::total_cmp);
    let bar = f64::midpoint(sharp[0], sharp[1]);
    assert_eq!(find(&bar.to_string()).as_array().unwrap().len(), 1, "{sharp:?}");
    assert_eq!(find("0").as_array().unwrap().len(), 0);
}

#[test]
fn the_timeline_tells_who_appears_when() {
    let test_dir = test_dir();
    test_dir.apply("f", &[r#"{"edit":"rename","identity":1,"name":"Ann, \"the\" first"}"#]).ok();
    let told = test_dir.run_words("review timeline f --json").ok().json();
    let videos = told["videos"].as_array().unwrap();
    assert_eq!(videos.iter().map(|it| it["video"].clone()).collect::<Vec<_>>(), ["e1", "e2"]);
    assert_eq!(told["n_untimed"], 1);
    assert_eq!(videos[1]["untimed"][0], "e2/2");
    let first = &videos[0]["lanes"][0];
    assert_eq!(first["name"], "Ann, \"the\" first", "named people stand first");
    assert_eq!(first["appearances"][0]["tracks"][0], "e1/0");
    assert_eq!((first["appearances"][0]["end"].as_f64(), first["length"].as_f64()), (Some(1.0), Some(1.0)));
    assert_eq!(videos[0]["end"], 6.0);
    let one = test_dir.run_words("review timeline f --video e2 --json").ok().json();
    assert_eq!(one["videos"].as_array().unwrap().len(), 1);
    test_dir.run_words("review timeline f --video e9").fails(2, &["e9", "review timeline"]);
    let csv = test_dir.run_words("review timeline f --csv").ok().out();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("video,identity,name,state,start,end,unit,tracks"));
    assert_eq!(lines.next(), Some("e1,1,\"Ann, \"\"the\"\" first\",confirmed,0,1,seconds,e1/0"));
    assert_eq!(lines.count(), 4);
    assert!(test_dir.run_words("review timeline f").ok().out().contains("tracks without times: 1"));
}

#[test]
fn the_map_is_the_same_every_time() {
    let test_dir = test_dir();
    let map = || test_dir.run_words("review map f --csv").ok().out();
    let first = map();
    assert_eq!(first.lines().next(), Some("track,identity,name,x,y"));
    assert_eq!(first.lines().count(), 7);
    assert_eq!(first, map());
    let told = test_dir.run_words("review map f --sample 5 --json").ok().json();
    assert_eq!((told["points"].as_array().unwrap().len(), &told["n_placed"]), (6, &Value::from(1)));
    assert_eq!(told["n_without"], 0);
    test_dir.file("g/a.txt", "nothing");
    test_dir.run_words("review map g").fails(2, &["castlist cluster"]);
}
