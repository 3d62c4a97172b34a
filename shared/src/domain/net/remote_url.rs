//! URLs that customers configure and Latchkey fetches: `jwks_uri`s and external issuers.

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
    /// URL of its configuration document (OpenID Connect Discovery 1.0 §4).
    #[must_use]
    pub fn configuration_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.0.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn https_urls_with_a_host_name_are_accepted() {
        for text in [
            "https://example.com/keys.json",
            "https://example.com",
            "https://example.com/",
            "https://login.example.com:8443/a/b",
            "https://xn--bcher-kva.example/jwks",
        ] {
            assert!(JwksUri::parse(text).is_ok() && ExternalIssuer::parse(text).is_ok(), "{text}");
        }
        assert!(JwksUri::parse("https://example.com/keys?tenant=a").is_ok());
        assert!(ExternalIssuer::parse("https://example.com/?tenant=a").is_err());
    }

    #[test]
    fn other_urls_are_rejected() {
        for text in [
            "",
            "example.com",
            "//example.com/",
            "http://example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "data:,x",
            "gopher://example.com/",
            "https://",
            "https:///x",
            "https://localhost/",
            "https://localhost./",
            "https://example.com./",
            "https://internal/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest/meta-data/",
            "https://8.8.8.8/",
            "https://user@example.com/",
            "https://user:pw@example.com/",
            "https://@example.com/",
            "https://example.com@127.0.0.1/",
            "https://example.com#x",
            "https://example.com/#x",
            "https://EXAMPLE.com/",
            "HTTPS://example.com/",
            "https://example.com:443/",
            "https://example.com:0/",
            "https://example.com:99999/",
            "https://exa mple.com/",
            "https://example.com/a/../b",
            "https://example.com/./b",
            "https://example.com\\@127.0.0.1/",
            "https://example.com/a b",
            "https://ex\tample.com/",
            "https://example.com/\n",
            " https://example.com/",
            "https:example.com/",
            "https:/example.com/",
            "https://bücher.example/",
            "https://１２７.0.0.1/",
            "https://example。com/",
            "https://%65xample.com/",
            "https://example.com%00.evil.example/",
        ] {
            assert_eq!(JwksUri::parse(text), Err(InvalidRemoteUrl), "{text}");
        }
        assert!(JwksUri::parse(&format!("https://example.com/{}", "a".repeat(500))).is_err());
    }

    #[test]
    fn the_host_includes_the_port() {
        for text in
            ["https://example.com:8443", "https://example.com:8443/a/b", "https://example.com:8443/?a=b"]
        {
            assert_eq!(JwksUri::parse(text).expect("legal").host(), "example.com:8443");
        }
    }

    #[test]
    fn the_configuration_url_is_below_the_issuers_path() {
        for (issuer, at) in [
            ("https://example.com", "https://example.com/.well-known/openid-configuration"),
            ("https://example.com/", "https://example.com/.well-known/openid-configuration"),
            ("https://example.com/t/a", "https://example.com/t/a/.well-known/openid-configuration"),
        ] {
            assert_eq!(ExternalIssuer::parse(issuer).expect("legal").configuration_url(), at);
        }
    }

    proptest! {
        #[test]
        fn an_accepted_url_is_https_with_a_host_name(text in "(https|http)://[a-z0-9.@:\\[\\]%\\\\/-]{0,30}|\\PC{0,30}") {
            if JwksUri::parse(&text).is_ok() {
                let url = Url::parse(&text).expect("a URL");
                prop_assert_eq!(url.scheme(), "https");
                prop_assert!(url.host_str().is_some_and(|host| host.parse::<std::net::IpAddr>().is_err()));
            }
        }
    }
}
