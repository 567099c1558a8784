//! From what the user wrote to a model that can be loaded.
//!
//! Takes an id or the path of an `.onnx` file, and overrides; gives the checked entry, the bytes
//! and their sha256, and the files beside it that hold its weights.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::catalogue::{
    EMBEDDED_HEADS, FileLocation, check_sha256, read_description, read_model, sha256_hex,
};
use super::entry::{ModelFields, safe_id};
use super::{
    Catalogue, ExternalWeights, Head, HeadError, LgcnHead, ModelEntry, ModelError, ModelKind, TensorFile,
};
use crate::base::{Fingerprint, Hasher};

/// A model ready to load: bytes whose sha256 is the entry's, where the entry states one.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// How it wants its input, overrides included.
    pub entry: ModelEntry,
    /// The ONNX file.
    pub bytes: Cow<'static, [u8]>,
    /// Lower-case hexadecimal sha256 of the bytes.
    pub sha256: String,
    /// Weights in files beside the model, where there are any.
    pub weights: Option<ExternalWeights>,
    /// Where files beside the model lie; none for a model inside the binary.
    pub(super) folder: Option<PathBuf>,
}

/// A head's bytes and where they lie.
type HeadBytes = (Cow<'static, [u8]>, PathBuf);

impl Model {
    /// Refuses a model for another task.
    ///
    /// # Errors
    /// [`ModelError::WrongKind`].
    pub fn require(self, want: ModelKind) -> Result<Self, ModelError> {
        if self.entry.kind == want {
            Ok(self)
        } else {
            Err(ModelError::WrongKind { id: self.entry.id, want, got: self.entry.kind })
        }
    }

    /// The learned head that the entry names, from inside the binary or beside the model; none
    /// where it names none.
    ///
    /// # Errors
    /// [`HeadError`]: not there, damaged, or learned for another model.
    pub fn head(&self) -> Result<Option<Head>, HeadError> {
        let Some((bytes, path)) = self.head_bytes(self.entry.head.as_ref())? else { return Ok(None) };
        let head = Head::parse(&bytes, &path)?;
        head.file.require_model(&self.entry.id, &self.sha256, self.entry.dim)?;
        Ok(Some(head))
    }

    /// [`Self::head`] for the head of the method `lgcn`.
    ///
    /// # Errors
    /// [`HeadError`]: not there, damaged, or learned for another model.
    pub(crate) fn lgcn_head(&self) -> Result<Option<LgcnHead>, HeadError> {
        let Some((bytes, path)) = self.head_bytes(self.entry.link_head.as_ref())? else { return Ok(None) };
        let head = LgcnHead::parse(&bytes, &path)?;
        head.file.require_model(&self.entry.id, &self.sha256, self.entry.dim)?;
        Ok(Some(head))
    }

    /// A head's bytes and their path, for messages.
    fn head_bytes(&self, name: Option<&String>) -> Result<Option<HeadBytes>, HeadError> {
        let Some(name) = name else { return Ok(None) };
        if let Some((_, bytes)) = EMBEDDED_HEADS.iter().find(|(known, _)| known == name) {
            return Ok(Some((Cow::Borrowed(*bytes), PathBuf::from(name))));
        }
        let path = self.folder.clone().unwrap_or_default().join(name);
        Ok(Some((Cow::Owned(TensorFile::bytes(&path)?), path)))
    }

    /// Fingerprint of the bytes and of how pictures are brought to the network: equal ones give
    /// equal outputs for equal crops.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hasher = Hasher::default();
        hasher.part(&self.sha256).part(self.entry.input_fingerprint().0);
        if let Some(weights) = &self.weights {
            hasher.part(weights.content.0);
        }
        hasher.finish()
    }
}

