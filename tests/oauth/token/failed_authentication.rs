//! Every failure of client authentication looks the same, byte for byte.

use crate::support::house::TestHouse;
use crate::support::things::ACCOUNT;
use jiff::SignedDuration;
use serde_json::json;
use shared::domain::client::client_secret::ClientSecret;

fn another_secret() -> String {
    ClientSecret::from_random_bytes([9; 32]).expose().to_owned()
}

#[tokio::test]
async fn all_failures_are_byte_identical() {
    let mut house = TestHouse::furnished().await;
    house.account("T99999999").await;
    let permissions = json!([{ "resource": "backoffice_api" }]);
    let client = house.client().await;
    let (id, secret) = (client.client_id.clone(), client.client_secret.clone());
    let members = json!({ "allowed_ips": ["203.0.113.0/24"], "permissions": permissions });
    let fenced = house.client_like(ACCOUNT, &members).await;
    let disabled = house.client().await;
    house.admin_ask("POST", &format!("{}/disable", disabled.path())).await.send().await.expect(200);
    let deleted = house.client().await;
    house.admin_ask("DELETE", &deleted.path()).await.send().await.expect(204);
    let revoked = house.client().await;
    let path = format!("{}/secrets/{}", revoked.path(), revoked.secret_id);
    house.admin_ask("DELETE", &path).await.send().await.expect(204);
    let suspended = house.client_like("T99999999", &json!({ "permissions": permissions })).await;
    let status = json!({ "status": "disabled" });
    house.admin_ask("PATCH", "/v1/accounts/T99999999").await.json(&status).send().await.expect(200);
    let today = house.now();
    let short = json!({ "permissions": permissions, "secret": { "expires_on": tomorrow(today) } });
    let expired = house.client_like(ACCOUNT, &short).await;
    house.advance(SignedDuration::from_hours(72));

    let grant = "grant_type=client_credentials";
    let other_account =
        house.ask("POST", "/v1/accounts/T99999999/auth/token").basic(&id, &secret).form(grant);
    let assertion = format!("{grant}&client_assertion=a.b.c&client_assertion_type=x");
    let failures = [
        ("unknown client", house.token("nobody", &secret, "").await),
        ("wrong secret", house.token(&id, &another_secret(), "").await),
        ("another client's secret", house.token(&id, &fenced.client_secret, "").await),
        ("malformed secret", house.token(&id, "hunter2", "").await),
        ("empty secret", house.token(&id, "", "").await),
        ("malformed id", house.token("a/b", &secret, "").await),
        ("expired secret", house.token(&expired.client_id, &expired.client_secret, "").await),
        ("revoked secret", house.token(&revoked.client_id, &revoked.client_secret, "").await),
        ("disabled client", house.token(&disabled.client_id, &disabled.client_secret, "").await),
        ("deleted client", house.token(&deleted.client_id, &deleted.client_secret, "").await),
        ("disabled account", house.token(&suspended.client_id, &suspended.client_secret, "").await),
        ("address not allowed", house.token(&fenced.client_id, &fenced.client_secret, "").await),
        ("other account's path", other_account.send().await),
        ("no credentials", house.ask("POST", "/oauth/token").form(grant).send().await),
        (
            "only an id",
            house.ask("POST", "/oauth/token").form(&format!("{grant}&client_id={id}")).send().await,
        ),
        ("a client assertion", house.ask("POST", "/oauth/token").form(&assertion).send().await),
        ("not Basic", house.ask("POST", "/oauth/token").bearer("x").form(grant).send().await),
    ];
    let expected = failures[0].1.everything();
    assert_eq!(expected.0, 401);
    assert_eq!(failures[0].1.string("error"), "invalid_client");
    assert!(failures[0].1.header("www-authenticate").starts_with("Basic realm="));
    assert_eq!(failures[0].1.header("cache-control"), "no-store");
    for (name, answer) in &failures {
        assert_eq!(answer.everything(), expected, "{name}");
    }
    house.token(&id, &secret, "").await.expect(200);
}

fn tomorrow(now: jiff::Timestamp) -> String {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    today.tomorrow().unwrap().to_string()
}

#[tokio::test]
async fn an_allowlist_lets_its_own_addresses_in_and_no_unknown_one() {
    let house = TestHouse::furnished().await;
    let members = json!({
        "allowed_ips": ["203.0.113.0/24", "2001:db8::/32"],
        "permissions": [{ "resource": "backoffice_api" }],
    });
    let client = house.client_like(ACCOUNT, &members).await;
    let ask = || {
        let ask = house.ask("POST", "/oauth/token").basic(&client.client_id, &client.client_secret);
        ask.header("x-forwarded-for", "203.0.113.9").form("grant_type=client_credentials")
    };
    for allowed in ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::1"] {
        ask().from(allowed).send().await.expect(200);
    }
    for refused in ["203.0.114.1", "2001:db9::1"] {
        ask().from(refused).send().await.expect(401);
    }
    ask().without_source().send().await.expect(401);
}

#[tokio::test]
async fn disabling_acts_on_the_next_request_and_enabling_too() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    for _ in 0..2 {
        house.token(&client.client_id, &client.client_secret, "").await.expect(200);
        house.admin_ask("POST", &format!("{}/disable", client.path())).await.send().await.expect(200);
        house.token(&client.client_id, &client.client_secret, "").await.expect(401);
        house.admin_ask("POST", &format!("{}/enable", client.path())).await.send().await.expect(200);
    }
}
