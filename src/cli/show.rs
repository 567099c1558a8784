//! The only place that prints.

use std::io::Write;

use serde::Serialize;

use crate::base::{Warning, WarningKind, told};
use crate::session::SessionError;

/// One line of result.
pub(super) fn line(text: impl AsRef<str>) {
    // A closed pipe (`| head`) is no error of ours.
    let mut out = std::io::stdout().lock();
    let _written = writeln!(out, "{}", text.as_ref()).and_then(|()| out.flush());
}

/// One line for people, beside the result.
pub(super) fn note(text: impl AsRef<str>) {
    let _written = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
}

/// One JSON object.
pub(super) fn json(value: &impl Serialize) -> Result<(), SessionError> {
    let failed = |why: String| SessionError::Write { why, path: "stdout".into() };
    let text = serde_json::to_string_pretty(value).map_err(|e| failed(e.to_string()))?;
    line(text);
    Ok(())
}

/// An error, in the manner of command lines.
pub(super) fn error(error: &SessionError) {
    note(format!("castlist: {error}"));
}

/// Warnings by kind: a few word for word, the rest counted; those about pictures of tracks in one
/// line.
pub(super) fn warnings(warnings: &[Warning], count: usize) {
    const SHOWN: usize = 5;
    let mut kind: Option<WarningKind> = None;
    let mut shown = 0;
    let mut silent = count - warnings.len();
    for (of, message, n) in told(warnings) {
        if kind != Some(of) {
            (kind, shown) = (Some(of), 0);
        }
        shown += 1;
        if shown <= SHOWN {
            note(format!("warning: {message}"));
        } else {
            silent += n;
        }
    }
    if silent > 0 {
        note(format!("warning: and {silent} more of the same kinds (all of them with --json)"));
    }
}