impl Catalogue {
    /// The model that `spec` names: an id of the catalogue, or the path of an `.onnx` file.
    ///
    /// A file is recognised by its sha256. One that the catalogue does not know takes its entry
    /// from `FILE.toml` beside it and from `overrides` (`("model.size", "112")` and so on; see
    /// [`super::KEYS`]); size, mean and scale are required, everything else has a default.
    /// Overrides apply to known models as well. An id wins over a file of that name.
    ///
    /// # Errors
    /// [`ModelError`]: an unknown id, a missing, empty or damaged file, a wrong description or
    /// override, missing keys.
    pub fn resolve(
        &self,
        spec: impl AsRef<OsStr>,
        overrides: &[(String, String)],
    ) -> Result<Model, ModelError> {
        let spec = spec.as_ref();
        if let Some(entry) = spec.to_str().and_then(|id| self.find(id)) {
            let (bytes, sha256) = self.open(entry)?;
            let folder = self.folder().ok().map(Path::to_owned);
            let weights = match self.location(entry) {
                FileLocation::File(path) => ExternalWeights::of(&bytes, &path)?,
                _ => None,
            };
            return Ok(Model { entry: with_overrides(entry, overrides)?, bytes, sha256, weights, folder });
        }
        let path = Path::new(spec);
        let named = spec.to_string_lossy();
        if let Some(problem) = self.problem_of(&named) {
            return Err(problem);
        }
        let looks_like_a_path =
            path.extension().is_some_and(|extension| extension == "onnx") || path.components().count() > 1;
        if looks_like_a_path || path.is_file() {
            return self.resolve_file(path, overrides);
        }
        let ids: Vec<&str> = self.entries().iter().map(|entry| entry.id.as_str()).collect();
        Err(ModelError::Unknown { spec: named.into_owned(), known: ids.join(", ") })
    }

    fn resolve_file(&self, path: &Path, overrides: &[(String, String)]) -> Result<Model, ModelError> {
        let bytes = read_model(path)?;
        let sha256 = sha256_hex(&bytes);
        let entry = match self.find_sha256(&sha256) {
            Some(entry) => with_overrides(entry, overrides)?,
            None => describe(path, overrides)?,
        };
        let sha256 = check_sha256(&entry, &bytes, path.display().to_string())?;
        let weights = ExternalWeights::of(&bytes, path)?;
        let folder = path.parent().map(Path::to_owned);
        Ok(Model { entry, bytes: Cow::Owned(bytes), sha256, weights, folder })
    }
}

/// The entry of a file that the catalogue does not know.
pub(super) fn describe(path: &Path, overrides: &[(String, String)]) -> Result<ModelEntry, ModelError> {
    let description = path.with_extension("toml");
    let fields = match read_description(&description) {
        Ok((fields, _)) => fields,
        Err(ModelError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            ModelFields::default()
        }
        Err(error) => return Err(error),
    };
    let mut fields = fields.set(overrides)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    fields.id.get_or_insert_with(|| safe_id(&stem));
    fields.check(&description.display().to_string(), &path.display().to_string())
}

