//! Making a client.

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::ACCOUNT;
use crate::v1::{CLIENTS, assert_holds, backoffice, days_ahead};
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::domain::client::SecretStorage;
use shared::domain::client::secret_expiry::{MaxLifetime, SecretLimits};

fn named(members: &Value) -> Value {
    let mut body = json!({ "client_name": "Order sync" });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn a_name_is_enough() {
    let latchkey = TestApp::with_fixtures().await;
    let made = latchkey.post(CLIENTS, &json!({ "client_name": "Order sync" })).await.expect(201);
    let expected = json!({
        "account_id": ACCOUNT, "client_name": "Order sync", "description": "",
        "grant_types": ["client_credentials"], "token_endpoint_auth_method": "client_secret_basic",
        "permissions": [], "access_token_lifetime": 3600, "refresh_token_lifetime": 1_209_600,
        "redirect_uris": [], "allowed_ips": [], "contacts": [], "secret_storage": "secrets_manager",
        "secret_display": "once", "status": "active", "attention": ["no_permissions"],
        "token_endpoint": format!("{ISSUER}/oauth/token"),
    });
    assert_holds(&made.json(), &expected);
    assert_eq!(made.header("cache-control"), "no-store");
    assert_eq!(made.header("location"), format!("{CLIENTS}/{}", made.string("client_id")));
    assert_eq!(latchkey.get(made.header("location")).await.expect(200).etag(), made.etag());
}

#[tokio::test]
async fn a_client_is_made_as_it_was_asked_for() {
    let latchkey = TestApp::with_fixtures().await;
    let requested = json!({
        "client_id": "moved-here", "client_name": "Order sync", "description": "Nightly",
        "grant_types": ["client_credentials"], "token_endpoint_auth_method": "client_secret_post",
        "permissions": backoffice(&["orders:read", "orders:write"]), "access_token_lifetime": 60,
        "refresh_token_lifetime": 31_536_000, "redirect_uris": ["https://app.example.com/callback"],
        "allowed_ips": ["203.0.113.0/24", "2001:db8::1"], "contacts": ["ops@example.com"],
        "secret_storage": "secrets_manager", "secret_display": "on_request",
    });
    let made = latchkey.post(CLIENTS, &requested).await.expect(201).json();
    assert_holds(&made, &requested);
    assert_eq!(made["attention"], json!([]));
    assert_holds(&latchkey.get(&format!("{CLIENTS}/moved-here")).await.expect(200).json(), &requested);
}

#[tokio::test]
async fn its_secret_works_ends_after_90_days_and_can_be_recognised_by_scanners() {
    let latchkey = TestApp::with_fixtures().await;
    let body = named(&json!({ "permissions": backoffice(&["orders:read"]) }));
    let made = latchkey.post(CLIENTS, &body).await.expect(201);
    let secret = made.string("client_secret");
    assert!(secret.starts_with("lks_"), "it has no prefix");
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    assert!(secret.bytes().chain(made.string("client_id").bytes()).all(unreserved));
    let ends = Timestamp::from_second(made.json()["client_secret_expires_at"].as_i64().unwrap()).unwrap();
    assert_eq!(ends.to_string(), format!("{}T23:59:00Z", days_ahead(&latchkey, 90)));
    latchkey.token(&made.string("client_id"), &secret, "").await.expect(200);
}

#[tokio::test]
async fn the_secrets_terms_are_the_callers() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2026-11-20T16:00:00Z".parse().unwrap());
    let body = named(&json!({ "secret": { "expires_on": "2027-02-18", "remind": false } }));
    let made = latchkey.post(CLIENTS, &body).await.expect(201);
    assert_eq!(made.json()["client_secret_expires_at"], 1_802_995_140);
    let secrets = latchkey.items_of(&format!("{}/secrets", made.header("location"))).await;
    assert_holds(&secrets[0], &json!({ "expires_at": "2027-02-18T23:59:00Z", "remind": false }));
}

#[tokio::test]
async fn a_secret_lives_from_one_day_to_24_calendar_months() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2028-02-29T12:00:00Z".parse().unwrap());
    for (date, status) in [("2028-02-29", 422), ("2028-03-01", 201), ("2030-02-28", 201), ("2030-03-01", 422)]
    {
        let answer = latchkey.post(CLIENTS, &named(&json!({ "secret": { "expires_on": date } }))).await;
        assert_eq!(answer.status.as_u16(), status, "{date}: {}", answer.text());
        if status == 422 {
            assert_eq!(answer.pointers(), ["#/secret/expires_on"]);
        }
    }
}

#[tokio::test]
async fn a_deployment_may_want_shorter_lives() {
    let limits = SecretLimits { default_days: 60, min_days: 30, max: MaxLifetime::Days(365) };
    let latchkey = TestApp::with_config(|config| config.secret_limits = limits).await;
    latchkey.seed().await;
    for (days, status) in [(29, 422), (30, 201), (365, 201), (366, 422)] {
        let secret = json!({ "secret": { "expires_on": days_ahead(&latchkey, days) } });
        latchkey.post(CLIENTS, &named(&secret)).await.expect(status);
    }
    let made = latchkey.post(CLIENTS, &named(&json!({}))).await.expect(201).json();
    let ends = Timestamp::from_second(made["client_secret_expires_at"].as_i64().unwrap()).unwrap();
    assert!(ends.to_string().starts_with(&days_ahead(&latchkey, 60)));
}

