//! The token response for a code (RFC 6749 §4.1.4).

use crate::support::app::{ISSUER, TestApp};
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::support::log_capture::CapturedLog;
use crate::support::sign_in::code_flow::{CodeRequest, REDIRECT_URI, Tokens, VERIFIER, claims, code_form};
use crate::v1::{CLIENTS, backoffice};
use serde_json::json;
use shared::domain::oauth::refresh_token::RefreshToken;

#[tokio::test]
async fn token_names_subject_and_grant() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    let response = latchkey.redeem(&app, &code).await.expect(200);
    assert_eq!((response.header("cache-control"), response.header("pragma")), ("no-store", "no-cache"));
    let body = response.json();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(body["scope"], "orders:read orders:write");
    assert!(body["client_secret_expires_at"].is_i64());
    let tokens = Tokens::of(&response);
    assert!(RefreshToken::parse(&tokens.refresh).is_ok());

    let token_claims = claims(&tokens.access);
    assert_eq!((&token_claims["iss"], &token_claims["aud"]), (&json!(ISSUER), &json!(AUDIENCE)));
    assert_eq!(
        (&token_claims["client_id"], &token_claims["account_id"]),
        (&json!(app.client_id), &json!(ACCOUNT))
    );
    assert_eq!(token_claims["scope"], "orders:read orders:write");
    let sub = token_claims["sub"].as_str().unwrap();
    assert!(sub.starts_with("member_") && !sub.contains("ann"), "{sub}");
    assert_eq!(token_claims["grant_id"].as_str().unwrap().len(), 32);
    assert_eq!(token_claims["exp"].as_i64().unwrap(), token_claims["iat"].as_i64().unwrap() + 3600);

    let again = claims(&latchkey.code_flow_tokens(&app).await.access);
    assert_eq!(again["sub"], token_claims["sub"], "the same subject");
    assert_ne!(again["grant_id"], token_claims["grant_id"], "another authorization");
}

#[tokio::test]
async fn refresh_token_needs_its_grant_type() {
    let latchkey = TestApp::with_members().await;
    let app =
        latchkey.fixtures().code_flow_client_with(&json!({ "grant_types": ["authorization_code"] })).await;
    let code = latchkey.fixtures().code(&app).await;
    let body = latchkey.redeem(&app, &code).await.expect(200).json();
    assert_eq!(body.get("refresh_token"), None);
    assert_eq!(claims(body["access_token"].as_str().unwrap())["grant_id"].as_str().unwrap().len(), 32);
    assert!(latchkey.is_active(&app, body["access_token"].as_str().unwrap()).await);
}

#[tokio::test]
async fn scopes_are_those_of_the_code() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code_for(&app, "orders:read").await;
    assert_eq!(latchkey.redeem(&app, &code).await.expect(200).string("scope"), "orders:read");
}

#[tokio::test]
async fn resource_and_json_body_are_accepted_at_both_paths() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    for target in [AUDIENCE, "backoffice_api"] {
        let form =
            format!("{}&resource={target}", code_form(&latchkey.fixtures().code(&app).await, VERIFIER));
        latchkey.client_token_request(&app, &form).send().await.expect(200);
    }
    for path in ["/oauth/token".to_owned(), format!("/v1/accounts/{ACCOUNT}/auth/token")] {
        let body = json!({
            "grant_type": "authorization_code", "code": latchkey.fixtures().code(&app).await, "code_verifier": VERIFIER,
            "redirect_uri": REDIRECT_URI, "client_id": app.client_id, "client_secret": app.client_secret,
        });
        latchkey.request("POST", &path).json(&body).send().await.expect(200);
    }
}

#[tokio::test]
async fn new_scope_is_granted_immediately() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    latchkey.code_flow_tokens(&app).await;
    let scopes = json!({ "scopes": [{ "name": "orders:read" }, { "name": "orders:new" }] });
    latchkey.patch("/v1/resources/backoffice_api", &scopes).await.expect(200);
    let permissions = json!({ "permissions": backoffice(&["orders:read", "orders:new"]) });
    latchkey.put(&format!("{}/permissions", app.path()), &permissions).await.expect(200);
    let code = latchkey.fixtures().code_for(&app, "orders:read orders:new").await;
    assert_eq!(latchkey.redeem(&app, &code).await.expect(200).string("scope"), "orders:new orders:read");
}

