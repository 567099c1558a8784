//! Where tracks are clustered, and at which radius: decided once, for folders and matrices alike.
//!
//! Takes the settings and what is known of the embedding model; gives a [`ClusteringSpace`], which
//! maps track embeddings into the clustering space and knows its radius and where that comes from.
//! It reads a head file where one was named, and embeds and clusters nothing.

use std::sync::Arc;

use super::threshold::{EstimatedRadius, estimate_radius};
use super::{HeadChoice, SessionError, Settings};
use crate::base::{Constraints, Cx, Embeddings, Radius, Stage, WarningKind};
use crate::cluster::ChosenMethod;
use crate::cluster::lgcn::{LgcnParams, LinkNetwork};
use crate::cluster::{Diagnostics, RadiusChoice, RadiusSource};
use crate::learn::{self, Projection};
use crate::models::{Catalogue, Head, HeadError, LgcnHead, Model, ModelRef};
use crate::project::{Project, ProjectError};

/// What embeddings come from where no model is known.
pub(crate) const FEATURES: &str = "these features";

/// The clustering space: what becomes of a track's embedding, and how far one person reaches.
#[derive(Debug, Clone)]
pub(crate) struct ClusteringSpace {
    /// The projection and the sha256 of its head.
    head: Option<(Projection, String)>,
    set: Option<Radius>,
    own: Option<(Radius, RadiusSource)>,
    estimate: Option<EstimatedRadius>,
    /// What the embeddings come from, in words.
    model: String,
    /// The network that judges links, for the method that takes one.
    link_scorer: Option<LinkScorer>,
}

/// A network that judges links and how it is to be used.
#[derive(Debug, Clone)]
struct LinkScorer {
    network: Arc<(LinkNetwork, LgcnParams)>,
    /// The sha256 of its head.
    sha256: String,
    /// The model that it was learned for, in words.
    model: String,
}

impl ClusteringSpace {
    /// The space that the settings choose for embeddings of `model`; where that is not known,
    /// `what` says in words whose embeddings they are, and of a head only the width can be
    /// checked, which is a warning. `adopted` was learned on the project itself: it stands over
    /// the model's own, where it fits.
    ///
    /// # Errors
    /// [`SessionError::Head`]: a head that cannot be read, or one of another model.
    pub(crate) fn choose(
        settings: &Settings,
        adopted: Option<Head>,
        model: Option<&Model>,
        what: &str,
        cx: &Cx,
    ) -> Result<Self, SessionError> {
        let links = settings.method.needs_head.then(|| lgcn_head(settings, model, what, cx)).transpose()?;
        let head = match &settings.head {
            _ if links.is_some() => None,
            HeadChoice::None => None,
            HeadChoice::Auto => match adopted.filter(|head| fits(head, model, cx)) {
                Some(head) => Some(head),
                None => model.map(Model::head).transpose()?.flatten(),
            },
            HeadChoice::File(file) => Some(Head::read(file)?),
        };
        let name = model.map_or(what, |model| model.entry.id.as_str());
        if let Some(head) = &head {
            match model {
                Some(model) => head.file.require_model(name, &model.sha256, model.entry.dim)?,
                None if settings.head == HeadChoice::Auto => (),
                None => warn_unknown_model(head.file.model.as_ref(), what, cx),
            }
        }
        let head = match head {
            Some(head) => Some((Projection::from_head(&head.file)?, head.sha256)),
            None => None,
        };
        let own = match &head {
            _ if settings.radius() == RadiusChoice::Estimate => None,
            Some((projection, _)) => Some((projection.radius(), RadiusSource::Head)),
            None => model.and_then(|model| model.entry.radius).map(|radius| (radius, RadiusSource::Model)),
        };
        Ok(Self {
            head,
            set: settings.set_radius(),
            own,
            estimate: None,
            model: name.to_owned(),
            link_scorer: links,
        })
    }

    /// Unit rows in the clustering space, from the unit rows of tracks.
    ///
    /// # Errors
    /// [`SessionError::Learn`] for rows of another width than the head takes, or a row that it
    /// maps to zero.
    pub(super) fn map(&self, rows: Embeddings) -> Result<Embeddings, SessionError> {
        if let Some(scorer) = &self.link_scorer {
            let (head_dim, dim) = (scorer.network.0.shape().dim, rows.dim());
            if head_dim != dim && !rows.is_empty() {
                let (head, model) = (scorer.model.clone(), self.model.clone());
                return Err(HeadError::OtherWidth { head, head_dim, model, dim }.into());
            }
        }
        match &self.head {
            Some((projection, _)) => Ok(projection.apply(&rows)?),
            None => Ok(rows),
        }
    }

    /// The network that judges links, for the method that takes one.
    pub(super) fn link_scorer(&self) -> Option<Arc<(LinkNetwork, LgcnParams)>> {
        self.link_scorer.as_ref().map(|scorer| Arc::clone(&scorer.network))
    }

    /// The same, with what the method takes from the space: its radius, its network.
    ///
    /// # Errors
    /// [`SessionError::NoRadius`] where the method takes a radius and none is known.
    pub(super) fn complete(&self, chosen: ChosenMethod) -> Result<ChosenMethod, SessionError> {
        let mut params = chosen.params;
        if params.radius().is_some() {
            params = params.with_level(self.radius()?.0.into());
        }
        Ok(ChosenMethod { params, link_network: self.link_scorer() })
    }

    /// The sha256 of the head in use, or `none`.
    pub(super) fn head_name(&self) -> String {
        self.head_sha256().unwrap_or("none").to_owned()
    }

