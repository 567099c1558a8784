//! Getting another model, and trying it on a project.
//!
//! Takes a model's id or file; gives the installed model, or a finished analysis that is a
//! proposal: the project's settings and identities stay as they are until it is adopted, and the
//! model becomes the project's with it. What the other model sees is kept beside what the present
//! one saw.

use std::path::PathBuf;
use std::thread;

use super::{AnalyseJob, Analysis, PoolingChoice, Session, SessionError, SettingError, Settings};
use crate::base::Value;
use crate::base::{Cx, Stage};
use crate::cluster::RADIUS;
use crate::cluster::likelihood::UNSURE_SHARE;
use crate::models::{self, AddedModel, Catalogue, DEFAULT_EMBED, Machine, ModelNeed, ModelOffer};

/// Fetches a model of the catalogue into the user's folder, where it is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DownloadJob {
    /// The model's id.
    pub id: String,
}

impl DownloadJob {
    /// Downloads the file, whole and verified; at once where the model is here.
    ///
    /// # Errors
    /// [`SessionError::Model`]; without a network it names file, address and sha256 to bring by
    /// hand.
    pub(crate) fn run(&self, cx: &Cx) -> Result<Option<PathBuf>, SessionError> {
        cx.stage(Stage::DownloadingTheModel, 0);
        let catalogue = Catalogue::load()?;
        if let Some(entry) = catalogue.find(&self.id)
            && entry.download_url().is_none()
            && catalogue.has(entry)
        {
            return Ok(None);
        }
        Ok(Some(catalogue.get(&self.id, cx)?))
    }
}

/// Installs a model's file, under the catalogue's entry where its hash is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AddModelJob {
    /// The file.
    pub file: PathBuf,
    /// Keys of its description.
    pub set: Vec<(String, String)>,
}

impl AddModelJob {
    /// Copies the file into the user's folder.
    ///
    /// # Errors
    /// [`SessionError::Model`]: an unknown file without a description, or that cannot
    /// be copied.
    pub(crate) fn run(&self, cx: &Cx) -> Result<AddedModel, SessionError> {
        cx.stage(Stage::InstallingTheModel, 0);
        Ok(Catalogue::load()?.add(&self.file, &self.set)?)
    }
}

/// Gets a model, looks at all faces with it and groups them again.
#[derive(Debug, Clone)]
pub struct TrialJob {
    get: DownloadJob,
    analyse: AnalyseJob,
    model: String,
}

impl TrialJob {
    /// Runs all of it; the callback is called once with a forecast.
    ///
    /// # Errors
    /// As `DownloadJob::run` and [`AnalyseJob::run`].
    pub fn run(&self, cx: &Cx, announce: impl FnOnce(&str)) -> Result<Analysis, SessionError> {
        self.get.run(cx)?;
        let analysis = self.analyse.run(cx, announce)?;
        Ok(Analysis { model: Some(self.model.clone()), ..analysis })
    }
}

impl Session {
    /// The job that tries another model with the default method on this project, under the
    /// curator's links; its result is a proposal, and adopting it makes the model the project's.
    ///
    /// # Errors
    /// [`SettingError`]: an empty id.
    pub fn trial(&self, model: &str) -> Result<TrialJob, SettingError> {
        let mut settings = self.settings.clone();
        settings.choose_model(model)?;
        let analyse = self.job_with(settings);
        Ok(TrialJob { get: DownloadJob { id: model.to_owned() }, analyse, model: model.to_owned() })
    }
}

impl Settings {
    /// Makes another model the project's, with the default method: what was learned or measured for
    /// the present model does not fit another one.
    pub(super) fn choose_model(&mut self, model: &str) -> Result<(), SettingError> {
        self.set("model", model)?;
        let default = Self::default();
        self.method = default.method;
        self.head = default.head;
        self.set_parameter(&RADIUS, Value::Auto);
        if let PoolingChoice::Head(_) = self.pooling {
            self.pooling = default.pooling;
        }
        Ok(())
    }
}

/// The models worth trying after a run: the best one for any use and the best one that must not
/// earn money, the one that did better on film first; one where both are the same, and none where
/// the run was not the built-in model's, or it was sure of the people.
///
/// `engine` is the run's, and `unsure` its
/// [`Diagnostics::unsure`](crate::cluster::Diagnostics::unsure).
pub(crate) fn models_worth_trying(
    model: &str,
    engine: &str,
    unsure: Option<f64>,
    catalogue: &Catalogue,
) -> Vec<(ModelNeed, ModelOffer)> {
    let is_unsure = unsure.is_some_and(|share| share > UNSURE_SHARE);
    if !is_unsure || model != DEFAULT_EMBED {
        return Vec::new();
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let machine = Machine { cores, has_slow_engine: engine.starts_with("tract") };
    let best = |need| Some((need, models::offers(catalogue, machine, need).into_iter().next()?));
    let (any, other) = (best(ModelNeed::AnyUse), best(ModelNeed::NonCommercial));
    match (any, other) {
        (Some(any), Some(other)) if any.1.entry.id == other.1.entry.id => vec![any],
        (any, other) => other.into_iter().chain(any).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::METHODS;

    fn offers_for(model: &str, unsure: Option<f64>) -> Vec<(ModelNeed, String)> {
        let catalogue = Catalogue::builtin().unwrap();
        let offers = models_worth_trying(model, "tract 0.22", unsure, &catalogue);
        offers.into_iter().map(|(need, offer)| (need, offer.entry.id)).collect()
    }

    #[test]
    fn models_are_offered_only_where_the_built_in_one_is_unsure() {
        let offered = [(ModelNeed::NonCommercial, "edgeface-xs-gamma-06"), (ModelNeed::AnyUse, "sface")];
        let offered = offered.map(|(need, id)| (need, id.to_owned()));
        assert_eq!(offers_for(DEFAULT_EMBED, Some(0.13)), offered);
        assert_eq!(offers_for(DEFAULT_EMBED, Some(0.01)), []);
        assert_eq!(offers_for(DEFAULT_EMBED, None), [], "a method that tells nothing");
        assert_eq!(offers_for("sface", Some(0.13)), []);
    }

    #[test]
    fn a_trial_takes_what_fits_the_other_model_and_leaves_the_settings() {
        let dir = tempfile::tempdir().unwrap();
        let mut session = Session::open(dir.path(), None).unwrap();
        for (name, value) in
            [("method", "bcl"), ("radius", "0.3"), ("head", "mine.safetensors"), ("frames_per_track", "4")]
        {
            session.set(name, value).unwrap();
        }
        let before = session.settings().clone();
        let settings = session.trial("sface").unwrap().analyse.settings;
        let values = ["model", "method", "radius", "head", "frames_per_track", "pooling"];
        let values = values.map(|name| settings.text(name).unwrap());
        assert_eq!(values, ["sface", METHODS[0].id, "auto", "auto", "4", "quality"]);
        assert_eq!(*session.settings(), before);
    }
}
