//! The only place that prints.

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::sync::Mutex;

use serde::Serialize;

use crate::base::{Warning, WarningKind, is_control, summarise};
use crate::session::SessionError;

/// The first failure to write a result. A command goes on, as its work is of use without the text.
static FAILED: Mutex<Option<io::Error>> = Mutex::new(None);

/// One line of result.
pub(super) fn line(text: impl AsRef<str>) {
    let mut out = io::stdout().lock();
    let text = for_reader(text.as_ref(), out.is_terminal());
    if let Err(error) = writeln!(out, "{text}").and_then(|()| out.flush()) {
        failed(error);
    }
}

/// One line for people, beside the result.
pub(super) fn note(text: impl AsRef<str>) {
    let mut out = io::stderr().lock();
    let text = for_reader(text.as_ref(), out.is_terminal());
    // Where nobody can be told there is nobody to tell that either.
    let _written = writeln!(out, "{text}");
}

/// Remembers that a result could not be written.
pub(super) fn failed(error: io::Error) {
    FAILED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
}

/// Whether all results were written. Says why they were not, but for a pipe that was closed (`| head`).
pub(super) fn all_written() -> bool {
    let failed = FAILED.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    if let Some(error) = failed.as_ref().filter(|error| error.kind() != ErrorKind::BrokenPipe) {
        note(format!(
            "castlist: the result could not be written to the standard output ({error}); what the command \
             changed is changed"
        ));
    }
    failed.is_none()
}

/// On a terminal, a name must not move the cursor or turn the text around: such characters are shown
/// as escapes there. A file or a pipe gets every text as it is.
fn for_reader(text: &str, is_terminal: bool) -> Cow<'_, str> {
    let acts = |c: char| is_control(c) && c != '\n' && c != '\t';
    if !is_terminal || !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| if acts(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(shown).collect::<String>().into()
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
    for (of, message, n) in summarise(warnings) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_moved_by_a_name() {
        let name = "Ada\u{1b}[2J\u{202e}\tLovelace\n";
        assert_eq!(for_reader(name, true), "Ada\\u{1b}[2J\\u{202e}\tLovelace\n");
        assert_eq!(for_reader(name, false), name);
        assert!(matches!(for_reader("Åsa Ada", true), Cow::Borrowed(_)));
    }
}
