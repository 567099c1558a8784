//! Models of the user's own: described, added, verified, downloaded from a local server.
//!
//! Drives the real binary in a place of its own; needs no network and no ONNX Runtime.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::fs;
use std::io::{Read as _, Write as _};

use common::TestDir;
use serde_json::{Value, json};

const TRACT: &str = "--set engine=tract";

/// An ONNX file of the user's: the built-in model with a remark, so that no hash knows it.
fn own_model() -> Vec<u8> {
    [include_bytes!("../models/castlist-face.onnx").as_slice(), b"\x32\x04mine"].concat()
}

#[test]
fn a_model_of_ones_own_needs_its_description() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    test_dir.file("nets/mine.onnx", own_model());
    let cluster = format!("cluster f --method bcl --model nets/mine.onnx {TRACT}");
    test_dir
        .run_words(&cluster)
        .fails(5, &["size, mean, scale are not known", "--set model.size", "mine.toml"]);
    let set = "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5";
    // Its radius is unknown: it is estimated.
    let report = test_dir.run_words(&format!("{cluster} {set} --json")).json();
    assert_eq!(
        (&report["parameters"]["radius_source"], &report["n_clusters"]),
        (&json!("estimated"), &json!(3))
    );
    let report = test_dir.run_words(&format!("{cluster} {set} --set model.radius=0.52 --json")).json();
    assert_eq!((&report["model"], &report["n_clusters"]), (&json!("mine"), &json!(3)));
    fs::create_dir(test_dir.path("elsewhere")).unwrap();
    let mut from_elsewhere = test_dir.command(["cluster", "../f", "--json", "--set", "engine=tract"]);
    let output = from_elsewhere.current_dir(test_dir.path("elsewhere")).output().unwrap();
    let again: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&again["model"], &again["n_embedded"]), (&json!("mine"), &json!(0)), "remembered");
    let back = test_dir.run_words(&format!("cluster f --model castlist-face {TRACT} --json")).json();
    let source = &back["parameters"]["radius_source"];
    assert_eq!((&back["model"], source), (&json!("castlist-face"), &json!("estimated")));
    test_dir.file("nets/mine.toml", "size = 168\nmean = 127.5\nscale = 127.5\nradius = 0.5\n");
    let report = test_dir.run_words(&format!("{cluster} --json")).json();
    assert_eq!(report["parameters"]["radius"], "0.5");
    test_dir.run_words(&format!("{cluster} --set model.size=112")).fails(5, &["mine", "112"]);
    test_dir.run_words(&format!("{cluster} --set model.sise=112")).fails(5, &["sise", "size"]);
    test_dir.run_words(&format!("cluster f --model castlist-align {TRACT}")).fails(5, &["another model"]);
    test_dir.run_words("cluster f --model nobody").fails(5, &["nobody", "castlist-face"]);
    test_dir.run_words("cluster f --model sface").fails(5, &["models get sface"]);
    test_dir.run_words("cluster f --model none.onnx").fails(5, &["none.onnx"]);
}

#[test]
fn models_are_listed_added_and_verified() {
    let test_dir = TestDir::new();
    let list = test_dir.run_words("models list --json").json();
    let face =
        list["models"].as_array().unwrap().iter().find(|model| model["id"] == "castlist-face").unwrap();
    assert_eq!(face["availability"], "built-in");
    assert!(test_dir.run_words("models list").ok().out().contains("sface"));
    test_dir.run_words("models verify").ok();
    test_dir.file("net.onnx", own_model());
    test_dir.run_words("models add net.onnx").fails(5, &["size, mean, scale"]);
    let set = "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5";
    test_dir.run_words(&format!("models add net.onnx {set}")).ok();
    test_dir.run_words(&format!("models add net.onnx {set}")).ok();
    assert!(test_dir.run_words("models verify").ok().out().contains("net"));
    test_dir.file("other.onnx", [&own_model(), b"\x32\x05other".as_slice()].concat());
    test_dir
        .run_words(&format!("models add other.onnx {set} --set model.id=net"))
        .fails(5, &["net", "another model"]);
    let torn = test_dir.path("models/net.onnx");
    fs::write(&torn, &own_model()[..1000]).unwrap();
    let ran = test_dir.run_words("models verify").fails(5, &["sha256"]);
    assert!(ran.out().contains("castlist-face") && ran.out().contains("BAD"), "{}", ran.out());
    test_dir.faces("f");
    test_dir
        .run_words("cluster f --model net --method bcl --set radius=0.5")
        .fails(5, &["sha256", "net.onnx"]);
    test_dir.file("models/broken.toml", "size = 80\nmaen = 1\n");
    let ran = test_dir.run_words("models list").ok();
    assert!(ran.err().contains("maen"), "{}", ran.err());
    test_dir.run_words("models get edgeface-xs").fails(5, &["models add"]);
    test_dir.run_words("models get nobody").fails(5, &["nobody"]);
}

