//! Concurrent requests with one code: one gets tokens, and the replays revoke them (RFC 6749 §4.1.2).

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::http::TestResponse;
use crate::support::sign_in::code_flow::{
    Tokens, VERIFIER, WRONG_VERIFIER, assert_error, code_form, with_client_auth,
};
use tokio::task::JoinSet;

const CONCURRENT_REQUESTS: usize = 100;

/// The responses to concurrent requests with the same form.
async fn all_at_once(latchkey: &TestApp, client: &TestClient, form: &str) -> Vec<TestResponse> {
    let mut tasks = JoinSet::new();
    for _ in 0..CONCURRENT_REQUESTS {
        tasks.spawn(with_client_auth(latchkey.request("POST", "/oauth/token"), client, form).send());
    }
    tasks.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn code_is_redeemed_once_and_replays_revoke() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    let responses = all_at_once(&latchkey, &app, &code_form(&code, VERIFIER)).await;
    let (good, bad): (Vec<_>, Vec<_>) = responses.iter().partition(|response| response.status == 200);
    assert_eq!((good.len(), bad.len()), (1, CONCURRENT_REQUESTS - 1));
    for response in bad {
        assert_error(response, "invalid_grant", "a replay");
    }
    let tokens = Tokens::of(good[0]);
    assert!(!latchkey.is_active(&app, &tokens.access).await, "the replays revoke the tokens");
    assert_error(&latchkey.refresh(&app, &tokens.refresh, "").await, "invalid_grant", "the refresh token");
    let families = latchkey.inspect().grants("FAMILY#").await;
    assert_eq!(families.len(), 1);
    assert!(families[0].contains_key("revoked_at"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn code_without_its_client_or_verifier_is_not_redeemed() {
    let latchkey = TestApp::with_members().await;
    let (app, other) =
        (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().code_flow_client().await);
    let code = latchkey.fixtures().code(&app).await;
    for (client, verifier) in [(&other, VERIFIER), (&app, WRONG_VERIFIER)] {
        for response in all_at_once(&latchkey, client, &code_form(&code, verifier)).await {
            assert_error(&response, "invalid_grant", "not theirs");
        }
    }
    assert_eq!(latchkey.inspect().grants("FAMILY#").await.len(), 0);
    let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));
    assert!(latchkey.is_active(&app, &tokens.access).await);
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
}
