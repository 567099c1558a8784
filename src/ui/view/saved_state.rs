//! What the window remembers from one start to the next: recent projects, theme, language, sizes.
//!
//! A small JSON file in the platform's data folder. Losing it loses nothing of a project, so
//! a file that cannot be read or written is passed over in silence.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files;
use crate::ui::lang::Language;

/// How many projects are remembered.
const KEPT: usize = 8;

/// Light, dark, or as the system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

/// The language, or the one that the system has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LanguageChoice {
    English,
    Korean,
    #[default]
    System,
}

impl LanguageChoice {
    /// What is spoken.
    pub(crate) fn language(self) -> Language {
        match self {
            Self::English => Language::English,
            Self::Korean => Language::Korean,
            Self::System => Language::of_system(),
        }
    }
}

/// Widths of the panes beside the faces, in points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PaneWidths {
    /// The people at the left.
    pub(crate) people: f32,
    /// Inspector, settings or second opinion at the right.
    pub(crate) right: f32,
}

impl Default for PaneWidths {
    fn default() -> Self {
        Self { people: 270.0, right: 290.0 }
    }
}

/// The file's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SavedState {
    /// Projects opened, newest first.
    pub(crate) recent: Vec<PathBuf>,
    pub(crate) theme: Theme,
    #[serde(rename = "speech")]
    pub(crate) language: LanguageChoice,
    /// Side of a gallery picture, in points.
    pub(crate) tile: f32,
    pub(crate) panes: PaneWidths,
    /// The library of people, where another one than the usual was chosen.
    pub(crate) library: Option<PathBuf>,
    /// Those of the recent projects that were there when it was last looked.
    #[serde(skip)]
    there: Vec<PathBuf>,
    #[serde(skip)]
    gone: Vec<PathBuf>,
    #[serde(skip)]
    file: Option<PathBuf>,
}

impl Default for SavedState {
    fn default() -> Self {
        Self {
            recent: Vec::new(),
            theme: Theme::default(),
            language: LanguageChoice::default(),
            tile: 144.0,
            panes: PaneWidths::default(),
            library: None,
            there: Vec::new(),
            gone: Vec::new(),
            file: None,
        }
    }
}

/// Bounds of the people's width, in points; a narrow window bounds it further.
pub(crate) const PEOPLE: std::ops::RangeInclusive<f32> = 150.0..=1600.0;
/// Bounds of the right pane's width, in points.
pub(crate) const RIGHT: std::ops::RangeInclusive<f32> = 240.0..=460.0;
/// Bounds of the size slider, in points.
pub(crate) const TILES: std::ops::RangeInclusive<f32> = 80.0..=280.0;

impl SavedState {
    /// Reads the file; `None` remembers nothing.
    pub(crate) fn load(file: Option<PathBuf>) -> Self {
        let text = file.as_deref().and_then(|file| files::read_text(file, 1 << 20).ok());
        let mut memory: Self = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        memory.tile = memory.tile.clamp(*TILES.start(), *TILES.end());
        memory.panes.people = memory.panes.people.clamp(*PEOPLE.start(), *PEOPLE.end());
        memory.panes.right = memory.panes.right.clamp(*RIGHT.start(), *RIGHT.end());
        memory.file = file;
        memory.look_for_recent();
        memory
    }

    /// The recent projects that are there, newest first.
    pub(crate) fn recent_there(&self) -> &[PathBuf] {
        &self.there
    }

    /// The recent projects that are not there: moved, or on a disk that is not connected.
    pub(crate) fn recent_gone(&self) -> &[PathBuf] {
        &self.gone
    }

    /// Looks which of the recent projects are there: a disk that is not connected comes back.
    pub(crate) fn look_for_recent(&mut self) {
        (self.there, self.gone) = self.recent.iter().cloned().partition(|path| path.exists());
    }

    /// Puts a project on top.
    pub(crate) fn opened(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        self.recent.retain(|other| *other != path);
        self.recent.insert(0, path);
        self.recent.truncate(KEPT);
        self.look_for_recent();
        self.save();
    }

    /// Takes a project off the list.
    pub(crate) fn forget(&mut self, path: &Path) {
        self.recent.retain(|other| other != path);
        self.look_for_recent();
        self.save();
    }

    /// Writes the file, whole or not at all.
    pub(crate) fn save(&self) {
        let Some(file) = &self.file else { return };
        let Some(folder) = file.parent() else { return };
        let write = || -> std::io::Result<()> {
            std::fs::create_dir_all(folder)?;
            files::replace(file, &serde_json::to_vec_pretty(self)?)
        };
        let _saved = write();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_first_without_repeats_over_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/window.json");
        let mut memory = SavedState::load(Some(file.clone()));
        for name in ["/a", "/b", "/a"] {
            memory.opened(Path::new(name));
        }
        memory.tile = 9999.0;
        memory.panes = PaneWidths { people: 333.0, right: 9999.0 };
        memory.save();
        let again = SavedState::load(Some(file.clone()));
        assert_eq!(again.recent, [PathBuf::from("/a"), PathBuf::from("/b")]);
        assert!((again.tile - TILES.end()).abs() < f32::EPSILON);
        assert_eq!(again.panes, PaneWidths { people: 333.0, right: *RIGHT.end() });
        assert!(again.recent_there().is_empty() && again.recent_gone().len() == 2, "neither is there");
        let mut again = again;
        again.opened(folder.path());
        assert_eq!(SavedState::load(Some(file)).recent_there(), [folder.path().to_path_buf()]);
    }
}