/// A server on this machine that gives each caller `bytes`, whatever is asked for.
fn server(bytes: Vec<u8>) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/net.onnx", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut caller in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let _asked = caller.read(&mut request);
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", bytes.len());
            let _sent = caller.write_all(head.as_bytes()).and_then(|()| caller.write_all(&bytes));
        }
    });
    address
}

#[test]
fn a_download_is_kept_only_where_its_hash_is_right() {
    let test_dir = TestDir::new();
    test_dir.file("net.onnx", own_model());
    let set = "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5";
    test_dir.run_words(&format!("models add net.onnx {set} --set model.source={}", server(own_model()))).ok();
    fs::remove_file(test_dir.path("models/net.onnx")).unwrap();
    let listed = test_dir.run_words("models list").ok().out();
    let net = listed.lines().find(|line| line.starts_with("net ")).unwrap();
    assert!(net.contains(" get "), "{net}");
    let ran = test_dir.run_words("models get net").ok();
    assert!(ran.err().starts_with("net: licence not stated (not stated); 14.4 MB"), "{}", ran.err());
    assert_eq!(fs::read(test_dir.path("models/net.onnx")).unwrap(), own_model());
    test_dir.run_words("models verify").ok();

    let mut wrong = own_model();
    wrong[5000] ^= 1;
    let toml = test_dir.read("models/net.toml");
    let source = toml.lines().find(|line| line.starts_with("source")).unwrap();
    test_dir.file("models/net.toml", toml.replace(source, &format!("source = '{}'", server(wrong))));
    fs::remove_file(test_dir.path("models/net.onnx")).unwrap();
    test_dir.run_words("models get net").fails(5, &["sha256", "removed"]);
    assert!(!test_dir.path("models/net.onnx").exists() && !test_dir.path("models/net.onnx.part").exists());
    fs::write(test_dir.path("models/net.toml"), toml.replace(source, "source = 'http://127.0.0.1:9/x.onnx'"))
        .unwrap();
    let sha256 = toml.lines().find_map(|line| line.strip_prefix("sha256 = ")).unwrap().trim_matches('"');
    let by_hand =
        ["download stopped", "fetch x.onnx", sha256, "models add x.onnx", "http://127.0.0.1:9/x.onnx"];
    test_dir.run_words("models get net").fails(5, &by_hand);
    // Brought by hand under any name, it is known by its hash.
    test_dir.file("brought.onnx", own_model());
    assert!(test_dir.run_words("models add brought.onnx").ok().out().starts_with("net is ready"));
    assert_eq!(fs::read(test_dir.path("models/net.onnx")).unwrap(), own_model());
}

#[test]
fn the_list_tells_size_licence_and_use() {
    let test_dir = TestDir::new();
    let out = test_dir.run_words("models list").ok().out();
    let line = |id: &str| out.lines().find(|line| line.split(' ').next() == Some(id)).unwrap().to_owned();
    let told = |id: &str, words: &[&str]| {
        let line = line(id);
        assert!(words.iter().all(|word| line.contains(word)), "{words:?} in {line}");
    };
    told(
        "castlist-face",
        &["embed faces", " 14.4 ", "commercial use allowed", "built in", "MIT OR Apache-2.0"],
    );
    told("edgeface-s", &[" ~14.6 ", "not for commercial use", " get ", "BSD-3-Clause", "CC BY-NC-SA 4.0"]);
    told("edgeface-xs", &[" 9.1 ", "not for commercial use", " bring ", "CC BY-NC-SA 4.0"]);
    told("yunet", &["detect faces", " 0.2 ", "MIT"]);
    let json = test_dir.run_words("models list --json").json();
    let all = json["models"].as_array().unwrap();
    let model = all.iter().find(|it| it["id"] == "edgeface-s").unwrap();
    for key in castlist::models::KEYS {
        assert!(model.get(key.name).is_some(), "{} is not told: {model}", key.name);
    }
    assert_eq!((&model["estimated_bytes"], &model["bytes"]), (&json!(14_600_000), &Value::Null));
    assert_eq!((&model["commercial_use"], &model["availability"]), (&json!(false), &json!("downloadable")));
}

