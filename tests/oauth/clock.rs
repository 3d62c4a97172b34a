//! A clock that is set back makes nothing usable for longer than it lives.

use crate::support::codes::{Tokens, assert_error};
use crate::support::house::TestHouse;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[tokio::test]
async fn replaced_refresh_token_gives_no_successor_after_the_clock_went_back() {
    let mut house = TestHouse::inhabited().await;
    let app = house.app().await;
    house.advance(HOUR);
    let first = house.signed_in(&app).await;
    let second = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    house.advance(-HOUR);
    assert_error(&house.refresh(&app, &first.refresh, "").await, "invalid_grant", "replaced");
    assert_error(&house.refresh(&app, &second.refresh, "").await, "invalid_grant", "so all has ended");
}

#[tokio::test]
async fn replaced_refresh_token_gives_its_successor_where_another_clock_is_behind() {
    let mut house = TestHouse::inhabited().await;
    let app = house.app().await;
    let first = house.signed_in(&app).await;
    let second = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    house.advance(SignedDuration::from_secs(-20));
    let again = Tokens::of(&house.refresh(&app, &first.refresh, "").await.expect(200));
    assert_eq!(again.refresh, second.refresh);
}

#[tokio::test]
async fn code_issued_in_the_future_is_not_redeemed() {
    let mut house = TestHouse::inhabited().await;
    let app = house.app().await;
    house.advance(HOUR);
    let code = house.code(&app).await;
    house.advance(-HOUR);
    assert_error(&house.redeem(&app, &code).await, "invalid_grant", "from the future");
    let code = house.code(&app).await;
    house.advance(SignedDuration::from_secs(-20));
    house.redeem(&app, &code).await.expect(200);
}

#[tokio::test]
async fn last_use_in_the_future_is_replaced_by_the_next_one() {
    let mut house = TestHouse::furnished().await;
    let client = house.client().await;
    let noon = house.now().to_zoned(TimeZone::UTC).date().at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    house.go_to(noon.timestamp());
    let last_use = async |house: &TestHouse| {
        house.token(&client.client_id, &client.client_secret, "").await.expect(200);
        let path = format!("{}/secrets", client.path());
        let listed = house.admin_ask("GET", &path).await.send().await.expect(200).json();
        listed["items"][0]["last_used_on"].as_str().unwrap().to_owned()
    };
    let date = |house: &TestHouse, days: i64| {
        house.now().checked_add(HOUR * 24 * i32::try_from(days).unwrap()).unwrap().to_string()[..10]
            .to_owned()
    };
    house.advance(HOUR * 24 * 30);
    assert_eq!(last_use(&house).await, date(&house, 0));
    house.advance(HOUR * 24 * -30);
    assert_eq!(last_use(&house).await, date(&house, 0));
    // A day ahead: another function's clock may be past midnight.
    house.advance(HOUR * 24);
    assert_eq!(last_use(&house).await, date(&house, 0));
    house.advance(HOUR * -24);
    assert_eq!(last_use(&house).await, date(&house, 1));
}