#[tokio::test]
async fn what_is_no_calendar_date_is_refused() {
    let latchkey = TestApp::with_fixtures().await;
    for date in ["2027-02-29", "2027-2-1", "20270201", "2027-02-01T00:00:00Z", "tomorrow", ""] {
        let answer =
            latchkey.post(CLIENTS, &named(&json!({ "secret": { "expires_on": date } }))).await.expect(422);
        assert_eq!(answer.pointers(), ["#/secret/expires_on"], "{date}");
    }
}

#[tokio::test]
async fn a_chosen_id_is_free_or_refused() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.account("T2").await;
    latchkey.post(CLIENTS, &named(&json!({ "client_id": "mine" }))).await.expect(201);
    for path in [CLIENTS, "/v1/accounts/T2/clients"] {
        let answer = latchkey.post(path, &named(&json!({ "client_id": "mine" }))).await.expect(409);
        assert_eq!(answer.problem(), "client_id_taken");
    }
    for id in ["a/b", "a:b", "a b", "-a", "ä"] {
        let answer = latchkey.post(CLIENTS, &named(&json!({ "client_id": id }))).await.expect(422);
        assert_eq!(answer.pointers(), ["#/client_id"], "{id}");
    }
}

#[tokio::test]
async fn a_refused_id_leaves_its_owner_untouched() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "client_id": "mine", "permissions": backoffice(&["orders:read"]) });
    let owner = latchkey.client_like(ACCOUNT, &members).await;
    let kept = latchkey.stored_value("mine", "AWSCURRENT").await.unwrap();
    latchkey.post(CLIENTS, &named(&json!({ "client_id": "mine" }))).await.expect(409);
    assert_eq!(latchkey.stored_value("mine", "AWSCURRENT").await.unwrap(), kept);
    assert_eq!(latchkey.stored_value("mine", "AWSPREVIOUS").await, None);
    latchkey.token("mine", &owner.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn only_as_a_digest_it_is_in_no_vault() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "secret_storage": "digest_only", "permissions": backoffice(&["orders:read"]) });
    let client = latchkey.client_like(ACCOUNT, &members).await;
    assert_eq!(latchkey.stored_client_ids().await, ["latchkey-operator"]);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let body = named(&json!({ "secret_storage": "digest_only", "secret_display": "on_request" }));
    assert_eq!(latchkey.post(CLIENTS, &body).await.expect(422).pointers(), ["#/secret_display"]);
}

#[tokio::test]
async fn a_deployment_decides_where_secrets_are_kept_unless_a_client_does() {
    let latchkey = TestApp::with_config(|config| config.secret_storage = SecretStorage::DigestOnly).await;
    latchkey.seed().await;
    let made = latchkey.post(CLIENTS, &named(&json!({}))).await.expect(201);
    assert_eq!(made.string("secret_storage"), "digest_only");
    let kept = latchkey.client_like(ACCOUNT, &json!({ "secret_storage": "secrets_manager" })).await;
    let mut names = latchkey.stored_client_ids().await;
    names.retain(|name| name != "latchkey-operator");
    assert_eq!(names, [kept.client_id]);
}

#[tokio::test]
async fn lifetimes_have_bounds_that_a_deployment_may_widen() {
    let wide = TestApp::with_config(|config| config.max_access_token_lifetime = 259_200).await;
    wide.seed().await;
    let narrow = TestApp::with_fixtures().await;
    for (latchkey, seconds, status) in [
        (&narrow, 59, 422),
        (&narrow, 60, 201),
        (&narrow, 86_400, 201),
        (&narrow, 86_401, 422),
        (&wide, 259_200, 201),
        (&wide, 259_201, 422),
    ] {
        let answer = latchkey.post(CLIENTS, &named(&json!({ "access_token_lifetime": seconds }))).await;
        assert_eq!(answer.status.as_u16(), status, "{seconds}");
    }
}

#[tokio::test]
async fn addresses_are_kept_in_one_form_and_stray_bits_are_refused() {
    let latchkey = TestApp::with_fixtures().await;
    let body = named(&json!({ "allowed_ips": ["::ffff:192.0.2.1", "2001:DB8::/32"] }));
    let made = latchkey.post(CLIENTS, &body).await.expect(201).json();
    assert_eq!(made["allowed_ips"], json!(["192.0.2.1", "2001:db8::/32"]));
    let body = named(&json!({ "allowed_ips": ["203.0.113.9/24", "10.0.0.1", "x", "010.0.0.1"] }));
    let pointers = latchkey.post(CLIENTS, &body).await.expect(422).pointers();
    assert_eq!(pointers, ["#/allowed_ips/0", "#/allowed_ips/2", "#/allowed_ips/3"]);
}

#[tokio::test]
async fn an_unknown_account_gets_no_client_and_the_vault_nothing() {
    let latchkey = TestApp::new().await;
    latchkey.post("/v1/accounts/T999/clients", &named(&json!({}))).await.expect(404);
    assert_eq!(latchkey.stored_client_ids().await, ["latchkey-operator"]);
}
