//! What a public client may do, and what not.

use crate::support::codes::{
    Tokens, VERIFIER, WRONG_VERIFIER, assert_error, claims, code_form, refresh_form, said_by,
};
use crate::support::house::TestHouse;
use crate::support::things::{ACCOUNT, TestClient};
use crate::v1::MEMBERS;
use jiff::SignedDuration;
use serde_json::json;
use tokio::task::JoinSet;

async fn house_and_app() -> (TestHouse, TestClient) {
    let house = TestHouse::inhabited().await;
    let app = house.public_app().await;
    assert_eq!(app.client_secret, "", "it has none");
    (house, app)
}

#[tokio::test]
async fn it_redeems_and_refreshes_by_its_id_alone() {
    let (house, app) = house_and_app().await;
    let code = house.code(&app).await;
    for (name, form, error) in [
        ("another verifier", code_form(&code, WRONG_VERIFIER), "invalid_grant"),
        ("no verifier", code_form(&code, ""), "invalid_request"),
        ("another redirect_uri", code_form(&code, VERIFIER).replace("callback", "x"), "invalid_grant"),
    ] {
        assert_error(&house.token_ask(&app, &form).send().await, error, name);
    }
    let answer = house.redeem(&app, &code).await.expect(200);
    assert_eq!(answer.json().get("client_secret_expires_at"), None);
    let first = Tokens::of(&answer);
    assert!(claims(&first.access)["sub"].as_str().unwrap().starts_with("member_"));
    let second = Tokens::of(&house.refresh(&app, &first.refresh, "&scope=orders:read").await.expect(200));
    let body =
        json!({ "grant_type": "refresh_token", "refresh_token": second.refresh, "client_id": app.client_id });
    let path = format!("/v1/accounts/{ACCOUNT}/auth/token");
    house.ask("POST", &path).json(&body).send().await.expect(200);
}

#[tokio::test]
async fn a_replayed_code_or_an_old_token_ends_what_came_of_it() {
    let (mut house, app) = house_and_app().await;
    let checker = house.client().await;
    let code = house.code(&app).await;
    let tokens = Tokens::of(&house.redeem(&app, &code).await.expect(200));
    assert_error(&house.redeem(&app, &code).await, "invalid_grant", "a replay");
    assert!(!house.is_active(&checker, &tokens.access).await);

    let first = house.signed_in(&app).await;
    let second = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    let again = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    assert_eq!(again.refresh, second.refresh, "an answer that got lost");
    house.advance(SignedDuration::from_secs(31));
    assert_error(&house.refresh(&app, &first.refresh, "").await, "invalid_grant", "reused");
    assert!(!house.is_active(&checker, &second.access).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_gets_one_token_for_a_code_and_one_successor_for_a_refresh_token() {
    let (house, app) = house_and_app().await;
    let refresh = house.signed_in(&app).await.refresh;
    let code = house.code(&app).await;
    let (mut codes, mut refreshes) = (JoinSet::new(), JoinSet::new());
    for _ in 0..30 {
        let ask = || house.ask("POST", "/oauth/token");
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
    let (mut house, app) = house_and_app().await;
    let lost = house.signed_in(&app).await;
    house.withdraw(&app).await;
    assert_error(&house.refresh(&app, &lost.refresh, "").await, "invalid_grant", "the consent");
    let tokens = house.signed_in(&app).await;
    let permissions = format!("{}/permissions", app.path());
    house.put(&permissions, &json!({ "permissions": [] })).await.expect(200);
    assert_error(&house.refresh(&app, &tokens.refresh, "").await, "invalid_grant", "the permission");
    let back = json!({ "permissions": crate::v1::backoffice(&["orders:read"]) });
    house.put(&permissions, &back).await.expect(200);
    house.post(&format!("{}/disable", app.path()), &json!({})).await.expect(200);
    house.refresh(&app, &tokens.refresh, "").await.expect(401);
    house.post(&format!("{}/enable", app.path()), &json!({})).await.expect(200);
    house.patch(&app.path(), &json!({ "allowed_ips": ["203.0.113.0/24"] })).await.expect(200);
    house.refresh(&app, &tokens.refresh, "").await.expect(401);
    let form = refresh_form(&tokens.refresh);
    house.token_ask(&app, &form).from("203.0.113.9").send().await.expect(200);
    house.patch(&app.path(), &json!({ "allowed_ips": [] })).await.expect(200);
    house.delete(&format!("{MEMBERS}/{}", crate::support::codes::ANN)).await.expect(204);
    assert_error(&house.refresh(&app, &tokens.refresh, "").await, "invalid_grant", "the person");
    house.advance(SignedDuration::from_secs(61));
}

#[tokio::test]
async fn it_never_acts_in_its_own_name() {
    let (house, app) = house_and_app().await;
    let answer = house.token_ask(&app, "grant_type=client_credentials").send().await;
    assert_error(&answer, "unauthorized_client", "client_credentials");
}

#[tokio::test]
async fn it_ends_its_own_tokens_and_nobody_elses_and_may_not_ask_about_any() {
    let (house, app) = house_and_app().await;
    let (checker, other) = (house.client().await, house.public_app().await);
    let about = |path: &str, client: &TestClient, token: &str| {
        said_by(house.ask("POST", path), client, &format!("token={token}")).send()
    };
    let refused = house.token("nobody", &checker.client_secret, "").await.expect(401).everything();
    let tokens = house.signed_in(&app).await;
    for path in ["/oauth/introspect", "/oauth/check_token"] {
        for token in [&tokens.access, &tokens.refresh, "garbage"] {
            assert_eq!(about(path, &app, token).await.everything(), refused, "{path}");
        }
    }
    for token in [&tokens.access, &tokens.refresh] {
        about("/oauth/revoke", &other, token).await.expect(200);
        assert!(house.is_active(&checker, token).await, "another's");
    }
    for which in 0..2 {
        let tokens = house.signed_in(&app).await;
        let token = [&tokens.access, &tokens.refresh][which];
        about("/oauth/revoke", &app, token).await.expect(200);
        for ended in [&tokens.access, &tokens.refresh] {
            assert!(!house.is_active(&checker, ended).await, "all of the authorization");
        }
    }
}
