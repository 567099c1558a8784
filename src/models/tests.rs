//! The built-in catalogue, the user's folder and adding to it.

use std::fs;
use std::path::{Path, PathBuf};

use super::catalogue::{folder_from, sha256_hex};
use super::*;
use crate::base::Cx;

fn user(folder: &Path) -> Catalogue {
    Catalogue::with_user(folder).unwrap()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect()
}

fn enough() -> Vec<(String, String)> {
    pairs(&[("model.size", "112"), ("model.mean", "127.5"), ("model.scale", "127.5")])
}

fn availability(catalogue: &Catalogue, id: &str) -> Availability {
    catalogue.list().into_iter().find(|listed| listed.entry.id == id).unwrap().availability
}

#[test]
fn the_built_in_catalogue_is_whole() {
    let catalogue = Catalogue::builtin().unwrap();
    let ids: Vec<_> = catalogue.entries().iter().map(|entry| entry.id.as_str()).collect();
    let want = [
        "adaface-ir-101",
        "adaface-ir-18",
        "adaface-ir-50",
        "castlist-align",
        "castlist-detect",
        "castlist-detect-384x640",
        "castlist-detect-640x384",
        "castlist-face",
        "edgeface-base",
        "edgeface-s",
        "edgeface-xs",
        "edgeface-xs-gamma-06",
        "edgeface-xxs",
        "mobilefacenet-casia",
        "scrfd-2_5g",
        "sface",
        "sface-int8",
        "yunet",
        "yunet-n",
    ];
    assert_eq!(ids, want);
    for entry in catalogue.entries() {
        let id = &entry.id;
        assert!(entry.sha256.is_some() && entry.licence.is_some(), "{id}");
        assert!(entry.bytes.is_some() != entry.estimated_bytes.is_some(), "{id}: one of the two sizes");
        assert!(entry.commercial_use.is_some() && entry.source.is_some() && entry.note.is_some(), "{id}");
        assert_eq!(entry.file, format!("{id}.onnx"));
        assert_eq!(entry.dim.is_some(), entry.kind == ModelKind::Embed, "{id}");
        let told = entry.decode.is_some() && entry.start_score.is_some() && entry.keep_score.is_some();
        assert_eq!(told, entry.kind == ModelKind::Detect, "{id}");
        if let Some(url) = entry.download_url() {
            let of_commit = url
                .strip_prefix("https://media.githubusercontent.com/media/opencv/opencv_zoo/")
                .is_some_and(|rest| rest.split('/').next().unwrap().len() == 40);
            let of_release =
                url.starts_with("https://github.com/yakhyo/") && url.contains("/releases/download/weights/");
            assert!(of_commit || of_release, "{url}");
        }
    }
    let casia = catalogue.find("mobilefacenet-casia").unwrap();
    assert_eq!((casia.size, casia.crop_shift_px), (Size { height: 112, width: 96 }, [-8.0, 0.0]));
}

#[test]
fn availability_without_a_folder() {
    let catalogue = Catalogue::builtin().unwrap();
    assert_eq!(availability(&catalogue, DEFAULT_EMBED), Availability::BuiltIn);
    assert_eq!(availability(&catalogue, DEFAULT_ALIGN), Availability::BuiltIn);
    assert_eq!(availability(&catalogue, "sface"), Availability::Downloadable);
    assert_eq!(availability(&catalogue, "edgeface-xs"), Availability::KnownOnly);
    assert!(matches!(catalogue.folder(), Err(ModelError::NoFolder)));
    let json = serde_json::to_value(catalogue.list()).unwrap();
    let of = |id: &str| json.as_array().unwrap().iter().find(|it| it["id"] == id).unwrap();
    assert_eq!(of("castlist-face")["availability"], "built-in");
    assert_eq!(of("mobilefacenet-casia")["size"], "112x96");
    assert_eq!(of("edgeface-s")["estimated_bytes"], 14_600_000);
}

#[test]
fn the_variable_names_the_folder() {
    let platform = || Some(PathBuf::from("platform"));
    assert_eq!(folder_from(Some("mine".into()), platform), Some("mine".into()));
    assert_eq!(folder_from(Some("".into()), platform), Some("platform".into()));
    assert_eq!(folder_from(None, || None), None);
}

#[test]
fn verify_hashes_what_is_installed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sface.onnx"), b"not sface").unwrap();
    let verified = user(folder.path()).verify(&Cx::new()).unwrap();
    let ids: Vec<_> = verified.iter().map(|v| v.id.as_str()).collect();
    let own = [
        "castlist-align",
        "castlist-detect",
        "castlist-detect-384x640",
        "castlist-detect-640x384",
        "castlist-face",
    ];
    assert_eq!(ids, [&own[..], &["sface"]].concat());
    assert!(verified[..own.len()].iter().all(|model| model.status == VerifyStatus::Good));
    let VerifyStatus::Bad { message } = &verified[own.len()].status else { panic!("sface is not bad") };
    assert!(message.contains(&sha256_hex(b"not sface")) && message.ends_with("sface.onnx"), "{message}");
    let cx = Cx::new();
    cx.cancel();
    assert!(matches!(user(folder.path()).verify(&cx), Err(ModelError::Cancelled(_))));
    assert!(matches!(user(folder.path()).resolve("sface", &[]), Err(ModelError::WrongHash { .. })));
}

