//! The audit trail of the account.

use super::Year;
use crate::support::fixtures::ACCOUNT;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

impl Year {
    /// All entries of the audit trail of an action by the job or by others.
    pub(super) async fn trail(&self, action: &str) -> Vec<Value> {
        let first = format!("/v1/accounts/{ACCOUNT}/audit?action={action}&limit=200");
        let (mut entries, mut path) = (Vec::new(), first.clone());
        loop {
            let page = self.latchkey.get(&path).await.expect(200).json();
            entries.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else { return entries };
            path = format!("{first}&cursor={next}");
        }
    }
}

pub(super) fn target(entry: &Value) -> (String, String) {
    let text = |name: &str| entry["target"][name].as_str().unwrap().to_owned();
    (text("client_id"), text("secret_id"))
}

pub(super) fn day_of(at: &str) -> Date {
    at.parse::<Timestamp>().unwrap().to_zoned(TimeZone::UTC).date()
}
