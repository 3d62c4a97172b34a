//! Every failure of client authentication looks the same, byte for byte.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::json;
use shared::domain::client::client_secret::ClientSecret;

fn another_secret() -> String {
    ClientSecret::from_random_bytes([9; 32]).expose().to_owned()
}

#[tokio::test]
async fn failures_are_byte_identical() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T99999999").await;
    let permissions = json!([{ "resource": "backoffice_api" }]);
    let client = latchkey.fixtures().client().await;
    let (id, secret) = (client.client_id.clone(), client.client_secret.clone());
    let members = json!({ "allowed_ips": ["203.0.113.0/24"], "permissions": permissions });
    let restricted = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let disabled = latchkey.fixtures().client().await;
    latchkey.admin_request("POST", &format!("{}/disable", disabled.path())).await.send().await.expect(200);
    let deleted = latchkey.fixtures().client().await;
    latchkey.admin_request("DELETE", &deleted.path()).await.send().await.expect(204);
    let revoked = latchkey.fixtures().client().await;
    let path = format!("{}/secrets/{}", revoked.path(), revoked.secret_id);
    latchkey.admin_request("DELETE", &path).await.send().await.expect(204);
    let suspended =
        latchkey.fixtures().client_with("T99999999", &json!({ "permissions": permissions })).await;
    let status = json!({ "status": "disabled" });
    latchkey.admin_request("PATCH", "/v1/accounts/T99999999").await.json(&status).send().await.expect(200);
    let today = latchkey.now();
    let short = json!({ "permissions": permissions, "secret": { "expires_on": tomorrow(today) } });
    let expired = latchkey.fixtures().client_with(ACCOUNT, &short).await;
    latchkey.advance(SignedDuration::from_hours(72));

    let grant = "grant_type=client_credentials";
    let other_account =
        latchkey.request("POST", "/v1/accounts/T99999999/auth/token").basic(&id, &secret).form(grant);
    let assertion = format!("{grant}&client_assertion=a.b.c&client_assertion_type=x");
    let failures = [
        ("unknown client", latchkey.token("unknown", &secret, "").await),
        ("wrong secret", latchkey.token(&id, &another_secret(), "").await),
        ("another client's secret", latchkey.token(&id, &restricted.client_secret, "").await),
        ("malformed secret", latchkey.token(&id, "hunter2", "").await),
        ("empty secret", latchkey.token(&id, "", "").await),
        ("malformed id", latchkey.token("a/b", &secret, "").await),
        ("expired secret", latchkey.token(&expired.client_id, &expired.client_secret, "").await),
        ("revoked secret", latchkey.token(&revoked.client_id, &revoked.client_secret, "").await),
        ("disabled client", latchkey.token(&disabled.client_id, &disabled.client_secret, "").await),
        ("deleted client", latchkey.token(&deleted.client_id, &deleted.client_secret, "").await),
        ("disabled account", latchkey.token(&suspended.client_id, &suspended.client_secret, "").await),
        ("address not allowed", latchkey.token(&restricted.client_id, &restricted.client_secret, "").await),
        ("other account's path", other_account.send().await),
        ("no credentials", latchkey.request("POST", "/oauth/token").form(grant).send().await),
        (
            "only an id",
            latchkey.request("POST", "/oauth/token").form(&format!("{grant}&client_id={id}")).send().await,
        ),
        ("a client assertion", latchkey.request("POST", "/oauth/token").form(&assertion).send().await),
        ("not Basic", latchkey.request("POST", "/oauth/token").bearer("x").form(grant).send().await),
    ];
    let expected = failures[0].1.dump();
    assert_eq!(expected.0, 401);
    assert_eq!(failures[0].1.string("error"), "invalid_client");
    assert!(failures[0].1.header("www-authenticate").starts_with("Basic realm="));
    assert_eq!(failures[0].1.header("cache-control"), "no-store");
    for (name, response) in &failures {
        assert_eq!(response.dump(), expected, "{name}");
    }
    latchkey.token(&id, &secret, "").await.expect(200);
}

fn tomorrow(now: jiff::Timestamp) -> String {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    today.tomorrow().unwrap().to_string()
}

#[tokio::test]
async fn allowlist_admits_only_its_addresses() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({
        "allowed_ips": ["203.0.113.0/24", "2001:db8::/32"],
        "permissions": [{ "resource": "backoffice_api" }],
    });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let request = || {
        let request =
            latchkey.request("POST", "/oauth/token").basic(&client.client_id, &client.client_secret);
        request.header("x-forwarded-for", "203.0.113.9").form("grant_type=client_credentials")
    };
    for allowed in ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::1"] {
        request().from(allowed).send().await.expect(200);
    }
    for rejected in ["203.0.114.1", "2001:db9::1"] {
        request().from(rejected).send().await.expect(401);
    }
    request().without_source().send().await.expect(401);
}

#[tokio::test]
async fn disabling_and_enabling_act_on_the_next_request() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for _ in 0..2 {
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
        latchkey.admin_request("POST", &format!("{}/disable", client.path())).await.send().await.expect(200);
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
        latchkey.admin_request("POST", &format!("{}/enable", client.path())).await.send().await.expect(200);
    }
}
