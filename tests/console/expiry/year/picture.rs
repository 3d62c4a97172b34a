//! The picture on the page of one client.

use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use shared::domain::reminder::SentReminder;

/// Days that the picture shows before today, and after it.
const SHOWN: [i64; 2] = [275, 90];

/// Where the picture has the reminders of a client that were sent, in percent of its width, in order.
pub async fn drawn(browser: &Browser, client_id: &str) -> Vec<f64> {
    let path = format!("/console/accounts/{ACCOUNT}/clients/{client_id}");
    let page = browser.get(&path).await.expect(200).text();
    let ticks = page.split("class=\"tick sent\" x=\"").skip(1);
    in_order(ticks.map(|tick| tick.split_once('%').unwrap().0.parse().unwrap()))
}

/// Where they belong on this day: reminders about a secret whose end it shows.
pub fn expected(sent: &[SentReminder], client_id: &str, today: Date) -> Vec<f64> {
    let [back, ahead] = SHOWN;
    let midnight = |date: Date| date.to_zoned(TimeZone::UTC).unwrap().timestamp();
    let first = today.checked_sub(back.days()).unwrap();
    let begin = midnight(first);
    let width = midnight(today.checked_add((ahead + 1).days()).unwrap()).duration_since(begin);
    let place = |at: Timestamp| at.duration_since(begin).as_secs_f64() / width.as_secs_f64() * 100.0;
    let own = sent.iter().filter(|sent| sent.client_id.as_str() == client_id && sent.expires_at >= begin);
    in_order(own.map(|sent| place(sent.sent_at).max(0.0)))
}

fn in_order(places: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut places: Vec<f64> = places.collect();
    places.sort_by(f64::total_cmp);
    places
}
