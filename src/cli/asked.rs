//! A project that is asked for advice, and the edits that its answers are.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::progress::with_bar;
use super::{End, show};
use crate::advice::Vectors;
use crate::base::{Cx, TrackIx};
use crate::review::{Edit, Identity, IdentityId, Refusal, Review};
use crate::session::{Command, Session, SessionError};

/// A project with its vectors at hand.
pub(super) struct Asked {
    pub(super) session: Session,
    pub(super) vectors: Arc<Vectors>,
}

impl Asked {
    pub(super) fn look(project: &Path, cx: &Cx) -> Result<Self, SessionError> {
        Self::with(Session::look(project)?, cx)
    }

    pub(super) fn open(project: &Path, cx: &Cx) -> Result<Self, SessionError> {
        Self::with(Session::open_known(project)?, cx)
    }

    fn with(mut session: Session, cx: &Cx) -> Result<Self, SessionError> {
        let job = session.vectors_job().ok_or(SessionError::NothingYet)?;
        session.take_vectors(with_bar(cx, || job.run(cx))?);
        let vectors = session.vectors().map(Arc::clone).ok_or(SessionError::NotKept)?;
        Ok(Self { session, vectors })
    }

    pub(super) fn review(&self) -> &Review {
        self.session.review()
    }

    pub(super) fn identity(&self, id: IdentityId) -> Result<&Identity, SessionError> {
        self.review().identity(id).ok_or_else(|| Refusal::Identity(id).into())
    }

    pub(super) fn track(&self, id: &str) -> Result<TrackIx, SessionError> {
        self.review().track(id).ok_or_else(|| Refusal::Track(id.to_owned()).into())
    }

    pub(super) fn title(&self, id: IdentityId) -> String {
        self.review().identity(id).map(Identity::title).unwrap_or_default()
    }

    pub(super) fn ids(&self, tracks: &[TrackIx]) -> Vec<&str> {
        tracks.iter().map(|&track| self.review().track_id(track)).collect()
    }
}

/// Does the edit of an answer, and tells the log number.
pub(super) fn perform(asked: &mut Asked, edit: Option<Edit>, as_json: bool) -> Result<End, SessionError> {
    let edit = edit.ok_or(Refusal::Nothing("there is nothing to change"))?;
    let number = asked.session.perform(Command::Edit(edit))?;
    if as_json {
        show::json(&json!({ "cursor": number }))?;
    } else {
        show::line(number.to_string());
    }
    Ok(End::Fine)
}
