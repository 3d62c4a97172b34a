//! How long new secrets live where the account says so: at creation, rotation and duplication, and with a template.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::v1::{CLIENTS, days_ahead};
use serde_json::{Value, json};
use shared::domain::client::secret_expiry::{MaxLifetime, SecretLimits};

const PATH: &str = "/v1/accounts/T12345678";

async fn with_lifetime(lifetime: &Value) -> TestApp {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.patch(PATH, &json!({ "secret_lifetime_days": lifetime })).await.expect(200);
    latchkey
}

/// The last days of all secrets of a client that was created.
async fn ends(latchkey: &TestApp, created: &TestResponse) -> Vec<String> {
    let secrets = latchkey.list_items(&format!("{CLIENTS}/{}/secrets", created.string("client_id"))).await;
    let end =
        |secret: &Value| secret["expires_at"].as_str().unwrap().trim_end_matches("T23:59:00Z").to_owned();
    secrets.iter().map(end).collect()
}

#[tokio::test]
async fn new_secrets_end_by_the_accounts_default_whatever_makes_them() {
    let latchkey = with_lifetime(&json!({ "default": 30, "max": 60 })).await;
    let end = days_ahead(&latchkey, 30);
    let created = latchkey.post(CLIENTS, &json!({ "client_name": "One" })).await.expect(201);
    let client = format!("{CLIENTS}/{}", created.string("client_id"));
    latchkey.post(&format!("{client}/secrets"), &json!({})).await.expect(201);
    assert_eq!(ends(&latchkey, &created).await, [end.as_str(), end.as_str()]);
    let duplicate = latchkey.post(&format!("{client}/duplicate"), &json!({})).await.expect(201);
    let template = json!({
        "template_id": "shop", "title": "Shop", "summary": "A shop", "order": 1, "fixed": {}, "asked": [],
        "defaults": { "client_name": "Shop" },
    });
    latchkey.post("/v1/templates", &template).await.expect(201);
    let of_template = latchkey.post(CLIENTS, &json!({ "template": "shop" })).await.expect(201);
    for created in [duplicate, of_template] {
        assert_eq!(ends(&latchkey, &created).await, [end.as_str()]);
    }
}

#[tokio::test]
async fn later_end_than_the_account_allows_is_refused_to_everyone() {
    let latchkey = with_lifetime(&json!({ "max": 60 })).await;
    let client = latchkey.fixtures().client().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    let (last, late) = (days_ahead(&latchkey, 60), days_ahead(&latchkey, 61));
    let (secrets, duplicate) = (format!("{}/secrets", client.path()), format!("{}/duplicate", client.path()));
    let nested = |date: &str| json!({ "client_name": "Late", "secret": { "expires_on": date } });
    for bearer in [latchkey.admin().await, &token] {
        for (path, body, pointer) in [
            (CLIENTS, nested(&late), "#/secret/expires_on"),
            (&duplicate, nested(&late), "#/secret/expires_on"),
            (&secrets, json!({ "expires_on": late }), "#/expires_on"),
        ] {
            let refused = latchkey.request("POST", path).bearer(bearer).json(&body).send().await.expect(422);
            assert_eq!(refused.pointers(), [pointer]);
            let detail =
                format!("must be {last} or earlier: secret_lifetime_days of the account allows 60 days");
            assert!(refused.text().contains(&detail), "{}", refused.text());
        }
    }
    latchkey.post(CLIENTS, &nested(&last)).await.expect(201);
    latchkey.post(&secrets, &json!({ "expires_on": last })).await.expect(201);
}

#[tokio::test]
async fn secrets_that_there_are_stay_as_they_are() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let secret = format!("{}/secrets/{}", client.path(), client.secret_id);
    let before = latchkey.get(&secret).await.expect(200).json();
    latchkey.patch(PATH, &json!({ "secret_lifetime_days": { "max": 7 } })).await.expect(200);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    assert_eq!(latchkey.get(&secret).await.expect(200).json()["expires_at"], before["expires_at"]);
    // An earlier end needs not be within what new ones may have.
    latchkey.patch(&secret, &json!({ "expires_on": days_ahead(&latchkey, 20) })).await.expect(200);
}

#[tokio::test]
async fn account_sets_no_more_than_its_deployment_allows() {
    let limits = SecretLimits { default_days: 60, min_days: 30, max: MaxLifetime::Days(365) };
    let latchkey = TestApp::with_config(|config| config.secret_limits = limits).await;
    latchkey.fixtures().seed().await;
    for (lifetime, pointer) in [
        (json!({ "max": 366 }), "#/secret_lifetime_days/max"),
        (json!({ "default": 29 }), "#/secret_lifetime_days/default"),
    ] {
        let refused = latchkey.patch(PATH, &json!({ "secret_lifetime_days": lifetime })).await.expect(422);
        assert_eq!(refused.pointers(), [pointer]);
        assert!(refused.text().contains("from 30 to 365"), "{}", refused.text());
    }
    latchkey.patch(PATH, &json!({ "secret_lifetime_days": { "max": 45 } })).await.expect(200);
    let created = latchkey.post(CLIENTS, &json!({ "client_name": "One" })).await.expect(201);
    assert_eq!(ends(&latchkey, &created).await, [days_ahead(&latchkey, 45)], "the default is no longer");
}
