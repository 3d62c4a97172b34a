//! URLs of the OpenID Connect provider that people sign in at: its issuer, which the operator sets, and where it
//! says that its endpoints are.

use crate::domain::net::remote_url::JwksUri;
use std::fmt;
use url::{Host, Url};

/// Where a URL leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UrlScope {
    /// Out to the Internet, by https and a host's name.
    Public,
    /// To this machine, by http: for the local runner and for tests. Nothing in Lambda listens there.
    Loopback,
}

/// A URL of the provider: https to a host name, as for everything outside ([`JwksUri`]), or http to loopback,
/// as the deployment's own issuer may be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderUrl {
    text: String,
    reach: UrlScope,
}

/// Why a text is not such a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an https URL of at most 512 characters with a host name, or an http URL of this machine")]
pub struct InvalidProviderUrl;

impl ProviderUrl {
    /// Checks it. Where it leads is checked again on the address that it leads to.
    pub fn parse(text: &str) -> Result<Self, InvalidProviderUrl> {
        if JwksUri::parse(text).is_ok() {
            return Ok(Self { text: text.to_owned(), reach: UrlScope::Public });
        }
        let url = Url::parse(text).map_err(|_| InvalidProviderUrl)?;
        if is_of_this_machine(&url, text) {
            Ok(Self { text: text.to_owned(), reach: UrlScope::Loopback })
        } else {
            Err(InvalidProviderUrl)
        }
    }

    /// Checks an issuer, which has no query (OpenID Connect Discovery 1.0 §3).
    pub fn parse_issuer(text: &str) -> Result<Self, InvalidProviderUrl> {
        let url = Self::parse(text)?;
        if text.contains('?') { Err(InvalidProviderUrl) } else { Ok(url) }
    }

    /// Checks what a provider says is its own: a URL that leads no nearer than the issuer's does.
    pub fn parse_endpoint(text: &str, issuer: &Self) -> Result<Self, InvalidProviderUrl> {
        Self::parse(text).ok().filter(|url| url.reach == issuer.reach).ok_or(InvalidProviderUrl)
    }

    /// The URL as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where it leads.
    #[must_use]
    pub const fn reach(&self) -> UrlScope {
        self.reach
    }

    /// Its host, and the port if it names one.
    #[must_use]
    pub fn host(&self) -> &str {
        let after = self.text.split("://").nth(1).unwrap_or_default();
        after.split(['/', '?']).next().unwrap_or_default()
    }

    /// Where an issuer describes itself (OpenID Connect Discovery 1.0 §4).
    #[must_use]
    pub fn configuration_url(&self) -> Self {
        let issuer = self.text.trim_end_matches('/');
        Self { text: format!("{issuer}/.well-known/openid-configuration"), reach: self.reach }
    }
}

impl fmt::Display for ProviderUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// http to a loopback address or to `localhost`, written as it is normalised.
fn is_of_this_machine(url: &Url, text: &str) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let as_written = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
    url.scheme() == "http"
        && loopback
        && as_written
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && url.port() != Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(text: &str) -> Option<UrlScope> {
        ProviderUrl::parse_issuer(text).ok().map(|url| url.reach())
    }

    #[test]
    fn a_provider_is_out_on_the_internet_or_on_this_machine() {
        for text in
            ["https://login.example.com", "https://login.example.com/t/v2.0", "https://a.example:8443/"]
        {
            assert_eq!(reach(text), Some(UrlScope::Public), "{text}");
        }
        for text in
            ["http://127.0.0.1:3000", "http://localhost:3000/", "http://[::1]:3000/oidc", "http://localhost"]
        {
            assert_eq!(reach(text), Some(UrlScope::Loopback), "{text}");
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
            assert_eq!(reach(text), None, "{text}");
        }
    }

    #[test]
    fn an_endpoint_leads_where_its_issuer_does() {
        let issuer = |text| ProviderUrl::parse_issuer(text).expect("legal");
        let (outside, here) = (issuer("https://a.example"), issuer("http://localhost:1"));
        let (far, near) = ("https://b.example/token?x=y", "http://127.0.0.1:2/token");
        assert!(ProviderUrl::parse_endpoint(far, &outside).is_ok());
        assert!(ProviderUrl::parse_endpoint(near, &here).is_ok());
        assert!(ProviderUrl::parse_endpoint(near, &outside).is_err());
        assert!(ProviderUrl::parse_endpoint(far, &here).is_err());
    }

    #[test]
    fn an_issuer_describes_itself_below_its_own_path() {
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
