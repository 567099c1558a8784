//! Texts that are said in several languages: an enum whose variants each have their English text
//! and the key of its translations.
//!
//! Takes rows; gives the enum with its table. What a key stays for when the English text changes
//! is that a translation is found by it.

/// Makes the enum from rows: variant, key behind the common beginning of all keys, English text.
macro_rules! sentences {
    ($(#[$doc:meta])* $Enum:ident, $begins:literal:
        $($Variant:ident: $key:literal = $english:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $Enum {
            $(#[doc = concat!($english, ".")] $Variant),+
        }

        impl $Enum {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$Variant),+];

            /// The key of its translations.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$Variant => concat!($begins, $key)),+ }
            }

            /// Its English text.
            #[must_use]
            pub fn english(self) -> &'static str {
                match self { $(Self::$Variant => $english),+ }
            }
        }
    };
}
pub(crate) use sentences;