#[tokio::test]
async fn redemption_costs_four_reads_and_one_transaction() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().ann().await;
    let app = latchkey.fixtures().code_flow_client().await;
    latchkey.code_flow_tokens(&app).await;
    let code = latchkey.fixtures().code(&app).await;
    proxy.take_calls();
    latchkey.redeem(&app, &code).await.expect(200);
    let calls = proxy.take_calls();
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    // The client; the code; the member and the consent at once; the code, the family, and how it is found when the person is
    // removed, together.
    assert_eq!(operations, ["Query", "GetItem", "GetItem", "GetItem", "TransactWriteItems"]);
    assert!(calls[..4].iter().all(|call| call.input["ConsistentRead"] == true));
    assert_eq!(calls[4].input["TransactItems"].as_array().unwrap().len(), 3);

    let (unknown, wrong) = ("A".repeat(43), latchkey.fixtures().code(&app).await);
    proxy.take_calls();
    latchkey.redeem(&app, &unknown).await.expect(400);
    assert_eq!(proxy.take_calls().len(), 2, "an unknown code: the client and the code");
    let form = code_form(&wrong, crate::support::sign_in::code_flow::WRONG_VERIFIER);
    latchkey.client_token_request(&app, &form).send().await.expect(400);
    assert_eq!(proxy.take_calls().len(), 2, "a wrong verifier: the client and the code");
    latchkey.redeem(&app, "malformed").await.expect(400);
    assert_eq!(proxy.take_calls().len(), 0, "a malformed code: no call");
}

#[tokio::test]
async fn log_names_grant_and_subject_by_id() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    let log = CapturedLog::default();
    let log_guard = log.listen_as("info");
    let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));
    latchkey.redeem(&app, &code).await.expect(400);
    drop(log_guard);
    let events: Vec<_> = log.events();
    let [issued, replayed] = events.as_slice() else { panic!("one event each: {events:?}") };
    let token_claims = claims(&tokens.access);
    assert_eq!(issued["message"], "token issued");
    assert_eq!((&issued["grant_id"], &issued["sub"]), (&token_claims["grant_id"], &token_claims["sub"]));
    assert_eq!(issued["grant_type"], "authorization_code");
    assert_eq!(
        (&replayed["message"], &replayed["reason"]),
        (&json!("token request rejected"), &json!("code_replayed"))
    );
    assert_eq!(
        (&replayed["error"], &replayed["grant_id"]),
        (&json!("invalid_grant"), &token_claims["grant_id"])
    );
    for hidden in [code.as_str(), &tokens.refresh, VERIFIER, "ann@"] {
        assert!(!log.text().contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn management_api_rejects_tokens_of_members() {
    let latchkey = TestApp::with_members().await;
    let scopes = ["clients:read"];
    let permissions = json!([{ "resource": "latchkey", "scopes": scopes }]);
    let grants = ["authorization_code", "client_credentials"];
    let app = latchkey
        .fixtures()
        .code_flow_client_with(&json!({ "permissions": permissions, "grant_types": grants }))
        .await;
    let requested = CodeRequest { resource: "latchkey", scopes: "clients:read", ..CodeRequest::default() };
    let code = latchkey.fixtures().code_with(&app, &requested).await;
    let anns = latchkey.redeem(&app, &code).await.expect(200).string("access_token");
    let own = latchkey.token(&app.client_id, &app.client_secret, "").await.expect(200).string("access_token");
    assert_eq!(claims(&anns)["aud"], claims(&own)["aud"]);
    latchkey.request("GET", CLIENTS).bearer(&anns).send().await.expect(401);
    latchkey.request("GET", CLIENTS).bearer(&own).send().await.expect(200);
}
