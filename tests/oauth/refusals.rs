//! What the owner of a client can read of its refusals, and the caller cannot tell.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::domain::client::client_secret::ClientSecret;
use std::time::{Duration, Instant};

fn wrong_secret() -> String {
    ClientSecret::from_random_bytes([9; 32]).expose().to_owned()
}

async fn watched_app() -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.set_time("2026-11-27T10:00:00Z".parse().unwrap());
    (latchkey, proxy)
}

async fn refusals(latchkey: &TestApp, path: &str) -> Value {
    latchkey.get(&format!("{path}/refusals")).await.expect(200).json()["items"].clone()
}

#[tokio::test]
async fn owner_reads_reason_address_and_hours() {
    let (mut latchkey, _proxy) = watched_app().await;
    let members = json!({ "allowed_ips": ["203.0.113.0/24"] });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    assert_eq!(refusals(&latchkey, &client.path()).await, json!([]));
    let send = async |latchkey: &TestApp, secret: &str, source: &str| {
        let request = latchkey.request("POST", "/oauth/token").basic(&client.client_id, secret).from(source);
        request.form("grant_type=client_credentials").send().await.expect(401);
    };
    send(&latchkey, &client.client_secret, "198.51.100.1").await;
    latchkey.advance(SignedDuration::from_mins(30));
    send(&latchkey, &client.client_secret, "198.51.100.2").await;
    latchkey.advance(SignedDuration::from_mins(30));
    send(&latchkey, &client.client_secret, "198.51.100.3").await;
    latchkey.advance(SignedDuration::from_mins(60));
    send(&latchkey, &wrong_secret(), "198.51.100.4").await;
    let expected = json!([
        { "reason": "wrong_secret", "first_address": "198.51.100.4",
          "last_hour": "2026-11-27T12:00:00Z", "hours_in_7_days": 1 },
        { "reason": "address_not_allowed", "first_address": "198.51.100.3",
          "last_hour": "2026-11-27T11:00:00Z", "hours_in_7_days": 2 },
    ]);
    assert_eq!(refusals(&latchkey, &client.path()).await, expected);
    latchkey.advance(SignedDuration::from_hours(24 * 7 - 1));
    let week_later = refusals(&latchkey, &client.path()).await;
    assert_eq!(week_later.as_array().unwrap().len(), 1, "{week_later}");
}

#[tokio::test]
async fn account_has_the_refusals_of_all_its_clients_in_the_last_day() {
    let (mut latchkey, _proxy) = watched_app().await;
    latchkey.fixtures().account("T2").await;
    let (first, second) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let other = latchkey.fixtures().client_with("T2", &json!({})).await;
    latchkey.token(&first.client_id, &wrong_secret(), "").await.expect(401);
    latchkey.token(&other.client_id, &wrong_secret(), "").await.expect(401);
    latchkey.advance(SignedDuration::from_hours(2));
    latchkey.token(&first.client_id, &wrong_secret(), "").await.expect(401);
    latchkey.advance(SignedDuration::from_hours(1));
    latchkey.token(&second.client_id, &wrong_secret(), "").await.expect(401);
    let seen = async |latchkey: &TestApp| {
        let items = refusals(latchkey, &format!("/v1/accounts/{ACCOUNT}")).await;
        let one = |item: &Value| {
            assert_eq!(item["reason"], "wrong_secret");
            (item["client_id"].as_str().unwrap().to_owned(), item["hours_in_24_hours"].as_u64().unwrap())
        };
        items.as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    let (first, second) = (first.client_id, second.client_id);
    assert_eq!(seen(&latchkey).await, [(second.clone(), 1), (first.clone(), 2)]);
    latchkey.advance(SignedDuration::from_hours(22));
    assert_eq!(seen(&latchkey).await, [(second, 1), (first, 1)]);
}

#[tokio::test]
async fn owner_reads_which_scopes_resources_grants_and_redirect_uris_were_refused() {
    let (latchkey, _proxy) = watched_app().await;
    let client = latchkey.fixtures().client().await;
    for (more, status) in [("&scope=admin", 400), ("&resource=https%3A%2F%2Fother.example.com", 400)] {
        latchkey.token(&client.client_id, &client.client_secret, more).await.expect(status);
    }
    let app =
        json!({ "grant_types": ["authorization_code"], "redirect_uris": ["https://shop.example.com/cb"] });
    let app = latchkey.fixtures().client_with(ACCOUNT, &app).await;
    latchkey.token(&app.client_id, &app.client_secret, "").await.expect(400);
    let wrong = "response_type=code&redirect_uri=https%3A%2F%2Fother.example.com%2Fcb";
    let path = format!("/oauth/authorize?client_id={}&{wrong}", app.client_id);
    latchkey.request("GET", &path).from("198.51.100.7").send().await.expect(400);
    let reasons = async |path: &str| {
        let items = refusals(&latchkey, path).await;
        let reasons = items.as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap().to_owned());
        reasons.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(reasons(&client.path()).await, ["resource_not_granted", "scope_not_granted"]);
    assert_eq!(reasons(&app.path()).await, ["grant_not_allowed", "wrong_redirect_uri"]);
    assert!(refusals(&latchkey, &app.path()).await.to_string().contains("198.51.100.7"));
}

#[tokio::test]
async fn refusals_need_clients_read_in_the_account() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let client = latchkey.fixtures().client().await;
    for path in [format!("{}/refusals", client.path()), format!("/v1/accounts/{ACCOUNT}/refusals")] {
        for (account, scopes, status) in
            [(ACCOUNT, ["clients:read"], 200), (ACCOUNT, ["audit:read"], 403), ("T2", ["clients:read"], 404)]
        {
            let (_, token) = latchkey.fixtures().administrator(account, &scopes).await;
            latchkey.request("GET", &path).bearer(&token).send().await.expect(status);
        }
    }
    latchkey.get(&format!("/v1/accounts/{ACCOUNT}/clients/unknown/refusals")).await.expect(404);
}

