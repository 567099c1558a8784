//! Plurals, numbers, dates, fallbacks.

use super::*;

#[test]
fn plurals_and_numbers_are_those_of_the_language() {
    assert_eq!(t!("tracks", n = 1), "1 track");
    assert_eq!(t!("tracks", n = 1234), "1,234 tracks");
    assert_eq!(number(1_234_567), "1,234,567");
    assert_eq!(decimal(1234.5, 2), "1,234.50");
    set_language(Language::Korean);
    assert_eq!(t!("tracks", n = 1), "트랙 1개");
    assert_eq!(t!("tracks", n = 1234), "트랙 1,234개");
    assert_eq!(decimal(0.25, 3), "0.250");
}

#[test]
fn a_moment_is_told_as_the_language_does() {
    // Noon in Greenwich is the same year everywhere.
    let at = 1_781_611_200;
    let english = date_time(at);
    assert!(english.contains("2026") && english.contains("Jun"), "{english}");
    set_language(Language::Korean);
    let korean = date_time(at);
    assert!(korean.contains("2026년 6월") && korean.contains("오"), "{korean}");
}

#[test]
fn what_no_file_knows_shows_itself() {
    for language in [Language::English, Language::Korean] {
        set_language(language);
        assert_eq!(t!("no-such-key"), "no-such-key");
        assert_eq!(t!("tracks.no-such-attribute"), "tracks.no-such-attribute");
        assert_eq!(or("method-none", "As the table says"), "As the table says");
    }
}
