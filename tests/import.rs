//! Names from a table, from folders and from an own export, one person's export, and what an export says before it
//! begins.
//!
//! Drives the real binary.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::TestDir;
use serde_json::json;

#[test]
fn names_from_a_table_enter_the_project_in_one_step() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    test_dir.file("names.csv", "track,identity\ne1/0,Ada\ne2/0,Ada\ne1/1,Bea\ne9/1,Carl\n");
    let shown = test_dir.run_words("import names f names.csv --preview").ok();
    assert!(
        shown.err().contains("Ada: 2 tracks") && shown.err().contains("no track `e9/1`"),
        "{}",
        shown.err()
    );
    assert_eq!(test_dir.list("f")["n_edits"], 0, "a preview changes nothing");
    assert_eq!(test_dir.run_words("import names f names.csv").ok().out(), "1\n");
    let list = test_dir.list("f").to_string();
    assert!(list.contains("\"Ada\"") && list.contains("\"Bea\""), "{list}");
    let again = test_dir.run_words("import names f names.csv --json").json();
    assert_eq!((&again["cursor"], &again["import"]["n_unchanged"]), (&json!(null), &json!(3)));
    test_dir.run_words("review undo f").ok();
    assert!(!test_dir.list("f").to_string().contains("Ada"));
    test_dir.file("other.csv", "track,identity\nE1/0,Ada\n");
    test_dir.run_words("import names f other.csv").fails(2, &["none of the 1 tracks", "did you mean `e1/0`"]);
}

#[test]
fn one_identity_can_be_exported_and_a_folder_that_moved_is_named() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    test_dir.run_words("cluster f --project p.sqlite --set engine=tract").ok();
    test_dir.run_words("export p.sqlite one --identity 1").ok();
    assert_eq!(
        std::fs::read_dir(test_dir.path("one"))
            .unwrap()
            .filter(|it| it.as_ref().unwrap().path().is_dir())
            .count(),
        1
    );
    test_dir.run_words("export p.sqlite none --identity 77").fails(3, &["no identity 77"]);
    std::fs::rename(test_dir.path("f"), test_dir.path("elsewhere")).unwrap();
    test_dir.run_words("export p.sqlite two").fails(3, &["castlist cluster", "--project"]);
    test_dir.run_words("cluster elsewhere --project p.sqlite --set engine=tract").ok();
    test_dir.run_words("export p.sqlite two").ok();
}

