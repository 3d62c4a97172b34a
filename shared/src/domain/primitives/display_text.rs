//! Text that is shown to people: names and descriptions.

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use crate::domain::primitives::visible_text::{has_visible_character, is_displayable};
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
    /// Has characters that are not seen, which break lines in emails and logs or make one name look like another.
    #[error("must not hold control, text-direction or invisible characters")]
    Invisible,
    /// Has nothing that is seen.
    #[error("must have a visible character")]
    Blank,
}

fn clean(text: &str, limit: usize) -> Result<String, InvalidText> {
    let text = text.trim();
    if text.chars().count() > limit {
        return Err(InvalidText::TooLong(limit));
    }
    if !is_displayable(text) {
        return Err(InvalidText::Invisible);
    }
    if !text.is_empty() && !has_visible_character(text) {
        return Err(InvalidText::Blank);
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
            /// The longest text, in characters.
            pub const MAX_CHARS: usize = $limit;

            /// Trims the text and checks it.
            pub fn parse(text: &str) -> Result<Self, InvalidText> {
                let text = clean(text, Self::MAX_CHARS)?;
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
display_text! {
    /// What people call one of several secrets: 1 to 30 characters.
    Label, 30, InvalidText::Empty
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
                prop_assert!(is_displayable(name.as_str()));
                prop_assert_eq!(Name::parse(name.as_str()), Ok(name.clone()));
            }
        }
    }

    #[test]
    fn deceptive_characters_are_rejected() {
        for text in ["a\u{202e}b", "a\u{61c}b", "a\nb", "\u{3164}", "\u{2800}"] {
            assert_eq!(Name::parse(text), Err(InvalidText::Invisible), "{text:?}");
        }
        assert_eq!(Name::parse("\u{301}"), Err(InvalidText::Blank));
        assert_eq!(Description::parse("\u{301}"), Err(InvalidText::Blank));
    }
}
