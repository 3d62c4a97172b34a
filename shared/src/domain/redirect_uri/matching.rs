//! Compares a presented redirect URI with a registered one: simple string comparison of each part (RFC 3986 §6.2.1,
//! RFC 9700 §4.1.3), with two exceptions: wildcards, and the port of a loopback address. Both are in normal form.

use crate::domain::redirect_uri::parts::{Parts, is_label};
use crate::domain::redirect_uri::registered::{RedirectUri, WILDCARD};

/// Whether scheme, host, port and path match. The query is not compared.
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

/// Whether a label may stand in place of a host's wildcard.
fn is_free_label(label: &str) -> bool {
    // Labels with hyphens in their third and fourth place are reserved (RFC 5890 §2.3.1), and programs disagree on which
    // `xn--` labels are valid and how they are displayed. Such a host must be registered in full.
    is_label(label) && label.get(2..4) != Some("--")
}

/// Whether the ports match. Any port matches on a loopback address, because an application listens on the port that
/// its system assigns (RFC 8252 §7.3).
fn port_matches(registered: &Parts<'_>, presented: &Parts<'_>) -> bool {
    // This includes `localhost`. RFC 8252 §8.3 advises against it because the name may resolve to another host, but that
    // risk comes with the registration, whatever the port, and RFC 9700 §4.1.3 asks for variable ports there too.
    let any_port = registered.scheme == "http" && registered.is_loopback();
    any_port || registered.port == presented.port
}

fn path_matches(registered: &str, presented: &str) -> bool {
    let mut presented = presented.split('/');
    let all_match = registered
        .split('/')
        .all(|registered| presented.next().is_some_and(|presented| segment_matches(registered, presented)));
    all_match && presented.next().is_none()
}

fn segment_matches(registered: &str, presented: &str) -> bool {
    if registered == WILDCARD { is_free_segment(presented) } else { registered == presented }
}

/// Whether a segment may stand in place of a path's wildcard: unreserved characters only (RFC 3986 §2.3), not all of them
/// dots.
fn is_free_segment(segment: &str) -> bool {
    // Nothing percent-encoded: servers differ in how often they decode, and in how they treat overlong and full-width
    // characters. No `;` either: some servers drop what follows it, and then resolve `..;` as `..`.
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    segment.bytes().all(unreserved) && segment.bytes().any(|byte| byte != b'.')
}
