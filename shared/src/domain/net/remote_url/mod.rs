//! URLs that customers configure and Latchkey fetches: `jwks_uri`s and external issuers.

#[cfg(test)]
mod tests;

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use url::{Host, Url};

/// The longest URL, in bytes.
pub const MAX_URL_LENGTH: usize = 512;

/// Error of parsing such a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be an https URL of at most 512 characters with a host name (no address), written as it is normalised, without user \
     and fragment, and an issuer without query"
)]
pub struct InvalidRemoteUrl;

macro_rules! remote_url {
    ($(#[$doc:meta])* $name:ident, $query_allowed:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses the URL. The addresses that its host resolves to are checked when it is fetched.
            pub fn parse(text: &str) -> Result<Self, InvalidRemoteUrl> {
                let url = Url::parse(text).map_err(|_| InvalidRemoteUrl)?;
                // Two parsers must not read it differently, so it must be in normal form; only the slash of an empty
                // path may be left out.
                let is_normal = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
                let good = text.len() <= MAX_URL_LENGTH
                    && is_normal
                    && is_https_by_name(&url)
                    && ($query_allowed || url.query().is_none());
                if good { Ok(Self(text.to_owned())) } else { Err(InvalidRemoteUrl) }
            }

            /// The URL as configured.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Its host, and its port if it has one.
            #[must_use]
            pub fn host(&self) -> &str {
                let after = self.0.split("://").nth(1).unwrap_or_default();
                after.split(['/', '?']).next().unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidRemoteUrl;
            fn try_from(text: String) -> Result<Self, InvalidRemoteUrl> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(url: $name) -> Self {
                url.0
            }
        }

        impl FromJson for $name {
            fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
                from_string(value, Self::parse)
            }
        }
    };
}

remote_url! {
    /// URL of the JWK Set of a client or an external issuer: `jwks_uri` (RFC 7591 §2).
    JwksUri, true
}

remote_url! {
    /// An external token issuer, exactly as in `iss` of its tokens (OpenID Connect Discovery 1.0 §3).
    ExternalIssuer, false
}

/// Names that lead to no public host: of private networks (RFC 6762 appendix G, ICANN's .internal), of the machine itself
/// (RFC 6761 §6.3), and of infrastructure (RFC 3172).
const SPECIAL_TLDS: [&str; 4] = ["internal", "local", "localhost", "arpa"];

fn has_public_name_and_port(text: &str, ports: &[u16]) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let tld = url.host_str().and_then(|host| host.rsplit('.').next());
    tld.is_some_and(|tld| !SPECIAL_TLDS.contains(&tld))
        && url.port_or_known_default().is_some_and(|port| ports.contains(&port))
}

impl JwksUri {
    /// What [`Self::is_permitted`] demands.
    pub const PERMITTED: &str =
        "must be on port 443 or 8443 of a public host: not below .internal, .local, .localhost or .arpa";

    /// Whether it may be set today. A stored one may be older than the rule; it goes on, and needs attention.
    #[must_use]
    pub fn is_permitted(&self) -> bool {
        has_public_name_and_port(&self.0, &[443, 8443])
    }
}

/// https, a host name with a dot, no user information, no fragment.
fn is_https_by_name(url: &Url) -> bool {
    let has_host_name = matches!(url.host(), Some(Host::Domain(host)) if host.trim_end_matches('.').contains('.') && !host.ends_with('.'));
    url.scheme() == "https"
        && has_host_name
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && url.port() != Some(0)
}

impl ExternalIssuer {
    /// What [`Self::is_permitted`] demands.
    pub const PERMITTED: &str = "must be on port 443, 6443 or 8443 of a public host: not below .internal, .local, .localhost or .arpa";

    /// Whether it may be set today, as for [`JwksUri::is_permitted`]; also at 6443, where API servers of Kubernetes are.
    #[must_use]
    pub fn is_permitted(&self) -> bool {
        has_public_name_and_port(&self.0, &[443, 6443, 8443])
    }

    /// Whether its keys may be fetched from here: from any permitted URL, or from the issuer's own host and port.
    #[must_use]
    pub fn may_publish_at(&self, uri: &JwksUri) -> bool {
        uri.is_permitted() || uri.host() == self.host()
    }

    /// URL of its configuration document (OpenID Connect Discovery 1.0 §4).
    #[must_use]
    pub fn configuration_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.0.trim_end_matches('/'))
    }
}
