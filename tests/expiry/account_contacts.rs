//! Contacts of an account get the reminders about all its clients, once each.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::{ACCOUNT, TestClient};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const PATH: &str = "/v1/accounts/T12345678";

async fn set_contacts(latchkey: &TestApp, contacts: &[&str]) {
    let request = latchkey.admin_request("PATCH", PATH).await;
    request.json(&json!({ "contacts": contacts })).send().await.expect(200);
}

async fn client(latchkey: &TestApp, contacts: &[&str]) -> TestClient {
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "contacts": contacts })).await
}

async fn recipients(domain: &str) -> Vec<String> {
    let mut all: Vec<String> = emails_to(domain).await.into_iter().flat_map(|email| email.to).collect();
    all.sort();
    all
}

async fn attention(latchkey: &TestApp, client: &TestClient) -> Vec<Value> {
    let read = latchkey.admin_request("GET", &client.path()).await.send().await.expect(200).json();
    read["attention"].as_array().unwrap().clone()
}

#[tokio::test]
async fn everyone_gets_one_email_about_all_clients_and_learns_why() {
    let domain = "standing.example";
    let mut latchkey = TestApp::with_fixtures().await;
    let [ann, both, ops, other] = ["ann", "both", "ops", "other"].map(|name| format!("{name}@{domain}"));
    latchkey.fixtures().manager(ACCOUNT, &ann).await;
    set_contacts(&latchkey, &[&ops, &both, &ann]).await;
    let first = client(&latchkey, &[&both]).await;
    let second = client(&latchkey, &[&other]).await;
    latchkey.advance(DAY * 77);
    assert_eq!(latchkey.run_job().await.sent, 4);
    assert_eq!(recipients(domain).await, [&*ann, &both, &ops, &other]);
    let emails = emails_to(domain).await;
    let to = |address: &str| emails.iter().find(|email| email.to == [address]).unwrap();
    for address in [&ann, &both, &ops] {
        let text = &to(address).text;
        assert!(text.contains(&first.client_id) && text.contains(&second.client_id), "{text}");
    }
    assert!(!to(&other).text.contains(&first.client_id), "a contact of the other client");
    assert!(to(&ops).text.contains("because you are a contact for clients of account"), "{}", to(&ops).text);
    assert!(to(&ops).text.contains("Stop these e-mails: "), "a contact can stop them");
    assert!(!to(&ann).text.contains("Stop these e-mails: "), "a manager cannot, although a contact too");
    assert!(to(&ann).text.contains("because you may manage the clients"), "{}", to(&ann).text);
}

#[tokio::test]
async fn who_stopped_them_or_wants_none_gets_none() {
    let domain = "standing-stopped.example";
    let mut latchkey = TestApp::with_fixtures().await;
    let [ben, ops, duty] = ["ben", "ops", "duty"].map(|name| format!("{name}@{domain}"));
    let silent = json!({ "email": ben, "name": "Ben", "permissions": ["clients:read"], "mail": false });
    let request = latchkey.admin_request("POST", &format!("{PATH}/members")).await;
    request.json(&silent).send().await.expect(201);
    set_contacts(&latchkey, &[&ben, &ops, &duty]).await;
    client(&latchkey, &[]).await;
    latchkey.advance(DAY * 77);
    assert_eq!(latchkey.run_job().await.sent, 2);
    let account =
        async |latchkey: &TestApp| latchkey.admin_request("GET", PATH).await.send().await.expect(200).json();
    assert_eq!(account(&latchkey).await["suppressed_contacts"], json!([]), "no member is among them");
    let link = latchkey.inspect().stop_link(&ops).await.expect("a link");
    latchkey.request("POST", &link).form("List-Unsubscribe=One-Click").send().await.expect(200);
    let shown = account(&latchkey).await;
    let since = &shown["suppressed_contacts"][0]["since"];
    assert_eq!(shown["suppressed_contacts"], json!([{ "email": ops, "reason": "stopped", "since": since }]));
    assert_eq!(shown["contacts"], json!([ben, ops, duty]), "the list itself is the administrator's");
    latchkey.advance(DAY * 7);
    assert_eq!(latchkey.run_job().await.sent, 1);
    assert_eq!(recipients(domain).await, [&*duty, &duty, &ops]);
}

#[tokio::test]
async fn client_with_no_recipient_but_them_needs_no_attention_and_is_listed_with_them() {
    let domain = "standing-attention.example";
    let mut latchkey = TestApp::with_fixtures().await;
    let unattended = client(&latchkey, &[]).await;
    assert!(attention(&latchkey, &unattended).await.contains(&json!("no_recipients")));
    let ops = format!("ops@{domain}");
    set_contacts(&latchkey, &[&ops]).await;
    assert!(!attention(&latchkey, &unattended).await.contains(&json!("no_recipients")));
    latchkey.advance(DAY * 70);
    let listed = latchkey.admin_request("GET", &format!("{PATH}/expiries")).await.send().await.expect(200);
    let next = listed.json()["items"][0]["next_reminder"].clone();
    assert_eq!(next["recipients"], json!([ops]), "{}", listed.text());
}

#[tokio::test]
async fn they_count_among_the_recipients_of_the_day() {
    let domain = "standing-limit.example";
    let mut latchkey = TestApp::with_fixtures().await;
    let contacts: Vec<String> = (0..4).map(|number| format!("ops{number}@{domain}")).collect();
    set_contacts(&latchkey, &contacts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let request = latchkey.admin_request("PATCH", PATH).await;
    request.json(&json!({ "limits": { "mail_recipients_per_day": 3 } })).send().await.expect(200);
    client(&latchkey, &[]).await;
    latchkey.advance(DAY * 77);
    assert_eq!(latchkey.run_job().await.sent, 3);
    latchkey.advance(DAY);
    latchkey.run_job().await;
    let reached: BTreeSet<String> = recipients(domain).await.into_iter().collect();
    assert_eq!(reached.len(), 4, "the rest on the next day");
}

#[tokio::test]
async fn removed_member_is_taken_off_them() {
    let domain = "standing-removed.example";
    let mut latchkey = TestApp::with_fixtures().await;
    let [ann, ops] = ["ann", "ops"].map(|name| format!("{name}@{domain}"));
    latchkey.fixtures().manager(ACCOUNT, &ann).await;
    set_contacts(&latchkey, &[&ann, &ops]).await;
    latchkey.admin_request("DELETE", &format!("{PATH}/members/{ann}")).await.send().await.expect(204);
    latchkey.advance(SignedDuration::from_hours(1));
    latchkey.run_job().await;
    let read = latchkey.admin_request("GET", PATH).await.send().await.expect(200).json();
    assert_eq!(read["contacts"], json!([ops]));
    let audit = latchkey.admin_request("GET", &format!("{PATH}/audit?action=account.updated")).await;
    let newest = audit.send().await.expect(200).json()["items"][0].clone();
    assert_eq!((&newest["actor"]["system"], &newest["changed"]), (&json!("expiry"), &json!(["contacts"])));
}
