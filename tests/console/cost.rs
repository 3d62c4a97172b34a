//! What a page costs: its calls of AWS.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn page_reads_session_account_with_member_and_what_it_shows() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let client = latchkey.fixtures().client().await;
    let public = json!({ "token_endpoint_auth_method": "none" });
    let public = latchkey.fixtures().sign_in_client_with(&public).await;
    let replaced = latchkey.fixtures().client().await;
    let secrets = format!("{}/secrets", replaced.path());
    latchkey.admin_request("POST", &secrets).await.json(&json!({})).send().await.expect(201);
    let browser = latchkey.administrator_in_console().await;
    let clients = format!("/console/accounts/{ACCOUNT}/clients");
    let pages = [
        // The membership, and the accounts in which there may be calendars.
        ("/console/me".to_owned(), "2 BatchGetItem, GetItem, 2 Query"),
        // The clients, the secrets that end next, and who was refused.
        (format!("/console/accounts/{ACCOUNT}"), "2 BatchGetItem, GetItem, 2 Query"),
        (clients.clone(), "BatchGetItem, GetItem, Query"),
        (format!("/console/accounts/{ACCOUNT}/members"), "BatchGetItem, GetItem, 2 Query"),
        // The account with its version, what it uses, and the recipients of today.
        (format!("/console/accounts/{ACCOUNT}/settings"), "BatchGetItem, 4 GetItem"),
        (format!("/console/accounts/{ACCOUNT}/apis"), "BatchGetItem, GetItem, Query"),
        (format!("/console/accounts/{ACCOUNT}/apis/backoffice_api"), "BatchGetItem, GetItem, Query"),
        (format!("{clients}.csv"), "BatchGetItem, GetItem, Query"),
        (format!("{clients}?sort=ends"), "BatchGetItem, GetItem, Query"),
        // The account with its members, the client, and the account's mails with the reminders that were sent.
        (format!("{clients}/{}", client.client_id), "GetItem, 3 Query"),
        (format!("{clients}/{}/people", client.client_id), "BatchGetItem, GetItem, 2 Query"),
        // The client, why it was refused, its changes, and the names of clients in them.
        (format!("{clients}/{}/activity", client.client_id), "2 BatchGetItem, GetItem, 3 Query"),
        // The clients, the secrets of those that are shown, the members, and the account's mails.
        (format!("/console/accounts/{ACCOUNT}/expiries"), "2 BatchGetItem, GetItem, 3 Query"),
        (format!("/console/accounts/{ACCOUNT}/audit"), "2 BatchGetItem, GetItem, Query"),
        (format!("{clients}/{}/use", client.client_id), "BatchGetItem, GetItem, Query"),
        (format!("{clients}/{}/permissions", client.client_id), "BatchGetItem, GetItem, Query"),
        // Who gets reminders: the members, who are read with the account, and what is known of the account's mails.
        (format!("{clients}/{}/credentials", client.client_id), "GetItem, 3 Query"),
        (format!("{clients}/{}/credentials/rotate", client.client_id), "GetItem, 3 Query"),
        // The mails are read where something ends, or a new secret is filled in.
        (format!("{clients}/{}/credentials", public.client_id), "GetItem, 2 Query"),
        (format!("{clients}/{}/credentials/rotate", replaced.client_id), "GetItem, 2 Query"),
        (format!("{clients}/new"), "BatchGetItem, GetItem, Query"),
        (format!("{clients}/new?template=secret"), "BatchGetItem, GetItem, 2 Query"),
        // What was typed before the person proved who they are, if the URL names it.
        (
            format!("{clients}/new?template=secret&draft={}", "0".repeat(32)),
            "BatchGetItem, 2 GetItem, 2 Query",
        ),
        (format!("{clients}/{}/edit", client.client_id), "BatchGetItem, GetItem, Query"),
        (format!("{clients}/{}/disable", client.client_id), "BatchGetItem, GetItem, Query"),
        // The client with its secrets, and who consented to it.
        (format!("{clients}/{}/delete", client.client_id), "BatchGetItem, GetItem, 2 Query"),
    ];
    for (path, expected) in &pages {
        latchkey.server.management.app.catalogue(latchkey.now()).await.unwrap();
        proxy.take_calls();
        browser.get(path).await.expect(200);
        assert_eq!(proxy.take_counts(), *expected, "{path}");
    }
    let unknown = format!("{clients}/lk_unknown");
    browser.get(&unknown).await.expect(404).expect_text("Change account");
    assert_eq!(proxy.take_counts(), "GetItem, 3 Query", "the frame of an error's page is read by no call");
    latchkey.advance(SignedDuration::from_mins(5));
    latchkey.server.management.app.catalogue(latchkey.now()).await.unwrap();
    latchkey.server.management.app.peppers(latchkey.now()).await.unwrap();
    latchkey.server.management.app.logo.get(latchkey.now()).await;
    proxy.take_calls();
    browser.get(&clients).await.expect(200);
    assert_eq!(proxy.take_counts(), "BatchGetItem, GetItem, Query, UpdateItem", "its use is noted");
    browser.get(&clients).await.expect(200);
    assert_eq!(proxy.take_counts(), "BatchGetItem, GetItem, Query", "every five minutes");
}
