//! Learning heads and using them, through the real binary.
//!
//! Everything that is learned from is made of numbers here; no pictures, no network.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not there")]

mod common;

use std::fs;

use castlist::base::Cx;
use castlist::heads::{ProposalOutcome, ProposeJob, TrainingSource};
use castlist::session::Session;
use common::{ProgramOutput, TestDir, has_fields, npy, npy_of, npz, warnings};
use serde_json::Value;

const PEOPLE: usize = 24;
const EACH: usize = 6;
const DIM: usize = 8;

/// A number in −1..1 that looks like chance and is always the same.
fn noise(at: usize) -> f32 {
    let mixed = (at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 40) as f32 / (1 << 23) as f32 - 1.0
}

/// `faces.npz`: 24 people with six faces each, three tracks of two; half of the axes tell the
/// person, the other half only disturb. `emb`, `label`, `track`.
fn faces(test_dir: &TestDir) {
    let (mut rows, mut labels, mut tracks) = (Vec::new(), Vec::new(), Vec::new());
    for person in 0..PEOPLE {
        for face in 0..EACH {
            let at = person * EACH + face;
            let own =
                (0..DIM / 2).map(|axis| noise(person * 100 + axis) + 0.15 * noise(9_000 + at * 50 + axis));
            let odd = (0..DIM / 2).map(|axis| 0.6 * noise(50_000 + at * 50 + axis));
            rows.push(own.chain(odd).collect::<Vec<f32>>());
            labels.extend((person as i32).to_le_bytes());
            tracks.extend((at as i32 / 2).to_le_bytes());
        }
    }
    let n = format!("({},)", PEOPLE * EACH);
    let arrays =
        [("emb", npy(&rows)), ("label", npy_of("<i4", &n, &labels)), ("track", npy_of("<i4", &n, &tracks))];
    test_dir.file("faces.npz", npz(&arrays));
}

const LEARN: &str = "learn bcl --embeddings faces.npz:emb --tracks track --labels faces.npz:label";
const QUICK: &str = "--dims 6,4 --epochs 4 --set rate=0.05 --set batch=40";

fn learn(test_dir: &TestDir, more: &str) -> ProgramOutput {
    test_dir.run_words(&format!("{LEARN} {more}"))
}

fn test_dir() -> TestDir {
    let test_dir = TestDir::new();
    faces(&test_dir);
    test_dir
}

#[test]
fn a_head_is_learned_told_and_used() {
    let test_dir = test_dir();
    let ran = learn(&test_dir, &format!("{QUICK} --out h.safetensors")).ok();
    assert_eq!(ran.err().lines().filter(|line| line.starts_with("epoch ")).count(), 4, "{}", ran.err());
    assert!(ran.err().contains("train: 20 people") && ran.err().contains("test: 2 people"), "{}", ran.err());
    assert!(ran.err().contains("BCubed F") && ran.out().contains("h.safetensors"), "{}", ran.out());

    let report = learn(&test_dir, &format!("{QUICK} --out j.safetensors --json")).json();
    has_fields(
        &report,
        "head sha256 model dims b tau tau_by_loss parts epochs best_epoch figures n_warnings",
    );
    assert_eq!(report["dims"], serde_json::json!([8, 6, 4]));
    assert_eq!(report["epochs"].as_array().unwrap().len(), 4);
    has_fields(&report["figures"], "test-bcubed-f by-loss-test-bcubed-f without-test-bcubed-f without-tau");
    assert_eq!(
        fs::read(test_dir.path("h.safetensors")).unwrap(),
        fs::read(test_dir.path("j.safetensors")).unwrap()
    );
    assert!(!test_dir.path("h.resume").exists());

    let cluster =
        "cluster --embeddings faces.npz --array emb --tracks track --method bcl --json --head h.safetensors";
    let used = test_dir.run_words(cluster).json();
    assert_eq!(used["parameters"]["head"], report["sha256"]);
    assert_eq!(used["parameters"]["radius_source"], "head");
    let radius: f64 = used["parameters"]["radius"].as_str().unwrap().parse().unwrap();
    assert!((4.0 * radius * radius - report["tau"].as_f64().unwrap()).abs() < 1e-3);
    assert!(warnings(&used, "result")[0].contains("only the width was checked"));
    let set = test_dir.run_words(&format!("{cluster} --set radius=0.2")).json();
    assert_eq!(
        (set["parameters"]["radius_source"].as_str(), &set["parameters"]["head"]),
        (Some("set"), &report["sha256"])
    );
}

