//! Which model is worth trying where the built-in one is unsure.
//!
//! Takes the catalogue, the machine and the use that the model is needed for; gives offers, best
//! first, each with what it would bring. Figures on film decide, and nothing else: a model that was
//! measured and is no better than the built-in one is never offered, one that was not measured
//! comes last and without a figure. It asks no network and runs nothing.

use std::cmp::Ordering;

use super::{Availability, Catalogue, DEFAULT_EMBED, ListedModel, ModelEntry, ModelKind};

/// Models that were not measured on film and that may be tried all the same, after those that were.
/// `SFace` is the strongest known one that may be used for anything: OpenCV Zoo states 99.40 % on
/// LFW for its file, where one half of the built-in model has 99.38 %, which says little about
/// film.
pub(crate) const UNTRIED: [&str; 1] = ["sface"];

/// Figures on film that lie so near to each other are one to a slow machine, which then takes the
/// smaller network.
const NEAR: f64 = 0.02;

/// What a model is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ModelNeed {
    /// Anything, for money too.
    AnyUse,
    /// Nothing that earns money.
    NonCommercial,
}

/// What runs the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Machine {
    /// Cores.
    pub cores: usize,
    /// Whether the built-in engine runs, which takes about twice as long as ONNX Runtime.
    pub has_slow_engine: bool,
}

impl Machine {
    /// Whether a large network would keep a curator waiting: less than four cores of ONNX Runtime.
    #[must_use]
    pub(crate) fn is_slow(self) -> bool {
        let cores = if self.has_slow_engine { self.cores / 2 } else { self.cores };
        cores < 4
    }
}

/// BCubed F of the default method on film.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FilmScores {
    /// With the offered model.
    pub with: f64,
    /// With the built-in one, on the same films.
    pub instead_of: f64,
}

/// A model that may separate people better than the built-in one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ModelOffer {
    /// The model.
    pub entry: ModelEntry,
    /// Whether it is here already.
    pub is_here: bool,
    /// Its benefit; none where not measured on film.
    pub film: Option<FilmScores>,
}

/// The models worth trying for a need on a machine, best first: those that did better on film than
/// the built-in one by how well they did, then the untried ones. Where two are alike, one that is
/// here already comes first, then the smaller one; on a slow machine, what is nearly alike is
/// alike.
#[must_use]
pub(crate) fn offers(catalogue: &Catalogue, machine: Machine, need: ModelNeed) -> Vec<ModelOffer> {
    let instead_of = catalogue.find(DEFAULT_EMBED).and_then(|entry| entry.film_f);
    let offer = |listed: ListedModel<'_>| {
        let entry = listed.entry;
        let is_allowed = match need {
            ModelNeed::AnyUse => entry.commercial_use == Some(true),
            ModelNeed::NonCommercial => entry.commercial_use.is_some(),
        };
        let film = entry.film_f.zip(instead_of).map(|(with, instead_of)| FilmScores { with, instead_of });
        let is_worth_it = match film {
            Some(film) => film.with > film.instead_of,
            None => UNTRIED.contains(&entry.id.as_str()),
        };
        let can_be_had = listed.availability != Availability::KnownOnly;
        let is_offered = entry.kind == ModelKind::Embed && is_allowed && is_worth_it && can_be_had;
        let is_here = matches!(listed.availability, Availability::Installed | Availability::BuiltIn);
        is_offered.then(|| ModelOffer { entry: entry.clone(), is_here, film })
    };
    let mut offers: Vec<ModelOffer> = catalogue.list().into_iter().filter_map(offer).collect();
    let best = offers.iter().filter_map(|offer| offer.film).map(|film| film.with).fold(0.0, f64::max);
    // As near as that to the best, on a slow machine, is as good as the best.
    let rank = |offer: &ModelOffer| match offer.film {
        Some(film) if machine.is_slow() && best - film.with <= NEAR => best,
        Some(film) => film.with,
        None => 0.0,
    };
    let bytes = |offer: &ModelOffer| offer.entry.size_bytes().map_or(u64::MAX, |(bytes, _)| bytes);
    offers.sort_by(|a, b| {
        let by_film = rank(b).partial_cmp(&rank(a)).unwrap_or(Ordering::Equal);
        by_film.then(b.is_here.cmp(&a.is_here)).then(bytes(a).cmp(&bytes(b)))
    });
    offers
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const FAST: Machine = Machine { cores: 16, has_slow_engine: false };
    const SLOW: Machine = Machine { cores: 4, has_slow_engine: true };

    fn ids(catalogue: &Catalogue, machine: Machine, need: ModelNeed) -> Vec<String> {
        offers(catalogue, machine, need).into_iter().map(|offer| offer.entry.id).collect()
    }

    /// A folder that describes a model of `megabytes` that did `film_f` on film.
    fn describe(folder: &std::path::Path, id: &str, megabytes: u64, more: &str) {
        let hash = "0".repeat(64);
        let text = format!(
            "size = 112\nmean = 0\nscale = 1\nsha256 = '{hash}'\nbytes = {megabytes}000000\n\
             source = 'https://example.org/{id}.onnx'\n{more}\n"
        );
        fs::write(folder.join(format!("{id}.toml")), text).unwrap();
    }

    #[test]
    fn only_what_did_better_on_film_and_what_nobody_tried_is_offered() {
        let catalogue = Catalogue::builtin().unwrap();
        for machine in [FAST, SLOW] {
            assert_eq!(ids(&catalogue, machine, ModelNeed::AnyUse), ["sface"]);
            let own = ids(&catalogue, machine, ModelNeed::NonCommercial);
            assert_eq!(own, ["edgeface-xs-gamma-06", "sface"], "the measured one comes first");
        }
        let told = offers(&catalogue, FAST, ModelNeed::NonCommercial);
        assert_eq!(told[0].film, Some(FilmScores { with: 0.929, instead_of: 0.861 }));
        assert!(!told[0].is_here && told[1].film.is_none());
    }

    #[test]
    fn what_is_here_needs_no_download() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("edgeface-xs.onnx"), b"network").unwrap();
        let catalogue = Catalogue::with_user(folder.path()).unwrap();
        let told = offers(&catalogue, FAST, ModelNeed::NonCommercial);
        assert_eq!((told[0].entry.id.as_str(), told[0].is_here), ("edgeface-xs", true));
    }

    #[test]
    fn a_slow_machine_takes_the_smaller_of_two_that_are_nearly_alike() {
        let folder = tempfile::tempdir().unwrap();
        describe(folder.path(), "large", 200, "commercial_use = true\nfilm_f = 0.95");
        describe(folder.path(), "small", 5, "commercial_use = true\nfilm_f = 0.94");
        describe(folder.path(), "smaller", 3, "commercial_use = true\nfilm_f = 0.90");
        describe(folder.path(), "worse", 3, "commercial_use = true\nfilm_f = 0.80");
        describe(folder.path(), "unlooked", 3, "film_f = 0.99");
        let catalogue = Catalogue::with_user(folder.path()).unwrap();
        assert_eq!(ids(&catalogue, FAST, ModelNeed::AnyUse), ["large", "small", "smaller", "sface"]);
        assert_eq!(ids(&catalogue, SLOW, ModelNeed::AnyUse), ["small", "large", "smaller", "sface"]);
    }

    #[test]
    fn a_machine_is_slow_by_its_cores_and_its_engine() {
        assert!(!FAST.is_slow() && SLOW.is_slow());
        assert!(Machine { cores: 2, has_slow_engine: false }.is_slow());
        assert!(!Machine { cores: 8, has_slow_engine: true }.is_slow());
    }
}
