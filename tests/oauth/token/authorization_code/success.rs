//! What a client gets for a code.

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
async fn the_token_acts_for_the_person_and_says_what_it_was_issued_from() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let code = latchkey.code(&app).await;
    let answer = latchkey.redeem(&app, &code).await.expect(200);
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    let body = answer.json();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(body["scope"], "orders:read orders:write");
    assert!(body["client_secret_expires_at"].is_i64());
    let tokens = Tokens::of(&answer);
    assert!(RefreshToken::parse(&tokens.refresh).is_ok());

    let reported = claims(&tokens.access);
    assert_eq!((&reported["iss"], &reported["aud"]), (&json!(ISSUER), &json!(AUDIENCE)));
    assert_eq!((&reported["client_id"], &reported["account_id"]), (&json!(app.client_id), &json!(ACCOUNT)));
    assert_eq!(reported["scope"], "orders:read orders:write");
    let sub = reported["sub"].as_str().unwrap();
    assert!(sub.starts_with("member_") && !sub.contains("ann"), "{sub}");
    assert_eq!(reported["grant_id"].as_str().unwrap().len(), 32);
    assert_eq!(reported["exp"].as_i64().unwrap(), reported["iat"].as_i64().unwrap() + 3600);

    let again = claims(&latchkey.signed_in(&app).await.access);
    assert_eq!(again["sub"], reported["sub"], "the same person");
    assert_ne!(again["grant_id"], reported["grant_id"], "another authorization");
}

#[tokio::test]
async fn without_refresh_token_among_the_grants_there_is_none() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app_like(&json!({ "grant_types": ["authorization_code"] })).await;
    let code = latchkey.code(&app).await;
    let body = latchkey.redeem(&app, &code).await.expect(200).json();
    assert_eq!(body.get("refresh_token"), None);
    assert_eq!(claims(body["access_token"].as_str().unwrap())["grant_id"].as_str().unwrap().len(), 32);
    assert!(latchkey.is_active(&app, body["access_token"].as_str().unwrap()).await);
}

#[tokio::test]
async fn the_scopes_are_those_of_the_code() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let code = latchkey.code_for(&app, "orders:read").await;
    assert_eq!(latchkey.redeem(&app, &code).await.expect(200).string("scope"), "orders:read");
}

#[tokio::test]
async fn the_resource_may_be_named_and_the_body_may_be_json_at_either_path() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    for target in [AUDIENCE, "backoffice_api"] {
        let form = format!("{}&resource={target}", code_form(&latchkey.code(&app).await, VERIFIER));
        latchkey.token_ask(&app, &form).send().await.expect(200);
    }
    for path in ["/oauth/token".to_owned(), format!("/v1/accounts/{ACCOUNT}/auth/token")] {
        let body = json!({
            "grant_type": "authorization_code", "code": latchkey.code(&app).await, "code_verifier": VERIFIER,
            "redirect_uri": REDIRECT_URI, "client_id": app.client_id, "client_secret": app.client_secret,
        });
        latchkey.request("POST", &path).json(&body).send().await.expect(200);
    }
}

#[tokio::test]
async fn a_scope_that_is_as_new_as_the_consent_is_granted_at_once() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    latchkey.signed_in(&app).await;
    let scopes = json!({ "scopes": [{ "name": "orders:read" }, { "name": "orders:new" }] });
    latchkey.patch("/v1/resources/backoffice_api", &scopes).await.expect(200);
    let permissions = json!({ "permissions": backoffice(&["orders:read", "orders:new"]) });
    latchkey.put(&format!("{}/permissions", app.path()), &permissions).await.expect(200);
    let code = latchkey.code_for(&app, "orders:read orders:new").await;
    assert_eq!(latchkey.redeem(&app, &code).await.expect(200).string("scope"), "orders:new orders:read");
}

#[tokio::test]
async fn a_redemption_costs_four_reads_and_one_transaction() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    latchkey.ann().await;
    let app = latchkey.app().await;
    latchkey.signed_in(&app).await;
    let code = latchkey.code(&app).await;
    proxy.take_calls();
    latchkey.redeem(&app, &code).await.expect(200);
    let calls = proxy.take_calls();
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    // The client; the code; the member and the consent at once; the code and the family together.
    assert_eq!(operations, ["Query", "GetItem", "GetItem", "GetItem", "TransactWriteItems"]);
    assert!(calls[..4].iter().all(|call| call.input["ConsistentRead"] == true));
    assert_eq!(calls[4].input["TransactItems"].as_array().unwrap().len(), 2);

    let (unknown, wrong) = ("A".repeat(43), latchkey.code(&app).await);
    proxy.take_calls();
    latchkey.redeem(&app, &unknown).await.expect(400);
    assert_eq!(proxy.take_calls().len(), 2, "an unknown code: the client and the code");
    let form = code_form(&wrong, crate::support::sign_in::code_flow::WRONG_VERIFIER);
    latchkey.token_ask(&app, &form).send().await.expect(400);
    assert_eq!(proxy.take_calls().len(), 2, "a wrong verifier: the client and the code");
    latchkey.redeem(&app, "malformed").await.expect(400);
    assert_eq!(proxy.take_calls().len(), 0, "what is no code: nothing");
}

#[tokio::test]
async fn the_log_names_the_grant_and_the_person_by_their_ids() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let code = latchkey.code(&app).await;
    let log = CapturedLog::default();
    let listening = log.listen_as("info");
    let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));
    latchkey.redeem(&app, &code).await.expect(400);
    drop(listening);
    let events: Vec<_> = log.events().into_iter().filter(|event| event.get("_aws").is_none()).collect();
    let [issued, replayed] = events.as_slice() else { panic!("one event each: {events:?}") };
    let reported = claims(&tokens.access);
    assert_eq!(issued["message"], "token issued");
    assert_eq!((&issued["grant_id"], &issued["sub"]), (&reported["grant_id"], &reported["sub"]));
    assert_eq!(issued["grant_type"], "authorization_code");
    assert_eq!(
        (&replayed["message"], &replayed["reason"]),
        (&json!("token refused"), &json!("code_replayed"))
    );
    assert_eq!((&replayed["error"], &replayed["grant_id"]), (&json!("invalid_grant"), &reported["grant_id"]));
    for hidden in [code.as_str(), &tokens.refresh, VERIFIER, "ann@"] {
        assert!(!log.text().contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn the_management_api_takes_no_token_that_acts_for_a_person() {
    let latchkey = TestApp::with_members().await;
    let scopes = ["clients:read"];
    let permissions = json!([{ "resource": "latchkey", "scopes": scopes }]);
    let grants = ["authorization_code", "client_credentials"];
    let app = latchkey.app_like(&json!({ "permissions": permissions, "grant_types": grants })).await;
    let requested = CodeRequest { resource: "latchkey", scopes: "clients:read", ..CodeRequest::default() };
    let code = latchkey.code_like(&app, &requested).await;
    let anns = latchkey.redeem(&app, &code).await.expect(200).string("access_token");
    let own = latchkey.token(&app.client_id, &app.client_secret, "").await.expect(200).string("access_token");
    assert_eq!(claims(&anns)["aud"], claims(&own)["aud"]);
    latchkey.request("GET", CLIENTS).bearer(&anns).send().await.expect(401);
    latchkey.request("GET", CLIENTS).bearer(&own).send().await.expect(200);
}