#[test]
fn a_head_that_judges_links_is_learned_told_and_used() {
    let test_dir = test_dir();
    let learn = "learn lgcn --embeddings faces.npz:emb --tracks track --labels faces.npz:label --dims 8,6";
    let quick = "--epochs 3 --set k1=6 --set k2=2 --set u=3";
    let ran = test_dir.run_words(&format!("{learn} {quick} --out h.safetensors")).ok();
    assert_eq!(ran.err().lines().filter(|line| line.starts_with("epoch ")).count(), 3, "{}", ran.err());
    assert!(ran.out().contains("AUC") && ran.out().contains("raw cosine"), "{}", ran.out());
    let report = test_dir.run_words(&format!("{learn} {quick} --out j.safetensors --json")).json();
    has_fields(&report, "head sha256 model widths step max_size floor parts epochs best_epoch figures");
    has_fields(&report["figures"], "test-links-auc test-cosine-auc test-bcubed-f test-bcl-bcubed-f");
    assert_eq!(
        fs::read(test_dir.path("h.safetensors")).unwrap(),
        fs::read(test_dir.path("j.safetensors")).unwrap()
    );

    let cluster = "cluster --embeddings faces.npz --array emb --tracks track --json --method lgcn";
    let used = test_dir.run_words(&format!("{cluster} --head h.safetensors")).json();
    assert_eq!(used["parameters"]["head"], report["sha256"]);
    test_dir.run_words(cluster).fails(5, &["learn lgcn", "--head"]);
    // A head of either kind is none of the other.
    test_dir
        .run_words(&cluster.replace("lgcn", "bcl --head h.safetensors"))
        .fails(5, &["kind", "lgcn", "bcl"]);
    test_dir
        .run_words(&format!("{learn} --set radius=1 --out x.safetensors"))
        .fails(1, &["radius", "k1, k2, u, epochs"]);
}

#[test]
fn another_seed_is_another_head() {
    let test_dir = test_dir();
    for (seed, out) in [(1, "a.safetensors"), (2, "b.safetensors")] {
        learn(&test_dir, &format!("{QUICK} --seed {seed} --out {out}")).ok();
    }
    let [a, b] = ["a.safetensors", "b.safetensors"].map(|name| fs::read(test_dir.path(name)).unwrap());
    assert_ne!(a, b);
}

#[test]
fn the_radius_alone_needs_no_epochs() {
    let test_dir = test_dir();
    let report = learn(&test_dir, "--dims none --out r.safetensors --json").json();
    assert_eq!(report["dims"], serde_json::json!([8]));
    assert!(report["epochs"].as_array().unwrap().is_empty());
    let (b, tau) = (report["b"].as_f64().unwrap(), report["tau"].as_f64().unwrap());
    assert!(b > 0.0 && tau > 0.0 && tau <= 2.0);
    let used = test_dir
        .run_words("cluster --embeddings faces.npz --array emb --method bcl --head r.safetensors --json")
        .json();
    assert_eq!(used["parameters"]["radius_source"], "head");
}

#[test]
fn a_head_of_another_model_or_width_is_refused() {
    let test_dir = test_dir();
    let row = vec![0.5; 256];
    test_dir.file("wide.npy", npy(&[row.clone(), row]));
    learn(&test_dir, &format!("{QUICK} --out h.safetensors")).ok();
    let words = ["was not named", "castlist-face"];
    test_dir
        .run_words("cluster --embeddings wide.npy --model castlist-face --head h.safetensors")
        .fails(5, &words);
    test_dir
        .run_words("cluster --embeddings wide.npy --head h.safetensors --method bcl --set radius=0.4")
        .fails(5, &["rows of 8 numbers", "256"]);
    // A head of a model of which nothing but the sha256 is known here.
    test_dir.file("other.onnx", "another network");
    test_dir.file("other.toml", "size = 1\nmean = 0\nscale = 1\ndim = 8\n");
    learn(&test_dir, &format!("{QUICK} --model other.onnx --out other.safetensors")).ok();
    let words = ["the model other ", "castlist-face"];
    test_dir
        .run_words("cluster --embeddings wide.npy --model castlist-face --head other.safetensors")
        .fails(5, &words);
    test_dir
        .run_words("cluster --embeddings faces.npz --array emb --model other.onnx --head other.safetensors")
        .ok();
    learn(&test_dir, &format!("{QUICK} --model castlist-face --out x.safetensors"))
        .fails(5, &["8 numbers", "256"]);
    assert!(!test_dir.path("x.safetensors").exists());
}

