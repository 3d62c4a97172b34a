//! URLs that customers name for Latchkey to fetch: where keys are published, and who issues tokens.

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use url::{Host, Url};

/// The longest one, in bytes.
pub const MAX_URL_LENGTH: usize = 512;

/// Why a text is not such a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be an https URL of at most 512 characters with a host name (no address), written as it is normalised, without user \
     and fragment, and an issuer without query"
)]
pub struct InvalidRemoteUrl;

macro_rules! outside_url {
    ($(#[$doc:meta])* $name:ident, $query_allowed:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks it. Where it leads is checked again on the address that it leads to.
            pub fn parse(text: &str) -> Result<Self, InvalidRemoteUrl> {
                let url = Url::parse(text).map_err(|_| InvalidRemoteUrl)?;
                // Two programs must not read it differently, so it must be written as it was read; the one
                // slash that stands for an empty path may be left out.
                let as_written = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
                let good = text.len() <= MAX_URL_LENGTH
                    && as_written
                    && is_https_by_name(&url)
                    && ($query_allowed || url.query().is_none());
                if good { Ok(Self(text.to_owned())) } else { Err(InvalidRemoteUrl) }
            }

            /// The URL as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Its host, and the port if it names one.
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

outside_url! {
    /// Where a client, or an outside issuer, publishes its keys: `jwks_uri` (RFC 7591 §2).
    JwksUri, true
}

outside_url! {
    /// An outside issuer of tokens, to the letter as in their `iss` (OpenID Connect Discovery 1.0 §3).
    ExternalIssuer, false
}

/// https, a host name with a dot in it, nobody's user name, no fragment.
fn is_https_by_name(url: &Url) -> bool {
    let named = matches!(url.host(), Some(Host::Domain(host)) if host.trim_end_matches('.').contains('.') && !host.ends_with('.'));
    url.scheme() == "https"
        && named
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && url.port() != Some(0)
}

impl ExternalIssuer {
    /// Where it describes itself (OpenID Connect Discovery 1.0 §4).
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
    fn https_urls_with_a_host_name() {
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
    fn everything_else_is_refused() {
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
    fn its_host_can_be_named_in_the_log() {
        for text in
            ["https://example.com:8443", "https://example.com:8443/a/b", "https://example.com:8443/?a=b"]
        {
            assert_eq!(JwksUri::parse(text).expect("legal").host(), "example.com:8443");
        }
    }

    #[test]
    fn an_issuer_describes_itself_below_its_own_path() {
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
        fn whatever_is_accepted_is_https_to_a_name(text in "(https|http)://[a-z0-9.@:\\[\\]%\\\\/-]{0,30}|\\PC{0,30}") {
            if JwksUri::parse(&text).is_ok() {
                let url = Url::parse(&text).expect("a URL");
                prop_assert_eq!(url.scheme(), "https");
                prop_assert!(url.host_str().is_some_and(|host| host.parse::<std::net::IpAddr>().is_err()));
            }
        }
    }
}
