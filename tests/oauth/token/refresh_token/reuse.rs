//! A refresh token that comes back: at first its answer may have got lost; later, two hold what one should.

use crate::support::app::TestApp;
use crate::support::sign_in::code_flow::{Tokens, assert_error, claims};
use jiff::SignedDuration;

#[tokio::test]
async fn for_half_a_minute_it_gives_the_same_successor() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let first = latchkey.signed_in(&app).await;
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
async fn afterwards_it_ends_all_that_came_of_the_authorization() {
    let mut latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.app().await, latchkey.client().await);
    let first = latchkey.signed_in(&app).await;
    let another = latchkey.signed_in(&app).await;
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
    assert!(latchkey.is_active(&checker, &another.access).await, "another authorization is not harmed");
    latchkey.refresh(&app, &another.refresh, "").await.expect(200);
}

#[tokio::test]
async fn the_one_before_the_last_has_no_grace() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let first = latchkey.signed_in(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    let third = Tokens::of(&latchkey.refresh(&app, &second.refresh, "").await.expect(200));
    assert_error(
        &latchkey.refresh(&app, &first.refresh, "").await,
        "invalid_grant",
        "its successor was used",
    );
    assert_error(&latchkey.refresh(&app, &third.refresh, "").await, "invalid_grant", "so all has ended");
    assert!(!latchkey.is_active(&app, &third.access).await);
}

#[tokio::test]
async fn a_stranger_with_an_old_token_ends_nothing_and_a_question_neither() {
    let mut latchkey = TestApp::with_members().await;
    let (app, other) = (latchkey.app().await, latchkey.app().await);
    let first = latchkey.signed_in(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    latchkey.advance(SignedDuration::from_secs(31));
    for token in [&first.refresh, &second.refresh] {
        assert_error(&latchkey.refresh(&other, token, "").await, "invalid_grant", "another client's");
    }
    assert!(!latchkey.is_active(&other, &first.refresh).await, "asking about it is no use of it");
    assert!(latchkey.is_active(&other, &second.refresh).await);
    latchkey.refresh(&app, &second.refresh, "").await.expect(200);
}

#[tokio::test]
async fn the_grant_is_the_same_and_the_lifetime_absolute_to_the_second() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.app_like(&serde_json::json!({ "refresh_token_lifetime": 600 })).await;
    let first = latchkey.signed_in(&app).await;
    let reported = latchkey.introspect(&app, &first.refresh).await.json();
    let (iat, exp) = (reported["iat"].as_i64().unwrap(), reported["exp"].as_i64().unwrap());
    assert_eq!(exp - iat, 600);
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    latchkey.set_time(at(exp - 300));
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    assert_eq!(claims(&second.access)["grant_id"], claims(&first.access)["grant_id"]);
    assert_eq!(latchkey.introspect(&app, &second.refresh).await.json()["exp"], exp, "its end never moves");
    latchkey.set_time(at(exp - 1));
    let third = Tokens::of(&latchkey.refresh(&app, &second.refresh, "").await.expect(200));
    latchkey.set_time(at(exp + 1));
    assert_error(&latchkey.refresh(&app, &third.refresh, "").await, "invalid_grant", "over");
    assert!(!latchkey.is_active(&app, &third.refresh).await);
    assert!(latchkey.is_active(&app, &third.access).await, "the last access token lives out its own time");
}