#[test]
fn a_model_may_bring_a_head_of_its_own() {
    let test_dir = test_dir();
    let description = "size = 1\nmean = 0\nscale = 1\ndim = 8\n";
    test_dir.file("other.onnx", "another network");
    test_dir.file("other.toml", description);
    let learned =
        learn(&test_dir, &format!("{QUICK} --model other.onnx --out own.safetensors --json")).json();
    test_dir.file("other.toml", format!("{description}head = \"own.safetensors\"\n"));
    let cluster = |model: &str| {
        test_dir.run_words(&format!("cluster --embeddings faces.npz --array emb --model {model} --json"))
    };
    let used = cluster("other.onnx").json();
    assert_eq!((&used["parameters"]["head"], used["n_warnings"].as_u64()), (&learned["sha256"], Some(0)));
    // It goes along into the model folder.
    test_dir.run_words("models add other.onnx").ok();
    for file in ["other.onnx", "other.toml", "own.safetensors"] {
        fs::remove_file(test_dir.path(file)).unwrap();
    }
    assert_eq!(cluster("other").json()["parameters"]["head"], learned["sha256"]);
    let none = test_dir
        .run_words("cluster --embeddings faces.npz --array emb --model other --head none --method bcl --set radius=0.3 --json");
    assert_eq!(none.json()["parameters"]["head"], "none");
    fs::remove_file(test_dir.path("models/own.safetensors")).unwrap();
    cluster("other").fails(5, &["could not read the head", "own.safetensors"]);
}

#[test]
fn a_damaged_head_is_refused() {
    let test_dir = test_dir();
    learn(&test_dir, &format!("{QUICK} --out h.safetensors")).ok();
    let whole = fs::read(test_dir.path("h.safetensors")).unwrap();
    let cluster = "cluster --embeddings faces.npz --array emb --head";
    test_dir.file("cut.safetensors", &whole[..whole.len() / 2]);
    test_dir
        .run_words(&format!("{cluster} cut.safetensors"))
        .fails(5, &["not a complete safetensors file", "cut.safetensors"]);
    let version = br#"\"version\":1"#;
    let text = whole.windows(version.len()).position(|bytes| bytes == version).unwrap();
    let mut newer = whole;
    newer[text + version.len() - 1] = b'2';
    test_dir.file("newer.safetensors", newer);
    test_dir.run_words(&format!("{cluster} newer.safetensors")).fails(5, &["format 2", "newer.safetensors"]);
    test_dir.run_words(&format!("{cluster} missing.safetensors")).fails(5, &["could not read the head"]);
}

#[test]
fn nobody_is_learned_from_and_tested_on() {
    let test_dir = test_dir();
    let halves = |extra: &str| {
        let row = |person: usize| {
            format!("x{person},{person},{}\n", if person.is_multiple_of(2) { "A" } else { "B" })
        };
        let rows: String = (0..PEOPLE).map(row).collect();
        format!("other,label,half\n{rows}{extra}")
    };
    test_dir.file("split.csv", halves(""));
    let report = learn(&test_dir, &format!("{QUICK} --split split.csv --out h.safetensors --json")).json();
    let identities: Vec<_> =
        report["parts"].as_array().unwrap().iter().map(|part| part["identities"].as_u64().unwrap()).collect();
    assert_eq!(identities, [10, 2, 12]);
    assert_eq!(report["figures"]["test-identities"], 12.0);
    test_dir.file("twice.csv", halves("x0,0,B\n"));
    let words = ["\"0\"", "two parts", "train and test"];
    learn(&test_dir, &format!("{QUICK} --split twice.csv --out t.safetensors")).fails(2, &words);
    assert!(!test_dir.path("t.safetensors").exists());
    test_dir.file("parts.csv", "identity,part\n0,train\n1,train\n2,validation\n3,sometimes\n");
    learn(&test_dir, &format!("{QUICK} --split parts.csv --out t.safetensors"))
        .fails(2, &["line 5", "`sometimes`"]);
}

