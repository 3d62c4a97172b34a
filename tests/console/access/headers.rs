//! Headers of every response: what browsers may keep, frame and run, and who gets the cookie.

use crate::console::access::people::Person;
use crate::console::access::routes::{Needs, fields, filled_in, table};
use crate::support::app::TestApp;
use crate::support::http::TestResponse;

/// The largest page, in bytes.
const MAX_BYTES: usize = 60_000;

#[track_caller]
fn check(response: &TestResponse, case: &str) {
    assert_eq!(response.header("cache-control"), "no-store", "{case}");
    for set in response.headers.get_all("set-cookie") {
        let set = set.to_str().unwrap();
        let attributes: Vec<&str> = set.split("; ").skip(1).collect();
        assert!(set.starts_with("__Host-latchkey"), "{case}: {set}");
        for attribute in ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"] {
            assert!(attributes.contains(&attribute), "{case}: {attribute}: {set}");
        }
        assert!(!set.contains("Domain"), "{case}: {set}");
    }
    if !response.header("content-type").starts_with("text/html") {
        return;
    }
    let policy = response.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{case}: {policy}");
    assert!(policy.contains("script-src 'sha256-") && !policy.contains("unsafe"), "{case}: {policy}");
    assert!(
        policy.contains("form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),
        "{case}: {policy}"
    );
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("referrer-policy", "same-origin"),
    ] {
        assert_eq!(response.header(name), value, "{case}: {name}");
    }
    assert!(response.text().len() < MAX_BYTES, "{case}: {} bytes", response.text().len());
}

#[tokio::test]
async fn no_response_is_stored_framed_or_runs_other_scripts() {
    let latchkey = TestApp::with_fixtures().await;
    let mut number = 0;
    for person in [Person::SignedOut, Person::Administrator] {
        let browser = person.browser(&latchkey).await;
        let (last, rows): (Vec<_>, Vec<_>) =
            table().into_iter().partition(|(route, ..)| route == "/console/sign-out");
        for (route, get, post) in rows.into_iter().chain(last) {
            let client = latchkey.fixtures().client().await;
            let path = filled_in(&route, &client);
            let case = |method| format!("{person:?} {method} {route}");
            check(&browser.request("DELETE", &path).send().await, &case("DELETE"));
            if get != Needs::NoMethod {
                check(&browser.request("GET", &path).send().await, &case("GET"));
            }
            if post != Needs::NoMethod {
                number += 1;
                check(&browser.request("POST", &path).form("").send().await, &case("forged POST"));
                check(&browser.send_form(&path, &fields(number, &client)).await, &case("POST"));
            }
        }
        check(&browser.request("GET", "/console/nothing").send().await, "a path that is none");
    }
}
