//! Languages of pages and e-mails.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A language that every text exists in, by its tag (RFC 5646).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    #[strum(serialize = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    #[strum(serialize = "de")]
    German,
}

impl Language {
    /// Its tag, as in `lang` and `Content-Language`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.into()
    }
}