#[test]
fn labels_must_fit() {
    let test_dir = test_dir();
    let csv = |rows: &str| format!("track,identity\n{rows}");
    let learn = |labels: &str| {
        test_dir.run_words(&format!(
            "learn bcl --embeddings faces.npz:emb --labels {labels} {QUICK} --out t.safetensors"
        ))
    };
    test_dir.file("none.csv", csv("t1,Ada\n"));
    learn("none.csv").fails(2, &["no track has a label", "`0`", "`t1`"]);
    test_dir.file("few.csv", csv("0,Ada\n1,Ada\n"));
    learn("few.csv").fails(2, &["1 identities", "too little"]);
    test_dir
        .run_words(&format!("learn bcl --labels few.csv {QUICK} --out t.safetensors"))
        .fails(1, &["--embeddings"]);
    learn("faces.npz:nothing").fails(2, &["no array `nothing`"]);
    test_dir.run_words(&format!("{LEARN} --dims 0 --out t.safetensors")).fails(1, &["dims is [0]"]);
    test_dir.run_words(&format!("{LEARN} --dims wide --out t.safetensors")).fails(1, &["dims is `wide`"]);
    test_dir
        .run_words(&format!("{LEARN} --set speed=9 --out t.safetensors"))
        .fails(1, &["`speed`", "weight-decay"]);
    // One entry per row: the tracks of the file show one person each.
    let words = ["show both", "`label`"];
    let mixed = "learn bcl --embeddings faces.npz:emb --tracks label --labels faces.npz:track";
    test_dir.run_words(&format!("{mixed} {QUICK} --out t.safetensors")).fails(2, &[words[0]]);
}

