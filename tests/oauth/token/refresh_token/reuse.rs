//! A refresh token that comes back: at first its answer may have got lost; later, two hold what one should.

use crate::support::codes::{Tokens, assert_error, claims};
use crate::support::house::TestHouse;
use jiff::SignedDuration;

#[tokio::test]
async fn for_half_a_minute_it_gives_the_same_successor() {
    let mut house = TestHouse::inhabited().await;
    let app = house.app().await;
    let first = house.signed_in(&app).await;
    let start = house.now();
    let second = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    assert_ne!(second.refresh, first.refresh);
    for seconds in [1, 20, 29] {
        house.go_to(start.checked_add(SignedDuration::from_secs(seconds)).unwrap());
        let again = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
        assert_eq!(again.refresh, second.refresh, "after {seconds} s");
        assert_ne!(again.access, second.access);
    }
    house.go_to(start.checked_add(SignedDuration::from_secs(600)).unwrap());
    house.refresh(&app, &second.refresh, "").await.expect(200);
}

#[tokio::test]
async fn afterwards_it_ends_all_that_came_of_the_authorization() {
    let mut house = TestHouse::inhabited().await;
    let (app, checker) = (house.app().await, house.client().await);
    let first = house.signed_in(&app).await;
    let another = house.signed_in(&app).await;
    let second = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    let start = house.now();
    house.go_to(start.checked_add(SignedDuration::from_secs(31)).unwrap());
    for token in [&first.access, &second.access, &second.refresh] {
        assert!(house.is_active(&checker, token).await, "until then");
    }
    assert_error(&house.refresh(&app, &first.refresh, "").await, "invalid_grant", "reused");
    for token in [&first.access, &second.access, &second.refresh, &first.refresh] {
        assert!(!house.is_active(&checker, token).await);
    }
    assert_error(&house.refresh(&app, &second.refresh, "").await, "invalid_grant", "the current one");
    assert!(house.is_active(&checker, &another.access).await, "another authorization is not harmed");
    house.refresh(&app, &another.refresh, "").await.expect(200);
}

#[tokio::test]
async fn the_one_before_the_last_has_no_grace() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let first = house.signed_in(&app).await;
    let second = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    let third = Tokens::of(&house.refresh(&app, &second.refresh, "").await.expect(200));
    assert_error(&house.refresh(&app, &first.refresh, "").await, "invalid_grant", "its successor was used");
    assert_error(&house.refresh(&app, &third.refresh, "").await, "invalid_grant", "so all has ended");
    assert!(!house.is_active(&app, &third.access).await);
}

#[tokio::test]
async fn a_stranger_with_an_old_token_ends_nothing_and_a_question_neither() {
    let mut house = TestHouse::inhabited().await;
    let (app, other) = (house.app().await, house.app().await);
    let first = house.signed_in(&app).await;
    let second = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    house.advance(SignedDuration::from_secs(31));
    for token in [&first.refresh, &second.refresh] {
        assert_error(&house.refresh(&other, token, "").await, "invalid_grant", "another client's");
    }
    assert!(!house.is_active(&other, &first.refresh).await, "asking about it is no use of it");
    assert!(house.is_active(&other, &second.refresh).await);
    house.refresh(&app, &second.refresh, "").await.expect(200);
}

#[tokio::test]
async fn the_grant_is_the_same_and_the_lifetime_absolute_to_the_second() {
    let mut house = TestHouse::inhabited().await;
    let app = house.app_like(&serde_json::json!({ "refresh_token_lifetime": 600 })).await;
    let first = house.signed_in(&app).await;
    let said = house.introspect(&app, &first.refresh).await.json();
    let (iat, exp) = (said["iat"].as_i64().unwrap(), said["exp"].as_i64().unwrap());
    assert_eq!(exp - iat, 600);
    let at = |second| jiff::Timestamp::from_second(second).unwrap();
    house.go_to(at(exp - 300));
    let second = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    assert_eq!(claims(&second.access)["grant_id"], claims(&first.access)["grant_id"]);
    assert_eq!(house.introspect(&app, &second.refresh).await.json()["exp"], exp, "its end never moves");
    house.go_to(at(exp - 1));
    let third = Tokens::of(&house.refresh(&app, &second.refresh, "").await.expect(200));
    house.go_to(at(exp + 1));
    assert_error(&house.refresh(&app, &third.refresh, "").await, "invalid_grant", "over");
    assert!(!house.is_active(&app, &third.refresh).await);
    assert!(house.is_active(&app, &third.access).await, "the last access token lives out its own time");
}
