//! How the part of a track that was cut is called: after the whole track, and its frames.

/// The id of a part with these first and last frames, both inclusive: `film/t1#11-13`.
#[must_use]
pub(crate) fn part_id(whole: &str, (first, last): (u64, u64)) -> String {
    format!("{whole}#{first}-{last}")
}

/// The whole track's id, and the part's first and last frames, where an id is one of a part.
#[must_use]
pub(crate) fn parse_part_id(id: &str) -> Option<(&str, (u64, u64))> {
    let (whole, frames) = id.rsplit_once('#')?;
    let (first, last) = frames.split_once('-')?;
    Some((whole, (first.parse().ok()?, last.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_parts_are_told_from_others() {
        assert_eq!(parse_part_id(&part_id("film/t1", (1, 3))), Some(("film/t1", (1, 3))));
        for id in ["film/t1", "film/t#1", "film/t#a-b", "a-b"] {
            assert_eq!(parse_part_id(id), None, "{id}");
        }
    }
}