#[test]
fn where_no_head_can_be_written_nothing_is_learned() {
    let test_dir = test_dir();
    let ran = learn(&test_dir, &format!("{QUICK} --out nowhere/h.safetensors"));
    assert!(!ran.err().contains("epoch"));
    ran.fails(3, &["could not write the head", "nowhere/h.safetensors"]);
    learn(&test_dir, &format!("{QUICK} --out h.resume")).fails(3, &["unfinished trainings"]);
    fs::create_dir(test_dir.path("folder.safetensors")).unwrap();
    learn(&test_dir, &format!("{QUICK} --out folder.safetensors")).fails(3, &["folder.safetensors"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_training_goes_on_to_the_same_bytes() {
    let test_dir = test_dir();
    let long = "--dims 6,4 --epochs 3000 --set rate=0.02 --set patience=100000 --set validate-every=100";
    learn(&test_dir, &format!("{long} --out whole.safetensors")).ok();
    let words = format!("{LEARN} {long} --out torn.safetensors");
    let mut started = test_dir.start(&words);
    started.wait_for("epoch   30");
    started.signal("INT");
    started.end().exits_with(130);
    assert!(test_dir.path("torn.resume").exists() && !test_dir.path("torn.safetensors").exists());
    // Other settings may not go on from it.
    test_dir.run_words(&format!("{words} --seed 5")).fails(3, &["unfinished training", "torn.resume"]);
    let ran = test_dir.run_words(&words).ok();
    assert!(!ran.err().contains("epoch    1 "), "it began anew");
    assert!(!test_dir.path("torn.resume").exists());
    let [whole, torn] =
        ["whole.safetensors", "torn.safetensors"].map(|name| fs::read(test_dir.path(name)).unwrap());
    assert_eq!(whole, torn);
}

#[test]
fn a_project_teaches_what_its_curator_named() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    let list = test_dir.list("f");
    let ids: Vec<u64> =
        list["identities"].as_array().unwrap().iter().map(|one| one["id"].as_u64().unwrap()).collect();
    let words = "learn bcl --labels f --dims none --out h.safetensors";
    test_dir.run_words(words).fails(2, &["0 identities", "too little"]);
    let name = |id: u64, name: &str| format!(r#"{{"edit":"rename","identity":{id},"name":"{name}"}}"#);
    test_dir.apply("f", &[&name(ids[0], "Ada"), &name(ids[1], "Bea")]).ok();
    let report = test_dir.run_words(&format!("{words} --json")).json();
    assert_eq!(report["model"], Value::Null);
    assert_eq!(report["parts"][0]["faces"], 8, "two people, two tracks each, two frames each");
    test_dir.run_words("cluster f --head h.safetensors").ok();
    let used = test_dir.run_words("cluster f --json").json();
    assert_eq!(used["parameters"]["head"], report["sha256"], "the project remembers it");
    let none = test_dir.run_words("cluster f --set head=none --method bcl --set radius=0.3 --json").json();
    assert_eq!(none["parameters"]["head"], "none");
}

/// `f`: 14 people with four tracks of four frames each, `f/v/<track>.npy`, seven tracks always at
/// the same time. Half of the axes tell the person, the others change from frame to frame.
fn footage(test_dir: &TestDir, radius: &str) {
    const PEOPLE: usize = 14;
    let mut times = String::from("track,video,start_frame,end_frame,fps\n");
    for at in 0..4 * PEOPLE {
        let person = at % PEOPLE;
        let frame = |frame: usize| {
            let own = (0..4).map(|axis| noise(person * 100 + axis));
            let odd = (0..4).map(|axis| 0.9 * noise(7_000 + at * 100 + frame * 10 + axis));
            own.chain(odd).collect::<Vec<f32>>()
        };
        test_dir.file(format!("f/v/{at:02}.npy"), npy(&(0..4).map(frame).collect::<Vec<_>>()));
        let start = at / 7 * 100;
        times.push_str(&format!("v/{at:02},v,{start},{},25\n", start + 90));
    }
    test_dir.file("f/tracks.csv", times);
    test_dir.run_words(&format!("cluster f --method bcl --set radius={radius}")).ok();
}

/// Makes the first people of [`footage`] right by hand.
fn confirm(test_dir: &TestDir, n: usize) {
    let edit = |person: usize| {
        let tracks: Vec<String> = (0..4).map(|at| format!("\"v/{:02}\"", at * 14 + person)).collect();
        format!(r#"{{"edit":"split","tracks":[{}],"name":"P{person}"}}"#, tracks.join(","))
    };
    let edits: Vec<String> = (0..n).map(edit).collect();
    test_dir.apply("f", &edits.iter().map(String::as_str).collect::<Vec<_>>()).ok();
}

/// The state of `f`, and the head and radius of a run with the settings as they are.
fn state(test_dir: &TestDir) -> (Value, Value) {
    (test_dir.list("f")["identities"].clone(), test_dir.list("f")["n_edits"].clone())
}

#[test]
fn corrections_are_proposed_adopted_and_undone() {
    let test_dir = TestDir::new();
    footage(&test_dir, "0.12");
    confirm(&test_dir, 10);
    let before = state(&test_dir);
    let proposal = test_dir.run_words("learn corrections f --out h.safetensors --json").json();
    has_fields(&proposal, "lesson better present proposed head radius diff adopted n_warnings");
    assert_eq!((&proposal["better"], &proposal["adopted"]), (&true.into(), &false.into()), "{proposal}");
    let f = |name: &str| proposal[name]["bcubed_f"].as_f64().unwrap();
    assert!(f("proposed") > f("present") + 0.1, "{proposal}");
    assert!(proposal["diff"]["n_merging"].as_u64().unwrap() > 0);
    assert_eq!(state(&test_dir), before, "a proposal changes nothing");
    assert!(test_dir.path("h.safetensors").exists());

    let told = test_dir.run_words("learn corrections f --adopt").ok();
    assert!(told.out().contains("adopted") && told.out().contains("gain tracks"), "{}", told.out());
    let after = state(&test_dir);
    assert_ne!(after.0, before.0);
    let used = test_dir.run_words("cluster f --json").json();
    assert_eq!(
        (&used["parameters"]["head"], &used["parameters"]["radius_source"]),
        (&proposal["head"], &"head".into())
    );
    assert_eq!(state(&test_dir), after, "a run with the adopted head changes nothing more");
    let none = test_dir.run_words("cluster f --set head=none --method bcl --set radius=0.12 --json").json();
    assert_eq!(none["parameters"]["head"], "none");
    test_dir.run_words("cluster f --set head=auto --method bcl --set radius=auto").ok();
    assert_eq!(state(&test_dir).0, after.0);

    // Undo brings the former identities back, and no head is in force then.
    test_dir.run_words("review undo f 3").ok();
    assert_eq!(test_dir.list("f")["identities"], before.0);
    let undone = test_dir.run_words("cluster f --method bcl --set radius=0.12 --json").json();
    assert_eq!(undone["parameters"]["head"], "none");
    assert_eq!(test_dir.list("f")["identities"], before.0);
}

#[test]
fn few_confirmed_people_prove_nothing() {
    let test_dir = TestDir::new();
    footage(&test_dir, "0.12");
    confirm(&test_dir, 4);
    let before = state(&test_dir);
    let told = test_dir.run_words("learn corrections f --adopt").ok();
    assert!(told.out().contains("nothing better was found: 4 people"), "{}", told.out());
    assert_eq!(state(&test_dir), before);
    // Where the present radius is as good as any, nothing learned takes its place.
    let test_dir = TestDir::new();
    footage(&test_dir, "0.45");
    confirm(&test_dir, 8);
    let outcome = test_dir.run_words("learn corrections f --adopt --json").json();
    assert_eq!((&outcome["better"], &outcome["adopted"]), (&false.into(), &false.into()), "{outcome}");
    test_dir.run_words("learn corrections nowhere").fails(2, &["nowhere"]);
}

#[test]
fn fine_tuning_needs_no_labels() {
    let test_dir = TestDir::new();
    footage(&test_dir, "0.3");
    let before = state(&test_dir);
    let proposal = test_dir.run_words("learn finetune f --json").json();
    assert_eq!(proposal["better"], true, "{proposal}");
    let wrong = |name: &str| proposal[name]["wrong_pairs"].as_u64().unwrap();
    assert!(wrong("proposed") < wrong("present"), "{proposal}");
    assert_eq!(state(&test_dir), before);
    assert_eq!(test_dir.run_words("learn finetune f --json").json(), proposal, "the same again");
    test_dir.run_words("learn finetune f --adopt").ok();
    let used = test_dir.run_words("cluster f --json").json();
    assert_eq!(used["parameters"]["head"], proposal["head"]);
    // Without times nothing is known to be different people.
    fs::remove_file(test_dir.path("f/tracks.csv")).unwrap();
    let told = test_dir.run_words("learn finetune f").ok();
    assert!(told.out().contains("0 pairs"), "{}", told.out());
}

#[test]
fn an_adoption_that_is_killed_is_there_or_not() {
    let test_dir = TestDir::new();
    footage(&test_dir, "0.12");
    confirm(&test_dir, 10);
    let before = state(&test_dir);
    let n_edits = before.1.as_u64().unwrap();
    for round in 0..6 {
        let mut started = test_dir.start("learn corrections f --adopt");
        started.wait_for("56 tracks");
        std::thread::sleep(std::time::Duration::from_millis(60 * round));
        started.child.kill().unwrap();
        started.child.wait().unwrap();
        let after = state(&test_dir);
        if after.1 == before.1 {
            assert_eq!(after, before);
        } else {
            assert_eq!(after.1, n_edits + 1);
            test_dir.run_words("cluster f").ok();
            return;
        }
    }
    test_dir.run_words("learn corrections f --adopt").ok();
    assert_eq!(state(&test_dir).1, n_edits + 1);
}

#[test]
fn the_slider_outlasts_proposals_and_adoptions() {
    let test_dir = TestDir::new();
    footage(&test_dir, "0.12");
    confirm(&test_dir, 10);
    test_dir.run_words("cluster f").ok();
    let path = test_dir.path("f");
    let cuts = |session: &Session| session.cut_job(None).unwrap().run(&Cx::new()).unwrap().own();
    let session = Session::open(&path, None).unwrap();
    let ProposalOutcome::Better(proposal) =
        ProposeJob::new(&session, TrainingSource::Corrections).run(&Cx::new(), |_| ()).unwrap()
    else {
        panic!("nothing better was found");
    };
    drop(session);
    let mut session = Session::open(&path, None).unwrap();
    cuts(&session);
    session.adopt(&proposal.keep(session.project()).unwrap()).unwrap();
    drop(session);
    let session = Session::open(&path, None).unwrap();
    let own = cuts(&session).unwrap();
    assert!((own.value() - proposal.radius.value()).abs() < 1e-9, "{own:?}");
}
