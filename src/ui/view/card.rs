//! One person as the list shows them: plain data, made once a change.

use std::cell::OnceCell;

use crate::base::TrackIx;
use crate::review::{Identity, IdentityId, IdentityState};
use crate::tracks::TrackSet;
use crate::ui::lang::{self, t, texts};

/// One identity as the gallery shows it.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) id: IdentityId,
    pub(crate) title: String,
    /// The title in lower case, for search.
    pub(super) folded: String,
    pub(crate) is_named: bool,
    pub(crate) state: IdentityState,
    pub(crate) n_tracks: usize,
    pub(crate) n_faces: usize,
    /// Tracks that are more likely another person, once that is known.
    pub(crate) n_doubtful: usize,
    /// Seconds on screen, where all tracks have times.
    pub(crate) seconds: Option<f64>,
    /// The track whose picture stands for them, once somebody asked for it.
    cover: OnceCell<Option<TrackIx>>,
}

impl Card {
    pub(super) fn of(identity: &Identity, set: &TrackSet) -> Self {
        let tracks = || identity.tracks.iter().map(|&ix| set.track(ix));
        let title = texts::title(identity.id, identity.name.as_deref());
        Self {
            id: identity.id,
            folded: title.to_lowercase(),
            title,
            is_named: identity.name.is_some(),
            state: identity.state,
            n_tracks: identity.tracks.len(),
            n_faces: tracks().map(crate::tracks::Track::n_faces).sum(),
            n_doubtful: 0,
            seconds: tracks().map(crate::tracks::Track::seconds).sum(),
            cover: identity.cover.map_or_else(OnceCell::new, |cover| OnceCell::from(Some(cover))),
        }
    }

    /// The track whose picture stands for them; `choose` is asked once.
    pub(crate) fn cover(&self, choose: impl FnOnce() -> Option<TrackIx>) -> Option<TrackIx> {
        *self.cover.get_or_init(choose)
    }

    /// Chooses the track anew, when somebody asks.
    pub(super) fn choose_cover_again(&mut self) {
        self.cover = OnceCell::new();
    }

    /// Takes over what stood for them before, where it is still one of their tracks: whom others were
    /// merged into looks as before.
    pub(super) fn keep_cover(&mut self, before: &Self, identity: &Identity) {
        if self.cover.get().is_none()
            && let Some(Some(cover)) = before.cover.get().copied()
            && identity.tracks.binary_search(&cover).is_ok()
        {
            self.cover = OnceCell::from(Some(cover));
        }
    }

    /// `12 tracks · 340 faces · 1:05 min`.
    pub(crate) fn facts(&self) -> String {
        let mut text = format!("{} · {}", t!("tracks", n = self.n_tracks), t!("faces", n = self.n_faces));
        if let Some(seconds) = self.seconds.filter(|seconds| *seconds > 0.0) {
            text.push_str(" · ");
            text.push_str(&time(seconds));
        }
        text
    }

    /// The same in less room: `12 tracks · 1:05 min`.
    pub(crate) fn short_facts(&self) -> String {
        let tracks = t!("tracks", n = self.n_tracks);
        match self.seconds.filter(|seconds| *seconds > 0.0) {
            Some(seconds) => format!("{tracks} · {}", time(seconds)),
            None => tracks,
        }
    }

    /// Whether the title contains a search, in lower case.
    pub(super) fn matches(&self, search: &str) -> bool {
        search.is_empty() || self.folded.contains(search)
    }

    /// What a screen reader says.
    pub(crate) fn spoken(&self) -> String {
        let (title, tracks) = (self.title.as_str(), t!("tracks", n = self.n_tracks));
        match self.state {
            IdentityState::Proposed => t!("spoken", title = title, tracks = tracks),
            IdentityState::Confirmed => t!("spoken-confirmed", title = title, tracks = tracks),
            IdentityState::Ignored => t!("spoken-ignored", title = title, tracks = tracks),
        }
    }
}

/// `45 s`, `1:05 min`, `2:03:04 h`.
pub(crate) fn time(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..=9 => t!("seconds", n = lang::decimal(seconds, 1)),
        10..=59 => t!("seconds", n = whole.to_string()),
        60..=3599 => t!("minutes", minutes = whole / 60, seconds = two(whole % 60)),
        _ => t!("hours", hours = whole / 3600, minutes = two(whole / 60 % 60), seconds = two(whole % 60)),
    }
}

/// `05`.
fn two(n: u64) -> String {
    format!("{n:02}")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::base::Fingerprint;
    use crate::tracks::{TimeSpan, Track, TrackSource};

    fn set(n: usize) -> TrackSet {
        let track = |at: usize| Track {
            id: at.to_string(),
            video: String::new(),
            span: TimeSpan::default(),
            pieces: Vec::new(),
            part: None,
            formerly: Vec::new(),
            source: TrackSource::Rows { rows: Vec::new() },
            fingerprint: Fingerprint([0; 32]),
        };
        TrackSet::new(PathBuf::new(), (0..n).map(track).collect())
    }

    fn identity(tracks: &[TrackIx], cover: Option<TrackIx>) -> Identity {
        Identity { cover, ..Identity::of_tracks(tracks) }
    }

    #[test]
    fn a_person_keeps_the_cover_that_was_seen_as_long_as_it_is_theirs() {
        let set = set(4);
        let before = Card::of(&identity(&[0, 1], None), &set);
        assert_eq!(before.cover(|| Some(1)), Some(1));
        let merged = identity(&[0, 1, 2, 3], None);
        let mut after = Card::of(&merged, &set);
        after.keep_cover(&before, &merged);
        assert_eq!(after.cover(|| Some(3)), Some(1), "whom others were merged into looks as before");
        let rest = identity(&[0, 2], None);
        let mut after = Card::of(&rest, &set);
        after.keep_cover(&before, &rest);
        assert_eq!(after.cover(|| Some(2)), Some(2), "the cover went to somebody else");
        let chosen = identity(&[0, 1, 2], Some(2));
        let mut after = Card::of(&chosen, &set);
        after.keep_cover(&before, &chosen);
        assert_eq!(after.cover(|| Some(0)), Some(2), "the curator's choice above all");
        after.choose_cover_again();
        assert_eq!(after.cover(|| Some(0)), Some(0));
    }

    #[test]
    fn figures_read_well() {
        assert_eq!(time(4.25), "4.2 s");
        assert_eq!(time(65.0), "1:05 min");
        assert_eq!(time(7384.0), "2:03:04 h");
        lang::set_language(lang::Language::Korean);
        assert_eq!(time(7384.0), "2시간 03분 04초");
    }
}
