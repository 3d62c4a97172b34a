//! Attempts with parts other than the host: registered URI, presented URI, expected error.

use super::*;
use crate::domain::redirect_uri::tests::accepted::choose;
use RedirectUriError::{Malformed, NotRegistered, ReservedQueryParameter};

const APP: &str = "https://app.example.com/cb";
const WILD: &str = "https://app.example.com/t/*/cb";
const PRIVATE: &str = "com.example.app:/cb";

const ATTACKS: &[(&str, &str, RedirectUriError)] = &[
    // Schemes.
    (APP, "http://app.example.com/cb", NotRegistered),
    (APP, "javascript://app.example.com/cb%0aalert(1)", Malformed),
    (APP, "javascript:alert(1)", Malformed),
    (APP, "java\tscript:alert(1)", Malformed),
    (APP, "data:text/html,x", Malformed),
    (APP, "vbscript:x", Malformed),
    (APP, "blob:https://app.example.com/cb", Malformed),
    (APP, "view-source:https://app.example.com/cb", Malformed),
    (APP, "file:///app.example.com/cb", Malformed),
    (APP, "ftp://app.example.com/cb", Malformed),
    (APP, "ws://app.example.com/cb", Malformed),
    (APP, "httpss://app.example.com/cb", Malformed),
    (APP, "app.example.com/cb", Malformed),
    (APP, "/cb", Malformed),
    (APP, "", Malformed),
    (APP, ":", Malformed),
    (APP, "https:", Malformed),
    (APP, "https://", Malformed),
    // Private schemes.
    (PRIVATE, "com.example.app://cb", Malformed),
    (PRIVATE, "com.example.app://evil.example/cb", Malformed),
    (PRIVATE, "com.example.app:///cb", Malformed),
    (PRIVATE, "com.example.app:cb", Malformed),
    (PRIVATE, "com.example.app:", Malformed),
    (PRIVATE, "com.example.app:/.//evil.example/cb", Malformed),
    (PRIVATE, "com.example.app:/x/../cb", Malformed),
    (PRIVATE, "com.example.app:\\cb", Malformed),
    (PRIVATE, "com.example.app:/cb/", NotRegistered),
    (PRIVATE, "com.example.app2:/cb", NotRegistered),
    (PRIVATE, "com.example:/cb", NotRegistered),
    (PRIVATE, "com.example.app:/cb#x", Malformed),
    (PRIVATE, "com.example.app:/cb?code=1", ReservedQueryParameter),
    // Characters.
    (APP, " https://app.example.com/cb", Malformed),
    (APP, "https://app.example.com/cb ", Malformed),
    (APP, "https://app.example.com/cb\n", Malformed),
    (APP, "\u{0}https://app.example.com/cb", Malformed),
    (APP, "ht\ntps://app.example.com/cb", Malformed),
    (APP, "https://app.exa\tmple.com/cb", Malformed),
    (APP, "https://app.example.com/c\rb", Malformed),
    (APP, "https://app.example.com/cb?x=1\r\nSet-Cookie: a=b", Malformed),
    (APP, "https://app.example.com/cb?x=a b", Malformed),
    (APP, "https://app.example.com/cb?x=\u{7f}", Malformed),
    (APP, "https://app.example.com/cb?x=é", Malformed),
    (APP, "https://app.example.com/cb?x=\"><script>", Malformed),
    (APP, "https://app.example.com/cb?x=a\\b", Malformed),
    (APP, "https://app.example.com/cb?x=%", Malformed),
    (APP, "https://app.example.com/cb?x=%4", Malformed),
    (APP, "https://app.example.com/cb?x=%zz", Malformed),
    (APP, "https://app.example.com/cb?x=%+1", Malformed),
    (APP, "\u{feff}https://app.example.com/cb", Malformed),
    // Fragments.
    (APP, "https://app.example.com/cb#", Malformed),
    (APP, "https://app.example.com/cb#x", Malformed),
    (APP, "https://app.example.com/cb?x=1#", Malformed),
    (APP, "https://app.example.com/cb?#code=1", Malformed),
    (APP, "https://app.example.com/cb%23", NotRegistered),
    // Paths.
    (APP, "https://app.example.com", NotRegistered),
    (APP, "https://app.example.com?x=1", NotRegistered),
    (APP, "https://app.example.com/", NotRegistered),
    (APP, "https://app.example.com/cb/", NotRegistered),
    (APP, "https://app.example.com//cb", NotRegistered),
    (APP, "https://app.example.com/cb/x", NotRegistered),
    (APP, "https://app.example.com/cbx", NotRegistered),
    (APP, "https://app.example.com/CB", NotRegistered),
    (APP, "https://app.example.com/c%62", NotRegistered),
    (APP, "https://app.example.com/cb;x", NotRegistered),
    (APP, "https://app.example.com/cb;/", NotRegistered),
    (APP, "https://app.example.com/cb%3Fx=1", NotRegistered),
    (APP, "https://app.example.com/./cb", Malformed),
    (APP, "https://app.example.com/x/../cb", Malformed),
    (APP, "https://app.example.com/cb/..", Malformed),
    (APP, "https://app.example.com/cb/../../evil", Malformed),
    (APP, "https://app.example.com/x/%2e%2e/cb", Malformed),
    (APP, "https://app.example.com/x/.%2E/cb", Malformed),
    (APP, "https://app.example.com/cb%2f..%2fevil", Malformed),
    (APP, "https://app.example.com/cb%5C..", Malformed),
    (APP, "https://app.example.com/cb\\..\\evil", Malformed),
    (APP, "https://app.example.com/cb%00", Malformed),
    (APP, "https://app.example.com/cb%0d%0a", Malformed),
    ("https://app.example.com/caf%C3%A9", "https://app.example.com/caf%c3%a9", NotRegistered),
    ("https://app.example.com/a//b", "https://app.example.com/a/b", NotRegistered),
    // The wildcard of a path.
    (WILD, "https://app.example.com/t//cb", NotRegistered),
    (WILD, "https://app.example.com/t/cb", NotRegistered),
    (WILD, "https://app.example.com/t/a/b/cb", NotRegistered),
    (WILD, "https://app.example.com/t/a/cb/x", NotRegistered),
    (WILD, "https://app.example.com/t/a", NotRegistered),
    (WILD, "https://app.example.com/t/*/cb", NotRegistered),
    (WILD, "https://app.example.com/t/./cb", Malformed),
    (WILD, "https://app.example.com/t/../cb", Malformed),
    (WILD, "https://app.example.com/t/.../cb", NotRegistered),
    (WILD, "https://app.example.com/t/..;/cb", NotRegistered),
    (WILD, "https://app.example.com/t/..;a=b/cb", NotRegistered),
    (WILD, "https://app.example.com/t/%2e%2e/cb", Malformed),
    (WILD, "https://app.example.com/t/%252e%252e/cb", NotRegistered),
    (WILD, "https://app.example.com/t/a%2fb/cb", Malformed),
    (WILD, "https://app.example.com/t/a%252fb/cb", NotRegistered),
    (WILD, "https://app.example.com/t/%c0%ae%c0%ae/cb", NotRegistered),
    (WILD, "https://app.example.com/t/%ef%bc%8f/cb", NotRegistered),
    (WILD, "https://app.example.com/t/%C3%BC/cb", NotRegistered),
    (WILD, "https://app.example.com/t/a%20b/cb", NotRegistered),
    (WILD, "https://app.example.com/t/a?/cb", NotRegistered),
    (WILD, "https://app.example.com/t/a@evil.example/cb", NotRegistered),
    (WILD, "https://app.example.com/t/https:/cb", NotRegistered),
    // The query.
    (APP, "https://app.example.com/cb?code=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?code", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?x=1&state=2", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?&&iss=2", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?error=x", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?error_description=x", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?error_uri=x", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?%63ode=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?%63%6F%64%65=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?error%5fdescription=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?%2563ode=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?x=1;code=2", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?x=1&amp;code=2", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?CODE=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?code%5B%5D=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?%5Bcode%5D=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?code%00x=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?+code=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?code+=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?error.uri=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?error+uri=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb??code=1", ReservedQueryParameter),
    (APP, "https://app.example.com/cb?code?=1", ReservedQueryParameter),
];

#[test]
fn attacks_on_other_parts_are_rejected() {
    for (registered, presented, error) in ATTACKS {
        assert_eq!(choose(registered, presented), Err(*error), "{registered} <- {presented:?}");
    }
}

#[test]
fn a_presented_uri_has_a_maximum_length() {
    let of = |length: usize| format!("{APP}?x={}", "y".repeat(length - APP.len() - 3));
    assert!(choose(APP, &of(MAX_PRESENTED_BYTES)).is_ok());
    assert_eq!(choose(APP, &of(MAX_PRESENTED_BYTES + 1)), Err(Malformed));
    assert_eq!(choose(APP, &of(1 << 20)), Err(Malformed));
}

#[test]
fn a_name_encoded_a_thousand_times_is_still_recognised() {
    let presented = format!("{APP}?%{}63ode=1", "25".repeat(1000));
    assert_eq!(choose(APP, &presented), Err(ReservedQueryParameter));
}
