//! `Idempotency-Key`: a request that is sent again is not carried out again.

use super::{ACCOUNTS, CLIENTS, MEMBERS, RESOURCES, days_ahead};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn keyed(latchkey: &TestApp, path: &str, key: &str, body: &Value) -> TestResponse {
    latchkey.admin_request("POST", path).await.header("idempotency-key", key).json(body).send().await
}

#[tokio::test]
async fn a_repeat_returns_the_same_thing_and_makes_no_second_one() {
    let latchkey = TestApp::with_fixtures().await;
    let cases = [
        (ACCOUNTS, json!({ "account_name": "Acme" })),
        (RESOURCES, json!({ "resource_id": "files" })),
        (MEMBERS, json!({ "email": "ann@acme.example", "name": "Ann" })),
        (CLIENTS, json!({ "client_name": "x", "client_id": "chosen" })),
    ];
    for (path, body) in cases {
        let first = keyed(&latchkey, path, "k1", &body).await.expect(201);
        let count = latchkey.items_of(path).await.len();
        let again = keyed(&latchkey, path, "k1", &body).await.expect(201);
        assert_eq!((again.header("location"), again.etag()), (first.header("location"), first.etag()));
        let mut expected = first.json();
        expected.as_object_mut().unwrap().remove("client_secret");
        assert_eq!(again.json(), expected);
        assert_eq!(latchkey.items_of(path).await.len(), count, "{path}");
    }
}

#[tokio::test]
async fn a_repeat_does_not_show_the_secret_again() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    for path in [CLIENTS.to_owned(), format!("{}/duplicate", client.path()), client.secrets()] {
        let body = if path == CLIENTS { json!({ "client_name": "x" }) } else { json!({}) };
        let first = keyed(&latchkey, &path, "k1", &body).await.expect(201);
        let again = keyed(&latchkey, &path, "k1", &body).await.expect(201);
        assert!(first.string("client_secret").starts_with("lks_"));
        assert!(!again.text().contains("lks_"), "{path}");
        assert_eq!(again.string("secret_id"), first.string("secret_id"));
        assert_eq!(again.header("location"), first.header("location"));
    }
    assert_eq!(latchkey.live(&client).await.len(), 2);
    assert_eq!(latchkey.items_of(CLIENTS).await.len(), 3);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let latchkey = TestApp::with_fixtures().await;
    keyed(&latchkey, CLIENTS, "k1", &json!({ "client_name": "x" })).await.expect(201);
    let answer = keyed(&latchkey, CLIENTS, "k1", &json!({ "client_name": "y" })).await.expect(422);
    assert_eq!(answer.problem(), "idempotency_key_reused");
    assert_eq!(latchkey.items_of(CLIENTS).await.len(), 1);
}

#[tokio::test]
async fn a_body_is_the_same_however_it_is_written() {
    let latchkey = TestApp::with_fixtures().await;
    let mut made = Vec::new();
    for body in
        [r#"{"client_name":"x","contacts":[]}"#, "{ \"contacts\" : [ ],\n \"client_n\\u0061me\":\"x\" }"]
    {
        let ask = latchkey.admin_request("POST", CLIENTS).await.header("idempotency-key", "k1");
        made.push(ask.body("application/json", body).send().await.expect(201).string("client_id"));
    }
    assert_eq!(made[0], made[1]);
}

#[tokio::test]
async fn a_key_belongs_to_its_caller_and_its_route() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.account("T2").await;
    let (_, token) = latchkey.administrator(ACCOUNT, &["clients:manage"]).await;
    let body = json!({ "client_name": "x" });
    let mut made = std::collections::BTreeSet::new();
    made.insert(keyed(&latchkey, CLIENTS, "k1", &body).await.expect(201).string("client_id"));
    made.insert(
        keyed(&latchkey, "/v1/accounts/T2/clients", "k1", &body).await.expect(201).string("client_id"),
    );
    let ask = latchkey.request("POST", CLIENTS).bearer(&token).header("idempotency-key", "k1");
    made.insert(ask.json(&body).send().await.expect(201).string("client_id"));
    assert_eq!(made.len(), 3);
}

#[tokio::test]
async fn identical_requests_at_once_make_one_thing() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let admin = latchkey.admin().await.to_owned();
    let names = latchkey.stored_client_ids().await.len();
    for path in [CLIENTS.to_owned(), client.secrets()] {
        let body = if path == CLIENTS { json!({ "client_name": "x" }) } else { json!({}) };
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..5 {
            let ask = latchkey.request("POST", &path).bearer(&admin).header("idempotency-key", "k1");
            running.spawn(ask.json(&body).send());
        }
        let answers: Vec<_> = running.join_all().await.into_iter().map(|answer| answer.expect(201)).collect();
        assert!(answers.iter().all(|answer| answer.header("location") == answers[0].header("location")));
        let shown = answers.iter().filter(|answer| answer.text().contains("lks_")).count();
        assert_eq!(shown, 1, "the secret is shown once: {path}");
    }
    assert_eq!(latchkey.items_of(CLIENTS).await.len(), 2);
    assert_eq!(latchkey.live(&client).await.len(), 2);
    assert_eq!(latchkey.stored_client_ids().await.len(), names + 1);
}

