//! Whether what was presented is what was registered: simple string comparison of each part (RFC 3986 §6.2.1,
//! RFC 9700 §4.1.3), with two exceptions, the wildcard and the port of a loopback address.

use crate::domain::redirect_uri::RedirectUri;
use crate::domain::redirect_uri::WILDCARD;
use crate::domain::redirect_uri::parts::{Parts, is_label};

/// Scheme, host, port and path; the query is the client's own.
pub(super) fn matches(registered: &RedirectUri, presented: &Parts<'_>) -> bool {
    let registered = Parts::of(registered.as_str());
    registered.scheme == presented.scheme
        && host_matches(registered.host, presented.host)
        && port_matches(&registered, presented)
        && path_matches(registered.path, presented.path)
}

fn host_matches(registered: Option<&str>, presented: Option<&str>) -> bool {
    match (registered.and_then(|host| host.strip_prefix("*.")), presented) {
        (Some(parent), Some(host)) => {
            host.split_once('.').is_some_and(|(label, rest)| rest == parent && is_free_label(label))
        }
        (Some(_), None) => false,
        (None, presented) => registered == presented,
    }
}

/// What the wildcard of a host stands for. Labels with hyphens in their third and fourth place are reserved (RFC
/// 5890 §2.3.1), and programs disagree on which `xn--` ones are good and how they look: whoever needs one
/// registers it in full.
fn is_free_label(label: &str) -> bool {
    is_label(label) && label.get(2..4) != Some("--")
}

/// An application listens on whatever port it was given (RFC 8252 §7.3). The same goes for `localhost`: RFC 8252
/// §8.3 advises against it because the name may lead elsewhere, but that risk comes with the registration and
/// does not grow with the port, and RFC 9700 §4.1.3 asks for variable ports there too.
fn port_matches(registered: &Parts<'_>, presented: &Parts<'_>) -> bool {
    let any_port = registered.scheme == "http" && registered.are_loopback();
    any_port || registered.port == presented.port
}

fn path_matches(registered: &str, presented: &str) -> bool {
    let mut presented = presented.split('/');
    let all =
        registered.split('/').all(|own| presented.next().is_some_and(|seen| segment_matches(own, seen)));
    all && presented.next().is_none()
}

fn segment_matches(registered: &str, presented: &str) -> bool {
    if registered == WILDCARD { is_free_segment(presented) } else { registered == presented }
}

/// What the wildcard of a path stands for: unreserved characters (RFC 3986 §2.3), not all of them dots. Nothing
/// percent-encoded, since servers differ in how often they decode and what they take overlong or full-width
/// characters for; no `;` either, since some drop what follows it and then resolve `..;` upwards.
fn is_free_segment(segment: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    segment.bytes().all(unreserved) && segment.bytes().any(|byte| byte != b'.')
}