#[test]
fn an_added_model_is_found_by_id() {
    let (folder, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = home.path().join("My Net.onnx");
    fs::write(&file, b"network").unwrap();
    let models = folder.path().join("models");
    let added = user(&models).add(&file, &enough()).unwrap();
    assert_eq!((added.entry.id.as_str(), added.path), ("my-net", Some(models.join("my-net.onnx"))));
    let catalogue = user(&models);
    assert_eq!(catalogue.problems().len(), 0);
    assert_eq!(catalogue.find("my-net"), Some(&added.entry));
    assert_eq!(availability(&catalogue, "my-net"), Availability::Installed);
    assert_eq!(*catalogue.resolve("my-net", &[]).unwrap().bytes, *b"network");
    assert!(file.is_file());
    // The same again is harmless, also by its hash alone; a variant needs an id of its own.
    assert_eq!(catalogue.add(&file, &enough()).unwrap().entry, added.entry);
    assert_eq!(catalogue.add(&file, &[]).unwrap().entry, added.entry);
    let variant = pairs(&[("model.colour", "bgr")]);
    assert!(matches!(catalogue.add(&file, &variant), Err(ModelError::IdTaken { .. })));
    let variant = pairs(&[("model.colour", "bgr"), ("model.id", "my-net-bgr")]);
    assert_eq!(catalogue.add(&file, &variant).unwrap().entry.colour, ChannelOrder::Bgr);
    assert_eq!(user(&models).find("my-net-bgr").unwrap().colour, ChannelOrder::Bgr);
}

#[test]
fn adding_overwrites_nothing_different() {
    let (folder, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = home.path().join("net.onnx");
    fs::write(&file, b"network").unwrap();
    let catalogue = user(folder.path());
    fs::write(folder.path().join("net.onnx"), b"another").unwrap();
    assert!(matches!(catalogue.add(&file, &enough()), Err(ModelError::Exists { .. })));
    assert_eq!(fs::read(folder.path().join("net.onnx")).unwrap(), b"another");
    fs::remove_file(folder.path().join("net.onnx")).unwrap();
    fs::write(folder.path().join("net.toml"), b"size = 1").unwrap();
    assert!(matches!(catalogue.add(&file, &enough()), Err(ModelError::Exists { .. })));
    assert_eq!(fs::read(folder.path().join("net.toml")).unwrap(), b"size = 1");
}

#[test]
fn adding_refuses_what_it_cannot_describe() {
    let (folder, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = home.path().join("net.onnx");
    fs::write(&file, b"network").unwrap();
    let catalogue = user(folder.path());
    assert!(matches!(catalogue.add(&file, &[]), Err(ModelError::Missing { .. })));
    let set = |more: (&str, &str)| [enough(), pairs(&[more])].concat();
    assert!(matches!(catalogue.add(&file, &set(("id", "../net"))), Err(ModelError::BadId { .. })));
    assert!(matches!(catalogue.add(&file, &set(("id", "sface"))), Err(ModelError::IdTaken { .. })));
    fs::write(&file, b"").unwrap();
    assert!(matches!(catalogue.add(&file, &enough()), Err(ModelError::Empty { .. })));
    assert!(matches!(catalogue.add(&home.path().join("no.onnx"), &[]), Err(ModelError::Io { .. })));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_built_in_model_need_not_be_added() {
    let (folder, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let catalogue = user(folder.path());
    let file = home.path().join("x.onnx");
    fs::write(&file, catalogue.resolve(DEFAULT_EMBED, &[]).unwrap().bytes).unwrap();
    let added = catalogue.add(&file, &[]).unwrap();
    assert_eq!((added.entry.id.as_str(), added.path), (DEFAULT_EMBED, None));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn one_wrong_description_hides_one_model() {
    let folder = tempfile::tempdir().unwrap();
    let good = format!("size=1\nmean=0\nscale=1\nsha256='{}'\n", sha256_hex(b"network"));
    for (name, text) in [
        ("good.toml", good.clone()),
        ("typo.toml", format!("{good}wieght = 1\n")),
        ("sface.toml", good.clone()),
        ("bare.toml", "size=1\nmean=0\nscale=1\n".to_owned()),
        ("Not Safe.toml", good.clone()),
        ("other.toml", format!("{good}id = 'renamed'\n")),
        ("short.toml", format!("sha256='{}'\n", "0".repeat(64))),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    fs::create_dir(folder.path().join("folder.toml")).unwrap();
    fs::write(folder.path().join("binary.toml"), [0xff, 0xfe]).unwrap();
    let catalogue = user(folder.path());
    assert!(catalogue.find("good").is_some());
    assert_eq!(catalogue.entries().len(), Catalogue::builtin().unwrap().entries().len() + 1);
    assert_eq!(catalogue.problems().len(), 8);
    let error = catalogue.resolve("typo", &[]).unwrap_err().to_string();
    assert!(error.contains("`wieght`") && error.ends_with("typo.toml"), "{error}");
    let error = catalogue.resolve("good", &[]).unwrap_err().to_string();
    assert!(error.contains("good is not installed"), "{error}");
}

#[test]
fn a_folder_that_is_a_file_is_a_problem_not_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let catalogue = user(&file);
    assert_eq!(catalogue.problems().len(), 1);
    assert!(catalogue.resolve(DEFAULT_EMBED, &[]).is_ok());
    let error = catalogue.add(&folder.path().join("file"), &[]).unwrap_err();
    assert!(matches!(error, ModelError::Empty { .. }), "{error}");
}
