//! Registration of redirect URIs.

use super::*;
use proptest::prelude::*;

pub mod accepted;
pub mod attacks_elsewhere;
pub mod attacks_on_hosts;
mod properties;
pub mod reference_parser;
pub mod responses;

#[test]
fn valid_uris_can_be_registered() {
    for text in [
        "https://app.example.com/callback",
        "https://app.example.com/",
        "https://app.example.com:8443/callback",
        "https://*.example.com/callback",
        "https://app.example.com/tenants/*/callback",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:5000/callback",
        "http://[::1]/callback",
        "http://localhost:3000/callback",
        "com.example.app:/callback",
        "https://app.example.com",
        "http://127.0.0.1:8123",
        "COM.Example.App:/callback",
    ] {
        assert!(RedirectUri::parse(text).is_ok(), "{text}: {:?}", RedirectUri::parse(text));
    }
}

#[test]
fn invalid_uris_cannot_be_registered() {
    for text in [
        "",
        "/callback",
        "app.example.com/callback",
        "https://APP.example.com/",
        "https://app.example.com:443/",
        "https://app.example.com/a/../b",
        "https://app.example.com/%2e%2e/b",
        "https://app.example.com/a%2fb",
        "https://app.example.com/a%5Cb",
        "https://app.example.com\\@evil.example/",
        "https://app.example.com/cb#x",
        "https://app.example.com/cb?x=1",
        "https://user@app.example.com/cb",
        "http://app.example.com/cb",
        "http://127.0.0.1.evil.example/cb",
        "https://*/cb",
        "https://*.com/cb",
        "https://*.co.uk/cb",
        "https://*.github.io/cb",
        "https://a.*.example.com/cb",
        "https://a*.example.com/cb",
        "https://app.example.com/a*/cb",
        "https://bücher.example/cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "myapp://callback",
        "com.example.app://callback",
        "com.example.app:callback",
        "com.example.app:/*",
        // Browsers, or a Content Security Policy, would parse these differently.
        "com.example.app:///callback",
        "com.example.app:/.//evil.example/cb",
        "com.example.app:/a/../cb",
        "com.example.app:/a b",
        "com.example.app:/a|b",
        "https://app.example.com./cb",
        "https://*.example.com./cb",
        "https://my_app.example.com/cb",
        "https://a;script-src.example.com/cb",
        "https://a,b.example.com/cb",
        "https://a'b.example.com/cb",
        "https://-app.example.com/cb",
        "https://app..example.com/cb",
        "https://app.example.com:0/cb",
        "http://127.0.0.1:80/cb",
        "http://127.1/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://localhost./cb",
        "http://*.localhost/cb",
        "https://app.example.com/%00",
        "https://app.example.com/a%0d%0ab",
        "https://app.example.com/100%",
        "https://app.example.com/[a]",
        "https://app.example.com/a\\b",
    ] {
        assert!(RedirectUri::parse(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn registration_never_panics(text in "(https?|[a-z.]{1,9})://?[a-z*.@:\\[\\]0-9%\\\\/]{0,40}") {
        if let Ok(uri) = RedirectUri::parse(&text) {
            prop_assert_eq!(uri.as_str(), &*normalized(&text));
        }
    }
}

#[test]
fn a_rejected_uri_is_told_what_is_wrong_with_it() {
    for (text, expected) in [
        (
            "com.example.app://callback",
            "one slash comes after a private scheme: write com.example.app:/callback",
        ),
        (
            "com.example.app:callback",
            "one slash comes after a private scheme: write com.example.app:/callback",
        ),
        ("com.example.app:///callback", "write com.example.app:/callback"),
        (
            "cursor://anysphere.cursor-mcp/oauth",
            "must be a reversed domain name, such as com.example.app:/callback; cursor",
        ),
        ("com.example.my_app:/cb", "com.example.my_app has others"),
        ("com.example.app:/*", "* may only stand"),
        ("https://APP.example.com/", "which is https://app.example.com/"),
        ("https://app.example.com/cb ", "which is https://app.example.com/cb"),
        ("http://app.example.com/cb", "must use https"),
    ] {
        let error = RedirectUri::parse(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}
