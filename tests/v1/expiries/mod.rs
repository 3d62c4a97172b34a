//! `GET /v1/accounts/{account_id}/expiries`: what ends, and who was and will be reminded.

mod cost;
mod formats;

use crate::support::app::TestApp;
use crate::support::crypto::assertions::TestKey;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::v1::{AUDIT, CLIENTS, MEMBERS, backoffice, values_of};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use serde_json::{Value, json};

const DAY: SignedDuration = SignedDuration::from_hours(24);

pub fn expiries(account: &str) -> String {
    format!("/v1/accounts/{account}/expiries")
}

/// The date (UTC) so many days from now.
pub fn date(latchkey: &TestApp, days: i64) -> String {
    let today = latchkey.now().to_zoned(TimeZone::UTC).date();
    today.checked_add(days.days()).unwrap().to_string()
}

async fn ending_in(latchkey: &TestApp, name: &str, days: i64, more: &Value) -> TestClient {
    let mut members = json!({
        "client_name": name, "permissions": backoffice(&["orders:read"]),
        "secret": { "expires_on": date(latchkey, days) },
    });
    members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    latchkey.fixtures().client_with(ACCOUNT, &members).await
}

async fn listed(latchkey: &TestApp, query: &str) -> Vec<Value> {
    latchkey.list_items(&format!("{}?{query}", expiries(ACCOUNT))).await
}

fn named(rows: &[Value]) -> Vec<(String, String)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.iter().map(|row| (text(row, "client_name"), text(row, "state"))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, state)| ((*name).to_owned(), (*state).to_owned())).collect()
}

#[tokio::test]
async fn soonest_end_comes_first_with_its_state() {
    let latchkey = TestApp::with_fixtures().await;
    let paused = ending_in(&latchkey, "Paused", 60, &json!({})).await;
    ending_in(&latchkey, "Late", 91, &json!({})).await;
    let used = ending_in(&latchkey, "Used", 20, &json!({})).await;
    let disabled = ending_in(&latchkey, "Disabled", 10, &json!({})).await;
    ending_in(&latchkey, "New", 90, &json!({})).await;
    let end = latchkey.now().to_zoned(TimeZone::UTC).date().checked_add(40.days()).unwrap();
    let (month, day) = (end.month().unsigned_abs(), end.day().unsigned_abs());
    let pem = TestKey::new("RS256").certificate((end.year().into(), month, day));
    let keyed = json!({ "client_name": "Keyed", "token_endpoint_auth_method": "private_key_jwt", "public_key_pem": pem });
    latchkey.post(CLIENTS, &keyed).await.expect(201);
    let pause = format!("{}/pause", paused.secret(&paused.secret_id));
    latchkey.post(&pause, &json!({})).await.expect(200);
    latchkey.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    latchkey.token(&used.client_id, &used.client_secret, "").await.expect(200);

    let rows = listed(&latchkey, "").await;
    let expected = [("Used", "in_use"), ("Keyed", "not_used"), ("Paused", "paused"), ("New", "not_used")];
    assert_eq!(named(&rows), pairs(&expected), "90 days ahead");
    assert_eq!(rows[0]["hint"], used.client_secret[used.client_secret.len() - 4..]);
    assert_eq!(rows[0]["last_used_on"], date(&latchkey, 0));
    assert_eq!(rows[0]["secret_id"], used.secret_id);
    assert!(rows[1]["thumbprint"].is_string() && rows[1].get("secret_id").is_none(), "{}", rows[1]);
    assert!(rows[2]["next_reminder"].is_null(), "no one is reminded of a paused secret");
    assert_eq!(listed(&latchkey, &format!("until={}", date(&latchkey, 91))).await.len(), 5);
    assert_eq!(listed(&latchkey, &format!("until={}", date(&latchkey, 20))).await.len(), 1);
    let page = latchkey.get(&format!("{}?limit=3", expiries(ACCOUNT))).await.expect(200).json();
    assert_eq!(page["items"], json!(rows[..3]));
    let next = format!("{}?limit=3&cursor={}", expiries(ACCOUNT), page["next_cursor"].as_str().unwrap());
    let page = latchkey.get(&next).await.expect(200).json();
    assert_eq!((&page["items"], page.get("next_cursor")), (&json!(rows[3..]), None));
}

