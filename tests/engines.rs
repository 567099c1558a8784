//! Both engines give the same clusters, byte for byte.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use common::{TestDir, skip};

#[test]
fn both_engines_agree() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    let run = |engine: &str| {
        let words =
            format!("--set engine={engine} --project {engine}.sqlite --assignments {engine}.csv --json");
        test_dir.run_words(&format!("cluster f {words}"))
    };
    let built_in = run("tract").json();
    let library = run("onnxruntime");
    if library.code() == Some(5) && library.err().contains("no inference engine works here") {
        return skip("no ONNX Runtime on this machine");
    }
    let library = library.json();
    assert!(built_in["engine"].as_str().unwrap().starts_with("tract "));
    assert!(library["engine"].as_str().unwrap().starts_with("onnxruntime "));
    assert_eq!(library["n_clusters"], 3);
    assert_eq!(test_dir.read("tract.csv"), test_dir.read("onnxruntime.csv"));
}

#[test]
fn a_library_that_does_not_fit_falls_back_and_says_so() {
    let test_dir = TestDir::new();
    test_dir.file("f/t/1.jpg", common::face("ada-1"));
    test_dir.file("libonnxruntime.so", "no library");
    let mut command = test_dir.command(["cluster", "f", "--json"]);
    let output = command
        .env("ORT_DYLIB_PATH", test_dir.path("libonnxruntime.so"))
        .env("PATH", test_dir.path("home"))
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let engine = report["engine"].as_str().unwrap();
    if engine.starts_with("onnxruntime ") {
        return skip("the system's own ONNX Runtime serves");
    }
    assert!(engine.starts_with("tract "), "{report}");
    assert_eq!(common::warnings(&report, "engine").len(), 1, "{report}");
}

/// Python looks into the working folder first; what lies in an archive must not run.
#[test]
fn nothing_is_loaded_from_the_opened_folder() {
    let test_dir = TestDir::new();
    let planted = "import pathlib; pathlib.Path(__file__).with_name('ran').touch()";
    for name in ["onnxruntime/__init__.py", "site.py", "importlib/util.py", "importlib/__init__.py"] {
        test_dir.file(format!("f/{name}"), planted);
    }
    test_dir.file("f/t/1.jpg", common::face("ada-1"));
    test_dir.file("f/onnxruntime/capi/libonnxruntime.so", "no library");
    test_dir.file("f/libonnxruntime.so", "no library");
    for folders in [None, Some("."), Some(":")] {
        let mut command = test_dir.command(["cluster", ".", "--json"]);
        command.current_dir(test_dir.path("f")).env_remove("ORT_DYLIB_PATH");
        if let Some(folders) = folders {
            command.env("LD_LIBRARY_PATH", folders).env("PYTHONPATH", folders);
        }
        let output = command.output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["n_tracks"], 1, "{report}");
        assert!(common::warnings(&report, "engine").is_empty(), "the planted library was tried: {report}");
        for folder in ["", "onnxruntime/", "importlib/"] {
            assert!(!test_dir.path(format!("f/{folder}ran")).exists(), "{folder} ran");
        }
    }
}
