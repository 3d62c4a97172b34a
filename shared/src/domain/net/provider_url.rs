//! URLs of the upstream OpenID Connect provider: its issuer, which the operator configures, and the endpoints of its
//! configuration document.

use crate::domain::net::remote_url::JwksUri;
use std::fmt;
use url::{Host, Url};

/// Which hosts a URL may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UrlScope {
    /// Hosts on the Internet, by https and a host name.
    Public,
    /// This machine, by http: for the local runner and for tests. In Lambda, no process listens there.
    Loopback,
}

/// A URL of the provider: https to a host name, as for all remote URLs ([`JwksUri`]), or http to a loopback address, which the
/// deployment's own issuer may use too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderUrl {
    text: String,
    scope: UrlScope,
}

/// Error of parsing such a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an https URL of at most 512 characters with a host name, or an http URL of this machine")]
pub struct InvalidProviderUrl;

impl ProviderUrl {
    /// Parses a URL. The addresses that its host resolves to are checked when it is fetched.
    pub fn parse(text: &str) -> Result<Self, InvalidProviderUrl> {
        if JwksUri::parse(text).is_ok() {
            return Ok(Self { text: text.to_owned(), scope: UrlScope::Public });
        }
        let url = Url::parse(text).map_err(|_| InvalidProviderUrl)?;
        if is_loopback(&url, text) {
            Ok(Self { text: text.to_owned(), scope: UrlScope::Loopback })
        } else {
            Err(InvalidProviderUrl)
        }
    }

    /// Parses an issuer, which has no query (OpenID Connect Discovery 1.0 §3).
    pub fn parse_issuer(text: &str) -> Result<Self, InvalidProviderUrl> {
        let url = Self::parse(text)?;
        if text.contains('?') { Err(InvalidProviderUrl) } else { Ok(url) }
    }

    /// Parses an endpoint of a provider: a URL with the scope of its issuer.
    pub fn parse_endpoint(text: &str, issuer: &Self) -> Result<Self, InvalidProviderUrl> {
        Self::parse(text).ok().filter(|url| url.scope == issuer.scope).ok_or(InvalidProviderUrl)
    }

    /// The URL as configured.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Which hosts it may lead to.
    #[must_use]
    pub const fn scope(&self) -> UrlScope {
        self.scope
    }

    /// Its host, and its port if it has one.
    #[must_use]
    pub fn host(&self) -> &str {
        let after = self.text.split("://").nth(1).unwrap_or_default();
        after.split(['/', '?']).next().unwrap_or_default()
    }

    /// URL of the configuration document of an issuer (OpenID Connect Discovery 1.0 §4).
    #[must_use]
    pub fn configuration_url(&self) -> Self {
        let issuer = self.text.trim_end_matches('/');
        Self { text: format!("{issuer}/.well-known/openid-configuration"), scope: self.scope }
    }
}

impl fmt::Display for ProviderUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// http to a loopback address or to `localhost`, in normal form.
fn is_loopback(url: &Url, text: &str) -> bool {
    let has_loopback_host = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_normal = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
    url.scheme() == "http"
        && has_loopback_host
        && is_normal
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && url.port() != Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope_of(text: &str) -> Option<UrlScope> {
        ProviderUrl::parse_issuer(text).ok().map(|url| url.scope())
    }

    #[test]
    fn a_provider_is_public_or_on_loopback() {
        for text in
            ["https://login.example.com", "https://login.example.com/t/v2.0", "https://a.example:8443/"]
        {
            assert_eq!(scope_of(text), Some(UrlScope::Public), "{text}");
        }
        for text in
            ["http://127.0.0.1:3000", "http://localhost:3000/", "http://[::1]:3000/oidc", "http://localhost"]
        {
            assert_eq!(scope_of(text), Some(UrlScope::Loopback), "{text}");
        }
        for text in [
            "",
            "login.example.com",
            "http://login.example.com",
            "http://10.0.0.1",
            "http://169.254.169.254/",
            "http://localhost.example.com",
            "http://localhost@example.com",
            "http://user@localhost",
            "http://localhost#x",
            "http://LOCALHOST",
            "http://127.1:3000",
            "http://[::ffff:10.0.0.1]",
            "http://localhost:0",
            "https://localhost:3000",
            "https://127.0.0.1",
            "https://10.0.0.1",
            "https://login.example.com/?tenant=a",
            "https://login.example.com#x",
            "ftp://localhost",
        ] {
            assert_eq!(scope_of(text), None, "{text}");
        }
    }

    #[test]
    fn an_endpoint_has_the_scope_of_its_issuer() {
        let issuer = |text| ProviderUrl::parse_issuer(text).expect("legal");
        let (public, loopback) = (issuer("https://a.example"), issuer("http://localhost:1"));
        let (remote, local) = ("https://b.example/token?x=y", "http://127.0.0.1:2/token");
        assert!(ProviderUrl::parse_endpoint(remote, &public).is_ok());
        assert!(ProviderUrl::parse_endpoint(local, &loopback).is_ok());
        assert!(ProviderUrl::parse_endpoint(local, &public).is_err());
        assert!(ProviderUrl::parse_endpoint(remote, &loopback).is_err());
    }

    #[test]
    fn the_configuration_url_is_below_the_issuers_path() {
        for (issuer, at) in [
            ("https://a.example/t/", "https://a.example/t/.well-known/openid-configuration"),
            ("http://[::1]:3000", "http://[::1]:3000/.well-known/openid-configuration"),
        ] {
            let url = ProviderUrl::parse_issuer(issuer).expect("legal").configuration_url();
            assert_eq!(url.as_str(), at);
            assert!(at.contains(url.host()));
        }
    }
}
