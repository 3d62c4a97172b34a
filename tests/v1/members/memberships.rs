//! The accounts of a person: by the index of addresses, and decided by the items that it leads to.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fault_injection::{FAULTS, fault};
use crate::support::fixtures::ACCOUNT;
use crate::v1::MEMBERS;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::adapters::store::{MAX_MEMBERSHIPS, Memberships, Store};
use shared::domain::account::Status;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn account() -> AccountId {
    AccountId::parse(ACCOUNT).unwrap()
}

fn store(latchkey: &TestApp) -> &Store {
    &latchkey.server.management.app.store
}

async fn add(latchkey: &TestApp, account: &str, email: &str) {
    let body = json!({ "email": email, "name": "Ann", "permissions": ["clients:read"] });
    latchkey.post(&format!("/v1/accounts/{account}/members"), &body).await.expect(201);
}

fn ids(found: &Memberships) -> Vec<&str> {
    let all = found.items.iter();
    let same = all.clone().all(|found| found.account.account_id == found.member.account_id);
    assert!(same, "the member is one of the account");
    all.map(|found| found.account.account_id.as_str()).collect()
}

/// An app whose AWS calls go through a proxy, with Ann in two accounts.
async fn watched_app() -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().account("T2").await;
    add(&latchkey, ACCOUNT, "ann@acme.example").await;
    add(&latchkey, "T2", "ann@acme.example").await;
    proxy.take_calls();
    (latchkey, proxy)
}

#[tokio::test]
async fn accounts_of_a_person_are_found_in_two_calls() {
    let (latchkey, proxy) = watched_app().await;
    add(&latchkey, "T2", "bob@acme.example").await;
    proxy.take_calls();
    let found = store(&latchkey).memberships_of(&address("ann@acme.example")).await.unwrap();
    assert_eq!((ids(&found), found.is_truncated), (vec![ACCOUNT, "T2"], false));
    assert_eq!(found.items[0].account.account_name.as_str(), "Account T12345678");
    let calls = proxy.take_calls();
    assert_eq!(calls.iter().map(|call| &*call.operation).collect::<Vec<_>>(), ["Query", "BatchGetItem"]);
    let table = &latchkey.server.management.app.config.tables.directory;
    assert_eq!(calls[1].input["RequestItems"][table]["ConsistentRead"], true);
    assert_eq!(ids(&store(&latchkey).memberships_of(&address("bob@acme.example")).await.unwrap()), ["T2"]);
    proxy.take_calls();
    let none = store(&latchkey).memberships_of(&address("none@acme.example")).await.unwrap();
    assert_eq!((ids(&none).len(), proxy.take_counts().as_str()), (0, "Query"));
}

#[tokio::test]
async fn what_the_index_still_has_of_removed_members_is_ignored() {
    let (mut latchkey, proxy) = watched_app().await;
    let ann = address("ann@acme.example");
    latchkey.delete(&format!("{MEMBERS}/{}", ann.as_str())).await.expect(204);
    // The index answers as it did before the removal.
    let stale = |answer: &mut Value| {
        let entry = |account: &str| {
            json!({
                "pk": { "S": format!("ACCOUNT#{account}") }, "sk": { "S": "MEMBER#ann@acme.example" },
                "email": { "S": "ann@acme.example" }, "account_id": { "S": account },
            })
        };
        answer["Items"] = json!([entry(ACCOUNT), entry("T2"), entry("T404")]);
    };
    proxy.inject(InjectedFault::edited("Query", stale));
    assert_eq!(ids(&store(&latchkey).memberships_of(&ann).await.unwrap()), ["T2"]);
    proxy.clear();
    assert_eq!(store(&latchkey).load_account_and_member(&account(), &ann).await.unwrap(), None);

    let second = AccountId::parse("T2").unwrap();
    let path = "/v1/accounts/T2";
    latchkey.patch(path, &json!({ "status": "disabled" })).await.expect(200);
    let found = store(&latchkey).load_account_and_member(&second, &ann).await.unwrap().unwrap();
    assert_eq!(found.account.status, Status::Disabled, "a disabled account is there, and says so");
    latchkey.advance(SignedDuration::from_hours(24 * 8));
    latchkey.delete(path).await.expect(204);
    assert_eq!(store(&latchkey).load_account_and_member(&second, &ann).await.unwrap(), None);
    assert_eq!(ids(&store(&latchkey).memberships_of(&ann).await.unwrap()).len(), 0);
}

#[tokio::test]
async fn account_and_member_are_read_in_one_call() {
    let (latchkey, proxy) = watched_app().await;
    let (store, ann) = (store(&latchkey), address("ann@acme.example"));
    let found = store.load_account_and_member(&account(), &ann).await.unwrap().unwrap();
    assert_eq!((found.account.account_id, found.member.email), (account(), ann));
    assert_eq!(proxy.take_counts(), "BatchGetItem");
    let other = address("bob@acme.example");
    assert_eq!(store.load_account_and_member(&account(), &other).await.unwrap(), None);
}

