//! Where the documentation of an API is.

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

const MAX_LENGTH: usize = 500;

/// An https URL of at most 500 characters. It is shown as a link, and never fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentationUrl(String);

/// Error of [`DocumentationUrl::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an https URL of at most 500 characters, without a user")]
pub struct InvalidDocumentationUrl;

impl DocumentationUrl {
    /// Checks the scheme and the length.
    pub fn parse(text: &str) -> Result<Self, InvalidDocumentationUrl> {
        let url = Url::parse(text).map_err(|_| InvalidDocumentationUrl)?;
        let has_user = !url.username().is_empty() || url.password().is_some();
        // As it was normalised, so that what is shown is what a browser goes to.
        let text = String::from(url.clone());
        let is_good = url.scheme() == "https" && url.has_host() && !has_user && text.len() <= MAX_LENGTH;
        if is_good { Ok(Self(text)) } else { Err(InvalidDocumentationUrl) }
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromJson for DocumentationUrl {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_urls_are_links() {
        let parsed = |text| DocumentationUrl::parse(text).map(|url| url.as_str().to_owned());
        assert_eq!(
            parsed("https://docs.example.com/orders#a"),
            Ok("https://docs.example.com/orders#a".into())
        );
        assert_eq!(parsed("https://docs.example.com/a\"b"), Ok("https://docs.example.com/a%22b".into()));
        let long = format!("https://docs.example.com/{}", "a".repeat(500));
        for text in ["http://a.example", "javascript:alert(1)", "https://u:p@a.example", "docs", "", &long] {
            assert_eq!(parsed(text), Err(InvalidDocumentationUrl), "{text}");
        }
    }
}
