//! `manifest.json`: what an export holds and what it was made with.
//!
//! Its `"generator": "castlist"` is also the sign by which a later scan of the tracks passes
//! an export over.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::{Content, ExportPlan, ExportSummary, Format, Provenance};
use crate::base::Details;
use crate::review::{IdentityId, IdentityState};

/// The manifest, which says what was written.
pub(super) const MANIFEST: Format = Format {
    name: "manifest.json",
    content: Content::Last(|plan, written| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let mut json = serde_json::to_vec_pretty(&Manifest::new(plan, written, now))?;
        json.push(b'\n');
        Ok(json)
    }),
};

/// Raised whenever a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

/// The file's content.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    generator: &'static str,
    generator_version: &'static str,
    schema_version: u32,
    /// UTC, as in RFC 3339.
    created: String,
    #[serde(flatten)]
    provenance: &'a Provenance,
    link: &'static str,
    counts: ManifestCounts,
    identities: Vec<IdentityEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct ManifestCounts {
    identities: usize,
    /// Tracks of the identities.
    tracks: usize,
    /// Tracks of the project.
    tracks_in_all: usize,
    files: usize,
    missing: usize,
}

#[derive(Debug, Serialize)]
struct IdentityEntry<'a> {
    id: IdentityId,
    /// Exactly as typed; null for unnamed ones.
    name: Option<&'a str>,
    /// What the tables call it.
    label: &'a str,
    /// What was noted of the person beyond the name.
    #[serde(skip_serializing_if = "Details::is_empty")]
    details: &'a Details,
    state: IdentityState,
    /// Null where no track has pictures.
    folder: Option<&'a str>,
    tracks: Vec<&'a str>,
    /// Track id → folder inside the identity's, for tracks with pictures.
    track_folders: BTreeMap<&'a str, &'a str>,
}

impl<'a> Manifest<'a> {
    /// The manifest of what was written, at `created` seconds since 1970.
    fn new(plan: &'a ExportPlan, written: &ExportSummary, created: u64) -> Self {
        let identities = plan.identities.iter().map(|identity| IdentityEntry {
            id: identity.id,
            name: identity.name.as_deref(),
            label: &identity.label,
            details: &identity.details,
            state: identity.state,
            folder: identity.folder.as_deref(),
            tracks: identity.tracks.iter().map(|track| track.id.as_str()).collect(),
            track_folders: identity
                .tracks
                .iter()
                .filter_map(|track| Some((track.id.as_str(), track.pictures.as_ref()?.folder.as_str())))
                .collect(),
        });
        Self {
            generator: "castlist",
            generator_version: env!("CARGO_PKG_VERSION"),
            schema_version: SCHEMA_VERSION,
            created: rfc3339(created),
            provenance: &plan.provenance,
            link: plan.mode.word(),
            counts: ManifestCounts {
                identities: written.n_identities,
                tracks: written.n_tracks,
                tracks_in_all: plan.n_tracks_in_all,
                files: written.n_files,
                missing: written.missing,
            },
            identities: identities.collect(),
        }
    }
}

/// Seconds since 1970 as `2025-01-31T12:00:00Z`, in the Gregorian calendar.
fn rfc3339(seconds: u64) -> String {
    let (mut days, second) = (seconds / 86_400, seconds % 86_400);
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", month + 1, days + 1)
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_868_799), "2000-02-29T23:59:59Z");
        assert_eq!(rfc3339(951_868_800), "2000-03-01T00:00:00Z");
        assert_eq!(rfc3339(1_735_689_599), "2024-12-31T23:59:59Z");
        assert_eq!(rfc3339(4_107_542_400), "2100-03-01T00:00:00Z");
    }
}
