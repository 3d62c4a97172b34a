//! What a public client may do, and what not.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::code_flow::{
    Tokens, VERIFIER, WRONG_VERIFIER, assert_error, claims, code_form, refresh_form, said_by,
};
use crate::v1::MEMBERS;
use jiff::SignedDuration;
use serde_json::json;
use tokio::task::JoinSet;

async fn house_and_app() -> (TestApp, TestClient) {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.public_app().await;
    assert_eq!(app.client_secret, "", "it has none");
    (latchkey, app)
}

#[tokio::test]
async fn it_redeems_and_refreshes_by_its_id_alone() {
    let (latchkey, app) = house_and_app().await;
    let code = latchkey.code(&app).await;
    for (name, form, error) in [
        ("another verifier", code_form(&code, WRONG_VERIFIER), "invalid_grant"),
        ("no verifier", code_form(&code, ""), "invalid_request"),
        ("another redirect_uri", code_form(&code, VERIFIER).replace("callback", "x"), "invalid_grant"),
    ] {
        assert_error(&latchkey.token_ask(&app, &form).send().await, error, name);
    }
    let answer = latchkey.redeem(&app, &code).await.expect(200);
    assert_eq!(answer.json().get("client_secret_expires_at"), None);
    let first = Tokens::of(&answer);
    assert!(claims(&first.access)["sub"].as_str().unwrap().starts_with("member_"));
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "&scope=orders:read").await.expect(200));
    let body =
        json!({ "grant_type": "refresh_token", "refresh_token": second.refresh, "client_id": app.client_id });
    let path = format!("/v1/accounts/{ACCOUNT}/auth/token");
    latchkey.request("POST", &path).json(&body).send().await.expect(200);
}

#[tokio::test]
async fn a_replayed_code_or_an_old_token_ends_what_came_of_it() {
    let (mut latchkey, app) = house_and_app().await;
    let checker = latchkey.client().await;
    let code = latchkey.code(&app).await;
    let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "a replay");
    assert!(!latchkey.is_active(&checker, &tokens.access).await);

    let first = latchkey.signed_in(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    let again = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    assert_eq!(again.refresh, second.refresh, "an answer that got lost");
    latchkey.advance(SignedDuration::from_secs(31));
    assert_error(&latchkey.refresh(&app, &first.refresh, "").await, "invalid_grant", "reused");
    assert!(!latchkey.is_active(&checker, &second.access).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_gets_one_token_for_a_code_and_one_successor_for_a_refresh_token() {
    let (latchkey, app) = house_and_app().await;
    let refresh = latchkey.signed_in(&app).await.refresh;
    let code = latchkey.code(&app).await;
    let (mut codes, mut refreshes) = (JoinSet::new(), JoinSet::new());
    for _ in 0..30 {
        let ask = || latchkey.request("POST", "/oauth/token");
        codes.spawn(said_by(ask(), &app, &code_form(&code, VERIFIER)).send());
        refreshes.spawn(said_by(ask(), &app, &refresh_form(&refresh)).send());
    }
    let good = codes.join_all().await.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(good, 1);
    let answers = refreshes.join_all().await;
    let successors: std::collections::BTreeSet<_> =
        answers.into_iter().map(|answer| Tokens::of(&answer.expect(200)).refresh).collect();
    assert_eq!(successors.len(), 1);
}

#[tokio::test]
async fn what_is_lost_acts_on_its_next_request() {
    let (mut latchkey, app) = house_and_app().await;
    let lost = latchkey.signed_in(&app).await;
    latchkey.withdraw(&app).await;
    assert_error(&latchkey.refresh(&app, &lost.refresh, "").await, "invalid_grant", "the consent");
    let tokens = latchkey.signed_in(&app).await;
    let permissions = format!("{}/permissions", app.path());
    latchkey.put(&permissions, &json!({ "permissions": [] })).await.expect(200);
    assert_error(&latchkey.refresh(&app, &tokens.refresh, "").await, "invalid_grant", "the permission");
    let back = json!({ "permissions": crate::v1::backoffice(&["orders:read"]) });
    latchkey.put(&permissions, &back).await.expect(200);
    latchkey.post(&format!("{}/disable", app.path()), &json!({})).await.expect(200);
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(401);
    latchkey.post(&format!("{}/enable", app.path()), &json!({})).await.expect(200);
    latchkey.patch(&app.path(), &json!({ "allowed_ips": ["203.0.113.0/24"] })).await.expect(200);
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(401);
    let form = refresh_form(&tokens.refresh);
    latchkey.token_ask(&app, &form).from("203.0.113.9").send().await.expect(200);
    latchkey.patch(&app.path(), &json!({ "allowed_ips": [] })).await.expect(200);
    latchkey.delete(&format!("{MEMBERS}/{}", crate::support::sign_in::code_flow::ANN)).await.expect(204);
    assert_error(&latchkey.refresh(&app, &tokens.refresh, "").await, "invalid_grant", "the person");
    latchkey.advance(SignedDuration::from_secs(61));
}

#[tokio::test]
async fn it_never_acts_in_its_own_name() {
    let (latchkey, app) = house_and_app().await;
    let answer = latchkey.token_ask(&app, "grant_type=client_credentials").send().await;
    assert_error(&answer, "unauthorized_client", "client_credentials");
}

#[tokio::test]
async fn it_ends_its_own_tokens_and_nobody_elses_and_may_not_ask_about_any() {
    let (latchkey, app) = house_and_app().await;
    let (checker, other) = (latchkey.client().await, latchkey.public_app().await);
    let about = |path: &str, client: &TestClient, token: &str| {
        said_by(latchkey.request("POST", path), client, &format!("token={token}")).send()
    };
    let refused = latchkey.token("nobody", &checker.client_secret, "").await.expect(401).dump();
    let tokens = latchkey.signed_in(&app).await;
    for path in ["/oauth/introspect", "/oauth/check_token"] {
        for token in [&tokens.access, &tokens.refresh, "garbage"] {
            assert_eq!(about(path, &app, token).await.dump(), refused, "{path}");
        }
    }
    for token in [&tokens.access, &tokens.refresh] {
        about("/oauth/revoke", &other, token).await.expect(200);
        assert!(latchkey.is_active(&checker, token).await, "another's");
    }
    for which in 0..2 {
        let tokens = latchkey.signed_in(&app).await;
        let token = [&tokens.access, &tokens.refresh][which];
        about("/oauth/revoke", &app, token).await.expect(200);
        for ended in [&tokens.access, &tokens.refresh] {
            assert!(!latchkey.is_active(&checker, ended).await, "all of the authorization");
        }
    }
}
