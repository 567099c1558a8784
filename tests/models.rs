//! Models of the user's own: described, added, verified, downloaded from a local server.
//!
//! Drives the real binary in a place of its own; needs no network and no ONNX Runtime.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not there")]

mod common;

use std::fs;
use std::io::{Read as _, Write as _};

use common::Place;
use serde_json::{Value, json};

const TRACT: &str = "--set engine=tract";

/// An ONNX file of the user's: the built-in model with a remark, so that no hash knows it.
fn own_model() -> Vec<u8> {
    [include_bytes!("../models/castlist-face.onnx").as_slice(), b"\x32\x04mine"].concat()
}

#[test]
fn a_model_of_ones_own_needs_its_description() {
    let place = Place::new();
    place.faces("f");
    place.file("nets/mine.onnx", own_model());
    let cluster = format!("cluster f --method bcl --model nets/mine.onnx {TRACT}");
    place.say(&cluster).fails(5, &["size, mean, scale are not known", "--set model.size", "mine.toml"]);
    let set = "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5";
    // Nobody measured its radius: it is estimated.
    let report = place.say(&format!("{cluster} {set} --json")).json();
    assert_eq!(
        (&report["parameters"]["radius_source"], &report["n_clusters"]),
        (&json!("estimated"), &json!(3))
    );
    let report = place.say(&format!("{cluster} {set} --set model.radius=0.52 --json")).json();
    assert_eq!((&report["model"], &report["n_clusters"]), (&json!("mine"), &json!(3)));
    fs::create_dir(place.path("elsewhere")).unwrap();
    let mut from_elsewhere = place.command(["cluster", "../f", "--json", "--set", "engine=tract"]);
    let output = from_elsewhere.current_dir(place.path("elsewhere")).output().unwrap();
    let again: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&again["model"], &again["n_embedded"]), (&json!("mine"), &json!(0)), "remembered");
    let back = place.say(&format!("cluster f --model castlist-face {TRACT} --json")).json();
    let source = &back["parameters"]["radius_source"];
    assert_eq!((&back["model"], source), (&json!("castlist-face"), &json!("estimated")));
    place.file("nets/mine.toml", "size = 168\nmean = 127.5\nscale = 127.5\nradius = 0.5\n");
    let report = place.say(&format!("{cluster} --json")).json();
    assert_eq!(report["parameters"]["radius"], "0.5");
    place.say(&format!("{cluster} --set model.size=112")).fails(5, &["mine", "112"]);
    place.say(&format!("{cluster} --set model.sise=112")).fails(5, &["sise", "size"]);
    place.say(&format!("cluster f --model castlist-align {TRACT}")).fails(5, &["another model"]);
    place.say("cluster f --model nobody").fails(5, &["nobody", "castlist-face"]);
    place.say("cluster f --model sface").fails(5, &["models get sface"]);
    place.say("cluster f --model none.onnx").fails(5, &["none.onnx"]);
}

