//! The keys of an outside issuer: found by its metadata, and the only ones that are accepted.

use crate::oauth::token::client_assertion::federated::{Federation, HOST, OUTSIDE_ISSUER, identity};
use crate::oauth::token::client_assertion::new_claims;
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::HostResponse;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;
use shared::adapters::remote::TTL;
use std::time::Duration;

#[tokio::test]
async fn only_the_issuers_signature_is_accepted() {
    let federation = Federation::new().await;
    let outsider = TestKey::new("RS256").named("k1");
    federation.internet.publish_issuer("outsider.example.com", &outsider.jwks());
    federation.present(&outsider.assert(&federation.claims())).await.expect(401);
    // Nor is the signature of a client's own key, although it is the client's.
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", federation.client);
    let members = json!({ "jwks": outsider.jwks() });
    federation.latchkey.admin_request("PATCH", &path).await.json(&members).send().await.expect(200);
    federation.present(&outsider.assert(&federation.claims())).await.expect(401);
    // Nor is the issuer's signature on claims in the client's own name.
    let own = new_claims(&federation.latchkey, &federation.client);
    federation.present(&federation.key.assert(&own)).await.expect(401);
    federation.present(&outsider.assert(&own)).await.expect(200);
    federation.request(&federation.claims()).await.expect(200);
}

#[tokio::test]
async fn issuer_may_have_a_path_and_keys_at_another_host() {
    let federation = Federation::new().await;
    let issuer = "https://login.example.com/tenant/v2.0";
    let description = json!({ "issuer": issuer, "jwks_uri": "https://keys.example.net/common?v=2" });
    let internet = &federation.internet;
    internet.publish("login.example.com", "/tenant/v2.0/.well-known/openid-configuration", &description);
    internet.publish("keys.example.net", "/common?v=2", &federation.key.jwks());
    let other = json!({ "issuer": issuer, "subject": "job", "audience": "latchkey" });
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", federation.client);
    let members = json!({ "federated_identities": [other] });
    federation.latchkey.admin_request("PATCH", &path).await.json(&members).send().await.expect(200);
    federation.request(&federation.with("iss", json!(issuer))).await.expect(200);
    federation.request(&federation.claims()).await.expect(401);
}

#[tokio::test]
async fn issuer_key_rotation_is_followed_immediately() {
    let mut federation = Federation::new().await;
    federation.request(&federation.claims()).await.expect(200);
    let new = TestKey::new("ES384").named("k2");
    federation.internet.publish(HOST, "/keys", &new.jwks());
    federation.present(&new.assert(&federation.claims())).await.expect(200);
    federation.request(&federation.claims()).await.expect(401);
    // The keys move to another host.
    let moved = json!({ "issuer": OUTSIDE_ISSUER, "jwks_uri": "https://keys.example.net/all" });
    federation.internet.publish("keys.example.net", "/all", &federation.key.jwks());
    federation.internet.publish(HOST, "/.well-known/openid-configuration", &moved);
    federation.latchkey.advance(TTL);
    federation.request(&federation.claims()).await.expect(200);
}

#[tokio::test]
async fn identities_of_one_issuer_share_its_keys() {
    let key = TestKey::new("ES256").named("k1");
    let federation = Federation::of(key, &json!([identity("job"), identity("other")])).await;
    federation.request(&federation.claims()).await.expect(200);
    federation.request(&federation.with("sub", json!("other"))).await.expect(200);
    federation.request(&federation.with("sub", json!("third"))).await.expect(401);
    assert_eq!(federation.internet.requested(HOST).len(), 2);
}

#[tokio::test]
async fn metadata_and_keys_have_a_second_each() {
    let federation = Federation::new().await;
    let late = |reply| HostResponse::Late(Duration::from_millis(1_200), Box::new(reply));
    let description = json!({ "issuer": OUTSIDE_ISSUER, "jwks_uri": format!("{OUTSIDE_ISSUER}/keys") });
    federation.internet.respond_with(
        HOST,
        "/.well-known/openid-configuration",
        late(HostResponse::json(&description)),
    );
    federation.request(&federation.claims()).await.expect(401);
    assert_eq!(federation.internet.requested(HOST), ["/.well-known/openid-configuration"]);
}
