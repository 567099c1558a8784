//! Names from a table, one person's export, and what an export says before it begins.
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
}
