//! Links that people follow: the documentation of an API, the website of a client.

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

const MAX_LENGTH: usize = 500;

/// An https URL of at most 500 characters. It is shown as a link, and never fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkUrl(String);

/// Error of [`LinkUrl::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an https URL of at most 500 characters, without a user")]
pub struct InvalidLinkUrl;

impl LinkUrl {
    /// Checks the scheme and the length.
    pub fn parse(text: &str) -> Result<Self, InvalidLinkUrl> {
        let url = Url::parse(text).map_err(|_| InvalidLinkUrl)?;
        let has_user = !url.username().is_empty() || url.password().is_some();
        // As it was normalised, so that what is shown is what a browser goes to.
        let text = String::from(url.clone());
        let is_good = url.scheme() == "https" && url.has_host() && !has_user && text.len() <= MAX_LENGTH;
        if is_good { Ok(Self(text)) } else { Err(InvalidLinkUrl) }
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its host, as people recognise it.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.0.strip_prefix("https://").unwrap_or(&self.0);
        rest.split(['/', ':', '?', '#']).next().unwrap_or(rest)
    }
}

impl FromJson for LinkUrl {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_urls_are_links() {
        let parsed = |text| LinkUrl::parse(text).map(|url| url.as_str().to_owned());
        assert_eq!(
            parsed("https://docs.example.com/orders#a"),
            Ok("https://docs.example.com/orders#a".into())
        );
        let host = |text| LinkUrl::parse(text).expect("a link").host().to_owned();
        assert_eq!(host("https://Shop.example.com:8443?a/b"), "shop.example.com");
        assert_eq!(parsed("https://docs.example.com/a\"b"), Ok("https://docs.example.com/a%22b".into()));
        let long = format!("https://docs.example.com/{}", "a".repeat(500));
        for text in ["http://a.example", "javascript:alert(1)", "https://u:p@a.example", "docs", "", &long] {
            assert_eq!(parsed(text), Err(InvalidLinkUrl), "{text}");
        }
    }
}
