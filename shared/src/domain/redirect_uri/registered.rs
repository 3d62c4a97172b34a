//! Redirect URIs as they are registered (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §4.1).

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use crate::domain::redirect_uri::normal_form::normalized;
use crate::domain::redirect_uri::parts::Parts;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use url::Url;

/// The most redirect URIs of one client.
pub const MAX_REDIRECT_URIS: usize = 20;
const MAX_BYTES: usize = 500;
pub(super) const WILDCARD: &str = "*";

/// A registered redirect URI, in normal form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RedirectUri(String);

/// Error of [`RedirectUri::parse`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRedirectUri {
    /// Not an absolute URI.
    #[error("must be an absolute URI of at most 500 ASCII characters")]
    Syntax,
    /// Not in normal form: a server could parse it differently from a browser.
    #[error("must be written in its normal form, which is {0}")]
    NotNormal(String),
    /// Has a fragment, which would hide the response parameters, or user information, which disguises the host.
    #[error("must have no fragment and no user information")]
    FragmentOrUserinfo,
    /// Has a query. The query of a request is not compared, so it is not registered.
    #[error("must have no query: the query is free at each request and is not registered")]
    Query,
    /// Has an encoded separator, which servers decode differently.
    #[error("must not hold an encoded slash, backslash or dot segment")]
    EncodedSeparator,
    /// Plain http to a host other than loopback.
    #[error("must use https; http is for 127.0.0.1, [::1] and localhost only")]
    Scheme,
    /// A scheme with a character that no scheme has.
    #[error("a scheme has letters, digits, +, - and . only, and begins with a letter; {0} has others")]
    SchemeCharacters(String),
    /// A private-use scheme that is no reversed domain name (RFC 8252 §7.1).
    #[error(
        "a private scheme must be a reversed domain name, such as com.example.app:/callback; {0} has no dot"
    )]
    PrivateScheme(String),
    /// A private-use scheme that is not followed by exactly one slash: what follows two is a host, of which there is none.
    #[error("one slash comes after a private scheme: write {0}")]
    PrivateSlashes(String),
    /// A wildcard where none is allowed.
    #[error(
        "* may only stand for one whole path segment, or for the left-most label below a registrable domain"
    )]
    Wildcard,
    /// A part that programs parse differently, or that would end a Content Security Policy source.
    #[error(
        "must hold only characters of RFC 3986, a host of letters, digits and hyphens without a final dot, a \
         port other than 0, and no dot segment or encoded control character"
    )]
    NotPlain,
}

impl RedirectUri {
    /// Validates a URI for registration. It is kept with its scheme in lower case, and with `/` for an empty path.
    pub fn parse(text: &str) -> Result<Self, InvalidRedirectUri> {
        let text = &*normalized(text);
        if text.len() > MAX_BYTES || !text.is_ascii() {
            return Err(InvalidRedirectUri::Syntax);
        }
        let url = Url::parse(text).map_err(|_| match text.split_once(":/") {
            Some((scheme, _)) if is_almost_scheme(scheme) => {
                InvalidRedirectUri::SchemeCharacters(scheme.to_owned())
            }
            _ => InvalidRedirectUri::Syntax,
        })?;
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
        if ["%2f", "%5c", "%2e", "\\"].iter().any(|separator| lower.contains(separator)) {
            return Err(InvalidRedirectUri::EncodedSeparator);
        }
        let parts = Parts::of(text);
        match parts.scheme {
            "https" => check_wildcards(&parts)?,
            "http" if parts.is_loopback() => check_wildcards(&parts)?,
            "http" => return Err(InvalidRedirectUri::Scheme),
            scheme => check_private(scheme, text)?,
        }
        if !parts.is_canonical() {
            return Err(InvalidRedirectUri::NotPlain);
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether it has a wildcard.
    #[must_use]
    pub fn has_wildcard(&self) -> bool {
        self.0.contains(WILDCARD)
    }

    /// What its wildcards let in, by an example of a URI that matches and of a longer one that does not; `None` without a
    /// wildcard.
    #[must_use]
    pub fn wildcard_examples(&self) -> Option<[String; 2]> {
        let fill = |label: &str, segment: &str| {
            let parts: Vec<String> = self
                .0
                .split('/')
                .map(|part| match part.strip_prefix("*.") {
                    Some(parent) => format!("{label}.{parent}"),
                    None if part == WILDCARD => segment.to_owned(),
                    None => part.to_owned(),
                })
                .collect();
            parts.join("/")
        };
        self.has_wildcard().then(|| [fill("eu", "123"), fill("a.eu", "123/more")])
    }

    /// The URI as registered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_private(scheme: &str, text: &str) -> Result<(), InvalidRedirectUri> {
    let path = text.get(scheme.len() + 1..).unwrap_or_default();
    let after_slashes = path.trim_start_matches('/');
    if !scheme.contains('.') {
        Err(InvalidRedirectUri::PrivateScheme(scheme.to_owned()))
    } else if path.len() - after_slashes.len() != 1 {
        Err(InvalidRedirectUri::PrivateSlashes(format!("{scheme}:/{after_slashes}")))
    } else if text.contains(WILDCARD) {
        Err(InvalidRedirectUri::Wildcard)
    } else {
        Ok(())
    }
}

/// Whether text is a scheme but for some of its characters, such as the `_` of `com.example.my_app`.
fn is_almost_scheme(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+".contains(&byte);
    !text.is_empty() && text.bytes().all(unreserved)
}

fn check_wildcards(parts: &Parts<'_>) -> Result<(), InvalidRedirectUri> {
    let whole_segments = parts.path.split('/').all(|s| s == WILDCARD || !s.contains(WILDCARD));
    let host = parts.host.unwrap_or_default();
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
