//! Text that is shown to people: names and descriptions.

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// Error of a text that is not suitable for display.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Only white space where a text is required.
    #[error("must not be empty")]
    Empty,
    /// Longer than this limit, in characters.
    #[error("must be at most {0} characters long")]
    TooLong(usize),
    /// Has control characters, which break lines in emails and logs, or bidirectional controls, which make one name look
    /// like another (Unicode TR 36).
    #[error("must not hold control or text-direction characters")]
    Invisible,
}

/// Whether a character is a control, bidirectional control or zero-width character (Unicode TR 36).
#[must_use]
pub fn is_bidi_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn clean(text: &str, limit: usize) -> Result<String, InvalidText> {
    let text = text.trim();
    if text.chars().count() > limit {
        return Err(InvalidText::TooLong(limit));
    }
    if text.chars().any(is_bidi_control) {
        return Err(InvalidText::Invisible);
    }
    Ok(text.to_owned())
}

macro_rules! display_text {
    ($(#[$doc:meta])* $name:ident, $limit:literal, $($empty:expr)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Trims the text and checks it.
            pub fn parse(text: &str) -> Result<Self, InvalidText> {
                let text = clean(text, $limit)?;
                $(if text.is_empty() { return Err($empty); })?
                Ok(Self(text))
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether it is empty.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromJson for $name {
            fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
                from_string(value, Self::parse)
            }
        }
    };
}

display_text! {
    /// A name of 1 to 100 characters.
    Name, 100, InvalidText::Empty
}
display_text! {
    /// A description of up to 500 characters; may be empty.
    #[derive(Default)]
    Description, 500,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_trimmed_and_required() {
        assert_eq!(Name::parse("  Order sync ").expect("good").as_str(), "Order sync");
        assert_eq!(Name::parse(" \t"), Err(InvalidText::Empty));
        assert!(Description::parse("").expect("good").is_empty());
    }

    #[test]
    fn the_limit_is_in_characters_not_bytes() {
        assert!(Name::parse(&"ü".repeat(100)).is_ok());
        assert_eq!(Name::parse(&"ü".repeat(101)), Err(InvalidText::TooLong(100)));
    }

    proptest! {
        #[test]
        fn an_accepted_name_is_one_visible_line(text in "\\PC{0,120}|[\\x00-\\u{2070}]{0,40}") {
            if let Ok(name) = Name::parse(&text) {
                prop_assert!((1..=100).contains(&name.as_str().chars().count()));
                prop_assert!(!name.as_str().chars().any(is_bidi_control));
                prop_assert_eq!(Name::parse(name.as_str()), Ok(name.clone()));
            }
        }
    }

    #[test]
    fn deceptive_characters_are_rejected() {
        for c in ['\0', '\n', '\u{7f}', '\u{85}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}'] {
            assert_eq!(Name::parse(&format!("a{c}b")), Err(InvalidText::Invisible), "{c:?}");
        }
    }
}