#[test]
fn models_are_listed_added_and_verified() {
    let place = Place::new();
    let list = place.say("models list --json").json();
    let face =
        list["models"].as_array().unwrap().iter().find(|model| model["id"] == "castlist-face").unwrap();
    assert_eq!(face["availability"], "built-in");
    assert!(place.say("models list").ok().out().contains("sface"));
    place.say("models verify").ok();
    place.file("net.onnx", own_model());
    place.say("models add net.onnx").fails(5, &["size, mean, scale"]);
    let set = "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5";
    place.say(&format!("models add net.onnx {set}")).ok();
    place.say(&format!("models add net.onnx {set}")).ok();
    assert!(place.say("models verify").ok().out().contains("net"));
    place.file("other.onnx", [&own_model(), b"\x32\x05other".as_slice()].concat());
    place.say(&format!("models add other.onnx {set} --set model.id=net")).fails(5, &["net", "another model"]);
    let torn = place.path("models/net.onnx");
    fs::write(&torn, &own_model()[..1000]).unwrap();
    let ran = place.say("models verify").fails(5, &["sha256"]);
    assert!(ran.out().contains("castlist-face") && ran.out().contains("BAD"), "{}", ran.out());
    place.faces("f");
    place.say("cluster f --model net --method bcl --set radius=0.5").fails(5, &["sha256", "net.onnx"]);
    place.file("models/broken.toml", "size = 80\nmaen = 1\n");
    let ran = place.say("models list").ok();
    assert!(ran.err().contains("maen"), "{}", ran.err());
    place.say("models get edgeface-xs").fails(5, &["models add"]);
    place.say("models get nobody").fails(5, &["nobody"]);
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
    let place = Place::new();
    place.file("net.onnx", own_model());
    let set = "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5";
    place.say(&format!("models add net.onnx {set} --set model.source={}", server(own_model()))).ok();
    fs::remove_file(place.path("models/net.onnx")).unwrap();
    let listed = place.say("models list").ok().out();
    let net = listed.lines().find(|line| line.starts_with("net ")).unwrap();
    assert!(net.contains(" get "), "{net}");
    let ran = place.say("models get net").ok();
    assert!(ran.err().starts_with("net: licence not stated (not stated); 14.4 MB"), "{}", ran.err());
    assert_eq!(fs::read(place.path("models/net.onnx")).unwrap(), own_model());
    place.say("models verify").ok();

    let mut wrong = own_model();
    wrong[5000] ^= 1;
    let toml = place.read("models/net.toml");
    let source = toml.lines().find(|line| line.starts_with("source")).unwrap();
    place.file("models/net.toml", toml.replace(source, &format!("source = '{}'", server(wrong))));
    fs::remove_file(place.path("models/net.onnx")).unwrap();
    place.say("models get net").fails(5, &["sha256", "removed"]);
    assert!(!place.path("models/net.onnx").exists() && !place.path("models/net.onnx.part").exists());
    fs::write(place.path("models/net.toml"), toml.replace(source, "source = 'http://127.0.0.1:9/x.onnx'"))
        .unwrap();
    let sha256 = toml.lines().find_map(|line| line.strip_prefix("sha256 = ")).unwrap().trim_matches('"');
    let by_hand =
        ["download stopped", "fetch x.onnx", sha256, "models add x.onnx", "http://127.0.0.1:9/x.onnx"];
    place.say("models get net").fails(5, &by_hand);
    // Brought by hand under any name, it is known by its hash.
    place.file("brought.onnx", own_model());
    assert!(place.say("models add brought.onnx").ok().out().starts_with("net is ready"));
    assert_eq!(fs::read(place.path("models/net.onnx")).unwrap(), own_model());
}

#[test]
fn the_list_tells_size_licence_and_use() {
    let place = Place::new();
    let out = place.say("models list").ok().out();
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
    let json = place.say("models list --json").json();
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
    let place = Place::new();
    place.faces("f");
    place.say("cluster f --set engine=tract").ok();
    let file = place.path("f/castlist.sqlite");
    let connection = rusqlite::Connection::open(&file).unwrap();
    let earlier = "UPDATE clusterings SET checksum = NULL,
            run = json_set(run, '$.model_sha256', 'an earlier one', '$.method', 'bcl')";
    assert_eq!(connection.execute(earlier, []).unwrap(), 1);
    drop(connection);
    let before = place.list("f");
    let ran = place.say("cluster f --set engine=tract").ok();
    assert!(ran.err().contains("an earlier built-in model"), "{}", ran.err());
    assert!(ran.out().starts_with("bcl, castlist-face"), "its method stays: {}", ran.out());
    assert_eq!(place.list("f"), before, "nothing changed");
    place.say("review list f").ok();
    place.say("export f out").ok();
    let ran = place.say("cluster f --set engine=tract --adopt").ok();
    assert!(ran.out().contains("9 tracks in 3 clusters"), "{}", ran.out());
    let ran = place.say("cluster f --set engine=tract").ok();
    assert!(!ran.err().contains("earlier"), "{}", ran.err());
}

