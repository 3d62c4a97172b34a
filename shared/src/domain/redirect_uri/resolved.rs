//! The redirect URI of one request, matched against the registered ones.

use crate::domain::redirect_uri::matching::matches;
use crate::domain::redirect_uri::normal_form::normalized;
use crate::domain::redirect_uri::parts::Parts;
use crate::domain::redirect_uri::registered::RedirectUri;
use crate::domain::redirect_uri::response_params;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use strum::IntoStaticStr;

/// The longest `redirect_uri` that a request may present, in bytes.
pub const MAX_PRESENTED_BYTES: usize = 2048;

/// A redirect URI that a request presented and that matches a registered one.
///
/// Stored as a string. Deserializing checks its syntax again, but not its registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResolvedRedirectUri(String);

/// Error of [`ResolvedRedirectUri::choose`]. It is shown to the user, and not sent to the client (RFC 6749 §3.1.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, IntoStaticStr)]
#[error("{}", self.as_str())]
#[strum(serialize_all = "snake_case")]
pub enum RedirectUriError {
    /// None was presented, and there is not exactly one registered URI without a wildcard.
    #[strum(serialize = "redirect_uri_missing")]
    Missing,
    /// Not a URI, or not in canonical form.
    #[strum(serialize = "redirect_uri_malformed")]
    Malformed,
    /// Its query has a parameter of the authorization response.
    #[strum(serialize = "redirect_uri_holds_answer")]
    ReservedQueryParameter,
    /// It matches no registered URI.
    #[strum(serialize = "redirect_uri_not_registered")]
    NotRegistered,
}

impl RedirectUriError {
    /// The reason as logged.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl ResolvedRedirectUri {
    /// Resolves the redirect URI of a request. If none is presented, it is the only registered one, provided that it has
    /// no wildcard (RFC 6749 §3.1.2.3). An empty `redirect_uri` is malformed, not absent.
    pub fn choose(registered: &[RedirectUri], presented: Option<&str>) -> Result<Self, RedirectUriError> {
        let Some(presented) = presented else {
            return match registered {
                [only] if !only.has_wildcard() => Self::read(only.as_str()),
                _ => Err(RedirectUriError::Missing),
            };
        };
        let resolved = Self::read(presented)?;
        if registered.iter().any(|uri| matches(uri, &resolved.parts())) {
            Ok(resolved)
        } else {
            Err(RedirectUriError::NotRegistered)
        }
    }

    /// Checks the syntax only, of the URI with `/` for an empty path.
    fn read(text: &str) -> Result<Self, RedirectUriError> {
        let text = &*normalized(text);
        let parts = Parts::of(text);
        let has_wildcard_host = parts.host.is_some_and(|host| host.starts_with('*'));
        if text.len() > MAX_PRESENTED_BYTES || has_wildcard_host || !parts.is_canonical() {
            return Err(RedirectUriError::Malformed);
        }
        if parts.query.is_some_and(response_params::are_in) {
            return Err(RedirectUriError::ReservedQueryParameter);
        }
        Ok(Self(text.to_owned()))
    }

    fn parts(&self) -> Parts<'_> {
        Parts::of(&self.0)
    }

    /// The URI as presented, but for the case of its scheme and an empty path; as registered if none was presented.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URI with these parameters appended to its query, form-encoded (RFC 6749 §4.1.2 and appendix B).
    #[must_use]
    pub fn with_parameters(&self, parameters: &[(&str, &str)]) -> String {
        let mut uri = self.0.clone();
        for (name, value) in parameters {
            uri.push(if uri.contains('?') { '&' } else { '?' });
            uri.extend(form_urlencoded::byte_serialize(name.as_bytes()));
            uri.push('=');
            uri.extend(form_urlencoded::byte_serialize(value.as_bytes()));
        }
        uri
    }

    /// A source expression for the CSP directive `form-action`, so that a form's redirect may end here: an origin, or the
    /// scheme alone where browsers match no origin. It has no character that ends a source or a directive.
    #[must_use]
    pub fn form_action(&self) -> String {
        let parts = self.parts();
        // Of all IP addresses, browsers match 127.0.0.1 only (CSP Level 3, "host-part matches"), and the grammar has no IPv6.
        let is_unmatched_address = parts.host.is_some_and(|host| {
            host.starts_with('[')
                || host.parse::<Ipv4Addr>().is_ok_and(|address| address != Ipv4Addr::LOCALHOST)
        });
        if parts.is_private() || is_unmatched_address {
            format!("{}:", parts.scheme)
        } else {
            format!("{}://{}", parts.scheme, parts.authority())
        }
    }

    /// The destination as the consent page shows it: the host in ASCII, so that no character looks like another, with its
    /// port unless that is the default. An application on the user's device has no name that could be verified.
    #[must_use]
    pub fn display_host(&self) -> String {
        let parts = self.parts();
        if parts.is_private() || parts.is_loopback() {
            "an app on this device".to_owned()
        } else {
            parts.authority()
        }
    }
}

impl TryFrom<String> for ResolvedRedirectUri {
    type Error = RedirectUriError;

    fn try_from(text: String) -> Result<Self, RedirectUriError> {
        Self::read(&text)
    }
}

impl From<ResolvedRedirectUri> for String {
    fn from(uri: ResolvedRedirectUri) -> Self {
        uri.0
    }
}
