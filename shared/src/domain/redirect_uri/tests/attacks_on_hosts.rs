//! Attempts to send a browser to another host: registered URI, presented URI, expected error.

use super::*;
use crate::domain::redirect_uri::tests::accepted::choose;
use RedirectUriError::{Malformed, NotRegistered};

const APP: &str = "https://app.example.com/cb";
const WILD: &str = "https://*.example.com/cb";
const LOOPBACK: &str = "http://127.0.0.1:5000/cb http://[::1]/cb http://localhost:3000/cb";

const ATTACKS: &[(&str, &str, RedirectUriError)] = &[
    // Another host, plainly.
    (APP, "https://evil.example/cb", NotRegistered),
    (APP, "https://example.com/cb", NotRegistered),
    (APP, "https://www.app.example.com/cb", NotRegistered),
    (APP, "https://app.example.com.evil.example/cb", NotRegistered),
    (APP, "https://app.example.comevil.example/cb", NotRegistered),
    (APP, "https://evilapp.example.com/cb", NotRegistered),
    (APP, "https://app-example.com/cb", NotRegistered),
    (APP, "https://com/cb", NotRegistered),
    // User information.
    (APP, "https://app.example.com@evil.example/cb", Malformed),
    (APP, "https://user@app.example.com/cb", Malformed),
    (APP, "https://user:pw@app.example.com/cb", Malformed),
    (APP, "https://@app.example.com/cb", Malformed),
    (APP, "https://:@app.example.com/cb", Malformed),
    (APP, "https://app.example.com:443@evil.example/cb", Malformed),
    (APP, "https://app.example.com%40evil.example/cb", Malformed),
    (APP, "https://evil.example%23@app.example.com/cb", Malformed),
    // Where the host ends.
    (APP, "https://app.example.com\\@evil.example/cb", Malformed),
    (APP, "https://evil.example\\.app.example.com/cb", Malformed),
    (APP, "https:\\\\app.example.com/cb", Malformed),
    (APP, "https://app.example.com\\cb", Malformed),
    (APP, "https:/app.example.com/cb", Malformed),
    (APP, "https:app.example.com/cb", Malformed),
    (APP, "https:///app.example.com/cb", Malformed),
    (APP, "https:////app.example.com/cb", Malformed),
    (APP, "//app.example.com/cb", Malformed),
    (APP, "https://?app.example.com/cb", Malformed),
    (APP, "https:///cb", Malformed),
    (APP, "https://evil.example#@app.example.com/cb", Malformed),
    (APP, "https://evil.example?@app.example.com/cb", NotRegistered),
    (APP, "https://evil.example;app.example.com/cb", Malformed),
    (APP, "https://evil.example,app.example.com/cb", Malformed),
    (APP, "https://evil.example&app.example.com/cb", Malformed),
    // Dots, case and spelling.
    (APP, "https://app.example.com./cb", Malformed),
    (APP, "https://.app.example.com/cb", Malformed),
    (APP, "https://app..example.com/cb", Malformed),
    (APP, "https://APP.example.com/cb", Malformed),
    (APP, "https://app%2eexample.com/cb", Malformed),
    (APP, "https://%61pp.example.com/cb", Malformed),
    (APP, "https://app.example.com%00.evil.example/cb", Malformed),
    (APP, "https://app.example.com%2f.evil.example/cb", Malformed),
    // Other alphabets.
    (APP, "https://аpp.example.com/cb", Malformed),
    (APP, "https://app。example.com/cb", Malformed),
    (APP, "https://app．example.com/cb", Malformed),
    (APP, "https://ａpp.example.com/cb", Malformed),
    (APP, "https://app.example.com\u{ff0f}.evil.example/cb", Malformed),
    (APP, "https://a\u{ad}pp.example.com/cb", Malformed),
    (APP, "https://app.example.\u{212a}om/cb", Malformed),
    (APP, "https://xn--pp-7kc.example.com/cb", NotRegistered),
    ("https://bucher.example/cb", "https://xn--bcher-kva.example/cb", NotRegistered),
    ("https://xn--bcher-kva.example/cb", "https://bücher.example/cb", Malformed),
    ("https://xn--bcher-kva.example/cb", "https://XN--bcher-kva.example/cb", Malformed),
    // Ports.
    (APP, "https://app.example.com:443/cb", Malformed),
    (APP, "https://app.example.com:/cb", Malformed),
    (APP, "https://app.example.com:8443/cb", NotRegistered),
    (APP, "https://app.example.com:80/cb", NotRegistered),
    (APP, "https://app.example.com:0/cb", Malformed),
    (APP, "https://app.example.com:00443/cb", Malformed),
    (APP, "https://app.example.com:65536/cb", Malformed),
    (APP, "https://app.example.com:+444/cb", Malformed),
    (APP, "https://app.example.com:4a/cb", Malformed),
    (APP, "https://app.example.com:443:444/cb", Malformed),
    ("https://app.example.com:8443/cb", APP, NotRegistered),
    ("https://app.example.com:8443/cb", "https://app.example.com:08443/cb", Malformed),
    ("https://127.0.0.1:8443/cb", "https://127.0.0.1:8444/cb", NotRegistered),
    // The wildcard of a host.
    (WILD, "https://example.com/cb", NotRegistered),
    (WILD, "https://.example.com/cb", Malformed),
    (WILD, "https://a.b.example.com/cb", NotRegistered),
    (WILD, "https://*.example.com/cb", Malformed),
    (WILD, "https://*/cb", Malformed),
    (WILD, "https://a*.example.com/cb", Malformed),
    (WILD, "https://appexample.com/cb", NotRegistered),
    (WILD, "https://evil.example/.example.com/cb", NotRegistered),
    (WILD, "https://evil.example?.example.com/cb", NotRegistered),
    (WILD, "https://evil.example\\.example.com/cb", Malformed),
    (WILD, "https://evil.example#.example.com/cb", Malformed),
    (WILD, "https://evil.example@a.example.com/cb", Malformed),
    (WILD, "https://evil.example%2f.example.com/cb", Malformed),
    (WILD, "https://a.example.com.evil.example/cb", NotRegistered),
    (WILD, "https://a.example.com:8443/cb", NotRegistered),
    (WILD, "https://-a.example.com/cb", Malformed),
    (WILD, "https://a-.example.com/cb", Malformed),
    (WILD, "https://a_b.example.com/cb", Malformed),
    (WILD, "https://A.example.com/cb", Malformed),
    (WILD, "https://xn--pple-43d.example.com/cb", NotRegistered),
    (WILD, "https://ab--c.example.com/cb", NotRegistered),
    (WILD, "https://a.example.com./cb", Malformed),
    (WILD, "http://a.example.com/cb", NotRegistered),
    // Addresses.
    ("https://203.0.113.7/cb", "https://3405803783/cb", Malformed),
    ("https://203.0.113.7/cb", "https://203.0.113.07/cb", Malformed),
    ("https://203.0.113.7/cb", "https://0xcb.0.113.7/cb", Malformed),
    ("https://203.0.113.7/cb", "https://203.0.28935/cb", Malformed),
    ("https://203.0.113.7/cb", "https://203.0.113.7./cb", Malformed),
    ("https://203.0.113.7/cb", "https://[::ffff:203.0.113.7]/cb", Malformed),
    ("https://203.0.113.7/cb", "https://[::ffff:cb00:7107]/cb", NotRegistered),
    ("https://[2001:db8::7]/cb", "https://[2001:DB8::7]/cb", Malformed),
    ("https://[2001:db8::7]/cb", "https://[2001:db8:0::7]/cb", Malformed),
    ("https://[2001:db8::7]/cb", "https://2001:db8::7/cb", Malformed),
    ("https://[2001:db8::7]/cb", "https://[2001:db8::7%25eth0]/cb", Malformed),
    ("https://[2001:db8::7]/cb", "https://[2001:db8::7/cb", Malformed),
    ("https://[2001:db8::7]/cb", "https://[2001:db8::7].evil.example/cb", Malformed),
    // Loopback, and what looks like it.
    (LOOPBACK, "http://127.0.0.1.evil.example/cb", NotRegistered),
    (LOOPBACK, "http://localhost.evil.example/cb", NotRegistered),
    (LOOPBACK, "http://127.0.0.1@evil.example/cb", Malformed),
    (LOOPBACK, "http://127.0.0.1:5000@evil.example/cb", Malformed),
    (LOOPBACK, "http://127.0.0.2:5000/cb", NotRegistered),
    (LOOPBACK, "http://127.1:5000/cb", Malformed),
    (LOOPBACK, "http://2130706433:5000/cb", Malformed),
    (LOOPBACK, "http://0x7f000001/cb", Malformed),
    (LOOPBACK, "http://0177.0.0.1/cb", Malformed),
    (LOOPBACK, "http://0/cb", Malformed),
    (LOOPBACK, "http://0.0.0.0:5000/cb", NotRegistered),
    (LOOPBACK, "http://[::]/cb", NotRegistered),
    (LOOPBACK, "http://[0:0:0:0:0:0:0:1]/cb", Malformed),
    (LOOPBACK, "http://[::0001]/cb", Malformed),
    (LOOPBACK, "http://[::ffff:7f00:1]/cb", NotRegistered),
    (LOOPBACK, "http://[::1]evil.example/cb", Malformed),
    (LOOPBACK, "http://::1:5000/cb", Malformed),
    (LOOPBACK, "http://localhost./cb", Malformed),
    (LOOPBACK, "http://LOCALHOST:3000/cb", Malformed),
    (LOOPBACK, "http://a.localhost:3000/cb", NotRegistered),
    (LOOPBACK, "http://127.0.0.1:80/cb", Malformed),
    (LOOPBACK, "http://127.0.0.1:0/cb", Malformed),
    (LOOPBACK, "http://127.0.0.1:/cb", Malformed),
    (LOOPBACK, "http://127.0.0.1:65536/cb", Malformed),
    (LOOPBACK, "https://127.0.0.1:5000/cb", NotRegistered),
    ("http://127.0.0.1/cb", "http://localhost/cb", NotRegistered),
    ("http://127.0.0.1/cb", "http://[::1]/cb", NotRegistered),
    ("http://localhost/cb", "http://127.0.0.1/cb", NotRegistered),
];

#[test]
fn attacks_on_the_host_are_rejected() {
    for (registered, presented, error) in ATTACKS {
        assert_eq!(choose(registered, presented), Err(*error), "{registered} <- {presented}");
    }
}

#[test]
fn labels_and_host_names_have_a_maximum_length() {
    let under = |label: &str| choose(WILD, &format!("https://{label}.example.com/cb"));
    assert!(under(&"a".repeat(63)).is_ok());
    assert_eq!(under(&"a".repeat(64)), Err(Malformed));
    let parent = format!("{}com", format!("{}.", "p".repeat(60)).repeat(4));
    let registered = RedirectUri::parse(&format!("https://*.{parent}/")).expect("247 characters");
    let choose = |label: &str| {
        ResolvedRedirectUri::choose(
            std::slice::from_ref(&registered),
            Some(&format!("https://{label}.{parent}/")),
        )
    };
    assert!(choose("five5").is_ok());
    assert_eq!(choose("sixsix"), Err(Malformed));
}
