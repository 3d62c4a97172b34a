//! Languages of pages and e-mails.

use crate::domain::primitives::validation::{FieldError, FromJson, invalid};
use serde::{Deserialize, Serialize};
use serde_json::Value;
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

impl FromJson for Language {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let language = value.as_str().and_then(|text| text.parse().ok());
        language.map_or_else(|| invalid("must be \"en\" or \"de\""), Ok)
    }
}