/// Embeddings of two files of the built-in model do not compare, so a project of the earlier one is
/// never regrouped without its curator.
#[test]
fn a_project_of_an_earlier_built_in_model_is_shown_what_would_change() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    test_dir.run_words("cluster f --set engine=tract").ok();
    let file = test_dir.path("f/castlist.sqlite");
    let connection = rusqlite::Connection::open(&file).unwrap();
    let earlier = "UPDATE clusterings SET checksum = NULL,
            run = json_set(run, '$.model_sha256', 'an earlier one', '$.method', 'bcl')";
    assert_eq!(connection.execute(earlier, []).unwrap(), 1);
    drop(connection);
    let before = test_dir.list("f");
    let ran = test_dir.run_words("cluster f --set engine=tract").ok();
    assert!(ran.err().contains("an earlier built-in model"), "{}", ran.err());
    assert!(ran.out().starts_with("bcl, castlist-face"), "its method stays: {}", ran.out());
    assert_eq!(test_dir.list("f"), before, "nothing changed");
    test_dir.run_words("review list f").ok();
    test_dir.run_words("export f out").ok();
    let ran = test_dir.run_words("cluster f --set engine=tract --adopt").ok();
    assert!(ran.out().contains("9 tracks in 3 clusters"), "{}", ran.out());
    let ran = test_dir.run_words("cluster f --set engine=tract").ok();
    assert!(!ran.err().contains("earlier"), "{}", ran.err());
}

#[test]
fn one_command_gets_a_model_and_shows_what_would_change() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    // So strictly that each face stands alone.
    test_dir.run_words("cluster f --method bcl --set radius=0.001 --set engine=tract").ok();
    let before = test_dir.list("f");
    test_dir.file("net.onnx", own_model());
    let set = "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5";
    test_dir.run_words(&format!("models add net.onnx {set} --set model.source={}", server(own_model()))).ok();
    let installed = test_dir.path("models/net.onnx");
    fs::remove_file(&installed).unwrap();
    let try_it = "cluster f --model net --get --method likelihood --set engine=tract";
    let ran = test_dir.run_words(&format!("{try_it} --propose")).ok();
    assert!(ran.err().starts_with("net: licence not stated"), "{}", ran.err());
    assert!(ran.out().contains("9 identities would be 3"), "{}", ran.out());
    let to_adopt = "cluster f --model net --method likelihood --set engine=tract --adopt adopts all of it";
    assert!(ran.err().contains(to_adopt), "{}", ran.err());
    assert_eq!(test_dir.list("f"), before, "a proposal changes nothing");
    let report = test_dir.run_words("cluster f --set engine=tract --json").json();
    assert_eq!((&report["model"], &report["n_embedded"]), (&json!("castlist-face"), &json!(0)), "kept");
    // What is here is not asked for again.
    let toml = test_dir.read("models/net.toml");
    let source = toml.lines().find(|line| line.starts_with("source")).unwrap();
    test_dir.file("models/net.toml", toml.replace(source, "source = 'http://127.0.0.1:9/x.onnx'"));
    assert!(!test_dir.run_words(&format!("{try_it} --propose")).ok().err().contains("licence"));
    fs::remove_file(&installed).unwrap();
    let by_hand = ["download stopped", "fetch x.onnx", "models add x.onnx", "http://127.0.0.1:9/x.onnx"];
    test_dir.run_words(&format!("{try_it} --propose")).fails(5, &by_hand);
    assert_eq!(test_dir.list("f"), before);
    test_dir.run_words("models add net.onnx").ok();
    test_dir.run_words(&format!("{try_it} --adopt")).ok();
    assert_eq!(test_dir.run_words("cluster f --set engine=tract --json").json()["model"], "net");
    test_dir.run_words("cluster f --get").fails(1, &["--model"]);
}

