//! `ETag` and `If-Match` (RFC 9110 §8.8.3, §13.1.1).

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::http::TestResponse;
use crate::v1::{CLIENTS, MEMBERS};
use serde_json::{Value, json};

async fn if_match(latchkey: &TestApp, method: &str, path: &str, tag: &str, body: &Value) -> TestResponse {
    latchkey.admin_request(method, path).await.header("if-match", tag).json(body).send().await
}

/// For each kind of item: a member, its path, a change and another change.
async fn items_of_each_kind(latchkey: &TestApp) -> (TestClient, [(String, &'static str, Value, Value); 5]) {
    let client = latchkey.fixtures().client().await;
    latchkey.post(MEMBERS, &json!({ "email": "ann@acme.example", "name": "Ann" })).await.expect(201);
    let named = |member: &str, name: &str| json!({ member: name });
    let permissions =
        |scopes: Value| json!({ "permissions": [{ "resource": "backoffice_api", "scopes": scopes }] });
    let all = [
        (
            "/v1/accounts/T12345678".to_owned(),
            "PATCH",
            named("account_name", "a"),
            named("account_name", "b"),
        ),
        (format!("{MEMBERS}/ann@acme.example"), "PATCH", named("name", "a"), named("name", "b")),
        (
            "/v1/resources/backoffice_api".into(),
            "PATCH",
            named("resource_name", "a"),
            named("resource_name", "b"),
        ),
        (client.path(), "PATCH", named("client_name", "a"), named("client_name", "b")),
        (
            format!("{}/permissions", client.path()),
            "PUT",
            permissions(json!([])),
            permissions(json!(["orders:read"])),
        ),
    ];
    (client, all)
}

#[tokio::test]
async fn change_returns_the_etag_for_the_next_one() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, all) = items_of_each_kind(&latchkey).await;
    for (path, method, one, other) in all {
        let first = if_match(&latchkey, method, &path, "*", &one).await.expect(200).etag();
        let second = if_match(&latchkey, method, &path, &first, &other).await.expect(200).etag();
        assert_ne!(first, second, "{path}");
        let stale = if_match(&latchkey, method, &path, &first, &one).await.expect(412);
        assert_eq!(stale.problem(), "changed", "{path}");
        if_match(&latchkey, method, &path, &second, &one).await.expect(200);
    }
}

#[tokio::test]
async fn read_has_the_etag_of_the_last_change() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for (path, member) in [
        ("/v1/accounts/T12345678".to_owned(), "account_name"),
        ("/v1/resources/backoffice_api".to_owned(), "resource_name"),
        (client.path(), "client_name"),
    ] {
        let read = latchkey.get(&path).await.expect(200).etag();
        assert!(read.starts_with('"') && read.ends_with('"') && read.len() > 2, "{read}");
        let changed = if_match(&latchkey, "PATCH", &path, &read, &json!({ member: "new" })).await.expect(200);
        assert_eq!(latchkey.get(&path).await.etag(), changed.etag());
    }
}

#[tokio::test]
async fn if_match_list_needs_one_strong_match() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let path = client.path();
    let tag = latchkey.get(&path).await.etag();
    let unquoted = tag.trim_matches('"').to_owned();
    let weak = format!("W/{tag}");
    let others = [
        weak.as_str(),
        unquoted.as_str(),
        "\"x\"",
        "\"\"",
        "",
        "\"999\"",
        &format!("\"0{unquoted}\""),
        &format!("\"+{unquoted}\""),
        "\"*\"",
    ];
    for other in others {
        let response = if_match(&latchkey, "PATCH", &path, other, &json!({ "client_name": "a" })).await;
        assert_eq!(response.status.as_u16(), 412, "{other}: {}", response.text());
    }
    assert_eq!(latchkey.get(&path).await.etag(), tag);
    let several = format!("\"999\", {tag},\"x\"");
    if_match(&latchkey, "PATCH", &path, &several, &json!({ "client_name": "a" })).await.expect(200);
}

#[tokio::test]
async fn if_match_may_span_several_headers() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let tag = latchkey.get(&client.path()).await.etag();
    let request = latchkey.admin_request("PATCH", &client.path()).await.header("if-match", "\"999\"");
    request.header("if-match", tag).json(&json!({ "client_name": "a" })).send().await.expect(200);
}