#[tokio::test]
async fn sent_and_next_reminders_name_when_and_to_how_many() {
    let mut latchkey = TestApp::with_fixtures().await;
    let domain = latchkey.mail_domain();
    let ann = format!("ann@{domain}");
    latchkey.fixtures().manager(ACCOUNT, &ann).await;
    let ops = format!("ops@{domain}");
    let client = ending_in(&latchkey, "Order sync", 90, &json!({ "contacts": [ops] })).await;
    let silent = json!({ "secret": { "expires_on": date(&latchkey, 90), "remind": false } });
    latchkey.fixtures().client_with(ACCOUNT, &silent).await;
    let row = async |latchkey: &TestApp| {
        let rows = listed(latchkey, "").await;
        rows.into_iter().find(|row| row["client_id"] == client.client_id).unwrap()
    };
    let first = row(&latchkey).await;
    assert_eq!(first["reminders"], json!([]));
    let end: jiff::Timestamp = first["expires_at"].as_str().unwrap().parse().unwrap();
    let fourteen = (end - DAY * 14).to_string();
    assert_eq!(first["next_reminder"], json!({ "at": fourteen, "recipients": [ann, ops] }));

    latchkey.advance(DAY * 77);
    let due =
        row(&latchkey).await["next_reminder"]["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(due <= latchkey.now() && due > end - DAY * 14, "it is due: {due}");
    let summary = latchkey.run_job().await;
    assert_eq!(summary.sent, 2);
    let after = row(&latchkey).await;
    let sent = after["reminders"].clone();
    let sent_at: jiff::Timestamp = sent[0]["sent_at"].as_str().unwrap().parse().unwrap();
    assert!(sent_at >= due && sent_at <= latchkey.now(), "{sent}");
    assert_eq!(sent, json!([{ "days": 14, "sent_at": sent_at.to_string(), "recipients": 2 }]));
    assert_eq!(after["next_reminder"]["at"], (end - DAY * 7).to_string());
    latchkey.run_job().await;
    assert_eq!(row(&latchkey).await["reminders"], sent, "recorded once");

    let entries = latchkey.list_items(&format!("{AUDIT}?action=reminder.sent")).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["target"]["secret_id"], client.secret_id);
    assert_eq!(entries[0]["actor"]["system"], "expiry");
    let changes = json!([
        { "member": "days", "old": null, "new": 14 },
        { "member": "expires_at", "old": null, "new": end.to_string() },
        { "member": "recipients", "old": null, "new": 2 },
    ]);
    assert_eq!(entries[0]["changes"], changes);
}

#[tokio::test]
async fn expired_secret_stays_for_thirty_days_and_shows_that_it_is_tried() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = ending_in(&latchkey, "Order sync", 1, &json!({})).await;
    latchkey.advance(DAY * 3);
    let states = async |latchkey: &TestApp| values_of(&listed(latchkey, "").await, "state");
    assert_eq!(states(&latchkey).await, ["expired"]);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
    assert_eq!(states(&latchkey).await, ["expired_in_use"]);
    latchkey.advance(DAY * 29);
    assert_eq!(states(&latchkey).await, [""; 0]);
}

#[tokio::test]
async fn last_date_is_from_today_to_a_year_ahead() {
    let latchkey = TestApp::with_fixtures().await;
    for until in [date(&latchkey, -1), date(&latchkey, 367), "tomorrow".to_owned(), String::new()] {
        let response = latchkey.get(&format!("{}?until={until}", expiries(ACCOUNT))).await.expect(422);
        assert_eq!(response.pointers(), ["#/until"], "{until}");
    }
    for until in [date(&latchkey, 0), date(&latchkey, 366)] {
        latchkey.get(&format!("{}?until={until}", expiries(ACCOUNT))).await.expect(200);
    }
    latchkey.get(&expiries("T404")).await.expect(404);
}

#[tokio::test]
async fn client_that_no_one_is_reminded_of_needs_attention() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let attention =
        async |client: &TestClient| latchkey.get(&client.path()).await.json()["attention"].clone();
    assert_eq!(attention(&client).await, json!(["no_recipients"]));
    let listed = format!("{CLIENTS}?attention=no_recipients");
    assert_eq!(latchkey.list_items(&listed).await.len(), 1);
    let mail = json!({ "email": "ben@acme.example", "name": "Ben", "permissions": ["clients:read"] });
    latchkey.post(MEMBERS, &mail).await.expect(201);
    assert_eq!(attention(&client).await, json!(["no_recipients"]), "readers get none");
    let contacts = json!({ "contacts": ["ops@acme.example"] });
    latchkey.admin_request("PATCH", &client.path()).await.json(&contacts).send().await.expect(200);
    assert_eq!(attention(&client).await, json!([]));
    let other = latchkey.fixtures().client().await;
    assert_eq!(attention(&other).await, json!(["no_recipients"]));
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    assert_eq!(attention(&other).await, json!([]));
    let keyless = json!({
        "client_name": "Keyless", "token_endpoint_auth_method": "private_key_jwt", "federated_identities": [{
            "issuer": "https://token.actions.githubusercontent.com", "subject": "repo:a/b:ref:refs/heads/main", "audience": "x",
        }],
    });
    latchkey.delete(&format!("{MEMBERS}/ann@acme.example")).await.expect(204);
    let found = latchkey.post(CLIENTS, &keyless).await.expect(201).json()["attention"].clone();
    assert!(!found.as_array().unwrap().contains(&json!("no_recipients")), "nothing of it ends: {found}");
}

#[tokio::test]
async fn older_secret_in_use_that_ends_soon_needs_attention() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    let client = ending_in(&latchkey, "Order sync", 20, &json!({})).await;
    let newer = json!({ "expires_on": date(&latchkey, 200) });
    latchkey.post(&client.secrets(), &newer).await.expect(201);
    let attention = async |latchkey: &TestApp| latchkey.get(&client.path()).await.json()["attention"].clone();
    latchkey.advance(DAY * 7);
    assert_eq!(attention(&latchkey).await, json!([]), "it was never used");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    assert_eq!(attention(&latchkey).await, json!(["older_secret_expiring"]));
    let listed = format!("{CLIENTS}?attention=older_secret_expiring");
    assert_eq!(latchkey.list_items(&listed).await.len(), 1);
    latchkey.advance(DAY * 8);
    assert_eq!(attention(&latchkey).await, json!([]), "it was not used for a week");
}
