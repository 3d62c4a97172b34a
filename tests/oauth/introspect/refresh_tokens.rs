//! What is said of refresh tokens, and of access tokens that were issued from a code.

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
async fn a_refresh_token_is_described_by_what_it_would_give_and_is_no_bearer_token() {
    let latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.app().await, latchkey.client().await);
    let tokens = latchkey.signed_in(&app).await;
    let answer = latchkey.introspect(&checker, &tokens.refresh).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let reported = answer.json();
    let iat = reported["iat"].as_i64().unwrap();
    let expected = json!({
        "active": true, "client_id": app.client_id, "sub": claims(&tokens.access)["sub"],
        "scope": "orders:read orders:write", "aud": AUDIENCE, "iss": ISSUER, "iat": iat,
        "exp": iat + 1_209_600, "account_id": ACCOUNT,
    });
    assert_eq!(reported, expected, "these members and no others");
    let less = json!({ "permissions": backoffice(&["orders:read"]) });
    latchkey.put(&format!("{}/permissions", app.path()), &less).await.expect(200);
    assert_eq!(latchkey.introspect(&checker, &tokens.refresh).await.string("scope"), "orders:read");
    let hinted = format!("{}&token_type_hint=access_token", tokens.refresh);
    assert!(latchkey.is_active(&checker, &hinted).await, "a hint is never trusted");
}

#[tokio::test]
async fn an_access_token_of_a_person_says_so() {
    let latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.app().await, latchkey.client().await);
    let tokens = latchkey.signed_in(&app).await;
    let mut expected = claims(&tokens.access);
    expected["active"] = json!(true);
    expected["token_type"] = json!("Bearer");
    assert_eq!(latchkey.introspect(&checker, &tokens.access).await.json(), expected);
}

#[tokio::test]
async fn all_that_do_not_count_look_the_same() {
    let mut latchkey = TestApp::with_members().await;
    latchkey.account("T2").await;
    let (app, checker) = (latchkey.app().await, latchkey.client().await);
    let outsider = latchkey.client_like("T2", &json!({})).await;
    let first = latchkey.signed_in(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    assert!(latchkey.is_active(&checker, &first.refresh).await, "replaced a moment ago");
    latchkey.advance(SignedDuration::from_secs(31));
    let revoked = latchkey.signed_in(&app).await;
    latchkey.revoke(&app, &revoked.refresh).await;
    let unknown = RefreshToken::first([1; 32], [2; 32]);
    let malformed = format!("{}0", &second.refresh[..second.refresh.len() - 1]);
    let expected = latchkey.introspect(&checker, "garbage").await.dump();
    for (name, caller, token) in [
        ("replaced", &checker, first.refresh.as_str()),
        ("revoked", &checker, &revoked.refresh),
        ("of a family that has ended", &checker, &revoked.access),
        ("unknown", &checker, unknown.expose()),
        ("malformed", &checker, &malformed),
        ("cut off", &checker, "lkr_"),
        ("another account's", &outsider, &second.refresh),
        ("another account's access token", &outsider, &second.access),
    ] {
        assert_eq!(latchkey.introspect(caller, token).await.dump(), expected, "{name}");
    }
    assert!(latchkey.is_active(&checker, &second.refresh).await, "and a question changes nothing");
    latchkey.advance(SignedDuration::from_hours(24 * 14));
    assert_eq!(latchkey.introspect(&checker, &second.refresh).await.dump(), expected, "expired");
}

#[tokio::test]
async fn a_question_reads_what_the_answer_rests_on_and_of_a_foreign_token_no_more_than_whose_it_is() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    latchkey.ann().await;
    latchkey.account("T2").await;
    let (app, checker) = (latchkey.app().await, latchkey.client().await);
    let outsider = latchkey.client_like("T2", &json!({})).await;
    let tokens = latchkey.signed_in(&app).await;
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
    // The caller and the token's client; the family, the member, the consent, and for an access token the deny-list.
    let six = ["GetItem", "GetItem", "GetItem", "GetItem", "Query", "Query"];
    assert_eq!(cost(&checker, &tokens.access).await, six);
    assert_eq!(cost(&checker, &tokens.refresh).await, six[1..]);
    assert_eq!(cost(&outsider, &tokens.access).await, ["Query"]);
    assert_eq!(cost(&outsider, &tokens.refresh).await, ["GetItem", "Query"]);
    assert_eq!(cost(&checker, "lkr_garbage").await, ["Query"]);
}
