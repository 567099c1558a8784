//! Where tracks are clustered, and at which radius: decided once, for folders and matrices alike.
//!
//! Takes the settings and what is known of the embedding model; gives a [`Space`], which maps
//! track embeddings into the clustering space and knows its radius and where that comes from.
//! It reads a head file where one was named, and embeds and clusters nothing.

use std::path::Path;

use serde::Serialize;

use super::{SessionError, Settings};
use crate::base::{Cx, Embeddings, Radius, WarningKind};
use crate::cluster::agglomerative::{Basis, EstimatedRadius};
use crate::learn::Projection;
use crate::models::{Head, Model};

/// The figure of a run that holds its estimated radius.
pub(super) const ESTIMATE: &str = "radius_estimate";

/// Where a radius comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RadiusSource {
    /// The user set it.
    Set,
    /// Learned together with the head in use.
    Head,
    /// The model's own, from the catalogue or its description.
    Model,
    /// Told from the tracks, without labels.
    Estimated,
}

impl RadiusSource {
    /// The word in tables and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Head => "head",
            Self::Model => "model",
            Self::Estimated => "estimated",
        }
    }
}

/// The clustering space: what becomes of a track's embedding, and how far one person reaches.
#[derive(Debug, Clone)]
pub(super) struct Space {
    /// The projection and the sha256 of its head.
    head: Option<(Projection, String)>,
    set: Option<Radius>,
    own: Option<(Radius, RadiusSource)>,
    estimate: Option<EstimatedRadius>,
    /// What the embeddings come from, in words.
    model: String,
}

impl Space {
    /// The space that the settings choose for embeddings of `model`; where that is not known,
    /// `what` says in words whose embeddings they are, and of a head only the width can be
    /// checked, which is a warning. `adopted` was learned on the project itself: it stands over
    /// the model's own, where it fits.
    ///
    /// # Errors
    /// [`SessionError::Head`]: a head that cannot be read, or one of another model.
    pub(super) fn choose(
        settings: &Settings,
        adopted: Option<Head>,
        model: Option<&Model>,
        what: &str,
        cx: &Cx,
    ) -> Result<Self, SessionError> {
        let head = match settings.get("head") {
            "none" => None,
            "auto" => match adopted.filter(|head| fits(head, model, cx)) {
                Some(head) => Some(head),
                None => model.map(Model::head).transpose()?.flatten(),
            },
            file => Some(Head::read(Path::new(file))?),
        };
        let name = model.map_or(what, |model| model.entry.id.as_str());
        if let Some(head) = &head {
            match (model, &head.file.model) {
                (Some(model), _) => head.file.require_model(name, &model.sha256, model.entry.dim)?,
                (None, _) if settings.get("head") == "auto" => (),
                (None, learned) => {
                    let learned = learned.as_ref().map_or("a model that nobody named", |model| &model.id);
                    cx.warn(
                        WarningKind::Result,
                        format!(
                            "the head was learned for {learned}; whether {what} come from it is not known, so \
                             only the width was checked (--model tells it)"
                        ),
                    );
                }
            }
        }
        let head = match head {
            Some(head) => Some((Projection::from_head(&head.file)?, head.sha256)),
            None => None,
        };
        let own = match &head {
            _ if settings.get("radius") == "estimate" => None,
            Some((projection, _)) => Some((projection.radius(), RadiusSource::Head)),
            None => model.and_then(|model| model.entry.radius).map(|radius| (radius, RadiusSource::Model)),
        };
        Ok(Self { head, set: settings.radius(), own, estimate: None, model: name.to_owned() })
    }

    /// Unit rows in the clustering space, from the unit rows of tracks.
    ///
    /// # Errors
    /// [`SessionError::Learn`] for rows of another width than the head takes, or a row that it
    /// maps to zero.
    pub(super) fn map(&self, rows: Embeddings) -> Result<Embeddings, SessionError> {
        match &self.head {
            Some((projection, _)) => Ok(projection.apply(&rows)?),
            None => Ok(rows),
        }
    }

    /// The head's projection, where a head is in use.
    pub(super) fn projection(&self) -> Option<&Projection> {
        self.head.as_ref().map(|(projection, _)| projection)
    }

    /// The sha256 of the head in use, or `none`.
    pub(super) fn head_name(&self) -> &str {
        self.head.as_ref().map_or("none", |(_, sha256)| sha256)
    }

    /// The radius that belongs to the space, whatever the user set.
    pub(super) fn own(&self) -> Option<(Radius, RadiusSource)> {
        self.own
    }

    /// Whether a radius was set, learned or measured, so that none need be estimated.
    pub(super) fn knows_radius(&self) -> bool {
        self.set.is_some() || self.own.is_some()
    }

    /// Takes an estimated radius over, and says so.
    ///
    /// # Errors
    /// [`SessionError::NoRadius`] where none could be estimated.
    pub(super) fn with_estimate(
        self,
        estimate: Option<EstimatedRadius>,
        cx: &Cx,
    ) -> Result<Self, SessionError> {
        let found = estimate.ok_or_else(|| SessionError::NoRadius { model: self.model.clone() })?;
        let basis = match found.basis {
            Basis::Tracks => "from these tracks",
            Basis::DrawnPeople => "from drawn people, since the tracks are few or all look alike",
        };
        let (radius, low, high) = (found.radius.0, found.low.0, found.high.0);
        cx.warn(
            WarningKind::Result,
            format!(
                "the radius was estimated {basis}: {radius:.3} ({low:.3} to {high:.3} look as good); --set \
                 radius=R chooses another"
            ),
        );
        Ok(Self { own: Some((found.radius, RadiusSource::Estimated)), estimate: Some(found), ..self })
    }

    /// Figures about the radius, by name: an estimate and the ends of its spread.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = (String, f64)> {
        let figures = self.estimate.map(|found| {
            [(ESTIMATE, found.radius.0), ("radius_low", found.low.0), ("radius_high", found.high.0)]
        });
        figures.into_iter().flatten().map(|(name, value)| (name.to_owned(), value))
    }

    /// The radius in this space, and where it comes from.
    ///
    /// # Errors
    /// [`SessionError::NoRadius`].
    pub(super) fn radius(&self) -> Result<(Radius, RadiusSource), SessionError> {
        let set = self.set.map(|radius| (radius, RadiusSource::Set));
        set.or(self.own).ok_or_else(|| SessionError::NoRadius { model: self.model.clone() })
    }
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
