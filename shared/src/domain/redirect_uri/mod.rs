//! Redirect URIs: here as they are registered (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §4.1), below as they are
//! presented.

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use parts::Parts;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use url::Url;

mod matching;
mod parts;

pub use resolved::{MAX_PRESENTED_BYTES, RedirectUriError, ResolvedRedirectUri};

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
    /// Something that programs read differently, or that would end a Content Security Policy's source.
    #[error(
        "must hold only characters of RFC 3986, a host of letters, digits and hyphens without a final dot, a \
         port other than 0, and no dot segment or encoded control character"
    )]
    NotPlain,
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
        let parts = Parts::of(text);
        match parts.scheme {
            "https" => check_wildcards(&parts)?,
            "http" if parts.are_loopback() => check_wildcards(&parts)?,
            "http" => return Err(InvalidRedirectUri::Scheme),
            scheme => {
                let reversed_domain = scheme.contains('.');
                let one_slash = parts.host.is_none() && parts.path.starts_with('/');
                if !reversed_domain || !one_slash || text.contains(WILDCARD) {
                    return Err(InvalidRedirectUri::PrivateScheme);
                }
            }
        }
        if !parts.is_canonical() {
            return Err(InvalidRedirectUri::NotPlain);
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

pub mod resolved;
pub mod response_params;
#[cfg(test)]
mod tests;
