//! The cost of a run grows with the number of due notices, not with the number of clients.
//!
//! `EXPIRY_SCALE=full` measures 100, 1,000 and 10,000 due secrets among 100,000 others; without it, a hundredth
//! of that.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shared::adapters::crypto::digest::sha256_hex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;
use tokio::task::JoinSet;

type Item = HashMap<String, AttributeValue>;

/// Copies of one client and its secret with other ids and expiry, spread over accounts.
struct Copier {
    client: Item,
    secret: Item,
}

const ACCOUNTS: i64 = 10;

fn account(number: i64) -> String {
    format!("G{}", number % ACCOUNTS)
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

impl Copier {
    async fn of(latchkey: &TestApp, client_id: &str) -> Self {
        let partition = latchkey.inspect().partition(&format!("CLIENT#{client_id}")).await;
        let part = |sk: &str| {
            partition.iter().find(|item| item["sk"].as_s().unwrap().starts_with(sk)).unwrap().clone()
        };
        Self { client: part("CLIENT"), secret: part("SECRET") }
    }

    fn copy(&self, name: &str, account: &str, expires_at: Timestamp) -> [Item; 2] {
        let (mut client, mut secret) = (self.client.clone(), self.secret.clone());
        let listed = format!("{}#{name}", client["list_sort"].as_s().unwrap().split('#').next().unwrap());
        client.extend([
            ("pk".to_owned(), text(format!("CLIENT#{name}"))),
            ("client_id".to_owned(), text(name)),
            ("account_id".to_owned(), text(account)),
            ("list_key".to_owned(), text(format!("ACCOUNT#{account}"))),
            ("list_sort".to_owned(), text(listed)),
        ]);
        let id = sha256_hex(&[name.as_bytes()])[..32].to_owned();
        secret.extend([
            ("pk".to_owned(), text(format!("CLIENT#{name}"))),
            ("sk".to_owned(), text(format!("SECRET#{id}"))),
            ("secret_id".to_owned(), text(id)),
            ("expires_at".to_owned(), text(expires_at.to_string())),
            ("expires_on".to_owned(), text(&expires_at.to_string()[..10])),
        ]);
        [client, secret]
    }
}

/// Writes copies directly to the table, several batches at a time.
async fn write(latchkey: &TestApp, items: Vec<Item>) {
    let table = latchkey.server.management.app.config.tables.directory.clone();
    let mut tasks = JoinSet::new();
    for batch in items.chunks(25) {
        let puts = batch.iter().map(|item| {
            let put = PutRequest::builder().set_item(Some(item.clone())).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        let request = latchkey.server.aws.dynamodb().batch_write_item().request_items(&table, puts.collect());
        tasks.spawn(async move { request.send().await.unwrap() });
        if tasks.len() == 8 {
            tasks.join_next().await.unwrap().unwrap();
        }
    }
    tasks.join_all().await;
}

#[tokio::test]
async fn cost_grows_with_due_secrets_and_not_with_all() {
    let unit = if std::env::var("EXPIRY_SCALE").as_deref() == Ok("full") { 100 } else { 1 };
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    for number in 0..ACCOUNTS {
        latchkey.fixtures().account(&account(number)).await;
        latchkey.fixtures().manager(&account(number), &format!("ann{number}@growth.example")).await;
    }
    let template =
        latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_storage": "digest_only" })).await;
    let copier = Copier::of(&latchkey, &template.client_id).await;
    proxy.inject(InjectedFault::quota(1_000_000, 100_000));

    let later = |days: i64| latchkey.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
    let others = (0..1_000 * unit)
        .flat_map(|n| copier.copy(&format!("other-{n}"), &account(n), later(60 + (n % 300))));
    write(&latchkey, others.collect()).await;

    // Once a day, every account is visited.
    latchkey.run_job().await;
    let mut costs = Vec::new();
    let mut created = 0;
    for due in [unit, 10 * unit, 100 * unit] {
        let fresh = (created..created + due)
            .flat_map(|n| copier.copy(&format!("due-{n}"), &account(n), later(1 + (n % 13))));
        write(&latchkey, fresh.collect()).await;
        created += due;
        // Notices sent in earlier rounds are read again and not repeated.
        proxy.take_calls();
        let started = Instant::now();
        let summary = latchkey.run_job().await;
        let (calls, millis) = (proxy.take_calls().len(), started.elapsed().as_millis());
        assert_eq!(
            (summary.notices, summary.failed, summary.deferred),
            (usize::try_from(due).unwrap(), 0, 0)
        );
        println!(
            "{due} newly due, {created} in the window, among {} others: {calls} calls, {millis} ms",
            1_000 * unit
        );
        costs.push((usize::try_from(2 * due + created).unwrap(), calls));
    }
    for (work, calls) in costs {
        // One read for each client in the window, two writes for each newly due notice, seven calls for each
        // account (one counts its recipients of the day, one reads who gets no e-mails), 75 dates, and a few others.
        assert!(calls <= work + 7 * usize::try_from(ACCOUNTS).unwrap() + 85, "{calls} calls for {work}");
    }
}

#[tokio::test]
async fn notices_beyond_one_email_follow_in_next_run() {
    let mut latchkey = TestApp::with_fixtures().await;
    let job = expiry::Job::new(Arc::clone(&latchkey.server.management), &latchkey.server.aws).unwrap();
    latchkey.server.job = Arc::new(job.with_notices_per_email(5));
    latchkey.fixtures().manager(ACCOUNT, "ann@huge.example").await;
    let template =
        latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_storage": "digest_only" })).await;
    let copier = Copier::of(&latchkey, &template.client_id).await;
    let soon = latchkey.now().checked_add(SignedDuration::from_hours(48)).unwrap();
    let due = (0..11).flat_map(|n| copier.copy(&format!("huge-{n}"), ACCOUNT, soon));
    write(&latchkey, due.collect()).await;
    for notices in [5, 5, 1, 0] {
        let summary = latchkey.run_job().await;
        assert_eq!((summary.notices, summary.failed), (notices, 0), "{summary:?}");
    }
    assert_eq!(emails_to("huge.example").await.len(), 3);
}
