//! Authentication of public clients: the client id alone, and only if the client is registered with `none`.
//! All others get the response to a failed authentication.

use crate::support::app::{ISSUER, TestApp};
use crate::support::aws;
use crate::support::crypto::assertions::{TestKey, claims, form};
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::code_flow::{VERIFIER, code_form, refresh_form};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn failures_are_byte_identical() {
    let mut latchkey = TestApp::with_members().await;
    latchkey.fixtures().account("T2").await;
    let (app, confidential) =
        (latchkey.fixtures().public_client().await, latchkey.fixtures().code_flow_client().await);
    let key = TestKey::new("ES256");
    let keyed = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": key.jwks() });
    let keyed = latchkey.fixtures().code_flow_client_with(&keyed).await;
    let public = |members: serde_json::Value| {
        let mut all = json!({ "token_endpoint_auth_method": "none" });
        all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        all
    };
    let restricted = latchkey
        .fixtures()
        .code_flow_client_with(&public(json!({ "allowed_ips": ["203.0.113.0/24"] })))
        .await;
    let disabled = latchkey.fixtures().public_client().await;
    latchkey.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    let deleted = latchkey.fixtures().public_client().await;
    latchkey.delete(&deleted.path()).await.expect(204);
    let was_public = latchkey.fixtures().code_flow_client().await;
    latchkey.patch(&was_public.path(), &json!({ "token_endpoint_auth_method": "none" })).await.expect(200);

    let code = latchkey.fixtures().code(&app).await;
    let secret = &confidential.client_secret;
    let by_id = |id: &str| format!("{}&client_id={id}", code_form(&code, VERIFIER));
    let request = |form: &str| latchkey.request("POST", "/oauth/token").form(form);
    let assertion = form(&key.assert(&claims(&app.client_id, ISSUER, latchkey.now().as_second())));
    let assertion = assertion.replace("grant_type=client_credentials", &code_form(&code, VERIFIER));
    let expected = latchkey.token("unknown", secret, "").await.expect(401).dump();
    let failures = [
        ("an unknown client", request(&by_id("unknown"))),
        ("a malformed id", request(&by_id("a%2Fb"))),
        ("a refresh token for an id", request(&by_id("lkr_x"))),
        ("a confidential client without its secret", request(&by_id(&confidential.client_id))),
        ("a client with keys without an assertion", request(&by_id(&keyed.client_id))),
        ("a restricted client from another address", request(&by_id(&restricted.client_id))),
        (
            "a restricted client from an unknown address",
            request(&by_id(&restricted.client_id)).without_source(),
        ),
        ("a disabled client", request(&by_id(&disabled.client_id))),
        ("a deleted client", request(&by_id(&deleted.client_id))),
        (
            "another account's path",
            latchkey.request("POST", "/v1/accounts/T2/auth/token").form(&by_id(&app.client_id)),
        ),
        ("a secret in the body", request(&format!("{}&client_secret={secret}", by_id(&app.client_id)))),
        ("a malformed secret in the body", request(&format!("{}&client_secret=x", by_id(&app.client_id)))),
        (
            "a secret in the header",
            latchkey
                .request("POST", "/oauth/token")
                .basic(&app.client_id, secret)
                .form(&code_form(&code, VERIFIER)),
        ),
        (
            "a confidential client with an empty secret in the header",
            latchkey
                .request("POST", "/oauth/token")
                .basic(&confidential.client_id, "")
                .form(&code_form(&code, VERIFIER)),
        ),
        (
            "its former secret",
            request(&format!("{}&client_secret={}", by_id(&was_public.client_id), was_public.client_secret)),
        ),
        ("an assertion", request(&assertion)),
        ("the type of an assertion", request(&format!("{}&client_assertion_type=x", by_id(&app.client_id)))),
    ];
    for (name, failure) in failures {
        assert_eq!(failure.send().await.dump(), expected, "{name}");
    }
    latchkey.redeem(&app, &code).await.expect(200);

    // The account is disabled last, because then none of its clients can authenticate.
    let tokens = latchkey.code_flow_tokens(&app).await;
    latchkey.patch(&format!("/v1/accounts/{ACCOUNT}"), &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(61));
    assert_eq!(latchkey.refresh(&app, &tokens.refresh, "").await.dump(), expected, "a disabled account");
}

#[tokio::test]
async fn empty_secret_is_no_secret() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().public_client().await;
    let request = || latchkey.request("POST", "/oauth/token");
    let form = async || code_form(&latchkey.fixtures().code(&app).await, VERIFIER);
    let (id, field) = (&app.client_id, format!("&client_id={}", app.client_id));
    for (name, request) in [
        ("as Basic", request().basic(id, "").form(&form().await)),
        ("as Basic, with the id in the body", request().basic(id, "").form(&(form().await + &field))),
        ("in the body", request().form(&(form().await + &field + "&client_secret="))),
        ("in both", request().basic(id, "").form(&(form().await + &field + "&client_secret="))),
    ] {
        assert_eq!(request.send().await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn failures_cost_the_same_read() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().ann().await;
    let (app, confidential) =
        (latchkey.fixtures().public_client().await, latchkey.fixtures().code_flow_client().await);
    let disabled = latchkey.fixtures().public_client().await;
    latchkey.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    let token = latchkey.code_flow_tokens(&app).await.refresh;
    for id in ["unknown", &confidential.client_id, &disabled.client_id] {
        proxy.take_calls();
        let form = format!("{}&client_id={id}", refresh_form(&token));
        latchkey.request("POST", "/oauth/token").form(&form).send().await.expect(401);
        let mut calls: Vec<_> = proxy.take_calls().into_iter().map(|call| call.operation).collect();
        // The refusal is noted for the client's owner once an hour, in a response that takes its time anyway.
        calls.retain(|operation| operation != "TransactWriteItems");
        assert_eq!(calls, ["Query"], "{id}");
    }
}
