//! A resolved redirect URI: its display, response parameters and serialisation.

use super::*;
use crate::domain::redirect_uri::tests::accepted::choose;
use serde_json::json;

fn resolved(presented: &str) -> ResolvedRedirectUri {
    serde_json::from_value(json!(presented)).expect("plain")
}

#[test]
fn parameters_are_appended_to_the_clients_query() {
    for (presented, completed) in [
        ("https://a.example/cb", "https://a.example/cb?code=a+b%26c&iss=https%3A%2F%2Fi"),
        ("https://a.example/cb?x=1", "https://a.example/cb?x=1&code=a+b%26c&iss=https%3A%2F%2Fi"),
        ("https://a.example/cb?", "https://a.example/cb?&code=a+b%26c&iss=https%3A%2F%2Fi"),
        ("com.example.app:/cb", "com.example.app:/cb?code=a+b%26c&iss=https%3A%2F%2Fi"),
    ] {
        let parameters = [("code", "a b&c"), ("iss", "https://i")];
        assert_eq!(resolved(presented).with_parameters(&parameters), completed);
        assert_eq!(resolved(presented).with_parameters(&[]), presented);
    }
}

#[test]
fn form_action_and_display_host_of_a_redirect_uri() {
    let device = "an app on this device";
    for (presented, source, display_host) in [
        ("https://app.example.com/cb?x=1", "https://app.example.com", "app.example.com"),
        ("https://app.example.com:8443/cb", "https://app.example.com:8443", "app.example.com:8443"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("https://[2001:db8::7]:8443/", "https:", "[2001:db8::7]:8443"),
        ("http://127.0.0.1:5000/cb", "http://127.0.0.1:5000", device),
        ("http://[::1]:5000/cb", "http:", device),
        ("http://localhost/cb", "http://localhost", device),
        ("com.example.app:/cb", "com.example.app:", device),
    ] {
        assert_eq!(resolved(presented).form_action(), source);
        assert_eq!(resolved(presented).display_host(), display_host);
    }
}

#[test]
fn it_is_serialised_as_a_string() {
    let chosen = choose("https://app.example.com/cb", "https://app.example.com/cb?x=1").expect("registered");
    let stored = serde_json::to_value(&chosen).expect("a string");
    assert_eq!(stored, json!("https://app.example.com/cb?x=1"));
    assert_eq!(serde_json::from_value::<ResolvedRedirectUri>(stored).expect("plain"), chosen);
}

#[test]
fn its_syntax_is_checked_when_deserialised() {
    for stored in [
        json!("https://app.example.com/cb#x"),
        json!("https://app.example.com/cb?code=1"),
        json!("https://*.example.com/cb"),
        json!("javascript:alert(1)"),
        json!(""),
        json!(null),
    ] {
        assert!(serde_json::from_value::<ResolvedRedirectUri>(stored.clone()).is_err(), "{stored}");
    }
}

#[test]
fn each_error_has_a_distinct_name_in_the_log() {
    use RedirectUriError::{Malformed, Missing, NotRegistered, ReservedQueryParameter};
    let names: std::collections::BTreeSet<_> =
        [Missing, Malformed, ReservedQueryParameter, NotRegistered].map(RedirectUriError::as_str).into();
    assert_eq!(names.len(), 4);
}
