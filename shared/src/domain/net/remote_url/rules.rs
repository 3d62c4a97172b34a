//! The rules of such a URL, each with a name of its own.

use url::{Host, Url};

/// The longest URL, in bytes.
const MAX_URL_LENGTH: usize = 512;
/// The longest normal form that an error names.
const MAX_NAMED: usize = 200;

/// Error of parsing a URL: the rule that it breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRemoteUrl {
    /// It is too long.
    #[error("must be at most 512 bytes")]
    TooLong,
    /// It has blanks at its ends, or within.
    #[error("must not have blanks or control characters, also not at its ends")]
    Blanks,
    /// It is no absolute URL.
    #[error("must be a whole URL, such as https://client.example.com/jwks.json")]
    NotAUrl,
    /// Another scheme.
    #[error("must begin with https://")]
    Scheme,
    /// An address in place of a host name.
    #[error("must have a host name, not an address")]
    Address,
    /// A host name without a domain.
    #[error("must have a host name with a dot in it, and none at its end")]
    HostName,
    /// A user or a password.
    #[error("must not have a user or password before the host")]
    UserInfo,
    /// A fragment.
    #[error("must not have a fragment (#…)")]
    Fragment,
    /// A query in an issuer.
    #[error("must not have a query (?…): an issuer has none")]
    Query,
    /// Port 0.
    #[error("must not have port 0")]
    Port,
    /// Another spelling than the normal one, which two programs may read differently.
    #[error("must be written in normal form: {0}")]
    NotNormal(String),
}

/// The first rule that a text breaks.
pub(super) fn broken(text: &str, query_allowed: bool) -> Option<InvalidRemoteUrl> {
    if text.len() > MAX_URL_LENGTH {
        return Some(InvalidRemoteUrl::TooLong);
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some(InvalidRemoteUrl::Blanks);
    }
    let Ok(url) = Url::parse(text) else { return Some(InvalidRemoteUrl::NotAUrl) };
    if url.scheme() != "https" {
        return Some(InvalidRemoteUrl::Scheme);
    }
    let after_scheme = text.get("https://".len()..).unwrap_or_default();
    let authority = after_scheme.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if !url.username().is_empty() || url.password().is_some() || authority.contains('@') {
        return Some(InvalidRemoteUrl::UserInfo);
    }
    match url.host() {
        Some(Host::Domain(host)) if host.trim_end_matches('.').contains('.') && !host.ends_with('.') => {}
        Some(Host::Domain(_)) | None => return Some(InvalidRemoteUrl::HostName),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => return Some(InvalidRemoteUrl::Address),
    }
    if url.fragment().is_some() {
        return Some(InvalidRemoteUrl::Fragment);
    }
    if url.query().is_some() && !query_allowed {
        return Some(InvalidRemoteUrl::Query);
    }
    if url.port() == Some(0) {
        return Some(InvalidRemoteUrl::Port);
    }
    // Two parsers must not read it differently; only the slash of an empty path may be left out.
    let is_normal = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
    (!is_normal).then(|| InvalidRemoteUrl::NotNormal(without_query(&url)))
}

/// The URL for an error. A query may hold a secret.
fn without_query(url: &Url) -> String {
    let end = url[..url::Position::AfterPath].len();
    url.as_str()[..end].chars().take(MAX_NAMED).collect()
}
