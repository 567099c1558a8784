//! The table of settings: each described once, and how its text is read and written.

use std::path::PathBuf;
use std::str::FromStr;

use super::{HeadChoice, PoolingChoice, Settings};
use crate::cluster;
use crate::tracks::OverlapRule;

/// One row of the table of settings.
#[derive(Debug)]
pub struct Setting {
    /// The name given to `--set`.
    pub name: &'static str,
    /// Its name in the window.
    pub label: &'static str,
    /// What it does, in a curator's words.
    pub doc: &'static str,
    /// What is allowed.
    pub range: &'static str,
    /// The words among what is allowed.
    pub words: &'static [&'static str],
    /// Whether the project remembers it.
    pub(super) stored: bool,
    pub(super) get: fn(&Settings) -> String,
    /// None for a value that is not allowed; nothing changes then.
    pub(super) set: fn(&mut Settings, &str) -> Option<()>,
}

/// All settings but the parameters of the methods ([`cluster::parameters`]), which are settings,
/// too: `auto` is a method's own default.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "model",
        label: "Model",
        doc: "The network that distinguishes faces.",
        range: "a model's id or an ONNX file",
        words: &[],
        stored: true,
        get: |settings| settings.model.clone(),
        set: |settings, text| {
            (!text.is_empty()).then(|| {
                settings.names_model = true;
                if settings.model != text {
                    settings.overrides.clear();
                }
                text.clone_into(&mut settings.model);
            })
        },
    },
    Setting {
        name: "method",
        label: "Method",
        doc: "How tracks are grouped.",
        range: "the id of a method",
        words: &[],
        stored: true,
        get: |settings| settings.method.id.to_owned(),
        set: |settings, text| cluster::method(text).ok().map(|method| settings.method = method),
    },
    Setting {
        name: "head",
        label: "Head",
        doc: "What was learned on top of the model to separate people: the model's own head, none, or a file.",
        range: "auto (the model's own, where it has one), none, or a head's file",
        words: &["auto", "none"],
        stored: true,
        get: |settings| match &settings.head {
            HeadChoice::Auto => "auto".to_owned(),
            HeadChoice::None => "none".to_owned(),
            HeadChoice::File(file) => file.to_string_lossy().into_owned(),
        },
        set: |settings, text| {
            settings.head = match text {
                "" => return None,
                "auto" => HeadChoice::Auto,
                "none" => HeadChoice::None,
                file => HeadChoice::File(PathBuf::from(file)),
            };
            Some(())
        },
    },
    Setting {
        name: "frames_per_track",
        label: "Frames per track",
        doc: "How many frames of a track are used, spread evenly; 0 takes all.",
        range: "0 to 10000",
        words: &[],
        stored: true,
        get: |settings| settings.frames_per_track.to_string(),
        set: |settings, text| {
            let frames = text.parse().ok().filter(|frames| *frames <= Settings::MOST_FRAMES)?;
            settings.frames_per_track = frames;
            Some(())
        },
    },
    Setting {
        name: "pooling",
        label: "Pooling",
        doc: "How the frames of a track become one: weighted by their quality, all equal, the most typical one, or by a supplied attention head.",
        range: "quality, mean, raw-mean, medoid, or an attention head's file (.safetensors)",
        words: &["quality", "mean", "raw-mean", "medoid"],
        stored: true,
        get: |settings| match &settings.pooling {
            PoolingChoice::Fixed(pooling) => word(&["quality", "mean", "raw-mean", "medoid"], pooling),
            PoolingChoice::Head(file) => file.to_string_lossy().into_owned(),
        },
        set: |settings, text| {
            settings.pooling = match text.parse() {
                Ok(pooling) => PoolingChoice::Fixed(pooling),
                Err(()) if text.ends_with(".safetensors") => PoolingChoice::Head(PathBuf::from(text)),
                Err(()) => return None,
            };
            Some(())
        },
    },
    Setting {
        name: "crops",
        label: "Crops",
        doc: "Whether pictures show a face with some margin, or are aligned to the five-point template already.",
        range: "loose or aligned",
        words: &["loose", "aligned"],
        stored: true,
        get: |settings| word(&["loose", "aligned"], &settings.crops),
        set: |settings, text| text.parse().ok().map(|crops| settings.crops = crops),
    },
    Setting {
        name: "photographs",
        label: "Large pictures",
        doc: "Whether large oblong pictures are refused as whole photographs.",
        range: "refuse or allow",
        words: &["refuse", "allow"],
        stored: true,
        get: |settings| if settings.allow_photographs { "allow" } else { "refuse" }.to_owned(),
        set: |settings, text| {
            settings.allow_photographs = match text {
                "allow" => true,
                "refuse" => false,
                _ => return None,
            };
            Some(())
        },
    },
    Setting {
        name: "pictures",
        label: "Flat folders",
        doc: "What counts as a track among pictures without a folder of their own: those of one name (<track>_<frame>), or each picture (single). people: a folder is a person, and each picture right in it is a track. auto reads it from the names.",
        range: "auto, tracks, single or people",
        words: &["auto", "tracks", "single", "people"],
        stored: true,
        get: |settings| word(&["auto", "tracks", "single", "people"], &settings.pictures),
        set: |settings, text| text.parse().ok().map(|pictures| settings.pictures = pictures),
    },
    Setting {
        name: "overlaps",
        label: "Overlaps in time",
        doc: "How far two tracks of one video may overlap in time and still be one person: by this many frames, or by any number (ignore), where times are rough. Tracks that merely touch never overlap.",
        range: "forbid, ignore, or a number of frames, 0 to 1000000",
        words: &["forbid", "ignore"],
        stored: true,
        get: |settings| match settings.overlaps {
            OverlapRule::UpTo(0) => "forbid".to_owned(),
            other => other.to_string(),
        },
        set: |settings, text| text.parse().ok().map(|overlaps| settings.overlaps = overlaps),
    },
    Setting {
        name: "engine",
        label: "Engine",
        doc: "Which inference engine runs; it cannot change while the program runs.",
        range: "auto, onnxruntime or tract",
        words: &["auto", "onnxruntime", "tract"],
        stored: false,
        get: |settings| word(&["auto", "onnxruntime", "tract"], &settings.engine),
        set: |settings, text| text.parse().ok().map(|engine| settings.engine = engine),
    },
];

/// The one of some words that stands for a value.
fn word<T: FromStr + PartialEq>(words: &[&str], value: &T) -> String {
    let found = words.iter().find(|word| word.parse().is_ok_and(|it: T| it == *value));
    found.map_or_else(String::new, |&word| word.to_owned())
}

/// Rows are known by their names.
impl PartialEq for Setting {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Setting {
    /// The value where nothing was set.
    #[must_use]
    pub fn default(&self) -> String {
        (self.get)(&Settings::default())
    }
}
