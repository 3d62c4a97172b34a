//! `POST /v1/accounts/{account_id}/clients`.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::masked;
use crate::v1::{CLIENTS, assert_contains, backoffice, days_ahead};
use insta::assert_json_snapshot;
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::domain::client::SecretStorage;
use shared::domain::client::secret_expiry::{MaxLifetime, SecretLimits};

fn with_name(members: &Value) -> Value {
    let mut body = json!({ "client_name": "Order sync" });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn client_name_is_sufficient() {
    let latchkey = TestApp::with_fixtures().await;
    let created = latchkey.post(CLIENTS, &json!({ "client_name": "Order sync" })).await.expect(201);
    let generated = [
        "/client_id",
        "/client_secret",
        "/client_secret_expires_at",
        "/created_at",
        "/secret_id",
        "/updated_at",
    ];
    assert_json_snapshot!(masked(created.json(), &generated), @r#"
    {
      "access_token_lifetime": 3600,
      "account_id": "T12345678",
      "allowed_ips": [],
      "attention": [
        "no_permissions",
        "no_recipients"
      ],
      "client_id": "[/client_id]",
      "client_name": "Order sync",
      "client_secret": "[/client_secret]",
      "client_secret_expires_at": "[/client_secret_expires_at]",
      "client_uri": null,
      "contacts": [],
      "created_at": "[/created_at]",
      "credentials": [],
      "description": "",
      "federated_identities": [],
      "grant_types": [
        "client_credentials"
      ],
      "ignored_keys": [],
      "jwks": null,
      "jwks_uri": null,
      "last_used_on": null,
      "permissions": [],
      "public_key_pem": null,
      "redirect_uris": [],
      "refresh_token_lifetime": 1209600,
      "secret_display": "once",
      "secret_id": "[/secret_id]",
      "secret_storage": "secrets_manager",
      "status": "active",
      "suppressed_contacts": [],
      "template": null,
      "token_endpoint": "https://id.latchkey.example/oauth/token",
      "token_endpoint_auth_method": "client_secret_basic",
      "updated_at": "[/updated_at]"
    }
    "#);
    assert_eq!(created.header("cache-control"), "no-store");
    assert_eq!(created.header("location"), format!("{CLIENTS}/{}", created.string("client_id")));
    assert_eq!(latchkey.get(created.header("location")).await.expect(200).etag(), created.etag());
}

#[tokio::test]
async fn client_is_created_as_requested() {
    let latchkey = TestApp::with_fixtures().await;
    let requested = json!({
        "client_id": "moved-here", "client_name": "Order sync", "description": "Nightly",
        "grant_types": ["client_credentials"], "token_endpoint_auth_method": "client_secret_post",
        "permissions": backoffice(&["orders:read", "orders:write"]), "access_token_lifetime": 60,
        "refresh_token_lifetime": 31_536_000, "redirect_uris": ["https://app.example.com/callback"],
        "allowed_ips": ["8.8.8.0/24", "2a00:1450::1"], "contacts": ["ops@example.com"],
        "secret_storage": "secrets_manager", "secret_display": "on_request",
    });
    let created = latchkey.post(CLIENTS, &requested).await.expect(201).json();
    assert_contains(&created, &requested);
    assert_eq!(created["attention"], json!([]));
    assert_contains(&latchkey.get(&format!("{CLIENTS}/moved-here")).await.expect(200).json(), &requested);
}

#[tokio::test]
async fn default_secret_lives_90_days_with_scannable_prefix() {
    let latchkey = TestApp::with_fixtures().await;
    let body = with_name(&json!({ "permissions": backoffice(&["orders:read"]) }));
    let created = latchkey.post(CLIENTS, &body).await.expect(201);
    let secret = created.string("client_secret");
    assert!(secret.starts_with("lks_"), "the secret has no prefix");
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    assert!(secret.bytes().chain(created.string("client_id").bytes()).all(unreserved));
    let ends = Timestamp::from_second(created.json()["client_secret_expires_at"].as_i64().unwrap()).unwrap();
    assert_eq!(ends.to_string(), format!("{}T23:59:00Z", days_ahead(&latchkey, 90)));
    latchkey.token(&created.string("client_id"), &secret, "").await.expect(200);
}

#[tokio::test]
async fn secret_terms_are_chosen_by_caller() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2026-11-20T16:00:00Z".parse().unwrap());
    let body = with_name(&json!({ "secret": { "expires_on": "2027-02-18", "remind": false } }));
    let created = latchkey.post(CLIENTS, &body).await.expect(201);
    assert_eq!(created.json()["client_secret_expires_at"], 1_802_995_140);
    let secrets = latchkey.list_items(&format!("{}/secrets", created.header("location"))).await;
    assert_contains(&secrets[0], &json!({ "expires_at": "2027-02-18T23:59:00Z", "remind": false }));
}

#[tokio::test]
async fn secret_lifetime_is_1_day_to_24_calendar_months() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2028-02-29T12:00:00Z".parse().unwrap());
    for (date, status) in [("2028-02-29", 422), ("2028-03-01", 201), ("2030-02-28", 201), ("2030-03-01", 422)]
    {
        let response = latchkey.post(CLIENTS, &with_name(&json!({ "secret": { "expires_on": date } }))).await;
        assert_eq!(response.status.as_u16(), status, "{date}: {}", response.text());
        if status == 422 {
            assert_eq!(response.pointers(), ["#/secret/expires_on"]);
        }
    }
}

