//! What ends as a table and as a calendar.

use super::{DAY, date, ending_in, expiries};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;

#[tokio::test]
async fn csv_has_a_row_for_each_end_and_leads_to_the_next_page() {
    let latchkey = TestApp::with_fixtures().await;
    ending_in(&latchkey, "=First", 10, &json!({ "contacts": ["ops@acme.example"] })).await;
    ending_in(&latchkey, "Second", 20, &json!({})).await;
    let path = format!("{}?limit=1", expiries(ACCOUNT));
    let page =
        latchkey.admin_request("GET", &path).await.header("accept", "text/csv").send().await.expect(200);
    assert!(page.header("content-type").starts_with("text/csv"));
    let text = page.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("client_id,client_name,secret_id,hint,"), "{}", lines[0]);
    assert!(lines[1].contains(",'=First,") && lines[1].ends_with(",ops@acme.example"), "{}", lines[1]);
    let next = page.header("link").trim_start_matches('<').split('>').next().unwrap().to_owned();
    let page =
        latchkey.admin_request("GET", &next).await.header("accept", "text/csv").send().await.expect(200);
    assert!(page.text().contains(",Second,"));
}

#[tokio::test]
async fn calendar_names_clients_and_hints_only_and_its_ids_stay() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = ending_in(&latchkey, "Order sync", 30, &json!({ "contacts": ["ops@acme.example"] })).await;
    let calendar = async |latchkey: &TestApp| {
        let request = latchkey.admin_request("GET", &expiries(ACCOUNT)).await;
        let response = request.header("accept", "text/calendar").send().await.expect(200);
        assert!(response.header("content-type").starts_with("text/calendar"));
        response.text().replace("\r\n ", "")
    };
    let line = |calendar: &str, name: &str| {
        calendar.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned()
    };
    let first = calendar(&latchkey).await;
    let hint = &client.client_secret[client.client_secret.len() - 4..];
    assert_eq!(line(&first, "SUMMARY:"), format!("Secret …{hint} of Order sync ends"));
    assert_eq!(line(&first, "DTSTART:"), format!("{}T235900Z", date(&latchkey, 30).replace('-', "")));
    for hidden in [client.client_id.as_str(), client.secret_id.as_str(), "ops@acme.example", "VALARM"] {
        assert!(!first.contains(hidden), "{hidden}");
    }
    latchkey.advance(DAY);
    let sooner = json!({ "expires_on": date(&latchkey, 10) });
    let secret = client.secret(&client.secret_id);
    latchkey.admin_request("PATCH", &secret).await.json(&sooner).send().await.expect(200);
    let later = calendar(&latchkey).await;
    assert_eq!(line(&later, "UID:"), line(&first, "UID:"), "the event moves");
    assert_ne!(line(&later, "DTSTART:"), line(&first, "DTSTART:"));
}
