//! The window's texts in the curator's language: English or Korean.
//!
//! Takes a key of `en.ftl` and `ko.ftl` with arguments; gives a text with its plurals and
//! numbers as the language has them. [`t!`] is the call. A key that a language lacks is taken from
//! the English file, and one that is nowhere shows itself; nothing here ever fails.
//!
//! The language is a thread's own, so that a test that speaks Korean does not disturb another.

mod josa;
pub(crate) mod texts;

use std::cell::Cell;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_datetime::input::{Date, DateTime, Time};
use icu_datetime::{DateTimeFormatter, fieldsets};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::{Locale, locale};
use unic_langid::LanguageIdentifier;

/// A language that the window speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Korean.
    Korean,
}

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(include_str!("en.ftl"), "en"));
static KOREAN: LazyLock<Bundle> = LazyLock::new(|| bundle(include_str!("ko.ftl"), "ko"));

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
}

impl Language {
    /// The first of the system's languages that the window speaks; English where there is none.
    pub(crate) fn of_system() -> Self {
        let known = |tag: String| match tag.split(['-', '_']).next() {
            Some("ko") => Some(Self::Korean),
            Some("en") => Some(Self::English),
            _ => None,
        };
        sys_locale::get_locales().find_map(known).unwrap_or_default()
    }

    fn locale(self) -> Locale {
        match self {
            Self::English => locale!("en-US"),
            Self::Korean => locale!("ko-KR"),
        }
    }
}

/// What this thread speaks from now on.
pub(crate) fn set_language(language: Language) {
    SPOKEN.set(language);
}

/// What this thread speaks.
pub(crate) fn language() -> Language {
    SPOKEN.get()
}

/// The text of a key: `t!("action-merge")`, `t!("tracks", n = 3)`. Arguments are numbers or strings.
macro_rules! t {
    ($key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::ui::lang::text($key, &[$((stringify!($name), $value.into())),*])
    };
}
pub(crate) use t;

/// The text of `key`, or of its attribute where the key is `message.attribute`.
pub(crate) fn text(key: &str, args: &[(&str, FluentValue)]) -> String {
    find(key, args).unwrap_or_else(|| key.to_owned())
}

/// The text of a key that is made from an id, or what the table says in English where no
/// file knows it.
pub(crate) fn or(key: &str, english: &str) -> String {
    find(key, &[]).unwrap_or_else(|| english.to_owned())
}

/// The text of a key in the language spoken; none where no file knows it.
pub(crate) fn find(key: &str, args: &[(&str, FluentValue)]) -> Option<String> {
    let args: FluentArgs = args.iter().map(|(name, value)| (*name, value.clone())).collect();
    let bundles: &[&LazyLock<Bundle>] = match language() {
        Language::English => &[&ENGLISH],
        Language::Korean => &[&KOREAN, &ENGLISH],
    };
    bundles.iter().find_map(|bundle| {
        let (message, attribute) = key.split_once('.').map_or((key, None), |(m, a)| (m, Some(a)));
        let message = bundle.get_message(message)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        Some(bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
    })
}

fn bundle(source: &str, language: &str) -> Bundle {
    // What cannot be read is left out and shows its key; a test reads both files strictly.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(rest, _)| rest);
    let mut bundle = Bundle::new_concurrent(vec![language.parse::<LanguageIdentifier>().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(grouped(&number.as_string())),
        _ => None,
    }));
    // A name is given twice only if this file does it; then the first one stays.
    let _named = bundle.add_function("JOSA", |args, _| josa::function(args));
    let _added = bundle.add_resource(resource);
    bundle
}

/// `1,234`.
pub(crate) fn number(n: usize) -> String {
    grouped(&n.to_string())
}

/// A number with a number of digits after the point: `1,234.50`.
pub(crate) fn decimal(value: f64, digits: usize) -> String {
    grouped(&format!("{value:.digits$}"))
}

/// Digits as the language groups them.
fn grouped(digits: &str) -> String {
    thread_local! {
        static FORMATS: [Option<DecimalFormatter>; 2] = [Language::English, Language::Korean]
            .map(|language| DecimalFormatter::try_new(language.locale().into(), DecimalFormatterOptions::default()).ok());
    }
    let Ok(decimal) = digits.parse::<Decimal>() else { return digits.to_owned() };
    FORMATS.with(|formats| {
        let format = formats[language() as usize].as_ref();
        format.map_or_else(|| digits.to_owned(), |format| format.format(&decimal).to_string())
    })
}

/// Date and time of day where the curator is: `Nov 26, 2026, 1:05 PM`.
///
/// `at` counts seconds since 1970; a time that no calendar knows shows its number.
pub(crate) fn date_time(at: i64) -> String {
    formatted(at).unwrap_or_else(|| at.to_string())
}

fn formatted(at: i64) -> Option<String> {
    let here = jiff::Timestamp::from_second(at).ok()?.to_zoned_datetime(jiff::tz::TimeZone::system());
    let of = |number: i8| u8::try_from(number).ok();
    let date = Date::try_new_iso(i32::from(here.year()), of(here.month())?, of(here.day())?).ok()?;
    let time = Time::try_new(of(here.hour())?, of(here.minute())?, 0, 0).ok()?;
    let fields = match language() {
        Language::English => fieldsets::YMD::medium(),
        Language::Korean => fieldsets::YMD::long(),
    };
    let fields = fields.with_time_hm();
    let format = DateTimeFormatter::try_new(language().locale().into(), fields).ok()?;
    Some(format.format(&DateTime { date, time }).to_string())
}

#[cfg(test)]
mod tests;