    /// The head's projection, where a head is in use.
    pub(crate) fn projection(&self) -> Option<&Projection> {
        self.head.as_ref().map(|(projection, _)| projection)
    }

    /// The sha256 of the head in use.
    pub(super) fn head_sha256(&self) -> Option<&str> {
        let links = self.link_scorer.as_ref().map(|scorer| &scorer.sha256);
        self.head.as_ref().map(|(_, sha256)| sha256).or(links).map(String::as_str)
    }

    /// The radius that belongs to the space, whatever the user set.
    pub(super) fn own(&self) -> Option<(Radius, RadiusSource)> {
        self.own
    }

    /// Whether a radius was set, learned or measured, so that none need be estimated.
    pub(super) fn knows_radius(&self) -> bool {
        self.set.is_some() || self.own.is_some()
    }

    /// Estimates the radius from the rows that are to be grouped, and says so.
    ///
    /// # Errors
    /// [`SessionError`]: cancelled.
    pub(super) fn with_estimate(
        self,
        rows: &Embeddings,
        constraints: &Constraints,
        cx: &Cx,
    ) -> Result<Self, SessionError> {
        cx.stage(Stage::EstimatingTheRadius, 0);
        let found = estimate_radius(rows, constraints, cx)?;
        let (radius, low, high) = (found.radius.0, found.low.0, found.high.0);
        cx.warn(
            WarningKind::Result,
            format!(
                "the radius was estimated from these tracks: {radius:.3} ({low:.3} to {high:.3} look as good); \
                 --set radius=R chooses another"
            ),
        );
        Ok(Self { own: Some((found.radius, RadiusSource::Estimated)), estimate: Some(found), ..self })
    }

    /// The figures of a run, with those about the radius: an estimate and the ends of its spread.
    pub(super) fn add_to(&self, diagnostics: Diagnostics) -> Diagnostics {
        let Some(found) = self.estimate else { return diagnostics };
        Diagnostics {
            radius_estimate: Some(found.radius.0),
            radius_low: Some(found.low.0),
            radius_high: Some(found.high.0),
            ..diagnostics
        }
    }

    /// The radius in this space, and where it comes from.
    ///
    /// # Errors
    /// [`SessionError::NoRadius`].
    pub(crate) fn radius(&self) -> Result<(Radius, RadiusSource), SessionError> {
        let set = self.set.map(|radius| (radius, RadiusSource::Set));
        set.or(self.own).ok_or_else(|| SessionError::NoRadius { model: self.model.clone() })
    }
}

/// The head of the method `lgcn` that the settings choose.
fn lgcn_head(
    settings: &Settings,
    model: Option<&Model>,
    what: &str,
    cx: &Cx,
) -> Result<LinkScorer, SessionError> {
    let head = match &settings.head {
        HeadChoice::None => None,
        HeadChoice::Auto => model.map(Model::lgcn_head).transpose()?.flatten(),
        HeadChoice::File(file) => Some(LgcnHead::read(file)?),
    };
    let Some(head) = head else {
        let (name, dim) = model.map_or((what, None), |model| (model.entry.id.as_str(), model.entry.dim));
        return Err(HeadError::NoHead { model: name.to_owned(), dim }.into());
    };
    match model {
        Some(model) => head.file.require_model(&model.entry.id, &model.sha256, model.entry.dim)?,
        None => warn_unknown_model(head.file.model.as_ref(), what, cx),
    }
    let learned = head.file.model.as_ref().map_or("an unnamed model", |model| &model.id);
    Ok(LinkScorer {
        network: Arc::new(learn::lgcn::from_head(&head.file)?),
        sha256: head.sha256,
        model: learned.to_owned(),
    })
}

/// Warns that only the width of a head could be checked.
fn warn_unknown_model(learned: Option<&ModelRef>, what: &str, cx: &Cx) {
    let learned = learned.map_or("an unnamed model", |model| &model.id);
    cx.warn(
        WarningKind::Result,
        format!(
            "the head was learned for {learned}; whether {what} come from it is not known, so only the width \
             was checked (--model names it)"
        ),
    );
}

/// Whether a head that was learned on the project is one for its present model; else a warning.
fn fits(head: &Head, model: Option<&Model>, cx: &Cx) -> bool {
    let fits = match (&head.file.model, model) {
        (None, None) => true,
        (Some(_), Some(model)) => {
            head.file.require_model(&model.entry.id, &model.sha256, model.entry.dim).is_ok()
        }
        _ => false,
    };
    if !fits {
        let text = "the head learned on this project was learned with another model and is not used";
        cx.warn(WarningKind::Result, text);
    }
    fits
}

/// Loads the catalogue; a user's broken description is a warning.
pub(crate) fn load_catalogue(cx: &Cx) -> Result<Catalogue, SessionError> {
    let catalogue = Catalogue::load()?;
    for problem in catalogue.problems() {
        cx.warn(WarningKind::Engine, problem.to_string());
    }
    Ok(catalogue)
}

/// The head learned on a project that is in force, by its sha256.
pub(super) fn adopted_head(project: &Project, sha256: Option<&str>) -> Result<Option<Head>, SessionError> {
    let Some(sha256) = sha256 else { return Ok(None) };
    let path = project.path();
    let missing = || ProjectError::Damaged {
        why: format!("the head {sha256}, which was adopted, is missing"),
        path: path.to_path_buf(),
    };
    let bytes = project.head(sha256)?.ok_or_else(missing)?;
    Ok(Some(Head::parse(&bytes, path)?))
}
