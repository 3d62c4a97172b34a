//! Accepted redirect URIs, as the counterpart of the attacks that are rejected.

use super::*;

/// Resolves `presented` against the registered URIs, which are separated by spaces.
pub fn choose(registered: &str, presented: &str) -> Result<ResolvedRedirectUri, RedirectUriError> {
    let registered: Vec<_> = registered
        .split_whitespace()
        .map(|text| RedirectUri::parse(text).unwrap_or_else(|e| panic!("{text}: {e}")))
        .collect();
    ResolvedRedirectUri::choose(&registered, Some(presented))
}

/// Registered URIs, presented URI.
pub const ACCEPTED: &[(&str, &str)] = &[
    ("https://app.example.com/cb", "https://app.example.com/cb"),
    ("https://other.example/ https://app.example.com/cb", "https://app.example.com/cb"),
    ("https://app.example.com/", "https://app.example.com/"),
    ("https://app.example.com:8443/cb", "https://app.example.com:8443/cb"),
    ("https://app.example.com/a//b", "https://app.example.com/a//b"),
    ("https://app.example.com/a;v=1/cb", "https://app.example.com/a;v=1/cb"),
    ("https://app.example.com/caf%C3%A9", "https://app.example.com/caf%C3%A9"),
    ("https://xn--bcher-kva.example/cb", "https://xn--bcher-kva.example/cb"),
    ("https://203.0.113.7/cb", "https://203.0.113.7/cb"),
    ("https://[2001:db8::7]/cb", "https://[2001:db8::7]/cb"),
    // The query is free.
    ("https://app.example.com/cb", "https://app.example.com/cb?"),
    ("https://app.example.com/cb", "https://app.example.com/cb?tenant=7&next=/a/../b?c"),
    ("https://app.example.com/cb", "https://app.example.com/cb?next=https%3A%2F%2Fx.example%2F%3Fcode%3D1"),
    ("https://app.example.com/cb", "https://app.example.com/cb?it='s&coder=1&status=2&errors=3&ciss=4"),
    ("https://app.example.com/cb", "https://app.example.com/cb?state2=1&my_code=2&a=code&b=state"),
    ("https://app.example.com/cb", "https://app.example.com/cb?@evil.example/"),
    // Any port of a loopback address.
    ("http://127.0.0.1/cb", "http://127.0.0.1/cb"),
    ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"),
    ("http://127.0.0.1:5000/cb", "http://127.0.0.1:5001/cb?x=1"),
    ("http://127.0.0.1:5000/cb", "http://127.0.0.1/cb"),
    ("http://127.8.9.10/cb", "http://127.8.9.10:65535/cb"),
    ("http://[::1]/cb", "http://[::1]:5000/cb"),
    ("http://localhost/cb", "http://localhost:3000/cb"),
    ("http://localhost:3000/cb", "http://localhost:443/cb"),
    ("http://127.0.0.1/*/cb", "http://127.0.0.1:5000/a/cb"),
    // Wildcards.
    ("https://*.example.com/cb", "https://app.example.com/cb"),
    ("https://*.example.com/cb", "https://a.example.com/cb?x"),
    ("https://*.example.com/cb", "https://7-a.example.com/cb"),
    ("https://*.apps.example.com:8443/cb", "https://t1.apps.example.com:8443/cb"),
    ("https://app.example.com/t/*/cb", "https://app.example.com/t/T123_4.5~6-7/cb"),
    ("https://app.example.com/t/*/cb", "https://app.example.com/t/a..b/cb"),
    ("https://app.example.com/t/*", "https://app.example.com/t/.well-known"),
    ("https://*.example.com/*/*", "https://app.example.com/a/b"),
    // Private schemes.
    ("com.example.app:/cb", "com.example.app:/cb"),
    ("com.example.app:/cb", "com.example.app:/cb?x=1"),
    ("com.example.app:/", "com.example.app:/"),
    // Equal URIs.
    ("https://app.example.com", "https://app.example.com/"),
    ("https://app.example.com/", "https://app.example.com"),
    ("https://app.example.com", "https://app.example.com?tenant=7"),
    ("http://127.0.0.1", "http://127.0.0.1:49152"),
    ("http://127.0.0.1:8123", "http://127.0.0.1:49152/"),
    ("https://app.example.com/cb", "HTTPS://app.example.com/cb"),
    ("com.example.app:/cb", "COM.Example.App:/cb"),
];

#[test]
fn matching_uris_are_accepted_and_kept_in_normal_form() {
    for (registered, presented) in ACCEPTED {
        match choose(registered, presented) {
            Ok(resolved) => assert_eq!(resolved.as_str(), normalized(presented)),
            Err(error) => panic!("{registered} <- {presented}: {error}"),
        }
    }
}

#[test]
fn without_redirect_uri_only_a_single_registered_one_is_used() {
    let uri = |text| RedirectUri::parse(text).expect("legal");
    let fixed = uri("https://app.example.com/cb");
    let choose = |registered: &[RedirectUri]| ResolvedRedirectUri::choose(registered, None);
    assert_eq!(choose(std::slice::from_ref(&fixed)).map(String::from), Ok(fixed.to_string()));
    for registered in [
        vec![],
        vec![fixed.clone(), uri("https://app.example.com/other")],
        vec![fixed.clone(), fixed],
        vec![uri("https://*.example.com/cb")],
        vec![uri("https://app.example.com/*/cb")],
    ] {
        assert_eq!(choose(&registered), Err(RedirectUriError::Missing), "{registered:?}");
    }
}

#[test]
fn a_client_without_redirect_uris_accepts_none() {
    assert_eq!(
        ResolvedRedirectUri::choose(&[], Some("https://app.example.com/cb")),
        Err(RedirectUriError::NotRegistered)
    );
}

#[test]
fn examples_of_a_wildcard_are_right() {
    for registered in [
        "https://*.shop.example/callback",
        "https://shop.example/tenants/*/callback",
        "https://*.shop.example/*",
    ] {
        let examples = RedirectUri::parse(registered).expect("legal").wildcard_examples();
        let [matching, other] = examples.expect("has a wildcard");
        assert!(choose(registered, &matching).is_ok(), "{matching}");
        assert!(choose(registered, &other).is_err(), "{other}");
    }
    assert_eq!(RedirectUri::parse("https://shop.example/callback").expect("legal").wildcard_examples(), None);
}
