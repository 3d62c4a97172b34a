//! What spends no code, and the one thing that ends what came of one.

use crate::support::codes::{Asked, Tokens, VERIFIER, WRONG_VERIFIER, assert_error, code_form};
use crate::support::house::TestHouse;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn a_mistake_or_a_stranger_spends_nothing_and_ends_nothing() {
    let house = TestHouse::inhabited().await;
    let (app, other) = (house.app().await, house.app().await);
    let code = house.code(&app).await;
    let good = code_form(&code, VERIFIER);
    let elsewhere = good.replace("callback", "callback2");
    let without_uri = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    let wrong = [
        ("another client", &other, good.clone(), "invalid_grant"),
        ("another verifier", &app, code_form(&code, WRONG_VERIFIER), "invalid_grant"),
        ("a verifier that is none", &app, code_form(&code, "short"), "invalid_grant"),
        ("no verifier", &app, good.replace("code_verifier", "verifier"), "invalid_request"),
        ("another redirect_uri", &app, elsewhere, "invalid_grant"),
        ("a longer redirect_uri", &app, good.replace("callback", "callback%2F"), "invalid_grant"),
        ("no redirect_uri", &app, without_uri, "invalid_grant"),
        ("another resource", &app, format!("{good}&resource=latchkey"), "invalid_target"),
        ("two resources", &app, format!("{good}&resource=a&audience=b"), "invalid_target"),
        ("an unknown code", &app, code_form(&"x".repeat(43), VERIFIER), "invalid_grant"),
        (
            "no code at all",
            &app,
            format!("grant_type=authorization_code&code_verifier={VERIFIER}"),
            "invalid_request",
        ),
    ];
    let mut said = std::collections::BTreeSet::new();
    for (name, client, form, error) in &wrong {
        let answer = house.token_ask(client, form).send().await;
        assert_error(&answer, error, name);
        if *error == "invalid_grant" {
            said.insert(answer.text());
        }
    }
    assert_eq!(said.len(), 1, "every invalid_grant is the same: {said:?}");
    let tokens = Tokens::of(&house.redeem(&app, &code).await.expect(200));

    // Nor afterwards, when only its own client, with its own verifier, can tell that it was redeemed.
    for (name, client, form, _) in wrong.iter().filter(|(name, ..)| *name != "another resource") {
        house.token_ask(client, form).send().await.expect(400);
        assert!(house.is_active(&app, &tokens.access).await, "{name}");
    }
    house.refresh(&app, &tokens.refresh, "").await.expect(200);
}

#[tokio::test]
async fn a_code_redeemed_twice_ends_what_came_of_it() {
    let mut house = TestHouse::inhabited().await;
    for later in [0, 61, 3_599] {
        let app = house.app().await;
        let code = house.code(&app).await;
        let tokens = Tokens::of(&house.redeem(&app, &code).await.expect(200));
        let newer = Tokens::of(&house.refresh(&app, &tokens.refresh, "").await.expect(200));
        house.advance(SignedDuration::from_secs(later));
        assert_error(&house.redeem(&app, &code).await, "invalid_grant", "a replay");
        for token in [&tokens.access, &newer.access, &tokens.refresh, &newer.refresh] {
            assert!(!house.is_active(&app, token).await, "after {later} s");
        }
        assert_error(&house.refresh(&app, &newer.refresh, "").await, "invalid_grant", "a refresh");
    }
}

#[tokio::test]
async fn a_code_can_be_redeemed_for_a_minute() {
    let mut house = TestHouse::inhabited().await;
    let app = house.app().await;
    let start = house.now();
    let (early, late) = (house.code(&app).await, house.code(&app).await);
    house.go_to(start.checked_add(SignedDuration::from_secs(59)).unwrap());
    house.redeem(&app, &early).await.expect(200);
    house.go_to(start.checked_add(SignedDuration::from_secs(70)).unwrap());
    assert_error(&house.redeem(&app, &late).await, "invalid_grant", "too late");
}

#[tokio::test]
async fn only_a_client_whose_grants_hold_it_redeems_codes() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let code = house.code(&app).await;
    house.patch(&app.path(), &json!({ "grant_types": ["client_credentials"] })).await.expect(200);
    assert_error(&house.redeem(&app, &code).await, "unauthorized_client", "taken");
    house.patch(&app.path(), &json!({ "grant_types": ["authorization_code"] })).await.expect(200);
    house.redeem(&app, &code).await.expect(200);
}

#[tokio::test]
async fn a_redirect_uri_that_the_request_left_out_need_not_be_said() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let unnamed = Asked { redirect_uri: None, ..Asked::default() };
    let code = house.code_like(&app, &unnamed).await;
    let plain = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    house.token_ask(&app, &plain).send().await.expect(200);
    // A client may say its only one all the same: there is nothing that it could differ from.
    let code = house.code_like(&app, &unnamed).await;
    house.redeem(&app, &code).await.expect(200);
}
