//! What is accepted as a URL of another host.

use super::*;
use proptest::prelude::*;

#[test]
fn https_urls_with_a_host_name_are_accepted() {
    for text in [
        "https://example.com/keys.json",
        "https://example.com",
        "https://example.com/",
        "https://login.example.com:8443/a/b",
        "https://xn--bcher-kva.example/jwks",
    ] {
        assert!(JwksUri::parse(text).is_ok() && ExternalIssuer::parse(text).is_ok(), "{text}");
    }
    assert!(JwksUri::parse("https://example.com/keys?tenant=a").is_ok());
    assert!(ExternalIssuer::parse("https://example.com/?tenant=a").is_err());
}

#[test]
fn other_urls_are_rejected() {
    for text in [
        "",
        "example.com",
        "//example.com/",
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "data:,x",
        "gopher://example.com/",
        "https://",
        "https:///x",
        "https://localhost/",
        "https://localhost./",
        "https://example.com./",
        "https://internal/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://8.8.8.8/",
        "https://user@example.com/",
        "https://user:pw@example.com/",
        "https://@example.com/",
        "https://example.com@127.0.0.1/",
        "https://example.com#x",
        "https://example.com/#x",
        "https://EXAMPLE.com/",
        "HTTPS://example.com/",
        "https://example.com:443/",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://example.com/a/../b",
        "https://example.com/./b",
        "https://example.com\\@127.0.0.1/",
        "https://example.com/a b",
        "https://ex\tample.com/",
        "https://example.com/\n",
        " https://example.com/",
        "https:example.com/",
        "https:/example.com/",
        "https://bücher.example/",
        "https://１２７.0.0.1/",
        "https://example。com/",
        "https://%65xample.com/",
        "https://example.com%00.evil.example/",
    ] {
        assert!(JwksUri::parse(text).is_err(), "{text}");
    }
    assert!(JwksUri::parse(&format!("https://example.com/{}", "a".repeat(500))).is_err());
}

#[test]
fn each_refusal_names_its_rule() {
    use InvalidRemoteUrl::{
        Address, Blanks, Fragment, HostName, NotAUrl, Port, Query, Scheme, TooLong, UserInfo,
    };
    for (text, rule) in [
        (" https://example.com", Blanks),
        ("https://example.com\n", Blanks),
        ("example.com", NotAUrl),
        ("", NotAUrl),
        ("http://example.com", Scheme),
        ("https://8.8.8.8/", Address),
        ("https://[::1]/", Address),
        ("https://localhost/", HostName),
        ("https://example.com./", HostName),
        ("https://user@example.com/", UserInfo),
        ("https://@example.com/", UserInfo),
        ("https://example.com#x", Fragment),
        ("https://example.com?x=1", Query),
        ("https://example.com:0/", Port),
        (&format!("https://example.com/{}", "a".repeat(500)), TooLong),
    ] {
        assert_eq!(ExternalIssuer::parse(text), Err(rule), "{text}");
    }
    for (text, normal) in [
        ("https://EXAMPLE.com/a?secret=1", "https://example.com/a"),
        ("HTTPS://example.com", "https://example.com/"),
        ("https://example.com:443/", "https://example.com/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.com/a/../b", "https://example.com/b"),
    ] {
        assert_eq!(JwksUri::parse(text), Err(InvalidRemoteUrl::NotNormal(normal.to_owned())), "{text}");
    }
}

#[test]
fn issuers_that_no_token_has_are_known() {
    for (text, said) in [
        ("https://example.com/.well-known/openid-configuration", "metadata document"),
        ("https://example.com/t/.well-known/oauth-authorization-server", "metadata document"),
        ("https://login.microsoftonline.com/common/v2.0", "names no tenant"),
        ("https://login.microsoftonline.com/organizations/v2.0", "names no tenant"),
        ("https://login.microsoftonline.us/consumers/v2.0", "names no tenant"),
        ("https://example.com/*/x", "wildcard"),
    ] {
        let issuer = ExternalIssuer::parse(text).expect("legal");
        assert!(issuer.never_matches().is_some_and(|detail| detail.contains(said)), "{text}");
    }
    for text in [
        "https://example.com",
        "https://example.com/common/v2.0",
        "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
    ] {
        assert_eq!(ExternalIssuer::parse(text).expect("legal").never_matches(), None, "{text}");
    }
}

#[test]
fn the_host_includes_the_port() {
    for text in ["https://example.com:8443", "https://example.com:8443/a/b", "https://example.com:8443/?a=b"]
    {
        assert_eq!(JwksUri::parse(text).expect("legal").host(), "example.com:8443");
    }
}

#[test]
fn the_configuration_url_is_below_the_issuers_path() {
    for (issuer, at) in [
        ("https://example.com", "https://example.com/.well-known/openid-configuration"),
        ("https://example.com/", "https://example.com/.well-known/openid-configuration"),
        ("https://example.com/t/a", "https://example.com/t/a/.well-known/openid-configuration"),
    ] {
        assert_eq!(ExternalIssuer::parse(issuer).expect("legal").configuration_url(), at);
    }
}

#[test]
fn special_names_and_ports_are_not_permitted_any_more() {
    let named = |text| JwksUri::parse(text).expect("legal").not_permitted();
    assert!(named("https://printer.local:22/keys").is_some_and(|rule| rule.contains("public host")));
    assert_eq!(named("https://example.com:22/keys"), Some("must be on port 443 or 8443"));
    for (text, uri, issuer) in [
        ("https://example.com/keys", true, true),
        ("https://example.com:8443/keys", true, true),
        ("https://example.com:6443/keys", false, true),
        ("https://example.com:22/keys", false, false),
        ("https://example.com:25/keys", false, false),
        ("https://metadata.google.internal/keys", false, false),
        ("https://printer.local/keys", false, false),
        ("https://foo.localhost/keys", false, false),
        ("https://router.home.arpa/keys", false, false),
        ("https://internal.example.com/keys", true, true),
        ("https://my-internal/keys.example.com", false, false),
    ] {
        let parsed = JwksUri::parse(text);
        assert_eq!(parsed.as_ref().is_ok_and(JwksUri::is_permitted), uri, "{text}");
        let parsed = ExternalIssuer::parse(text);
        assert_eq!(parsed.as_ref().is_ok_and(ExternalIssuer::is_permitted), issuer, "{text}");
    }
}

#[test]
fn an_issuer_publishes_at_its_own_host_or_at_a_permitted_url() {
    let issuer = ExternalIssuer::parse("https://k8s.example.com:6443").expect("legal");
    for (text, expected) in [
        ("https://k8s.example.com:6443/openid/v1/jwks", true),
        ("https://keys.example.com/jwks", true),
        ("https://k8s.example.com:22/jwks", false),
        ("https://keys.example.com:6443/jwks", false),
    ] {
        assert_eq!(issuer.may_publish_at(&JwksUri::parse(text).expect("legal")), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn an_accepted_url_is_https_with_a_host_name(text in "(https|http)://[a-z0-9.@:\\[\\]%\\\\/-]{0,30}|\\PC{0,30}") {
        if JwksUri::parse(&text).is_ok() {
            let url = Url::parse(&text).expect("a URL");
            prop_assert_eq!(url.scheme(), "https");
            prop_assert!(url.host_str().is_some_and(|host| host.parse::<std::net::IpAddr>().is_err()));
        }
    }
}