#[tokio::test]
async fn account_is_read_with_all_of_its_members_in_one_call() {
    let (mut latchkey, proxy) = watched_app().await;
    latchkey.fixtures().client().await;
    add(&latchkey, ACCOUNT, "zoe@acme.example").await;
    proxy.take_calls();
    let (found, members) = store(&latchkey).load_account_and_members(&account()).await.unwrap().unwrap();
    assert_eq!(found.account_id, account());
    let emails: Vec<&str> = members.iter().map(|member| member.email.as_str()).collect();
    assert_eq!(emails, ["ann@acme.example", "zoe@acme.example"]);
    assert_eq!(proxy.take_counts(), "Query");
    let unknown = AccountId::parse("T9").unwrap();
    assert!(store(&latchkey).load_account_and_members(&unknown).await.unwrap().is_none());
    // One that is deleted is as one that never was, although its item stays.
    latchkey.patch("/v1/accounts/T2", &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(SignedDuration::from_hours(24 * 8));
    latchkey.delete("/v1/accounts/T2").await.expect(204);
    let second = AccountId::parse("T2").unwrap();
    assert!(store(&latchkey).load_account_and_members(&second).await.unwrap().is_none());
}

/// Moves an item that was found to the keys that were left out.
fn leave_one_out(answer: &mut Value) {
    let (table, items) = answer["Responses"].as_object_mut().unwrap().iter_mut().next().unwrap();
    let (table, left) = (table.clone(), items.as_array_mut().unwrap().pop().unwrap());
    answer["UnprocessedKeys"] = json!({ table: { "Keys": [{ "pk": left["pk"], "sk": left["sk"] }] } });
}

#[tokio::test]
async fn keys_that_were_left_out_are_read_again() {
    let (latchkey, proxy) = watched_app().await;
    let (store, ann) = (store(&latchkey), address("ann@acme.example"));
    proxy.inject(InjectedFault::edited("BatchGetItem", leave_one_out).times(2));
    assert!(store.load_account_and_member(&account(), &ann).await.unwrap().is_some());
    assert_eq!(proxy.take_counts(), "3 BatchGetItem");
    proxy.inject(InjectedFault::edited("BatchGetItem", leave_one_out));
    let failed = store.load_account_and_member(&account(), &ann).await.unwrap_err();
    assert_eq!(failed.to_string(), "reading an account and a member: keys were left unread");
    assert_eq!(proxy.take_counts(), "5 BatchGetItem");
}

#[tokio::test]
async fn faults_are_no_absence() {
    let (latchkey, proxy) = watched_app().await;
    let (store, ann) = (store(&latchkey), address("ann@acme.example"));
    // Those that say something about what an answer means; timeouts are the SDK's.
    for name in FAULTS.into_iter().filter(|name| !name.starts_with("timed out") && *name != "too late") {
        proxy.inject(fault(name, "BatchGetItem"));
        assert!(store.load_account_and_member(&account(), &ann).await.is_err(), "{name}");
        assert!(store.memberships_of(&ann).await.is_err(), "{name}");
        proxy.clear();
        proxy.inject(fault(name, "Query"));
        assert!(store.memberships_of(&ann).await.is_err(), "{name}");
        proxy.clear();
    }
    assert_eq!(ids(&store.memberships_of(&ann).await.unwrap()).len(), 2);
}

#[tokio::test]
async fn further_accounts_than_are_read_are_admitted() {
    let (latchkey, proxy) = watched_app().await;
    let ann = address("ann@acme.example");
    let table = &latchkey.server.management.app.config.tables.directory;
    let stored = latchkey.inspect().partition("ACCOUNT#T2").await;
    // With the two that there are, one more than are read.
    for number in 0..MAX_MEMBERSHIPS - 1 {
        let id = format!("T9{number:03}");
        for known in stored.iter().filter(|item| item["sk"].as_s().unwrap() != "USAGE") {
            let mut copy = known.clone();
            copy.insert("pk".to_owned(), AttributeValue::S(format!("ACCOUNT#{id}")));
            copy.insert("account_id".to_owned(), AttributeValue::S(id.clone()));
            let put = latchkey.server.aws.dynamodb().put_item().table_name(table);
            put.set_item(Some(copy)).send().await.unwrap();
        }
    }
    proxy.take_calls();
    let found = store(&latchkey).memberships_of(&ann).await.unwrap();
    assert_eq!((found.items.len(), found.is_truncated), (MAX_MEMBERSHIPS, true));
    assert_eq!(proxy.take_counts(), "2 BatchGetItem, Query");
    latchkey.delete(&format!("{MEMBERS}/{}", ann.as_str())).await.expect(204);
    let found = store(&latchkey).memberships_of(&ann).await.unwrap();
    assert_eq!((found.items.len(), found.is_truncated), (MAX_MEMBERSHIPS, false));
}
