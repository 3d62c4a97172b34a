//! URLs that customers configure and Latchkey fetches: `jwks_uri`s and external issuers.

mod rules;
#[cfg(test)]
mod tests;

pub use rules::InvalidRemoteUrl;

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use url::Url;

macro_rules! remote_url {
    ($(#[$doc:meta])* $name:ident, $query_allowed:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses the URL. The addresses that its host resolves to are checked when it is fetched.
            pub fn parse(text: &str) -> Result<Self, InvalidRemoteUrl> {
                match rules::broken(text, $query_allowed) {
                    None => Ok(Self(text.to_owned())),
                    Some(rule) => Err(rule),
                }
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

/// The first rule that a URL breaks which is set today.
fn not_permitted(url: &str, ports: &[u16], port_rule: &'static str) -> Option<&'static str> {
    let url = Url::parse(url).ok();
    let tld = url.as_ref().and_then(Url::host_str).and_then(|host| host.rsplit('.').next());
    let port = url.as_ref().and_then(Url::port_or_known_default);
    if tld.is_none_or(|tld| SPECIAL_TLDS.contains(&tld)) {
        Some("must be at a public host, not below .internal, .local, .localhost or .arpa")
    } else if port.is_none_or(|port| !ports.contains(&port)) {
        Some(port_rule)
    } else {
        None
    }
}

impl JwksUri {
    /// Why it may not be set today. A stored one may be older than the rule; it goes on, and needs attention.
    #[must_use]
    pub fn not_permitted(&self) -> Option<&'static str> {
        not_permitted(&self.0, &[443, 8443], "must be on port 443 or 8443")
    }

    /// Whether it may be set today.
    #[must_use]
    pub fn is_permitted(&self) -> bool {
        self.not_permitted().is_none()
    }
}

impl ExternalIssuer {
    /// Why it may not be set today, as for [`JwksUri::not_permitted`]; it may be at 6443 too, where API servers of Kubernetes
    /// are.
    #[must_use]
    pub fn not_permitted(&self) -> Option<&'static str> {
        not_permitted(&self.0, &[443, 6443, 8443], "must be on port 443, 6443 or 8443")
    }

    /// Whether it may be set today.
    #[must_use]
    pub fn is_permitted(&self) -> bool {
        self.not_permitted().is_none()
    }

    /// Why no token can have it as its `iss`. A stored one may be older than the rule; it goes on.
    #[must_use]
    pub fn never_matches(&self) -> Option<&'static str> {
        const DISCOVERY: &str =
            "is the URL of a metadata document: the issuer is what stands before /.well-known/";
        const TENANTS: &str = "names no tenant: tokens have the id of theirs there, as in \
                               https://login.microsoftonline.com/<tenant id>/v2.0";
        let path =
            self.0.split("://").nth(1).and_then(|rest| rest.split_once('/')).map_or("", |(_, path)| path);
        let is_shared =
            ["common", "organizations", "consumers"].iter().any(|name| path.split('/').next() == Some(*name));
        let host = self.host();
        if path.starts_with(".well-known/") || path.contains("/.well-known/") {
            Some(DISCOVERY)
        } else if is_shared && (host.starts_with("login.microsoftonline.") || host == "sts.windows.net") {
            Some(TENANTS)
        } else if self.0.contains('*') {
            Some("has a wildcard, but is compared exactly: name each issuer")
        } else {
            None
        }
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
