//! Pages across accounts read little, however many accounts there are.
//!
//! `CONSOLE_SCALE=full` measures 2,000 accounts with 20,000 clients; without it, a tenth of that.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::ACCOUNT;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

pub type Item = HashMap<String, AttributeValue>;

const CLIENTS_OF_AN_ACCOUNT: usize = 10;

pub fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub fn with(item: &Item, attributes: &[(&str, String)]) -> Item {
    let mut item = item.clone();
    item.extend(attributes.iter().map(|(name, value)| ((*name).to_owned(), text(value))));
    item
}

/// An account and its clients like others, as an earlier version stored them: nothing is derived of them yet.
fn copies(account: &Item, client: &Item, number: usize, ends: Timestamp) -> Vec<Item> {
    let id = format!("S{number:06}");
    let name = format!("Customer {number} {}", if number.is_multiple_of(2) { "North" } else { "South" });
    let whole = [
        ("pk", format!("ACCOUNT#{id}")),
        ("account_id", id.clone()),
        ("account_name", name),
        ("list_sort", id.clone()),
    ];
    let mut items = vec![with(account, &whole)];
    for index in 0..CLIENTS_OF_AN_ACCOUNT {
        let client_id = format!("{id}-{index}");
        let ends =
            ends.checked_add(SignedDuration::from_hours(i64::try_from(number * 7 + index).unwrap() % 2_000));
        let mut copy = with(
            client,
            &[
                ("pk", format!("CLIENT#{client_id}")),
                ("client_id", client_id.clone()),
                ("account_id", id.clone()),
                ("list_key", format!("ACCOUNT#{id}")),
                ("list_sort", format!("2026-01-01T00:00:00.000Z#{client_id}")),
            ],
        );
        if let Some(AttributeValue::L(secrets)) = copy.get_mut("secrets")
            && let Some(AttributeValue::M(secret)) = secrets.first_mut()
        {
            secret.insert("expires_at".to_owned(), text(ends.unwrap().to_string()));
        }
        items.push(copy);
    }
    items
}

#[tokio::test]
async fn pages_across_accounts_take_at_most_five_reads_of_a_megabyte() {
    let accounts = if std::env::var("CONSOLE_SCALE").as_deref() == Ok("full") { 2_000 } else { 200 };
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let template = latchkey.fixtures().client().await;
    let directory = latchkey.inspect().partition(&format!("ACCOUNT#{ACCOUNT}")).await;
    let account = directory.into_iter().find(|item| item["sk"] == text("ACCOUNT")).unwrap();
    let client = latchkey.inspect().partition(&format!("CLIENT#{}", template.client_id)).await;
    let client = client.into_iter().find(|item| item["sk"] == text("CLIENT")).unwrap();
    let items: Vec<Item> =
        (0..accounts).flat_map(|number| copies(&account, &client, number, latchkey.now())).collect();
    let directory = latchkey.server.management.app.config.tables.directory.clone();
    latchkey.write_items(&directory, &items).await;
    let email = latchkey.fixtures().member_with("S000042", "ann", &["clients:read"]).await;
    latchkey.run_job().await;
    let browser = latchkey.operator_in_console().await;
    let root = "/console/operator";
    let removal = format!("{root}/apis/backoffice_api/remove-scope?name=orders%3Aread");
    let pages = [
        (format!("{root}/accounts"), "S000001"),
        (format!("{root}/accounts?q=customer+17"), "Customer 17 "),
        (format!("{root}/accounts?q=cust"), "Customer"),
        (format!("{root}/accounts?q=S000042"), "Customer 42 "),
        (format!("{root}/accounts?q=S000042-3"), "S000042-3"),
        (format!("{root}/accounts?q={email}"), "Customer 42 "),
        (format!("{root}/attention"), "Customer"),
        (format!("{root}/attention?reason=secret_expiring"), "Customer"),
        (format!("{root}/attention?reason=open_allowlist"), "Nothing was found for this reason"),
        (format!("{root}/expiry"), "Customer"),
        (removal.clone(), "clients"),
        (format!("{root}/accounts/S000042"), "10 of 200 clients"),
    ];
    for (path, words) in &pages {
        latchkey.server.management.app.catalogue(latchkey.now()).await.unwrap();
        browser.get(path).await.expect(200);
        proxy.take_calls();
        proxy.take_answered_bytes();
        let visit = browser.get(path).await.expect(200).expect_text(words);
        let (calls, bytes) = (proxy.take_calls().len(), proxy.take_answered_bytes());
        println!("{path}: {calls} reads, {bytes} bytes, a page of {} bytes", visit.text().len());
        assert!(calls <= 5, "{path}: {calls} reads");
        assert!(bytes <= 5 * 1024 * 1024 && bytes / calls <= 1024 * 1024, "{path}: {bytes} bytes");
        assert!(visit.text().len() <= 60_000, "{path} has {} bytes", visit.text().len());
    }
    let visit = browser.get(&removal).await.expect(200);
    let all =
        format!("held by {} clients of {} accounts", 1 + accounts * CLIENTS_OF_AN_ACCOUNT, 1 + accounts);
    assert!(visit.contains_text(&all) || visit.contains_text("at least"), "{}", visit.text());
}