/// A field of a protocol buffer that has a length.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    [bytes, content.to_vec()].concat()
}

/// The built-in model with a second output of 256 numbers: `op` of its embedding and `inputs`.
/// Protocol buffers one behind the other are merged.
fn with_output(name: &str, op: &str, inputs: &[&str], initializer: &[u8]) -> Vec<u8> {
    let inputs: Vec<u8> = inputs.iter().flat_map(|input| field(1, input.as_bytes())).collect();
    let node = [field(1, b"embedding"), inputs, field(2, name.as_bytes()), field(4, op.as_bytes())].concat();
    let dimensions = [field(1, &field(2, b"n")), field(1, &[0x08, 0x80, 0x02])].concat();
    let tensor = [vec![0x08, 0x01], field(2, &dimensions)].concat();
    let value = [field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat();
    let graph = [field(1, &node), initializer.to_vec(), field(12, &value)].concat();
    [own_model(), field(7, &graph)].concat()
}

const SET: &str = "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5";

#[test]
fn of_several_outputs_one_is_named() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    test_dir.file("m.onnx", with_output("copy", "Identity", &[], b""));
    let cluster = format!("cluster f --model m.onnx {TRACT} {SET} --json");
    let words = ["set model.output to one of: embedding [1, 256], copy [1, 256]"];
    test_dir.run_words(&cluster).fails(5, &words);
    test_dir.run_words(&format!("{cluster} --set model.dim=256")).fails(5, &words);
    test_dir
        .run_words(&format!("{cluster} --set model.output=face"))
        .fails(5, &["no output `face`", "copy [1, 256]"]);
    let report = test_dir.run_words(&format!("{cluster} --set model.output=copy")).json();
    assert_eq!(report["n_clusters"], 3);
    let again = test_dir.run_words(&format!("{cluster} --set model.output=embedding")).json();
    assert_eq!((&again["n_clusters"], &again["n_embedded"]), (&json!(3), &json!(9)), "another output");
    for (set, key) in [("size=112", "set model.size=168"), ("layout=nhwc", "set model.layout=nchw")] {
        test_dir.run_words(&format!("{cluster} --set model.{set}")).fails(5, &[key]);
    }
}

#[test]
fn weights_beside_a_model_are_found_and_copied() {
    let test_dir = TestDir::new();
    test_dir.faces("f");
    let location = [field(1, b"location"), field(2, b"bias.bin")].concat();
    let dims_and_type = [0x08, 0x80, 0x02, 0x10, 0x01].to_vec();
    let tensor = [dims_and_type, field(8, b"bias"), field(13, &location), vec![14 << 3, 1]].concat();
    test_dir.file("nets/m.onnx", with_output("shifted", "Add", &["bias"], &field(5, &tensor)));
    let set = format!("{SET} --set model.output=shifted");
    let cluster = format!("cluster f {TRACT} --json --model");
    test_dir
        .run_words(&format!("{cluster} nets/m.onnx {set}"))
        .fails(5, &["the model's weights", "bias.bin"]);
    test_dir.file("nets/bias.bin", vec![0; 1024]);
    let report = test_dir.run_words(&format!("{cluster} nets/m.onnx {set}")).json();
    assert_eq!(report["n_clusters"], 3);
    test_dir.run_words(&format!("models add nets/m.onnx {set}")).ok();
    assert!(test_dir.path("models/bias.bin").is_file());
    fs::remove_dir_all(test_dir.path("nets")).unwrap();
    let again = test_dir.run_words(&format!("{cluster} m")).json();
    assert_eq!((&again["n_clusters"], &again["n_embedded"]), (&json!(3), &json!(0)), "the same model");
    // Other weights are another model.
    let other: Vec<u8> = (0..256).flat_map(|at| (at as f32).to_le_bytes()).collect();
    test_dir.file("models/bias.bin", other);
    assert_eq!(test_dir.run_words(&format!("{cluster} m")).json()["n_embedded"], 9);
}
