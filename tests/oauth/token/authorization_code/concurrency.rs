//! Many at once with one code: one gets a token, and who comes too late ends it.

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::http::TestResponse;
use crate::support::sign_in::code_flow::{
    Tokens, VERIFIER, WRONG_VERIFIER, assert_error, code_form, said_by,
};
use tokio::task::JoinSet;

const CROWD: usize = 100;

/// Everybody sends the same at once.
async fn all_at_once(latchkey: &TestApp, client: &TestClient, form: &str) -> Vec<TestResponse> {
    let mut crowd = JoinSet::new();
    for _ in 0..CROWD {
        crowd.spawn(said_by(latchkey.request("POST", "/oauth/token"), client, form).send());
    }
    crowd.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_gives_one_token_whoever_tries_at_once_and_the_others_end_it() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let code = latchkey.code(&app).await;
    let answers = all_at_once(&latchkey, &app, &code_form(&code, VERIFIER)).await;
    let (good, bad): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((good.len(), bad.len()), (1, CROWD - 1));
    for answer in bad {
        assert_error(answer, "invalid_grant", "a replay");
    }
    let tokens = Tokens::of(good[0]);
    assert!(!latchkey.is_active(&app, &tokens.access).await, "two have the code, so nobody has the tokens");
    assert_error(&latchkey.refresh(&app, &tokens.refresh, "").await, "invalid_grant", "the refresh token");
    let families = latchkey.grants("FAMILY#").await;
    assert_eq!(families.len(), 1);
    assert!(families[0].contains_key("revoked_at"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_else_has_a_code_takes_nothing_from_its_client() {
    let latchkey = TestApp::with_members().await;
    let (app, other) = (latchkey.app().await, latchkey.app().await);
    let code = latchkey.code(&app).await;
    for (client, verifier) in [(&other, VERIFIER), (&app, WRONG_VERIFIER)] {
        for answer in all_at_once(&latchkey, client, &code_form(&code, verifier)).await {
            assert_error(&answer, "invalid_grant", "not theirs");
        }
    }
    assert_eq!(latchkey.grants("FAMILY#").await.len(), 0);
    let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));
    assert!(latchkey.is_active(&app, &tokens.access).await);
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
}
