//! Whose signature counts: the issuer's, by the keys that it says are its own.

use crate::oauth::token::client_assertion::federated::{Federation, HOST, OUTSIDE_ISSUER, identity};
use crate::oauth::token::client_assertion::fresh;
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::Reply;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;
use shared::adapters::remote::TTL;
use std::time::Duration;

#[tokio::test]
async fn nobody_elses_signature_counts() {
    let federation = Federation::new().await;
    let outsider = TestKey::new("RS256").named("k1");
    federation.outside.publish_issuer("stranger.example.com", &outsider.jwks());
    federation.present(&outsider.assert(&federation.claims())).await.expect(401);
    // Nor that of a client's own key, although it is the client's.
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", federation.client);
    let members = json!({ "jwks": outsider.jwks() });
    federation.latchkey.admin_request("PATCH", &path).await.json(&members).send().await.expect(200);
    federation.present(&outsider.assert(&federation.claims())).await.expect(401);
    // Nor the issuer's in the client's own name.
    let own = fresh(&federation.latchkey, &federation.client);
    federation.present(&federation.key.assert(&own)).await.expect(401);
    federation.present(&outsider.assert(&own)).await.expect(200);
    federation.request(&federation.claims()).await.expect(200);
}

#[tokio::test]
async fn the_issuers_keys_may_be_at_another_host_and_itself_at_a_path() {
    let federation = Federation::new().await;
    let issuer = "https://login.example.com/tenant/v2.0";
    let description = json!({ "issuer": issuer, "jwks_uri": "https://keys.example.net/common?v=2" });
    let outside = &federation.outside;
    outside.publish("login.example.com", "/tenant/v2.0/.well-known/openid-configuration", &description);
    outside.publish("keys.example.net", "/common?v=2", &federation.key.jwks());
    let other = json!({ "issuer": issuer, "subject": "job", "audience": "latchkey" });
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", federation.client);
    let members = json!({ "federated_identities": [other] });
    federation.latchkey.admin_request("PATCH", &path).await.json(&members).send().await.expect(200);
    federation.request(&federation.with("iss", json!(issuer))).await.expect(200);
    federation.request(&federation.claims()).await.expect(401);
}

#[tokio::test]
async fn the_issuers_rotation_is_followed_at_once() {
    let mut federation = Federation::new().await;
    federation.request(&federation.claims()).await.expect(200);
    let new = TestKey::new("ES384").named("k2");
    federation.outside.publish(HOST, "/keys", &new.jwks());
    federation.present(&new.assert(&federation.claims())).await.expect(200);
    federation.request(&federation.claims()).await.expect(401);
    // And to another place.
    let moved = json!({ "issuer": OUTSIDE_ISSUER, "jwks_uri": "https://keys.example.net/all" });
    federation.outside.publish("keys.example.net", "/all", &federation.key.jwks());
    federation.outside.publish(HOST, "/.well-known/openid-configuration", &moved);
    federation.latchkey.advance(TTL);
    federation.request(&federation.claims()).await.expect(200);
}

#[tokio::test]
async fn two_identities_of_one_issuer_share_its_keys() {
    let key = TestKey::new("ES256").named("k1");
    let federation = Federation::of(key, &json!([identity("job"), identity("other")])).await;
    federation.request(&federation.claims()).await.expect(200);
    federation.request(&federation.with("sub", json!("other"))).await.expect(200);
    federation.request(&federation.with("sub", json!("third"))).await.expect(401);
    assert_eq!(federation.outside.requested(HOST).len(), 2);
}

#[tokio::test]
async fn three_seconds_are_for_description_and_keys_together() {
    let federation = Federation::new().await;
    let late = |reply| Reply::Late(Duration::from_secs(2), Box::new(reply));
    let description = json!({ "issuer": OUTSIDE_ISSUER, "jwks_uri": format!("{OUTSIDE_ISSUER}/keys") });
    federation.outside.respond_with(
        HOST,
        "/.well-known/openid-configuration",
        late(Reply::json(&description)),
    );
    federation.outside.respond_with(HOST, "/keys", late(Reply::json(&federation.key.jwks())));
    // Two seconds for each: with three seconds for each, this would be a token.
    federation.request(&federation.claims()).await.expect(401);
    assert_eq!(federation.outside.requested(HOST).len(), 2);
}
