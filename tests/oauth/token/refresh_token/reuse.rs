//! A refresh token that is used again (RFC 9700 §4.14.2): within the grace period the response may have been
//! lost; later, the token has leaked.

use crate::support::app::TestApp;
use crate::support::sign_in::code_flow::{Tokens, assert_error, claims};
use jiff::SignedDuration;

#[tokio::test]
async fn grace_period_returns_the_same_successor() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let first = latchkey.code_flow_tokens(&app).await;
    let start = latchkey.now();
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    assert_ne!(second.refresh, first.refresh);
    for seconds in [1, 20, 29] {
        latchkey.set_time(start.checked_add(SignedDuration::from_secs(seconds)).unwrap());
        let again = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
        assert_eq!(again.refresh, second.refresh, "after {seconds} s");
        assert_ne!(again.access, second.access);
    }
    latchkey.set_time(start.checked_add(SignedDuration::from_secs(600)).unwrap());
    latchkey.refresh(&app, &second.refresh, "").await.expect(200);
}

#[tokio::test]
async fn reused_refresh_token_revokes_family() {
    let mut latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await);
    let first = latchkey.code_flow_tokens(&app).await;
    let another = latchkey.code_flow_tokens(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    let start = latchkey.now();
    latchkey.set_time(start.checked_add(SignedDuration::from_secs(31)).unwrap());
    for token in [&first.access, &second.access, &second.refresh] {
        assert!(latchkey.is_active(&checker, token).await, "until then");
    }
    assert_error(&latchkey.refresh(&app, &first.refresh, "").await, "invalid_grant", "reused");
    for token in [&first.access, &second.access, &second.refresh, &first.refresh] {
        assert!(!latchkey.is_active(&checker, token).await);
    }
    assert_error(&latchkey.refresh(&app, &second.refresh, "").await, "invalid_grant", "the current one");
    assert!(latchkey.is_active(&checker, &another.access).await, "another authorization stays valid");
    latchkey.refresh(&app, &another.refresh, "").await.expect(200);
}

#[tokio::test]
async fn late_request_of_a_client_that_went_on_revokes_nothing() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let first = latchkey.code_flow_tokens(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    let third = Tokens::of(&latchkey.refresh(&app, &second.refresh, "").await.expect(200));
    let late = latchkey.refresh(&app, &first.refresh, "").await;
    assert_error(&late, "invalid_grant", "two steps behind");
    assert!(late.string("error_description").contains("use the newest one"), "{}", late.text());
    assert!(latchkey.is_active(&app, &third.access).await);
    let fourth = Tokens::of(&latchkey.refresh(&app, &third.refresh, "").await.expect(200));

    latchkey.advance(SignedDuration::from_secs(31));
    let reused = latchkey.refresh(&app, &first.refresh, "").await;
    assert_error(&reused, "invalid_grant", "later it has leaked");
    assert!(reused.string("error_description").contains("was used before"), "{}", reused.text());
    assert_error(
        &latchkey.refresh(&app, &fourth.refresh, "").await,
        "invalid_grant",
        "the family is revoked",
    );
    assert!(!latchkey.is_active(&app, &third.access).await);
}

#[tokio::test]
async fn another_client_or_introspection_revokes_nothing() {
    let mut latchkey = TestApp::with_members().await;
    let (app, other) =
        (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().code_flow_client().await);
    let first = latchkey.code_flow_tokens(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    latchkey.advance(SignedDuration::from_secs(31));
    for token in [&first.refresh, &second.refresh] {
        assert_error(&latchkey.refresh(&other, token, "").await, "invalid_grant", "another client's");
    }
    assert!(!latchkey.is_active(&other, &first.refresh).await, "introspection is no use");
    assert!(latchkey.is_active(&other, &second.refresh).await);
    latchkey.refresh(&app, &second.refresh, "").await.expect(200);
}

#[tokio::test]
async fn grant_and_expiry_are_kept_across_rotation() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey
        .fixtures()
        .code_flow_client_with(&serde_json::json!({ "refresh_token_lifetime": 600 }))
        .await;
    let first = latchkey.code_flow_tokens(&app).await;
    let introspection = latchkey.introspect(&app, &first.refresh).await.json();
    let (iat, exp) = (introspection["iat"].as_i64().unwrap(), introspection["exp"].as_i64().unwrap());
    assert_eq!(exp - iat, 600);
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    latchkey.set_time(at(exp - 300));
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    assert_eq!(claims(&second.access)["grant_id"], claims(&first.access)["grant_id"]);
    assert_eq!(latchkey.introspect(&app, &second.refresh).await.json()["exp"], exp, "its expiry never moves");
    latchkey.set_time(at(exp - 1));
    let third = Tokens::of(&latchkey.refresh(&app, &second.refresh, "").await.expect(200));
    latchkey.set_time(at(exp + 1));
    assert_error(&latchkey.refresh(&app, &third.refresh, "").await, "invalid_grant", "expired");
    assert!(!latchkey.is_active(&app, &third.refresh).await);
    assert!(latchkey.is_active(&app, &third.access).await, "the last access token keeps its own expiry");
}