#[tokio::test]
async fn deployment_may_shorten_secret_lifetime() {
    let limits = SecretLimits { default_days: 60, min_days: 30, max: MaxLifetime::Days(365) };
    let latchkey = TestApp::with_config(|config| config.secret_limits = limits).await;
    latchkey.fixtures().seed().await;
    for (days, status) in [(29, 422), (30, 201), (365, 201), (366, 422)] {
        let secret = json!({ "secret": { "expires_on": days_ahead(&latchkey, days) } });
        latchkey.post(CLIENTS, &with_name(&secret)).await.expect(status);
    }
    let created = latchkey.post(CLIENTS, &with_name(&json!({}))).await.expect(201).json();
    let ends = Timestamp::from_second(created["client_secret_expires_at"].as_i64().unwrap()).unwrap();
    assert!(ends.to_string().starts_with(&days_ahead(&latchkey, 60)));
}

#[tokio::test]
async fn invalid_calendar_date_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    for date in ["2027-02-29", "2027-2-1", "20270201", "2027-02-01T00:00:00Z", "tomorrow", ""] {
        let response = latchkey
            .post(CLIENTS, &with_name(&json!({ "secret": { "expires_on": date } })))
            .await
            .expect(422);
        assert_eq!(response.pointers(), ["#/secret/expires_on"], "{date}");
    }
}

#[tokio::test]
async fn chosen_client_id_is_available_or_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    latchkey.post(CLIENTS, &with_name(&json!({ "client_id": "mine" }))).await.expect(201);
    for path in [CLIENTS, "/v1/accounts/T2/clients"] {
        let response = latchkey.post(path, &with_name(&json!({ "client_id": "mine" }))).await.expect(409);
        assert_eq!(response.problem(), "client_id_taken");
    }
    for id in ["a/b", "a:b", "a b", "-a", "ä"] {
        let response = latchkey.post(CLIENTS, &with_name(&json!({ "client_id": id }))).await.expect(422);
        assert_eq!(response.pointers(), ["#/client_id"], "{id}");
    }
}

#[tokio::test]
async fn rejected_client_id_leaves_its_owner_unchanged() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "client_id": "mine", "permissions": backoffice(&["orders:read"]) });
    let owner = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let kept = latchkey.inspect().stored_value("mine", "AWSCURRENT").await.unwrap();
    latchkey.post(CLIENTS, &with_name(&json!({ "client_id": "mine" }))).await.expect(409);
    assert_eq!(latchkey.inspect().stored_value("mine", "AWSCURRENT").await.unwrap(), kept);
    assert_eq!(latchkey.inspect().stored_value("mine", "AWSPREVIOUS").await, None);
    latchkey.token("mine", &owner.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn show_once_secret_is_not_in_secrets_manager() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "secret_storage": "digest_only", "permissions": backoffice(&["orders:read"]) });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    assert_eq!(latchkey.inspect().stored_client_ids().await, ["latchkey-operator"]);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let body = with_name(&json!({ "secret_storage": "digest_only", "secret_display": "on_request" }));
    assert_eq!(latchkey.post(CLIENTS, &body).await.expect(422).pointers(), ["#/secret_display"]);
}

#[tokio::test]
async fn deployment_chooses_default_secret_storage() {
    let latchkey = TestApp::with_config(|config| config.secret_storage = SecretStorage::DigestOnly).await;
    latchkey.fixtures().seed().await;
    let created = latchkey.post(CLIENTS, &with_name(&json!({}))).await.expect(201);
    assert_eq!(created.string("secret_storage"), "digest_only");
    let kept =
        latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_storage": "secrets_manager" })).await;
    let mut names = latchkey.inspect().stored_client_ids().await;
    names.retain(|name| name != "latchkey-operator");
    assert_eq!(names, [kept.client_id]);
}

#[tokio::test]
async fn token_lifetimes_have_configurable_limits() {
    let wide = TestApp::with_config(|config| config.max_access_token_lifetime = 259_200).await;
    wide.fixtures().seed().await;
    let narrow = TestApp::with_fixtures().await;
    for (latchkey, seconds, status) in [
        (&narrow, 59, 422),
        (&narrow, 60, 201),
        (&narrow, 86_400, 201),
        (&narrow, 86_401, 422),
        (&wide, 259_200, 201),
        (&wide, 259_201, 422),
    ] {
        let response = latchkey.post(CLIENTS, &with_name(&json!({ "access_token_lifetime": seconds }))).await;
        assert_eq!(response.status.as_u16(), status, "{seconds}");
    }
}

#[tokio::test]
async fn allowlist_is_normalized_and_rejects_host_bits() {
    let latchkey = TestApp::with_fixtures().await;
    let body = with_name(&json!({ "allowed_ips": ["::ffff:192.0.2.1", "2001:DB8::/32"] }));
    let created = latchkey.post(CLIENTS, &body).await.expect(201).json();
    assert_eq!(created["allowed_ips"], json!(["192.0.2.1", "2001:db8::/32"]));
    let body = with_name(&json!({ "allowed_ips": ["203.0.113.9/24", "10.0.0.1 ", "x", "010.0.0.1"] }));
    let pointers = latchkey.post(CLIENTS, &body).await.expect(422).pointers();
    assert_eq!(pointers, ["#/allowed_ips/0", "#/allowed_ips/2", "#/allowed_ips/3"]);
}

#[tokio::test]
async fn unknown_account_creates_no_client_and_stores_nothing() {
    let latchkey = TestApp::new().await;
    latchkey.post("/v1/accounts/T999/clients", &with_name(&json!({}))).await.expect(404);
    assert_eq!(latchkey.inspect().stored_client_ids().await, ["latchkey-operator"]);
}
