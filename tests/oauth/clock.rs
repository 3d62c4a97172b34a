//! A clock that is set back extends no lifetime.

use crate::support::app::TestApp;
use crate::support::sign_in::code_flow::{Tokens, assert_error};
use jiff::SignedDuration;
use jiff::tz::TimeZone;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

#[tokio::test]
async fn replaced_token_has_no_successor_after_clock_went_back() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    latchkey.advance(HOUR);
    let first = latchkey.code_flow_tokens(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    latchkey.advance(-HOUR);
    assert_error(&latchkey.refresh(&app, &first.refresh, "").await, "invalid_grant", "replaced");
    assert_error(
        &latchkey.refresh(&app, &second.refresh, "").await,
        "invalid_grant",
        "the family is revoked",
    );
}

#[tokio::test]
async fn replaced_token_has_its_successor_where_a_clock_lags() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let first = latchkey.code_flow_tokens(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    latchkey.advance(SignedDuration::from_secs(-20));
    let again = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    assert_eq!(again.refresh, second.refresh);
}

#[tokio::test]
async fn code_issued_in_the_future_is_not_redeemed() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    latchkey.advance(HOUR);
    let code = latchkey.fixtures().code(&app).await;
    latchkey.advance(-HOUR);
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "from the future");
    let code = latchkey.fixtures().code(&app).await;
    latchkey.advance(SignedDuration::from_secs(-20));
    latchkey.redeem(&app, &code).await.expect(200);
}

#[tokio::test]
async fn last_use_in_the_future_is_replaced_by_the_next_one() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let noon = latchkey.now().to_zoned(TimeZone::UTC).date().at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    latchkey.set_time(noon.timestamp());
    let last_use = async |latchkey: &TestApp| {
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
        let path = format!("{}/secrets", client.path());
        let listed = latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
        listed["items"][0]["last_used_on"].as_str().unwrap().to_owned()
    };
    let date = |latchkey: &TestApp, days: i64| {
        latchkey.now().checked_add(HOUR * 24 * i32::try_from(days).unwrap()).unwrap().to_string()[..10]
            .to_owned()
    };
    latchkey.advance(HOUR * 24 * 30);
    assert_eq!(last_use(&latchkey).await, date(&latchkey, 0));
    latchkey.advance(HOUR * 24 * -30);
    assert_eq!(last_use(&latchkey).await, date(&latchkey, 0));
    // One day ahead is accepted: the clock of another function may be past midnight.
    latchkey.advance(HOUR * 24);
    assert_eq!(last_use(&latchkey).await, date(&latchkey, 0));
    latchkey.advance(HOUR * -24);
    assert_eq!(last_use(&latchkey).await, date(&latchkey, 1));
}
