//! What a public client may do, and what not.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::code_flow::{
    Tokens, VERIFIER, WRONG_VERIFIER, assert_error, claims, code_form, refresh_form, with_client_auth,
};
use crate::v1::MEMBERS;
use jiff::SignedDuration;
use serde_json::json;
use tokio::task::JoinSet;

async fn latchkey_and_app() -> (TestApp, TestClient) {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().public_client().await;
    assert_eq!(app.client_secret, "", "public");
    (latchkey, app)
}

#[tokio::test]
async fn public_client_redeems_and_refreshes_by_its_id() {
    let (latchkey, app) = latchkey_and_app().await;
    let code = latchkey.fixtures().code(&app).await;
    for (name, form, error) in [
        ("another verifier", code_form(&code, WRONG_VERIFIER), "invalid_grant"),
        ("no verifier", code_form(&code, ""), "invalid_request"),
        ("another redirect_uri", code_form(&code, VERIFIER).replace("callback", "x"), "invalid_grant"),
    ] {
        assert_error(&latchkey.client_token_request(&app, &form).send().await, error, name);
    }
    let response = latchkey.redeem(&app, &code).await.expect(200);
    assert_eq!(response.json().get("client_secret_expires_at"), None);
    let first = Tokens::of(&response);
    assert!(claims(&first.access)["sub"].as_str().unwrap().starts_with("member_"));
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "&scope=orders:read").await.expect(200));
    let body =
        json!({ "grant_type": "refresh_token", "refresh_token": second.refresh, "client_id": app.client_id });
    let path = format!("/v1/accounts/{ACCOUNT}/auth/token");
    latchkey.request("POST", &path).json(&body).send().await.expect(200);
}

#[tokio::test]
async fn code_replay_and_token_reuse_revoke_tokens() {
    let (mut latchkey, app) = latchkey_and_app().await;
    let checker = latchkey.fixtures().client().await;
    let code = latchkey.fixtures().code(&app).await;
    let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "a replay");
    assert!(!latchkey.is_active(&checker, &tokens.access).await);

    let first = latchkey.code_flow_tokens(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    let again = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    assert_eq!(again.refresh, second.refresh, "the response may have been lost");
    latchkey.advance(SignedDuration::from_secs(31));
    assert_error(&latchkey.refresh(&app, &first.refresh, "").await, "invalid_grant", "reused");
    assert!(!latchkey.is_active(&checker, &second.access).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_requests_get_one_token_and_one_successor() {
    let (latchkey, app) = latchkey_and_app().await;
    let refresh = latchkey.code_flow_tokens(&app).await.refresh;
    let code = latchkey.fixtures().code(&app).await;
    let (mut codes, mut refreshes) = (JoinSet::new(), JoinSet::new());
    for _ in 0..30 {
        let request = || latchkey.request("POST", "/oauth/token");
        codes.spawn(with_client_auth(request(), &app, &code_form(&code, VERIFIER)).send());
        refreshes.spawn(with_client_auth(request(), &app, &refresh_form(&refresh)).send());
    }
    let good = codes.join_all().await.iter().filter(|response| response.status == 200).count();
    assert_eq!(good, 1);
    let responses = refreshes.join_all().await;
    let successors: std::collections::BTreeSet<_> =
        responses.into_iter().map(|response| Tokens::of(&response.expect(200)).refresh).collect();
    assert_eq!(successors.len(), 1);
}

#[tokio::test]
async fn removed_rights_act_on_the_next_request() {
    let (mut latchkey, app) = latchkey_and_app().await;
    let lost = latchkey.code_flow_tokens(&app).await;
    latchkey.withdraw_consent(&app).await;
    assert_error(&latchkey.refresh(&app, &lost.refresh, "").await, "invalid_grant", "the consent");
    let tokens = latchkey.code_flow_tokens(&app).await;
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
    latchkey.client_token_request(&app, &form).from("203.0.113.9").send().await.expect(200);
    latchkey.patch(&app.path(), &json!({ "allowed_ips": [] })).await.expect(200);
    latchkey.delete(&format!("{MEMBERS}/{}", crate::support::sign_in::code_flow::ANN)).await.expect(204);
    assert_error(&latchkey.refresh(&app, &tokens.refresh, "").await, "invalid_grant", "the member");
    latchkey.advance(SignedDuration::from_secs(61));
}

#[tokio::test]
async fn client_credentials_grant_is_unauthorized() {
    let (latchkey, app) = latchkey_and_app().await;
    let response = latchkey.client_token_request(&app, "grant_type=client_credentials").send().await;
    assert_error(&response, "unauthorized_client", "client_credentials");
}

#[tokio::test]
async fn public_client_revokes_own_tokens_but_cannot_introspect() {
    let (latchkey, app) = latchkey_and_app().await;
    let (checker, other) = (latchkey.fixtures().client().await, latchkey.fixtures().public_client().await);
    let about = |path: &str, client: &TestClient, token: &str| {
        with_client_auth(latchkey.request("POST", path), client, &format!("token={token}")).send()
    };
    let rejected =
        latchkey.token("unknown", &checker.client_secret, "").await.expect(401).dump_for_one_origin();
    let tokens = latchkey.code_flow_tokens(&app).await;
    for path in ["/oauth/introspect", "/oauth/check_token"] {
        for token in [&tokens.access, &tokens.refresh, "garbage"] {
            assert_eq!(about(path, &app, token).await.dump(), rejected, "{path}");
        }
    }
    for token in [&tokens.access, &tokens.refresh] {
        about("/oauth/revoke", &other, token).await.expect(200);
        assert!(latchkey.is_active(&checker, token).await, "another's");
    }
    for which in 0..2 {
        let tokens = latchkey.code_flow_tokens(&app).await;
        let token = [&tokens.access, &tokens.refresh][which];
        about("/oauth/revoke", &app, token).await.expect(200);
        for revoked in [&tokens.access, &tokens.refresh] {
            assert!(!latchkey.is_active(&checker, revoked).await, "all of the authorization");
        }
    }
}