#[test]
fn new_footage_of_named_people_joins_them_by_one_command() {
    let test_dir = TestDir::new();
    let week = |folder: &str, numbers: &[u32]| {
        for person in ["ada", "bea", "cato"] {
            for n in numbers {
                let face = common::face(&format!("{person}-{n}"));
                test_dir.file(format!("f/{folder}/{person}{n}/1.jpg"), face);
            }
        }
    };
    week("w1", &[1, 2]);
    test_dir.run_words("cluster f --set engine=tract").ok();
    let edits = (1..=3).map(|n| format!(r#"{{"edit":"rename","identity":{n},"name":"N{n}"}}"#));
    test_dir.apply("f", &[&edits.collect::<Vec<_>>().join("\n")]).ok();
    week("w2", &[3]);
    test_dir.run_words("cluster f --set engine=tract").ok();
    let shown = test_dir.run_words("review suggest f").ok();
    assert!(shown.err().contains("3 identities are surely people who have a name"), "{}", shown.err());
    test_dir.run_words("review suggest f --accept").ok();
    let list = test_dir.list("f");
    let identities = list["identities"].as_array().unwrap();
    assert_eq!(identities.len(), 3, "{list}");
    assert!(identities.iter().all(|it| it["tracks"].as_array().unwrap().len() == 3), "{list}");
    assert_eq!(test_dir.run_words("review suggest f --accept").ok().out(), "");
    test_dir.run_words("review undo f").ok();
    assert_eq!(test_dir.list("f")["identities"].as_array().unwrap().len(), 6);

    // So does recognising people, without any library.
    let shown = test_dir.run_words("review recognise f").ok();
    assert!(
        shown.err().contains("3 of them surely") && shown.err().contains("no library"),
        "{}",
        shown.err()
    );
    let told = test_dir.run_words("review recognise f --json").json();
    let own = told["project_people"].as_array().unwrap();
    assert_eq!((own.len(), &told["library"]), (3, &json!(null)), "{told}");
    assert!(own.iter().all(|it| it["is_sure"] == true && it["yes"]["edit"] == "merge"), "{told}");
    let before = test_dir.list("f")["n_edits"].as_u64().unwrap();
    test_dir.run_words("review recognise f --accept --sure").ok();
    let list = test_dir.list("f");
    let sizes =
        list["identities"].as_array().unwrap().iter().map(|it| it["tracks"].as_array().unwrap().len());
    assert_eq!((sizes.collect::<Vec<_>>(), list["n_edits"].as_u64().unwrap()), (vec![3, 3, 3], before + 1));
    let again = test_dir.run_words("review recognise f --accept --sure").ok();
    assert!(again.err().contains("no identity is surely"), "{}", again.err());
    test_dir.run_words("review undo f").ok();
    let (who, person) = (&own[0]["identity"], &own[0]["person"]);
    test_dir.run_words(&format!("review recognise f --not {who}")).ok();
    let told = test_dir.run_words("review recognise f --json").json();
    let is_again = |it: &serde_json::Value| it["identity"] == *who && it["person"] == *person;
    assert!(!told["project_people"].as_array().unwrap().iter().any(is_again), "{told}");
}

/// The tracks of each named identity.
fn named(test_dir: &TestDir, project: &str) -> Vec<(String, Vec<String>)> {
    let list = test_dir.list(project);
    let identities = list["identities"].as_array().unwrap().iter();
    let mut named: Vec<(String, Vec<String>)> = identities
        .filter_map(|identity| {
            let tracks = identity["tracks"].as_array().unwrap().iter();
            let tracks = tracks.map(|track| track.as_str().unwrap().to_owned()).collect();
            Some((identity["name"].as_str()?.to_owned(), tracks))
        })
        .collect();
    named.sort();
    named
}

/// An export `cast` of nine tracks: Ada's and a face of Bea's as one person, and Cato.
fn exported(test_dir: &TestDir) {
    test_dir.faces("f");
    test_dir.file("f/tracks.csv", "track,video,start_frame,end_frame\nv/ada-1,w,0,9\nv/bea-1,w,5,14\n");
    test_dir.run_words("cluster f --set engine=tract").ok();
    let names = "track,identity,role,GND\nv/ada-2,Ada,Queen,118\nv/ada-1,Ada,,\nv/cato-1,Cato,,\nv/cato-2,Cato,,\nv/cato-3,Cato,,\n";
    test_dir.file("names.csv", names);
    test_dir.run_words("import names f names.csv").ok();
    let ada =
        test_dir.list("f")["identities"].as_array().unwrap().iter().find(|it| it["name"] == "Ada").cloned();
    let ada = &ada.unwrap()["id"];
    test_dir
        .apply("f", &[&format!(r#"{{"edit":"move","tracks":["v/bea-1"],"to":{ada},"override":true}}"#)])
        .ok();
    test_dir.run_words("export f cast").ok();
}

#[test]
fn an_own_export_is_an_archive_with_its_names() {
    let test_dir = TestDir::new();
    exported(&test_dir);
    let cluster = "cluster cast --set engine=tract";
    let ran = test_dir.run_words(&format!("{cluster} --json")).ok();
    assert!(ran.err().contains("have the names that they had there (Ada, Cato)"), "{}", ran.err());
    let report = ran.json();
    assert_eq!(report["names"]["names"], json!({ "Ada": 4, "Cato": 3 }), "{report}");
    assert_eq!(report["diagnostics"]["cannot_links"], 1.0, "the table calls tracks as they were: {report}");
    let after = named(&test_dir, "cast");
    let ids: Vec<String> =
        after.iter().map(|(name, tracks)| format!("{name}: {}", tracks.join(" "))).collect();
    assert_eq!(
        ids,
        [
            "Ada: Ada/v__ada-2 Ada/v__ada-3 Ada/w__ada-1 Ada/w__bea-1",
            "Cato: Cato/v__cato-1 Cato/v__cato-2 Cato/v__cato-3"
        ],
        "one person over several clusters, seen at the same time or not"
    );

    let list = test_dir.list("cast");
    let ada = list["identities"].as_array().unwrap().iter().find(|it| it["name"] == "Ada").unwrap();
    assert_eq!(ada["details"], json!({ "role": "Queen", "GND": "118" }));

    // The export's own table says no more than that.
    let told = test_dir.run_words("import names f cast/tracks.csv --json").json();
    assert_eq!((&told["cursor"], &told["import"]["n_unchanged"]), (&json!(null), &json!(7)), "{told}");

    // What the curator undoes stays undone.
    assert_eq!(test_dir.run_words("review undo cast").ok().out(), "0\n");
    assert_eq!(named(&test_dir, "cast"), []);
    let again = test_dir.run_words(&format!("{cluster} --json")).json();
    assert_eq!((&again["names"], named(&test_dir, "cast")), (&json!(null), Vec::new()));
    test_dir.run_words("review redo cast").ok();
    assert_eq!(named(&test_dir, "cast"), after);
}

#[test]
fn a_manifest_that_cannot_be_read_is_a_warning() {
    let test_dir = TestDir::new();
    exported(&test_dir);
    let whole = test_dir.read("cast/manifest.json");
    test_dir.file("cast/manifest.json", &whole[..whole.len() / 2]);
    let report = test_dir.run_words("cluster cast --set engine=tract --json").json();
    let told = common::warnings(&report, "input").join("\n");
    assert!(told.contains("the manifest cannot be read"), "{told}");
    assert_eq!((&report["n_tracks"], named(&test_dir, "cast")), (&json!(9), Vec::new()));
    // As long as nothing was decided, the names still come.
    test_dir.file("cast/manifest.json", whole);
    test_dir.run_words("cluster cast --set engine=tract").ok();
    assert_eq!(named(&test_dir, "cast").len(), 2);
}

#[test]
fn a_folder_a_person_comes_in_with_its_names() {
    let test_dir = TestDir::new();
    let put = |files: &[(&str, &str)]| {
        for (file, name) in files {
            test_dir.file(format!("s/{file}"), common::face(name));
        }
    };
    put(&[("Ada/p1.jpg", "ada-1"), ("Ada/film/000001.jpg", "ada-2"), ("Ada/film/000005.jpg", "ada-2")]);
    put(&[("Bea/p1.jpg", "bea-1"), ("Bea/p2.jpg", "bea-2"), ("cato.jpg", "cato-2")]);
    test_dir.run_words("import folders s --preview").ok();
    assert!(!test_dir.path("s/castlist.sqlite").exists(), "a preview changes nothing");
    let shown = test_dir.run_words("import folders s --preview --json").json();
    let people = json!([{ "name": "Ada", "tracks": 2 }, { "name": "Bea", "tracks": 2 }]);
    assert_eq!((&shown["people"], &shown["unsorted"]), (&people, &json!(1)));

    put(&[("_Unsorted/u1.jpg", "ada-3"), ("_Unsorted/u2.jpg", "bea-3"), ("_Unsorted/u3.jpg", "cato-1")]);
    let ran = test_dir.run_words("import folders s --set engine=tract --json").json();
    assert_eq!((&ran["cursor"], &ran["unsorted"]), (&json!(1), &json!(4)));
    let people = || -> Vec<String> {
        named(&test_dir, "s").iter().map(|(name, tracks)| format!("{name}: {}", tracks.join(" "))).collect()
    };
    assert_eq!(people(), ["Ada: Ada/film Ada/p1", "Bea: Bea/p1 Bea/p2"], "unsorted ones stay apart");

    // All are sorted, and the folder is still read the same.
    std::fs::create_dir_all(test_dir.path("s/Cato")).unwrap();
    for (file, to) in [("u1", "Ada"), ("u2", "Bea"), ("u3", "Cato")] {
        let (from, to) = (format!("s/_Unsorted/{file}.jpg"), format!("s/{to}/{file}.jpg"));
        std::fs::rename(test_dir.path(from), test_dir.path(to)).unwrap();
    }
    let report = test_dir.run_words("cluster s --set engine=tract --json").json();
    assert_eq!((&report["n_tracks"], &report["changes"]["n_moved"]), (&json!(8), &json!(3)));
    test_dir.run_words("import folders s --set engine=tract").ok();
    assert_eq!(people(), ["Ada: Ada/film Ada/p1 Ada/u1", "Bea: Bea/p1 Bea/p2 Bea/u2", "Cato: Cato/u3"]);
    test_dir.run_words("review undo s").ok();
    assert_eq!(people().len(), 2);
    test_dir.file("n/1.jpg", common::face("ada-1"));
    test_dir.run_words("import folders n").fails(2, &["no folder of a person"]);
    assert!(!test_dir.path("n/castlist.sqlite").exists());
}

#[test]
fn further_columns_of_a_table_stay_with_the_person() {
    let test_dir = TestDir::new();
    test_dir.project("f");
    let table =
        "track,identity,role,authority_id,video\ne1/0,Ada,Queen,118,e1\ne2/0,Ada,King,,e2\ne1/1,Bea,,7,e1\n";
    test_dir.file("names.csv", table);
    let shown = test_dir.run_words("import names f names.csv --preview").ok();
    for words in ["Ada: role is Queen", "Ada: role stays Queen, not King", "Bea: authority_id is 7"] {
        assert!(shown.err().contains(words), "{words}: {}", shown.err());
    }
    let told = test_dir.run_words("import names f names.csv --json").json();
    assert_eq!(told["import"]["detail_clashes"][0]["other"], "King", "{told}");
    let details = |name: &str| -> serde_json::Value {
        let list = test_dir.list("f");
        let identities = list["identities"].as_array().unwrap();
        identities.iter().find(|it| it["name"] == name).map(|it| it["details"].clone()).unwrap()
    };
    assert_eq!(details("Ada"), json!({ "role": "Queen", "authority_id": "118" }));
    assert_eq!(details("Bea"), json!({ "authority_id": "7" }));

    test_dir.run_words("export f out").ok();
    let identities = test_dir.read("out/identities.csv");
    assert!(identities.starts_with("identity,id,state,tracks,authority_id,role\n"), "{identities}");
    assert!(identities.contains(",confirmed,2,118,Queen\n") && identities.contains(",7,\n"), "{identities}");
    let manifest: serde_json::Value = serde_json::from_str(&test_dir.read("out/manifest.json")).unwrap();
    assert!(
        manifest["identities"].to_string().contains(r#""details":{"authority_id":"118","role":"Queen"}"#)
    );

    // Merged, both's stay, and what is lost is in the history.
    let ids: Vec<u64> = ["Ada", "Bea"]
        .map(|name| {
            let list = test_dir.list("f");
            let identities = list["identities"].as_array().unwrap();
            identities.iter().find(|it| it["name"] == name).unwrap()["id"].as_u64().unwrap()
        })
        .to_vec();
    let merge = format!(r#"{{"edit":"merge","identities":{ids:?},"into":{}}}"#, ids[1]);
    test_dir.apply("f", &[&merge]).ok();
    assert_eq!(details("Bea"), json!({ "authority_id": "7", "role": "Queen" }));
    let history = test_dir.run_words("review history f").ok();
    assert!(history.out().contains("authority_id 7, not 118"), "{}", history.out());
    test_dir.run_words("review undo f").ok();
    test_dir.run_words("review undo f").ok();
    assert!(!test_dir.list("f").to_string().contains("Queen"), "one step of undo");

    test_dir.file("long.csv", format!("track,identity,role\ne1/0,Ada,{}\n", "x".repeat(1_001)));
    test_dir.run_words("import names f long.csv").fails(2, &["line 2", "1001 characters"]);
}
