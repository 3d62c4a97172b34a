//! Filters of the audit trail, its pages, and its form as a table.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::v1::{AUDIT, values_of};
use jiff::SignedDuration;
use serde_json::json;

/// Two clients, changed by the operator and by an administrator, a second apart from each other.
struct Trail {
    latchkey: TestApp,
    one: TestClient,
    two: TestClient,
    administrator: TestClient,
}

impl Trail {
    async fn new() -> Self {
        let mut latchkey = TestApp::with_fixtures().await;
        let (one, two) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
        let (administrator, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
        for (client, description) in [(&one, "a"), (&two, "b"), (&one, "c")] {
            latchkey.advance(SignedDuration::from_secs(1));
            let request = latchkey.request("PATCH", &client.path()).bearer(&token);
            request.json(&json!({ "description": description })).send().await.expect(200);
        }
        latchkey.advance(SignedDuration::from_secs(1));
        latchkey.post(&format!("{}/disable", one.path()), &json!({})).await.expect(200);
        Self { latchkey, one, two, administrator }
    }

    async fn actions(&self, query: &str) -> Vec<String> {
        values_of(&self.latchkey.list_items(&format!("{AUDIT}?{query}")).await, "action")
    }
}

#[tokio::test]
async fn filters_select_by_client_actor_action_and_time() {
    let trail = Trail::new().await;
    let (one, two) = (&trail.one.client_id, &trail.two.client_id);
    let updated = "client.updated";
    let of_one = trail.actions(&format!("client_id={one}")).await;
    assert_eq!(of_one, ["client.disabled", updated, updated, "client.created"]);
    assert_eq!(trail.actions(&format!("client_id={two}")).await, [updated, "client.created"]);
    let by_administrator = trail.actions(&format!("actor={}", trail.administrator.client_id)).await;
    assert_eq!(by_administrator, [updated; 3]);
    assert_eq!(trail.actions("action=client.disabled").await, ["client.disabled"]);
    let both = format!("client_id={one}&action={updated}&actor={}", trail.administrator.client_id);
    assert_eq!(trail.actions(&both).await, [updated; 2]);
    assert_eq!(trail.actions("actor=unknown").await, [""; 0]);
    assert_eq!(trail.actions("action=template.created").await, [""; 0]);

    let entries = trail.latchkey.list_items(AUDIT).await;
    let at = |index: usize| entries[index]["at"].as_str().unwrap().to_owned();
    let ids = |entries: &[serde_json::Value]| values_of(entries, "audit_id");
    let listed = async |query: String| ids(&trail.latchkey.list_items(&format!("{AUDIT}?{query}")).await);
    assert_eq!(listed(format!("from={}", at(1))).await, ids(&entries[..2]), "from is included");
    assert_eq!(listed(format!("to={}", at(1))).await, ids(&entries[2..]), "to is not");
    assert_eq!(listed(format!("from={}&to={}", at(2), at(0))).await, ids(&entries[1..3]));
    let (day, next) = (trail.latchkey.now(), trail.latchkey.now() + SignedDuration::from_hours(24));
    let [today, tomorrow] = [day, next].map(|at| at.to_string()[..10].to_owned());
    assert_eq!(listed(format!("from={tomorrow}")).await, [""; 0]);
    assert!(!listed(format!("from={today}&to={tomorrow}")).await.is_empty());
}

#[tokio::test]
async fn filtered_pages_go_on_until_the_end() {
    let trail = Trail::new().await;
    for filter in ["action=client.updated", &format!("client_id={}", trail.one.client_id), "from=2020-01-01"]
    {
        let whole = trail.actions(filter).await;
        let (mut pages, mut cursor) = (Vec::new(), String::new());
        for _ in 0..20 {
            let path = format!("{AUDIT}?{filter}&limit=1{cursor}");
            let page = trail.latchkey.get(&path).await.expect(200).json();
            let items = page["items"].as_array().unwrap().clone();
            assert!(items.len() <= 1);
            pages.extend(values_of(&items, "action"));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(pages, whole, "{filter}");
    }
}

#[tokio::test]
async fn invalid_filters_are_named() {
    let latchkey = TestApp::with_fixtures().await;
    for (query, pointer) in [
        ("client_id=a/b", "#/client_id"),
        ("actor=", "#/actor"),
        ("action=", "#/action"),
        ("from=yesterday", "#/from"),
        ("to=12", "#/to"),
        ("from=2026-01-02&to=2026-01-02", "#/to"),
        ("email=a", "#/email"),
    ] {
        assert_eq!(
            latchkey.get(&format!("{AUDIT}?{query}")).await.expect(422).pointers(),
            [pointer],
            "{query}"
        );
    }
}

#[tokio::test]
async fn trail_of_a_client_is_unavailable_without_its_index() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let table = &latchkey.server.management.app.config.tables.audit;
    let delete = aws_sdk_dynamodb::types::DeleteGlobalSecondaryIndexAction::builder().index_name("by_client");
    let update =
        aws_sdk_dynamodb::types::GlobalSecondaryIndexUpdate::builder().delete(delete.build().unwrap());
    let update = latchkey
        .server
        .aws
        .dynamodb()
        .update_table()
        .table_name(table)
        .global_secondary_index_updates(update.build());
    update.send().await.unwrap();
    let response = latchkey.get(&format!("{AUDIT}?client_id={}", client.client_id)).await.expect(503);
    assert!(!response.header("retry-after").is_empty());
    latchkey.get(AUDIT).await.expect(200);
}

#[tokio::test]
async fn csv_has_the_entries_and_a_link_to_the_next_page() {
    let trail = Trail::new().await;
    let request =
        trail.latchkey.admin_request("GET", &format!("{AUDIT}?limit=2&action=client.updated")).await;
    let response = request.header("accept", "text/csv").send().await.expect(200);
    assert_eq!(response.header("content-type"), "text/csv; charset=utf-8; header=present");
    let text = response.text();
    let rows: Vec<&str> = text.lines().collect();
    assert!(rows[0].starts_with("at,audit_id,action,actor_client_id,"), "{}", rows[0]);
    assert_eq!(rows.len(), 3);
    assert!(rows[1].contains(&trail.one.client_id) && rows[2].contains(&trail.two.client_id));
    let next = response.header("link").strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    let request = trail.latchkey.admin_request("GET", next).await.header("accept", "text/csv");
    let last = request.send().await.expect(200);
    assert_eq!(last.text().lines().count(), 2);
    assert!(last.text().contains(&trail.one.client_id));
    assert!(last.headers.get("link").is_none());
}