#[tokio::test]
async fn a_request_is_recognised_for_24_hours() {
    let mut latchkey = TestApp::with_fixtures().await;
    let body = json!({ "client_name": "x" });
    let first = keyed(&latchkey, CLIENTS, "k1", &body).await.expect(201).string("client_id");
    latchkey.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(60));
    assert_eq!(keyed(&latchkey, CLIENTS, "k1", &body).await.expect(201).string("client_id"), first);
    latchkey.advance(SignedDuration::from_secs(60));
    assert_ne!(keyed(&latchkey, CLIENTS, "k1", &body).await.expect(201).string("client_id"), first);
}

#[tokio::test]
async fn a_repeat_after_midnight_is_still_the_same_request() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    latchkey.set_time(format!("{}T23:30:00Z", days_ahead(&latchkey, 1)).parse().unwrap());
    let tomorrow = days_ahead(&latchkey, 1);
    let made = json!({ "client_name": "x", "secret": { "expires_on": tomorrow } });
    let added = json!({ "expires_on": tomorrow });
    let secrets = client.secrets();
    let first = keyed(&latchkey, CLIENTS, "k1", &made).await.expect(201).string("client_id");
    let second = keyed(&latchkey, &secrets, "k1", &added).await.expect(201).string("secret_id");
    latchkey.advance(SignedDuration::from_hours(1));
    assert_eq!(keyed(&latchkey, CLIENTS, "k1", &made).await.expect(201).string("client_id"), first);
    assert_eq!(keyed(&latchkey, &secrets, "k1", &added).await.expect(201).string("secret_id"), second);
}

#[tokio::test]
async fn a_repeat_of_enable_or_disable_does_not_undo_what_came_after() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let (disable, enable) = (format!("{}/disable", client.path()), format!("{}/enable", client.path()));
    keyed(&latchkey, &disable, "k1", &json!({})).await.expect(200);
    keyed(&latchkey, &enable, "k1", &json!({})).await.expect(200);
    let repeat = keyed(&latchkey, &disable, "k1", &json!({})).await.expect(200);
    assert_eq!(repeat.string("status"), "active");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn a_repeat_of_a_disable_that_had_nothing_to_do_has_nothing_to_do_either() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let (disable, enable) = (format!("{}/disable", client.path()), format!("{}/enable", client.path()));
    latchkey.post(&disable, &json!({})).await.expect(200);
    keyed(&latchkey, &disable, "k1", &json!({})).await.expect(200);
    latchkey.post(&enable, &json!({})).await.expect(200);
    keyed(&latchkey, &disable, "k1", &json!({})).await.expect(200);
    assert_eq!(latchkey.get(&client.path()).await.string("status"), "active");
}

#[tokio::test]
async fn identical_disables_at_once_all_say_disabled() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    let admin = latchkey.admin().await.to_owned();
    let path = format!("{}/disable", client.path());
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let ask = latchkey.request("POST", &path).bearer(&admin).header("idempotency-key", "k1");
        running.spawn(ask.send());
    }
    for answer in running.join_all().await {
        assert_eq!(answer.expect(200).string("status"), "disabled");
    }
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_key() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    keyed(&latchkey, CLIENTS, "k1", &json!({ "client_name": "" })).await.expect(422);
    let taken = json!({ "client_name": "x", "client_id": client.client_id });
    keyed(&latchkey, CLIENTS, "k1", &taken).await.expect(409);
    keyed(&latchkey, CLIENTS, "k1", &json!({ "client_name": "x" })).await.expect(201);
    latchkey.add_secret(&client, &json!({})).await.expect(201);
    keyed(&latchkey, &client.secrets(), "k1", &json!({})).await.expect(409);
    latchkey.delete(&client.secret(&client.secret_id)).await.expect(204);
    keyed(&latchkey, &client.secrets(), "k1", &json!({})).await.expect(201);
}

#[tokio::test]
async fn a_key_is_a_short_printable_text() {
    let latchkey = TestApp::with_fixtures().await;
    let body = json!({ "client_name": "x" });
    for key in ["", "a b", "ä", &"k".repeat(256)] {
        assert_eq!(keyed(&latchkey, CLIENTS, key, &body).await.expect(400).problem(), "malformed", "{key}");
    }
    keyed(&latchkey, CLIENTS, &"k".repeat(255), &body).await.expect(201);
    assert_eq!(latchkey.items_of(CLIENTS).await.len(), 1);
}

#[tokio::test]
async fn only_posts_have_keys() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    for name in ["a", "b"] {
        let ask = latchkey.admin_request("PATCH", &client.path()).await.header("idempotency-key", "k1");
        ask.json(&json!({ "client_name": name })).send().await.expect(200);
    }
    assert_eq!(latchkey.get(&client.path()).await.string("client_name"), "b");
}
