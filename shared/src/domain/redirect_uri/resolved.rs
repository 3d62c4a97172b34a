//! Where a browser is sent back to, and how it is spoken of on the way.

use crate::domain::redirect_uri::RedirectUri;
use crate::domain::redirect_uri::matching::matches;
use crate::domain::redirect_uri::parts::Parts;
use crate::domain::redirect_uri::response_params;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// The longest one that a request may present, in bytes.
pub const MAX_PRESENTED_BYTES: usize = 2048;

/// Where a browser is sent back to: what the request presented, matched against what is registered.
///
/// Kept as a plain string; on reading back its syntax is checked again, its registration is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResolvedRedirectUri(String);

/// Why a browser is not sent anywhere (RFC 6749 §3.1.2.4): the person is told, the client is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.as_str())]
pub enum RedirectUriError {
    /// None was presented, and what is registered leaves a choice.
    Missing,
    /// Not a URI, or not in the one form that everybody reads alike.
    Malformed,
    /// Its query already holds a parameter of the answer.
    ReservedQueryParameter,
    /// None of the registered ones.
    NotRegistered,
}

impl RedirectUriError {
    /// For the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "redirect_uri_missing",
            Self::Malformed => "redirect_uri_malformed",
            Self::ReservedQueryParameter => "redirect_uri_holds_answer",
            Self::NotRegistered => "redirect_uri_not_registered",
        }
    }
}

impl ResolvedRedirectUri {
    /// Finds where to go. With nothing presented that is the only registered one, if it is one and holds no
    /// wildcard (RFC 6749 §3.1.2.3); an empty `redirect_uri` is not an absent one here.
    pub fn choose(registered: &[RedirectUri], presented: Option<&str>) -> Result<Self, RedirectUriError> {
        let Some(presented) = presented else {
            return match registered {
                [only] if !only.has_wildcard() => Self::read(only.as_str()),
                _ => Err(RedirectUriError::Missing),
            };
        };
        let target = Self::read(presented)?;
        if registered.iter().any(|uri| matches(uri, &target.parts())) {
            Ok(target)
        } else {
            Err(RedirectUriError::NotRegistered)
        }
    }

    /// Checks the syntax alone.
    fn read(text: &str) -> Result<Self, RedirectUriError> {
        let parts = Parts::of(text);
        let wild_host = parts.host.is_some_and(|host| host.starts_with('*'));
        if text.len() > MAX_PRESENTED_BYTES || wild_host || !parts.is_canonical() {
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

    /// Exactly what was presented, or else registered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The whole URI with these appended to its own query, form-encoded (RFC 6749 §4.1.2 and appendix B).
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

    /// A source for the directive `form-action` of a Content Security Policy, so that a form may end up here:
    /// an origin, or its scheme alone where there is none that browsers heed. Holds no character that ends a source
    /// or a directive. Of IP addresses they heed 127.0.0.1 only (CSP Level 3, "host-part matches"), and the grammar
    /// has no IPv6.
    #[must_use]
    pub fn form_action(&self) -> String {
        let parts = self.parts();
        let other_address = parts.host.is_some_and(|host| {
            host.starts_with('[')
                || host.parse::<Ipv4Addr>().is_ok_and(|address| address != Ipv4Addr::LOCALHOST)
        });
        if parts.is_private() || other_address {
            format!("{}:", parts.scheme)
        } else {
            format!("{}://{}", parts.scheme, parts.authority())
        }
    }

    /// For people who are asked for their consent: the host, in ASCII so that no letter passes for another, with
    /// its port unless that is the usual one. An application on their own device has no name that proves anything.
    #[must_use]
    pub fn display_host(&self) -> String {
        let parts = self.parts();
        if parts.is_private() || parts.are_loopback() {
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
    fn from(target: ResolvedRedirectUri) -> Self {
        target.0
    }
}
