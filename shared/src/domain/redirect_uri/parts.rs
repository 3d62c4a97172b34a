//! Splits a URI at its delimiters (RFC 3986 appendix B), and checks that all parsers split it there.
//!
//! Browsers normalise what they are given: they drop tabs, turn `\` into `/`, resolve `..`, and map Unicode hosts and
//! numeric hosts to others. So a URI is accepted only if there is nothing to normalise: few characters, a plain host, and
//! the text that the WHATWG URL parser would serialise.

use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Position, Url};

/// The parts, as written. Splitting never fails; [`Parts::is_canonical`] tells whether the result is meaningful.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'a> {
    text: &'a str,
    pub scheme: &'a str,
    pub host: Option<&'a str>,
    pub port: Option<&'a str>,
    pub path: &'a str,
    pub query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub fn of(text: &'a str) -> Self {
        let (before, query) = split_at_delimiter(text, text.find('?'));
        let (scheme, rest) = before.split_once(':').unwrap_or(("", before));
        let Some(rest) = rest.strip_prefix("//") else {
            return Self { text, scheme, host: None, port: None, path: rest, query };
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let colon = authority.rfind(':').filter(|_| !authority.ends_with(']'));
        let (host, port) = split_at_delimiter(authority, colon);
        Self { text, scheme, host: Some(host), port, path, query }
    }

    /// Whether the scheme is neither http nor https: a private-use scheme (RFC 8252 §7.1).
    pub fn is_private(&self) -> bool {
        !matches!(self.scheme, "http" | "https")
    }

    /// Whether the host is a loopback address, so on the user's device (RFC 8252 §7.3).
    pub fn is_loopback(&self) -> bool {
        self.host.is_some_and(|host| {
            matches!(host, "localhost" | "[::1]") || host.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback())
        })
    }

    /// Host and port, as written.
    pub fn authority(&self) -> String {
        let host = self.host.unwrap_or_default();
        self.port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Whether all parsers read the same parts from it. `*` is allowed where a registered URI may have it.
    pub fn is_canonical(&self) -> bool {
        let before_query = self.text.split('?').next().unwrap_or_default();
        self.text.bytes().all(is_uri_byte)
            && is_scheme(self.scheme)
            && self.is_private() == self.host.is_none()
            && self.host.is_none_or(|host| is_host(host.strip_prefix("*.").unwrap_or(host)))
            && self.port.is_none_or(is_port)
            && is_path(self.path)
            && self.query.is_none_or(|query| is_validly_encoded(query, |_| true))
            && Url::parse(self.text).is_ok_and(|url| &url[..Position::AfterPath] == before_query)
    }
}

/// The text before and after the delimiter at `at`, if there is one.
fn split_at_delimiter(text: &str, at: Option<usize>) -> (&str, Option<&str>) {
    at.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])))
}

/// The characters of RFC 3986 §2 except `#`, which begins a fragment.
fn is_uri_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte)
}

/// http, https, or a reversed domain name.
fn is_scheme(scheme: &str) -> bool {
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte);
    matches!(scheme, "http" | "https") || (scheme.contains('.') && scheme.bytes().all(lower))
}

/// An IPv6 address in brackets, or labels of letters, digits and hyphens. The latter includes IPv4 addresses; in any but
/// the dotted decimal notation they differ from what the URL parser serialises.
fn is_host(host: &str) -> bool {
    match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => host.len() <= 253 && host.split('.').all(is_label),
    }
}

/// One label of a host name (RFC 1123 §2.1, RFC 1035 §2.3.4), in lower case.
pub(super) fn is_label(label: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(legal)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// From 1 to 65535, without sign and leading zeros. The URL parser does not serialise a default port, so that is refused
/// elsewhere.
fn is_port(port: &str) -> bool {
    port.parse::<u16>().is_ok_and(|number| number != 0 && number.to_string() == port)
}

/// An absolute path without anything that only some servers treat as a delimiter.
fn is_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.contains(['[', ']'])
        && path.split('/').all(|segment| !matches!(segment, "." | ".."))
        && is_validly_encoded(path, |byte| !byte.is_ascii_control() && !b"/\\.".contains(&byte))
}

/// Whether each `%` is followed by two hexadecimal digits, of an allowed octet.
fn is_validly_encoded(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    text.split('%').skip(1).all(|after| {
        let digits = after.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).is_some_and(&allowed)
    })
}
