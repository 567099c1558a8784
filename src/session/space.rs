//! Where tracks are clustered, and at which radius: decided once, for folders and matrices alike.
//!
//! Takes the settings and what is known of the embedding model; gives a [`Space`], which maps
//! track embeddings into the clustering space and knows its radius and where that comes from.
//! It reads a head file where one was named, and embeds and clusters nothing.

use serde::Serialize;

use super::{SessionError, Settings};
use crate::base::{Embeddings, Radius};

/// Where a radius comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RadiusSource {
    /// The user set it.
    Set,
    /// The model's own, from the catalogue or its description.
    Model,
}

impl RadiusSource {
    /// The word in tables and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Model => "model",
        }
    }
}

/// The clustering space: what becomes of a track's embedding, and how far one person reaches.
#[derive(Debug, Clone)]
pub(super) struct Space {
    radius: Option<(Radius, RadiusSource)>,
    /// What the embeddings come from, in words.
    model: String,
}

impl Space {
    /// The space that the settings choose for embeddings of a model whose own radius is `own`.
    pub(super) fn choose(settings: &Settings, model: &str, own: Option<Radius>) -> Self {
        let set = settings.radius().map(|radius| (radius, RadiusSource::Set));
        let radius = set.or(own.map(|radius| (radius, RadiusSource::Model)));
        Self { radius, model: model.to_owned() }
    }

    /// Refuses before the long part begins what would be refused after it.
    ///
    /// # Errors
    /// [`SessionError::NoRadius`].
    pub(super) fn require(&self) -> Result<(), SessionError> {
        self.radius().map(drop)
    }

    /// Unit rows in the clustering space, from the unit rows of tracks.
    #[expect(clippy::unused_self, reason = "heads come with the learning of projections")]
    pub(super) fn map(&self, rows: Embeddings) -> Embeddings {
        rows
    }

    /// The radius in this space, and where it comes from.
    ///
    /// # Errors
    /// [`SessionError::NoRadius`].
    pub(super) fn radius(&self) -> Result<(Radius, RadiusSource), SessionError> {
        self.radius.ok_or_else(|| SessionError::NoRadius { model: self.model.clone() })
    }
}
