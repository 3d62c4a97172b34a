//! The list of clients: filters, pages, names.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;

#[tokio::test]
async fn list_hides_disabled_clients_and_finds_by_name_and_id() {
    let latchkey = TestApp::with_fixtures().await;
    let named = |name: &str| json!({ "client_name": name });
    let one = latchkey.fixtures().client_with(ACCOUNT, &named("Order sync")).await;
    latchkey.fixtures().client_with(ACCOUNT, &named("Stock export")).await;
    let off = json!({ "client_name": "Old import", "status": "disabled" });
    latchkey.fixtures().client_with(ACCOUNT, &off).await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients");
    for (query, shown) in [
        ("", vec!["Order sync", "Stock export"]),
        ("?status=all", vec!["Order sync", "Stock export", "Old import"]),
        ("?status=disabled", vec!["Old import"]),
        ("?q=ORDER", vec!["Order sync"]),
        (&format!("?q={}", one.client_id), vec!["Order sync"]),
        ("?attention=no_permissions", vec!["Order sync", "Stock export"]),
        ("?attention=secret_expired", vec![]),
        ("?q=nothing", vec![]),
    ] {
        let visit = browser.get(&format!("{path}{query}")).await.expect(200);
        for name in ["Order sync", "Stock export", "Old import"] {
            assert_eq!(visit.contains_text(name), shown.contains(&name), "{query}: {name}");
        }
        assert_eq!(visit.contains_text("No API client matches."), shown.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn account_without_clients_is_told_what_one_is() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    browser.get("/console").await.expect(200).expect_text("No API clients yet");
}

#[tokio::test]
async fn long_list_has_pages_and_a_position_is_of_its_list_only() {
    let latchkey = TestApp::with_fixtures().await;
    for number in 0..52 {
        let body = json!({ "client_name": format!("Client {number:02}"), "secret_storage": "digest_only" });
        latchkey.fixtures().client_with(ACCOUNT, &body).await;
    }
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients");
    let visit = browser.get(&path).await.expect(200);
    assert!(visit.contains_text("Client 51") && visit.contains_text("Client 02"));
    assert!(!visit.contains_text("Client 01"));
    assert!(visit.text().len() < 60_000, "{} bytes", visit.text().len());
    let text = visit.text();
    let older = text
        .split("href=\"")
        .find(|link| link.contains("after="))
        .expect("a link")
        .split('"')
        .next()
        .unwrap();
    let older = older.replace("&#38;", "&");
    let visit = browser.get(&older).await.expect(200);
    assert!(visit.contains_text("Client 01") && visit.contains_text("Client 00"));
    assert!(!visit.contains_text("Client 02"));
    let stolen = browser.get(&older.replace("status=active", "status=all")).await.expect(200);
    assert!(stolen.contains_text("Client 51"), "of another filter: the list begins anew");
}

#[tokio::test]
async fn names_are_shown_as_text() {
    let latchkey = TestApp::with_fixtures().await;
    let body = json!({ "client_name": "<script>alert(1)</script> & co" });
    latchkey.fixtures().client_with(ACCOUNT, &body).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&format!("/console/accounts/{ACCOUNT}/clients")).await.expect(200);
    assert!(!visit.text().contains("<script>alert"), "{}", visit.text());
    visit.expect_text("<script>alert(1)</script> & co");
}
