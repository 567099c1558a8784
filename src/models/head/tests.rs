//! Heads come back as they were written, and nothing damaged is taken for a head.

use std::fs;

use serde_json::{Map, json};

use super::*;

fn head(dims: &[usize]) -> HeadFile {
    let mut head = HeadFile {
        kind: HeadKind::Bcl,
        model: Some(ModelRef { id: "edgeface-xs".into(), sha256: "0a".repeat(32) }),
        dims: dims.to_vec(),
        b: 0.205_105_051_423_087_35,
        tau: Some(0.1 + 0.2),
        data: "50 drawn people".into(),
        figures: [("bcubed-f".to_owned(), 1.0 / 3.0), ("nmi".to_owned(), 0.1)].into(),
        castlist: "0.1.0".into(),
        seed: u64::MAX,
        tensors: BTreeMap::new(),
    };
    let filled = |shape: Vec<usize>| {
        let n = shape.iter().product::<usize>();
        Tensor { shape, data: (0..n).map(|i| i as f32 / 7.0 - 1.0).collect() }
    };
    head.tensors = head.wanted().map(|(name, shape)| (name, filled(shape))).collect();
    head
}

fn written(head: &HeadFile) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.safetensors");
    head.write(&path).unwrap();
    (folder, path)
}

#[test]
fn comes_back_bit_by_bit_and_equal_heads_are_equal_files() {
    for dims in [&[5][..], &[5, 4], &[5, 4, 3, 2]] {
        let (head, other) = (head(dims), head(dims));
        let ((_kept, path), (_too, again)) = (written(&head), written(&other));
        assert_eq!(HeadFile::read(&path).unwrap(), head);
        assert_eq!(fs::read(path).unwrap(), fs::read(again).unwrap());
    }
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let (folder, path) = written(&head(&[7, 6, 5]));
    let whole = fs::read(&path).unwrap();
    let cut = folder.path().join("cut");
    for length in (0..whole.len()).step_by(50).chain([whole.len() - 1]) {
        fs::write(&cut, &whole[..length]).unwrap();
        let error = HeadFile::read(&cut).unwrap_err();
        assert!(matches!(error, HeadError::NoSafetensors { .. }), "{length}: {error}");
        assert!(error.to_string().ends_with("cut"), "{error}");
    }
    fs::write(&cut, [&whole[..], b"more"].concat()).unwrap();
    assert!(HeadFile::read(&cut).is_err());
}

#[test]
fn a_flipped_byte_never_ends_the_program() {
    let (folder, path) = written(&head(&[3, 2]));
    let whole = fs::read(&path).unwrap();
    let odd = folder.path().join("odd");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        fs::write(&odd, &bytes).unwrap();
        let _ = HeadFile::read(&odd);
    }
}

#[test]
fn each_key_of_the_metadata_is_checked() {
    let (folder, path) = written(&head(&[3, 2]));
    let whole = TensorFile::read(&path).unwrap();
    let odd = folder.path().join("odd");
    let refused = |meta: &Map<String, Value>| {
        TensorFile { meta: meta.clone(), tensors: whole.tensors.clone() }.write(&odd).unwrap();
        HeadFile::read(&odd).map(|_| ()).unwrap_err().to_string()
    };
    for key in whole.meta.keys().filter(|key| *key != "tau") {
        let mut meta = whole.meta.clone();
        meta.remove(key);
        let message = refused(&meta);
        let named =
            if key == "version" { "format unknown".to_owned() } else { format!("{key:?} is missing") };
        assert!(message.contains(&named), "{message}");
    }
    for (key, value) in [
        ("version", json!(2)),
        ("kind", json!("dream")),
        ("b", json!(-0.5)),
        ("b", json!("0.5")),
        ("tau", json!(0)),
        ("dims", json!([])),
        ("dims", json!([3, 0])),
        ("dims", json!([3, 1_000_000])),
        ("model", json!({"id": "x", "sha256": "short"})),
        ("figures", json!({"nmi": "good"})),
        ("seed", json!(-1)),
    ] {
        let mut meta = whole.meta.clone();
        meta.insert(key.to_owned(), value.clone());
        let message = refused(&meta);
        assert!(message.contains(&value.to_string()), "{key}: {message}");
    }
    assert!(refused(&Map::new()).contains("format unknown"));
}

#[test]
fn weights_must_be_finite_and_fit_the_widths() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd");
    let sound = head(&[3, 2]);
    let meta = {
        sound.write(&path).unwrap();
        TensorFile::read(&path).unwrap().meta
    };
    let mut nan = sound.clone();
    nan.tensors.get_mut("layer.0.bias").unwrap().data[1] = f32::NAN;
    let mut turned = sound.clone();
    turned.tensors.get_mut("layer.0.weight").unwrap().shape = vec![3, 2];
    let mut more = sound.clone();
    more.tensors.insert("layer.1.bias".into(), Tensor { shape: vec![1], data: vec![0.0] });
    let mut less = sound;
    less.tensors.remove("layer.0.weight");
    for (odd, named) in
        [(nan, "holds NaN"), (turned, "[3, 2]"), (more, "no such tensor"), (less, "no place in the file")]
    {
        assert!(odd.write(&path).unwrap_err().to_string().contains(named), "{named}: not to be written");
        TensorFile { meta: meta.clone(), tensors: odd.tensors.clone() }.write(&path).unwrap();
        let message = HeadFile::read(&path).unwrap_err().to_string();
        assert!(message.contains(named), "{message}");
    }
}

#[test]
fn another_model_is_refused_with_both_names() {
    let head = head(&[3, 2]);
    assert!(head.require_model("renamed", &"0A".repeat(32), Some(3)).is_ok());
    let message = head.require_model("castlist-face", &"1b".repeat(32), Some(3)).unwrap_err().to_string();
    assert!(message.contains("edgeface-xs") && message.contains("castlist-face"), "{message}");
    let message = head.require_model("renamed", &"0a".repeat(32), Some(4)).unwrap_err().to_string();
    assert!(message.contains("edgeface-xs") && message.contains("renamed"), "{message}");
    assert!(head.require_model("renamed", &"0a".repeat(32), None).is_ok());
    let nobodys = HeadFile { model: None, ..head };
    let (_folder, path) = written(&nobodys);
    assert_eq!(HeadFile::read(&path).unwrap(), nobodys);
    let message = nobodys.require_model("castlist-face", &"1b".repeat(32), None).unwrap_err().to_string();
    assert!(message.contains("not named") && message.contains("castlist-face"), "{message}");
}

#[test]
fn runs_name_a_head_by_the_sha256_of_its_file() {
    let (_folder, path) = written(&head(&[3, 2]));
    let bytes = fs::read(&path).unwrap();
    let read = Head::read(&path).unwrap();
    assert_eq!(read.sha256, sha256_hex(&bytes));
    assert_eq!(read.file.to_bytes(&path).unwrap(), bytes);
}

#[cfg(unix)]
#[test]
fn a_head_is_for_colleagues_too() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = written(&head(&[3, 2]));
    fs::write(folder.path().join("plain"), "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&path), mode(&folder.path().join("plain")));
}

#[test]
fn a_text_file_and_a_missing_file_are_no_heads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("note");
    assert!(matches!(HeadFile::read(&path).unwrap_err(), HeadError::Read { .. }));
    fs::write(&path, "version https://git-lfs.github.com/spec/v1\n").unwrap();
    assert!(matches!(HeadFile::read(&path).unwrap_err(), HeadError::NoSafetensors { .. }));
}