#[tokio::test]
async fn each_reason_is_written_once_an_hour_and_nothing_for_unknown_ids() {
    let (mut latchkey, proxy) = watched_app().await;
    let client = latchkey.fixtures().client().await;
    let writes = async |latchkey: &TestApp, id: &str| {
        proxy.take_calls();
        latchkey.token(id, &wrong_secret(), "").await.expect(401);
        proxy.take_calls().iter().filter(|call| call.operation == "TransactWriteItems").count()
    };
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(writes(&latchkey, &client.client_id).await);
    }
    for _ in 0..3 {
        seen.push(writes(&latchkey, "unknown").await);
    }
    latchkey.set_time("2026-11-27T11:00:00Z".parse().unwrap());
    seen.push(writes(&latchkey, &client.client_id).await);
    assert_eq!(seen, [1, 0, 0, 0, 0, 0, 1]);
}

#[tokio::test]
async fn text_that_is_no_secret_is_noted_for_one_read_and_one_write_an_hour() {
    let (mut latchkey, proxy) = watched_app().await;
    let client = latchkey.fixtures().client().await;
    let secret = &client.client_secret;
    let cut_off = &secret[..secret.len() - 1];
    let swapped = format!("{}{}", &secret[..20], secret[20..].chars().rev().collect::<String>());
    latchkey.token("unknown", "x", "").await.expect(401);
    let mut seen = Vec::new();
    for (id, text) in [
        (client.client_id.as_str(), cut_off),
        (&client.client_id, &format!(" {secret}")),
        (&client.client_id, &swapped),
        ("none", cut_off),
        ("none", cut_off),
    ] {
        proxy.take_calls();
        latchkey.token(id, text, "").await.expect(401);
        seen.push(proxy.take_counts());
    }
    assert_eq!(seen, ["Query, TransactWriteItems", "", "", "Query", ""]);
    latchkey.set_time("2026-11-27T11:00:00Z".parse().unwrap());
    latchkey.token(&client.client_id, cut_off, "").await.expect(401);
    let noted = refusals(&latchkey, &client.path()).await;
    assert_eq!(noted[0]["reason"], "malformed_secret", "{noted}");
    assert_eq!(noted[0]["hours_in_7_days"], 2, "{noted}");
}

#[tokio::test]
async fn refusal_takes_at_least_30_milliseconds() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for id in ["unknown", &client.client_id, "a/b"] {
        for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke"] {
            let started = Instant::now();
            let form = "grant_type=client_credentials&token=x";
            let request = latchkey.request("POST", path).basic(id, &wrong_secret()).form(form);
            request.send().await.expect(401);
            assert!(started.elapsed() >= Duration::from_millis(30), "{id} {path}");
        }
    }
}

#[tokio::test]
async fn refusal_that_cannot_be_noted_is_the_same_response() {
    use crate::support::fault_injection::{FAULTS, cold_start, fault};
    use crate::support::http::TestRequest;
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for name in FAULTS {
        let (app, _, proxy) = cold_start(&latchkey).await;
        let router = token::router(app);
        let send = async |id: &str| {
            let request = TestRequest::new(router.clone(), "POST", "/oauth/token").basic(id, &wrong_secret());
            request.form("grant_type=client_credentials").send().await.expect(401).dump()
        };
        let expected = send("unknown").await;
        proxy.inject(fault(name, "TransactWriteItems"));
        assert_eq!(send(&client.client_id).await, expected, "{name}");
    }
}