/// A known entry under overrides.
pub(super) fn with_overrides(
    entry: &ModelEntry,
    overrides: &[(String, String)],
) -> Result<ModelEntry, ModelError> {
    ModelFields::from(entry.clone()).set(overrides)?.check("--set", &entry.id)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::base::Radius;
    use crate::models::{DEFAULT_ALIGN, DEFAULT_EMBED, Size};

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect()
    }

    fn folder_with(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    const ENOUGH: [(&str, &str); 3] =
        [("model.size", "112x96"), ("model.mean", "127.5"), ("model.scale", "128")];

    #[test]
    fn the_defaults_are_inside_the_binary() {
        let catalogue = Catalogue::builtin().unwrap();
        let face = catalogue.resolve(DEFAULT_EMBED, &[]).unwrap().require(ModelKind::Embed).unwrap();
        assert!(matches!(face.bytes, Cow::Borrowed(_)));
        assert_eq!(Some(face.bytes.len() as u64), face.entry.bytes);
        let align = catalogue.resolve(DEFAULT_ALIGN, &[]).unwrap();
        assert_ne!(face.fingerprint(), align.fingerprint());
        let error = align.require(ModelKind::Embed).unwrap_err().to_string();
        assert!(error.contains("a model to find landmarks"), "{error}");
    }

    #[test]
    fn shipped_heads_belong_to_their_models() {
        let catalogue = Catalogue::builtin().unwrap();
        let mut model = catalogue.resolve(DEFAULT_EMBED, &[]).unwrap();
        let head = model.lgcn_head().unwrap().unwrap().file;
        assert_eq!((head.dim, head.k1), (256, 20));
        assert_eq!(model.head().unwrap(), None);
        for (name, bytes) in EMBEDDED_HEADS {
            let head = LgcnHead::parse(bytes, Path::new(name)).unwrap().file;
            let learned_for = head.model.clone().unwrap();
            let entry = catalogue.find(&learned_for.id).unwrap();
            assert_eq!(entry.link_head.as_deref(), Some(name));
            assert_eq!(entry.sha256.as_ref(), Some(&learned_for.sha256));
            assert!(head.figures["test-links-auc"] > head.figures["test-cosine-auc"], "{name}");
        }
        model.entry.link_head = Some("edgeface-xs-links.safetensors".to_owned());
        assert!(matches!(model.lgcn_head(), Err(HeadError::OtherModel { .. })));
    }

    #[test]
    fn a_known_file_is_recognised_by_its_hash() {
        let catalogue = Catalogue::builtin().unwrap();
        let bytes = catalogue.resolve(DEFAULT_EMBED, &[]).unwrap().bytes;
        let (_folder, path) = folder_with("renamed.bin", &bytes);
        let model = catalogue.resolve(&path, &pairs(&[("model.radius", "0.4")])).unwrap();
        assert_eq!(model.entry.id, DEFAULT_EMBED);
        assert_eq!(model.entry.radius, Some(Radius(0.4)));
    }

    #[test]
    fn another_file_takes_overrides_or_a_description() {
        let catalogue = Catalogue::builtin().unwrap();
        let (folder, path) = folder_with("My Net.onnx", b"network");
        let message = catalogue.resolve(&path, &[]).unwrap_err().to_string();
        assert!(
            message.contains("size, mean, scale are not known") && message.contains("My Net.toml"),
            "{message}"
        );
        let model = catalogue.resolve(&path, &pairs(&ENOUGH)).unwrap();
        assert_eq!((model.entry.id.as_str(), model.entry.size), ("my-net", Size { height: 112, width: 96 }));
        assert_eq!(model.sha256, sha256_hex(b"network"));

        let description = folder.path().join("My Net.toml");
        fs::write(&description, "size = 80\nmean = 0\nscale = 255\nradius = 0.5\n").unwrap();
        let described = catalogue.resolve(&path, &pairs(&[("model.mean", "1")])).unwrap();
        assert_eq!(
            (described.entry.size.height, described.entry.mean, described.entry.scale),
            (80, 1.0, 255.0)
        );
        assert_ne!(described.fingerprint(), model.fingerprint());

        fs::write(&description, format!("size = 80\nmean = 0\nscale = 1\nsha256 = '{}'", "0".repeat(64)))
            .unwrap();
        let error = catalogue.resolve(&path, &[]).unwrap_err().to_string();
        assert!(error.contains(&"0".repeat(64)) && error.contains(&model.sha256), "{error}");

        fs::write(&description, "size = 80\nmaen = 0\n").unwrap();
        let error = catalogue.resolve(&path, &[]).unwrap_err().to_string();
        assert!(error.contains("`maen`") && error.ends_with("My Net.toml"), "{error}");
    }

    #[test]
    fn only_the_input_counts_for_the_fingerprint() {
        let catalogue = Catalogue::builtin().unwrap();
        let plain = catalogue.resolve(DEFAULT_EMBED, &[]).unwrap();
        for (key, value, same) in [("radius", "0.3", true), ("note", "x", true), ("colour", "bgr", false)] {
            let other = catalogue.resolve(DEFAULT_EMBED, &pairs(&[(key, value)])).unwrap();
            assert_eq!(plain.fingerprint() == other.fingerprint(), same, "{key}");
        }
    }

    #[test]
    fn what_cannot_be_found_or_read_is_said() {
        let catalogue = Catalogue::builtin().unwrap();
        let message = |spec: &OsStr| catalogue.resolve(spec, &pairs(&ENOUGH)).unwrap_err().to_string();
        assert!(message("facenet".as_ref()).contains("castlist-align, castlist-detect, "));
        assert!(message("".as_ref()).contains("no model is called"));
        let missing = message("nowhere/x.onnx".as_ref());
        assert!(
            missing.starts_with("could not read the model") && missing.ends_with("nowhere/x.onnx"),
            "{missing}"
        );
        assert!(message("sface".as_ref()).contains("models get sface"));
        assert!(message("edgeface-xs".as_ref()).contains("models add FILE"));
        let (folder, path) = folder_with("empty.onnx", b"");
        assert!(message(path.as_os_str()).contains("empty file"));
        fs::write(&path, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n").unwrap();
        assert!(message(path.as_os_str()).contains("Git LFS pointer"));
        assert!(message(folder.path().as_os_str()).starts_with("could not read the model"));
    }
}
