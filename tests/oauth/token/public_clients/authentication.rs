//! Who counts as a public client: whoever says its id and nothing else, and only where it says `none` itself. All
//! others fail as everybody who fails does.

use crate::support::assertions::{TestKey, claims, form};
use crate::support::aws_proxy::AwsProxy;
use crate::support::codes::{VERIFIER, code_form, refresh_form};
use crate::support::emulator;
use crate::support::house::{ISSUER, TestHouse};
use crate::support::things::ACCOUNT;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn every_failure_is_byte_identical() {
    let mut house = TestHouse::inhabited().await;
    house.account("T2").await;
    let (app, confidential) = (house.public_app().await, house.app().await);
    let key = TestKey::new("ES256");
    let keyed = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": key.jwks() });
    let keyed = house.app_like(&keyed).await;
    let public = |members: serde_json::Value| {
        let mut all = json!({ "token_endpoint_auth_method": "none" });
        all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        all
    };
    let fenced = house.app_like(&public(json!({ "allowed_ips": ["203.0.113.0/24"] }))).await;
    let disabled = house.public_app().await;
    house.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    let deleted = house.public_app().await;
    house.delete(&deleted.path()).await.expect(204);
    let was_public = house.app().await;
    house.patch(&was_public.path(), &json!({ "token_endpoint_auth_method": "none" })).await.expect(200);

    let code = house.code(&app).await;
    let secret = &confidential.client_secret;
    let by_id = |id: &str| format!("{}&client_id={id}", code_form(&code, VERIFIER));
    let ask = |form: &str| house.ask("POST", "/oauth/token").form(form);
    let assertion = form(&key.assert(&claims(&app.client_id, ISSUER, house.now().as_second())));
    let assertion = assertion.replace("grant_type=client_credentials", &code_form(&code, VERIFIER));
    let expected = house.token("nobody", secret, "").await.expect(401).everything();
    let failures = [
        ("an unknown client", ask(&by_id("nobody"))),
        ("a malformed id", ask(&by_id("a%2Fb"))),
        ("a refresh token for an id", ask(&by_id("lkr_x"))),
        ("a confidential client without its secret", ask(&by_id(&confidential.client_id))),
        ("a client with keys without an assertion", ask(&by_id(&keyed.client_id))),
        ("a fenced client from elsewhere", ask(&by_id(&fenced.client_id))),
        ("a fenced client from nowhere", ask(&by_id(&fenced.client_id)).without_source()),
        ("a disabled client", ask(&by_id(&disabled.client_id))),
        ("a deleted client", ask(&by_id(&deleted.client_id))),
        (
            "another account's path",
            house.ask("POST", "/v1/accounts/T2/auth/token").form(&by_id(&app.client_id)),
        ),
        ("a secret in the body", ask(&format!("{}&client_secret={secret}", by_id(&app.client_id)))),
        ("a malformed secret in the body", ask(&format!("{}&client_secret=x", by_id(&app.client_id)))),
        (
            "a secret in the header",
            house.ask("POST", "/oauth/token").basic(&app.client_id, secret).form(&code_form(&code, VERIFIER)),
        ),
        (
            "an empty secret in the header",
            house.ask("POST", "/oauth/token").basic(&app.client_id, "").form(&code_form(&code, VERIFIER)),
        ),
        (
            "the secret of before",
            ask(&format!("{}&client_secret={}", by_id(&was_public.client_id), was_public.client_secret)),
        ),
        ("an assertion", ask(&assertion)),
        ("the type of an assertion", ask(&format!("{}&client_assertion_type=x", by_id(&app.client_id)))),
    ];
    for (name, failure) in failures {
        assert_eq!(failure.send().await.everything(), expected, "{name}");
    }
    house.redeem(&app, &code).await.expect(200);

    // The account goes last: then nobody of it gets in.
    let tokens = house.signed_in(&app).await;
    house.patch(&format!("/v1/accounts/{ACCOUNT}"), &json!({ "status": "disabled" })).await.expect(200);
    house.advance(SignedDuration::from_secs(61));
    assert_eq!(house.refresh(&app, &tokens.refresh, "").await.everything(), expected, "a disabled account");
}

#[tokio::test]
async fn who_fails_costs_the_same_read_whoever_they_say_they_are() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    house.ann().await;
    let (app, confidential) = (house.public_app().await, house.app().await);
    let disabled = house.public_app().await;
    house.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    let token = house.signed_in(&app).await.refresh;
    for id in ["nobody", &confidential.client_id, &disabled.client_id] {
        proxy.take_calls();
        let form = format!("{}&client_id={id}", refresh_form(&token));
        house.ask("POST", "/oauth/token").form(&form).send().await.expect(401);
        let calls: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        assert_eq!(calls, ["Query"], "{id}");
    }
}
