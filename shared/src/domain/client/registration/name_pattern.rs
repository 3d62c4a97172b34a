//! The names that a template gives to clients.

use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

/// What a name pattern holds in place of the host of `client_uri`.
const HOST: &str = "{client_uri_host}";
/// The longest name of a client, in characters.
const MAX_NAME: usize = 100;

/// A name with `{client_uri_host}` in it, such as `Checkout client – {client_uri_host}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NamePattern(String);

impl NamePattern {
    /// Reads a pattern: a name, with no other placeholder.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = Name::parse(text).map_err(|error| error.to_string())?;
        if name.as_str().replace(HOST, "").contains(['{', '}']) {
            return Err(format!("must hold no braces but those of {HOST}"));
        }
        Ok(Self(name.as_str().to_owned()))
    }

    /// The pattern as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it holds the host of the website.
    #[must_use]
    pub fn names_host(&self) -> bool {
        self.0.contains(HOST)
    }

    /// The name of a client with this website, cut to the length of a name.
    pub(super) fn name(&self, client_uri: Option<&str>) -> String {
        let url = client_uri.and_then(|uri| Url::parse(uri).ok());
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        self.0.replace(HOST, host).chars().take(MAX_NAME).collect()
    }
}

impl FromJson for NamePattern {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}