#[tokio::test]
async fn changed_item_is_not_deleted_with_old_etag() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, all) = items_of_each_kind(&latchkey).await;
    let _ = client;
    for (path, method, one, _) in all.into_iter().skip(1).take(3) {
        let old = if_match(&latchkey, method, &path, "*", &json!({})).await.expect(200).etag();
        let new = if_match(&latchkey, method, &path, &old, &one).await.expect(200).etag();
        if_match(&latchkey, "DELETE", &path, &old, &json!({})).await.expect(412);
        if_match(&latchkey, "PATCH", &path, &new, &json!({})).await.expect(200);
        if_match(&latchkey, "DELETE", &path, &new, &json!({})).await.expect(204);
        if_match(&latchkey, "PATCH", &path, "*", &json!({})).await.expect(404);
    }
}

#[tokio::test]
async fn secret_is_not_revoked_with_an_etag_never_issued() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let path = client.secret(&client.secret_id);
    if_match(&latchkey, "DELETE", &path, "\"999\"", &json!({})).await.expect(412);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    if_match(&latchkey, "DELETE", &path, "*", &json!({})).await.expect(204);
}

#[tokio::test]
async fn one_of_two_changes_with_same_etag_succeeds() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (tag, admin) = (latchkey.get(&client.path()).await.etag(), latchkey.admin().await.to_owned());
    let mut running = tokio::task::JoinSet::new();
    for name in ["a", "b", "c", "d"] {
        let request = latchkey.request("PATCH", &client.path()).bearer(&admin).header("if-match", &tag);
        running.spawn(request.json(&json!({ "client_name": name })).send());
    }
    let mut statuses: Vec<_> =
        running.join_all().await.iter().map(|response| response.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412]);
}

#[tokio::test]
async fn unknown_item_is_404_with_any_etag() {
    let latchkey = TestApp::with_fixtures().await;
    if_match(&latchkey, "PATCH", &format!("{CLIENTS}/unknown"), "*", &json!({})).await.expect(404);
    if_match(&latchkey, "DELETE", &format!("{CLIENTS}/unknown"), "\"1\"", &json!({})).await.expect(404);
}

#[tokio::test]
async fn what_the_caller_has_is_not_sent_again() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let secret = client.secret(&client.secret_id);
    let read = async |path: &str, tag: &str| {
        latchkey.admin_request("GET", path).await.header("if-none-match", tag).send().await
    };
    for path in ["/v1/accounts/T12345678", "/v1/resources/backoffice_api", &client.path(), &secret] {
        let tag = latchkey.get(path).await.expect(200).etag();
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let same = read(path, &known).await.expect(304);
            assert_eq!(
                (same.text().as_str(), same.etag(), same.header("content-type")),
                ("", tag.clone(), "")
            );
        }
        for other in ["\"x\"", "\"1\"", "\"a b\"", "x"] {
            read(path, other).await.expect(200);
        }
    }
    // The day of its first use is shown, and is no new version.
    let unused = latchkey.get(&secret).await.etag();
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    assert_ne!(read(&secret, &unused).await.expect(200).etag(), unused);
    if_match(&latchkey, "PATCH", &secret, &unused, &json!({ "remind": false })).await.expect(200);
    if_match(&latchkey, "PATCH", &secret, &unused, &json!({ "remind": true })).await.expect(412);
}

#[tokio::test]
async fn if_none_match_refuses_to_change_what_exists() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, all) = items_of_each_kind(&latchkey).await;
    for (path, method, one, _) in all {
        let request = latchkey.admin_request(method, &path).await.header("if-none-match", "*").json(&one);
        assert_eq!(request.send().await.expect(412).problem(), "changed", "{path}");
    }
}

#[tokio::test]
async fn location_of_everything_created_can_be_read() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let clients = "/v1/accounts/T12345678/clients";
    for (path, body) in [
        ("/v1/accounts".to_owned(), json!({ "account_name": "Beta" })),
        ("/v1/resources".to_owned(), json!({ "resource_id": "files" })),
        ("/v1/templates".to_owned(), json!({ "template_id": "x", "title": "X", "asked": ["client_name"] })),
        (clients.to_owned(), json!({ "client_name": "Files" })),
        (format!("{}/duplicate", client.path()), json!({ "client_name": "Copy" })),
        (format!("{}/secrets", client.path()), json!({})),
    ] {
        let created = latchkey.post(&path, &body).await.expect(201);
        let read = latchkey.get(created.header("location")).await.expect(200);
        let version = |tag: String| tag.split('-').next().map(str::to_owned);
        if created.headers.contains_key("etag") {
            assert_eq!(version(created.etag()), version(read.etag()), "{path}");
        }
    }
}
