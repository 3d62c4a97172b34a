//! The list of clients: filters, pages, names.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, PageVisit};
use jiff::SignedDuration;
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
        ("?signs_in=secret", vec!["Order sync", "Stock export"]),
        ("?signs_in=platform", vec![]),
        ("?used=never", vec!["Order sync", "Stock export"]),
        ("?used=not-90", vec![]),
        ("?ends=90", vec!["Order sync", "Stock export"]),
        ("?ends=7", vec![]),
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
    let older = link(&visit.expect_text("1–50"), "Older");
    let visit = browser.get(&older).await.expect(200).expect_text("51–52");
    assert!(visit.contains_text("Client 01") && visit.contains_text("Client 00"));
    assert!(!visit.contains_text("Client 02") && !visit.text().contains("Older</a>"));
    assert_eq!(link(&visit, "Newer"), path);
    for other in ["&status=all", "&sort=name"] {
        let stolen = browser.get(&format!("{older}{other}")).await.expect(200);
        let first = if other == "&sort=name" { "Client 00" } else { "Client 51" };
        assert!(stolen.contains_text(first), "of another list: it begins anew");
    }
}

/// The URL of the link with these words.
#[track_caller]
fn link(visit: &PageVisit, words: &str) -> String {
    let text = visit.text();
    let end = text.find(&format!("\">{words}</a>")).unwrap_or_else(|| panic!("no {words}: {text}"));
    let start = text[..end].rfind("href=\"").unwrap() + "href=\"".len();
    text[start..end].replace("&#38;", "&")
}

#[tokio::test]
async fn way_back_leads_over_the_pages_before() {
    let latchkey = TestApp::with_fixtures().await;
    for number in 0..101 {
        let body = json!({ "client_name": format!("Client {number:03}"), "secret_storage": "digest_only" });
        latchkey.fixtures().client_with(ACCOUNT, &body).await;
    }
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients?used=never");
    let (mut at, mut seen) = (path.clone(), Vec::new());
    for (range, words) in [("1–50", "Older"), ("51–100", "Older"), ("101–101", "Newer"), ("51–100", "Newer")]
    {
        let visit = browser.get(&at).await.expect(200).expect_text(range);
        seen.push(visit.contains_text("Client 050"));
        at = link(&visit, words);
    }
    assert_eq!((at, seen), (path, vec![false, true, false, true]));
}

#[tokio::test]
async fn list_in_another_order_has_pages_too() {
    let latchkey = TestApp::with_fixtures().await;
    for number in 0..53 {
        let name = if number == 7 { "zebra".to_owned() } else { format!("Client {:02}", 60 - number) };
        let body = json!({ "client_name": name, "secret_storage": "digest_only" });
        latchkey.fixtures().client_with(ACCOUNT, &body).await;
    }
    let ending = json!({
        "client_name": "Ending",
        "secret": { "expires_on": in_days(&latchkey, 3) },
        "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
    });
    let ending = latchkey.fixtures().client_with(ACCOUNT, &ending).await;
    latchkey.token(&ending.client_id, &ending.client_secret, "").await.expect(200);
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients");
    let first = browser.get(&format!("{path}?sort=name")).await.expect(200);
    assert!(first.contains_text("Client 08") && !first.contains_text("zebra"), "{}", first.text());
    let second = browser.get(&link(&first, "Next page")).await.expect(200);
    let second = second.expect_text("zebra").expect_text("Previous page51–54");
    assert!(!second.contains_text("Client 08") && !second.contains_text("Next page"));
    for sort in ["ends", "used"] {
        let text = browser.get(&format!("{path}?sort={sort}")).await.expect(200).text();
        assert!(text.find("Ending").unwrap() < text.find("Client 1").unwrap(), "{sort}: {text}");
        assert!(text.contains(">in use today<"), "{text}");
    }
}

/// A date so many days ahead.
fn in_days(latchkey: &TestApp, days: i64) -> String {
    let at = latchkey.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
    at.to_string()[..10].to_owned()
}

#[tokio::test]
async fn list_says_how_many_disabled_clients_it_hides() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Order sync" })).await;
    for name in ["Old import", "Old export"] {
        let off = json!({ "client_name": name, "status": "disabled" });
        latchkey.fixtures().client_with(ACCOUNT, &off).await;
    }
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients");
    let visit = browser.get(&path).await.expect(200);
    visit.expect_text("2 disabled clients are hidden. Show all");
    let visit = browser.get(&format!("{path}?q=import")).await.expect(200);
    let visit = visit.expect_text("1 disabled client is hidden.").expect_text("No API client matches.");
    assert!(visit.text().contains("clients?q=import&#38;status=all"), "the other filters stay");
    let all = browser.get(&format!("{path}?status=all")).await.expect(200);
    assert!(!all.contains_text("disabled client"));
}

#[tokio::test]
async fn only_those_who_manage_clients_are_offered_changes() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Order sync" })).await;
    let path = format!("/console/accounts/{ACCOUNT}/clients");
    let disable = format!("clients/{}/disable", client.client_id);
    let page = latchkey.administrator_in_console().await.get(&path).await.expect(200);
    assert!(page.text().contains(&disable), "{}", page.text());
    let copy = "data-copy-of=\"Copy the client id of {name}\"";
    assert!(page.text().contains(copy), "the script puts the client's name there");
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let page = reader.sign_in_to_console(&latchkey, &email, &path).await.expect(200);
    let text = page.expect_text("Order sync").text();
    let open = format!("<a href=\"clients/{}\">Open</a></div>", client.client_id);
    assert!(text.contains(&open) && !text.contains(&disable), "{text}");
}

#[tokio::test]
async fn list_is_exported_as_csv_without_formulas_and_secrets() {
    let latchkey = TestApp::with_fixtures().await;
    let body =
        json!({ "client_name": "=HYPERLINK(\"https://evil.example\")", "contacts": ["ops@acme.example"] });
    let client = latchkey.fixtures().client_with(ACCOUNT, &body).await;
    let off = json!({ "client_name": "Old, import", "status": "disabled" });
    latchkey.fixtures().client_with(ACCOUNT, &off).await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients.csv");
    let export = browser.get(&path).await.expect(200);
    assert_eq!(
        export.response.header("content-disposition"),
        format!("attachment; filename=\"api-clients-{ACCOUNT}.csv\"")
    );
    assert!(export.response.header("content-type").starts_with("text/csv"));
    let csv = export.text();
    assert!(csv.starts_with("\u{feff}client_id,client_name,"), "{csv}");
    assert!(
        csv.contains(&format!("{},\"'=HYPERLINK(\"\"https://evil.example\"\")\",", client.client_id)),
        "{csv}"
    );
    assert!(csv.contains(",ops@acme.example,") && !csv.contains("Old, import"), "{csv}");
    assert!(!csv.contains(&client.client_secret), "no secrets");
    let all = browser.get(&format!("{path}?status=all")).await.expect(200).text();
    assert!(all.contains("\"Old, import\""), "{all}");
    let signed_out = latchkey.request("GET", &path).send().await;
    assert_eq!(signed_out.status, 303, "signed out");
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
