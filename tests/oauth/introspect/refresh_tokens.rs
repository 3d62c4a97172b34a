//! Introspection of refresh tokens, and of access tokens that were issued for a code.

use crate::support::app::{ISSUER, TestApp};
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::support::sign_in::code_flow::{Tokens, claims};
use crate::v1::backoffice;
use jiff::SignedDuration;
use serde_json::json;
use shared::domain::oauth::refresh_token::RefreshToken;

#[tokio::test]
async fn refresh_token_is_described_by_its_effective_grant() {
    let latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await);
    let tokens = latchkey.code_flow_tokens(&app).await;
    let response = latchkey.introspect(&checker, &tokens.refresh).await;
    assert_eq!(response.header("cache-control"), "no-store");
    let introspection = response.json();
    let iat = introspection["iat"].as_i64().unwrap();
    let expected = json!({
        "active": true, "client_id": app.client_id, "sub": claims(&tokens.access)["sub"],
        "scope": "orders:read orders:write", "aud": AUDIENCE, "iss": ISSUER, "iat": iat,
        "exp": iat + 1_209_600, "account_id": ACCOUNT, "subject_type": "member",
    });
    assert_eq!(introspection, expected, "these members and no others");
    let less = json!({ "permissions": backoffice(&["orders:read"]) });
    latchkey.put(&format!("{}/permissions", app.path()), &less).await.expect(200);
    assert_eq!(latchkey.introspect(&checker, &tokens.refresh).await.string("scope"), "orders:read");
    let hinted = format!("{}&token_type_hint=access_token", tokens.refresh);
    assert!(latchkey.is_active(&checker, &hinted).await, "a hint is never trusted");
}

#[tokio::test]
async fn access_token_of_a_member_has_its_claims() {
    let latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await);
    let tokens = latchkey.code_flow_tokens(&app).await;
    let mut expected = claims(&tokens.access);
    expected["active"] = json!(true);
    expected["token_type"] = json!("Bearer");
    expected["subject_type"] = json!("member");
    assert_eq!(latchkey.introspect(&checker, &tokens.access).await.json(), expected);
}

#[tokio::test]
async fn inactive_refresh_tokens_look_the_same() {
    let mut latchkey = TestApp::with_members().await;
    latchkey.fixtures().account("T2").await;
    let (app, checker) = (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await);
    let outsider = latchkey.fixtures().client_with("T2", &json!({})).await;
    let first = latchkey.code_flow_tokens(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    assert!(latchkey.is_active(&checker, &first.refresh).await, "replaced a moment ago");
    latchkey.advance(SignedDuration::from_secs(31));
    let revoked = latchkey.code_flow_tokens(&app).await;
    latchkey.revoke(&app, &revoked.refresh).await;
    let unknown = RefreshToken::first([1; 32], [2; 32]);
    let malformed = format!("{}0", &second.refresh[..second.refresh.len() - 1]);
    let expected = latchkey.introspect(&checker, "garbage").await.dump();
    for (name, caller, token) in [
        ("replaced", &checker, first.refresh.as_str()),
        ("revoked", &checker, &revoked.refresh),
        ("of a revoked family", &checker, &revoked.access),
        ("unknown", &checker, unknown.expose()),
        ("malformed", &checker, &malformed),
        ("cut off", &checker, "lkr_"),
        ("another account's", &outsider, &second.refresh),
        ("another account's access token", &outsider, &second.access),
    ] {
        assert_eq!(latchkey.introspect(caller, token).await.dump(), expected, "{name}");
    }
    assert!(latchkey.is_active(&checker, &second.refresh).await, "introspection changes nothing");
    latchkey.advance(SignedDuration::from_hours(24 * 14));
    assert_eq!(latchkey.introspect(&checker, &second.refresh).await.dump(), expected, "expired");
}

#[tokio::test]
async fn introspection_reads_only_what_the_response_needs() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().ann().await;
    latchkey.fixtures().account("T2").await;
    let (app, checker) = (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await);
    let outsider = latchkey.fixtures().client_with("T2", &json!({})).await;
    let tokens = latchkey.code_flow_tokens(&app).await;
    for client in [&checker, &outsider] {
        latchkey.introspect(client, "garbage").await;
    }
    let cost = async |caller, token: &str| {
        proxy.take_calls();
        latchkey.introspect(caller, token).await;
        let calls = proxy.take_calls();
        assert!(calls.iter().all(|call| call.input["ConsistentRead"] == true));
        let mut operations: Vec<_> = calls.into_iter().map(|call| call.operation).collect();
        operations.sort();
        operations
    };
    // The caller and the token's client; the family, the member, the consent, and for an access token the
    // deny-list.
    let six = ["GetItem", "GetItem", "GetItem", "GetItem", "Query", "Query"];
    assert_eq!(cost(&checker, &tokens.access).await, six);
    assert_eq!(cost(&checker, &tokens.refresh).await, six[1..]);
    assert_eq!(cost(&outsider, &tokens.access).await, ["Query"]);
    assert_eq!(cost(&outsider, &tokens.refresh).await, ["GetItem", "Query"]);
    assert_eq!(cost(&checker, "lkr_garbage").await, ["Query"]);
}
