//! Redirect URIs as they are registered (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §4.1).

use super::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use url::{Host, Url};

/// The most redirect URIs of one client.
pub const MAX_REDIRECT_URIS: usize = 20;
const MAX_BYTES: usize = 500;
const WILDCARD: &str = "*";

/// A registered redirect URI, in the one form that it is compared in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RedirectUri(String);

/// Why a text may not be registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRedirectUri {
    /// Not an absolute URI.
    #[error("must be an absolute URI of at most 500 ASCII characters")]
    Syntax,
    /// Something that a server could read differently from a browser.
    #[error("must be written in its normal form, which is {0}")]
    NotNormal(String),
    /// A fragment would swallow the answer; user information disguises the host.
    #[error("must have no fragment and no user information")]
    FragmentOrUserinfo,
    /// The query is the client's own and is not compared.
    #[error("must have no query: the query is free at each request and is not registered")]
    Query,
    /// Encoded separators are read differently by different servers.
    #[error("must not hold an encoded slash, backslash or dot segment")]
    EncodedSeparator,
    /// Plain http to somewhere else.
    #[error("must use https; http is for 127.0.0.1, [::1] and localhost only")]
    Scheme,
    /// A private scheme that anybody's application could take (RFC 8252 §7.1).
    #[error("a private scheme must be a reversed domain name, such as com.example.app:/callback")]
    PrivateScheme,
    /// A wildcard in any other place.
    #[error(
        "* may only stand for one whole path segment, or for the left-most label below a registrable domain"
    )]
    Wildcard,
}

impl RedirectUri {
    /// Checks a URI for registration.
    pub fn parse(text: &str) -> Result<Self, InvalidRedirectUri> {
        if text.len() > MAX_BYTES || !text.is_ascii() {
            return Err(InvalidRedirectUri::Syntax);
        }
        let url = Url::parse(text).map_err(|_| InvalidRedirectUri::Syntax)?;
        if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidRedirectUri::FragmentOrUserinfo);
        }
        if url.query().is_some() {
            return Err(InvalidRedirectUri::Query);
        }
        if url.as_str() != text {
            return Err(InvalidRedirectUri::NotNormal(url.into()));
        }
        let lower = text.to_ascii_lowercase();
        if ["%2f", "%5c", "%2e", "\\"].iter().any(|trick| lower.contains(trick)) {
            return Err(InvalidRedirectUri::EncodedSeparator);
        }
        match url.scheme() {
            "https" => check_wildcards(&url)?,
            "http" if is_loopback(&url) => check_wildcards(&url)?,
            "http" => return Err(InvalidRedirectUri::Scheme),
            scheme if scheme.contains('.') => {
                if url.has_host() || text.contains(WILDCARD) || !url.path().starts_with('/') {
                    return Err(InvalidRedirectUri::PrivateScheme);
                }
            }
            _ => return Err(InvalidRedirectUri::PrivateScheme),
        }
        Ok(Self(text.to_owned()))
    }

    /// Holds a wildcard, which its owner should think twice about.
    #[must_use]
    pub fn has_wildcard(&self) -> bool {
        self.0.contains(WILDCARD)
    }

    /// As registered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn check_wildcards(url: &Url) -> Result<(), InvalidRedirectUri> {
    let whole_segments = url
        .path_segments()
        .is_none_or(|mut segments| segments.all(|s| s == WILDCARD || !s.contains(WILDCARD)));
    let host = url.host_str().unwrap_or_default();
    let host_is_fine = match host.split_once('.') {
        _ if !host.contains(WILDCARD) => true,
        Some((WILDCARD, parent)) => !parent.contains(WILDCARD) && psl::domain_str(parent).is_some(),
        _ => false,
    };
    if whole_segments && host_is_fine { Ok(()) } else { Err(InvalidRedirectUri::Wildcard) }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromJson for RedirectUri {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_may_be_registered() {
        for text in [
            "https://app.example.com/callback",
            "https://app.example.com/",
            "https://app.example.com:8443/callback",
            "https://*.example.com/callback",
            "https://app.example.com/tenants/*/callback",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:5000/callback",
            "http://[::1]/callback",
            "http://localhost:3000/callback",
            "com.example.app:/callback",
        ] {
            assert!(RedirectUri::parse(text).is_ok(), "{text}: {:?}", RedirectUri::parse(text));
        }
    }

    #[test]
    fn what_may_not() {
        for text in [
            "",
            "/callback",
            "app.example.com/callback",
            "https://app.example.com",
            "https://APP.example.com/",
            "https://app.example.com:443/",
            "https://app.example.com/a/../b",
            "https://app.example.com/%2e%2e/b",
            "https://app.example.com/a%2fb",
            "https://app.example.com/a%5Cb",
            "https://app.example.com\\@evil.example/",
            "https://app.example.com/cb#x",
            "https://app.example.com/cb?x=1",
            "https://user@app.example.com/cb",
            "http://app.example.com/cb",
            "http://127.0.0.1.evil.example/cb",
            "https://*/cb",
            "https://*.com/cb",
            "https://*.co.uk/cb",
            "https://*.github.io/cb",
            "https://a.*.example.com/cb",
            "https://a*.example.com/cb",
            "https://app.example.com/a*/cb",
            "https://bücher.example/cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp://callback",
            "com.example.app://callback",
            "com.example.app:callback",
            "com.example.app:/*",
        ] {
            assert!(RedirectUri::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(https?|[a-z.]{1,9})://?[a-z*.@:\\[\\]0-9%\\\\/]{0,40}") {
            if let Ok(uri) = RedirectUri::parse(&text) {
                prop_assert_eq!(uri.as_str(), text.as_str());
            }
        }
    }
}