#[test]
fn one_command_gets_a_model_and_shows_what_would_change() {
    let place = Place::new();
    place.faces("f");
    // So strictly that each face stands alone.
    place.say("cluster f --method bcl --set radius=0.001 --set engine=tract").ok();
    let before = place.list("f");
    place.file("net.onnx", own_model());
    let set = "--set model.size=168 --set model.mean=127.5 --set model.scale=127.5";
    place.say(&format!("models add net.onnx {set} --set model.source={}", server(own_model()))).ok();
    let installed = place.path("models/net.onnx");
    fs::remove_file(&installed).unwrap();
    let try_it = "cluster f --model net --get --method likelihood --set engine=tract";
    let ran = place.say(&format!("{try_it} --propose")).ok();
    assert!(ran.err().starts_with("net: licence not stated"), "{}", ran.err());
    assert!(ran.out().contains("9 identities would be 3"), "{}", ran.out());
    let to_adopt = "cluster f --model net --method likelihood --set engine=tract --adopt takes all of it";
    assert!(ran.err().contains(to_adopt), "{}", ran.err());
    assert_eq!(place.list("f"), before, "a proposal changes nothing");
    let report = place.say("cluster f --set engine=tract --json").json();
    assert_eq!((&report["model"], &report["n_embedded"]), (&json!("castlist-face"), &json!(0)), "kept");
    // What is here is not asked for again.
    let toml = place.read("models/net.toml");
    let source = toml.lines().find(|line| line.starts_with("source")).unwrap();
    place.file("models/net.toml", toml.replace(source, "source = 'http://127.0.0.1:9/x.onnx'"));
    assert!(!place.say(&format!("{try_it} --propose")).ok().err().contains("licence"));
    fs::remove_file(&installed).unwrap();
    let by_hand = ["download stopped", "fetch x.onnx", "models add x.onnx", "http://127.0.0.1:9/x.onnx"];
    place.say(&format!("{try_it} --propose")).fails(5, &by_hand);
    assert_eq!(place.list("f"), before);
    place.say("models add net.onnx").ok();
    place.say(&format!("{try_it} --adopt")).ok();
    assert_eq!(place.say("cluster f --set engine=tract --json").json()["model"], "net");
    place.say("cluster f --get").fails(1, &["--model"]);
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
    let place = Place::new();
    place.faces("f");
    place.file("m.onnx", with_output("copy", "Identity", &[], b""));
    let cluster = format!("cluster f --model m.onnx {TRACT} {SET} --json");
    let words = ["set model.output to one of: embedding [1, 256], copy [1, 256]"];
    place.say(&cluster).fails(5, &words);
    place.say(&format!("{cluster} --set model.dim=256")).fails(5, &words);
    place.say(&format!("{cluster} --set model.output=face")).fails(5, &["no output `face`", "copy [1, 256]"]);
    let report = place.say(&format!("{cluster} --set model.output=copy")).json();
    assert_eq!(report["n_clusters"], 3);
    let again = place.say(&format!("{cluster} --set model.output=embedding")).json();
    assert_eq!((&again["n_clusters"], &again["n_embedded"]), (&json!(3), &json!(9)), "another output");
    for (set, key) in [("size=112", "set model.size=168"), ("layout=nhwc", "set model.layout=nchw")] {
        place.say(&format!("{cluster} --set model.{set}")).fails(5, &[key]);
    }
}

#[test]
fn weights_beside_a_model_are_found_and_copied() {
    let place = Place::new();
    place.faces("f");
    let location = [field(1, b"location"), field(2, b"bias.bin")].concat();
    let dims_and_type = [0x08, 0x80, 0x02, 0x10, 0x01].to_vec();
    let tensor = [dims_and_type, field(8, b"bias"), field(13, &location), vec![14 << 3, 1]].concat();
    place.file("nets/m.onnx", with_output("shifted", "Add", &["bias"], &field(5, &tensor)));
    let set = format!("{SET} --set model.output=shifted");
    let cluster = format!("cluster f {TRACT} --json --model");
    place.say(&format!("{cluster} nets/m.onnx {set}")).fails(5, &["the model's weights", "bias.bin"]);
    place.file("nets/bias.bin", vec![0; 1024]);
    let report = place.say(&format!("{cluster} nets/m.onnx {set}")).json();
    assert_eq!(report["n_clusters"], 3);
    place.say(&format!("models add nets/m.onnx {set}")).ok();
    assert!(place.path("models/bias.bin").is_file());
    fs::remove_dir_all(place.path("nets")).unwrap();
    let again = place.say(&format!("{cluster} m")).json();
    assert_eq!((&again["n_clusters"], &again["n_embedded"]), (&json!(3), &json!(0)), "the same model");
    // Other weights are another model.
    let other: Vec<u8> = (0..256).flat_map(|at| (at as f32).to_le_bytes()).collect();
    place.file("models/bias.bin", other);
    assert_eq!(place.say(&format!("{cluster} m")).json()["n_embedded"], 9);
}
