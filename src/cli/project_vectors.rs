//! A project that is asked for advice, and the edits that its answers are.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::progress::with_bar;
use super::{Completion, output};
use crate::advice::Vectors;
use crate::base::{Cx, TrackIx};
use crate::review::{Edit, Identity, IdentityId, Refusal, Review};
use crate::session::{Command, Session, SessionError};

/// A project with its vectors at hand.
pub(super) struct ProjectVectors {
    pub(super) session: Session,
    pub(super) vectors: Arc<Vectors>,
}

impl ProjectVectors {
    pub(super) fn open_read_only(project: &Path, cx: &Cx) -> Result<Self, SessionError> {
        Self::from_session(Session::open_read_only(project)?, cx)
    }

    pub(super) fn open(project: &Path, cx: &Cx) -> Result<Self, SessionError> {
        Self::from_session(Session::open_existing(project)?, cx)
    }

    fn from_session(mut session: Session, cx: &Cx) -> Result<Self, SessionError> {
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

/// Makes the edit of an answer, and prints its log number.
pub(super) fn perform(
    asked: &mut ProjectVectors,
    edit: Option<Edit>,
    as_json: bool,
) -> Result<Completion, SessionError> {
    let edit = edit.ok_or(Refusal::Nothing("there is nothing to change"))?;
    let number = asked.session.perform(Command::Edit(edit))?;
    if as_json {
        output::json(&json!({ "cursor": number }))?;
    } else {
        output::line(number.to_string());
    }
    Ok(Completion::Success)
}
