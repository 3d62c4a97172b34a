//! `ETag` and `If-Match` (RFC 9110 §8.8.3, §13.1.1).

use super::{CLIENTS, MEMBERS};
use crate::support::answer::Answer;
use crate::support::house::TestHouse;
use crate::support::things::TestClient;
use serde_json::{Value, json};

async fn if_match(house: &TestHouse, method: &str, path: &str, tag: &str, body: &Value) -> Answer {
    house.admin_ask(method, path).await.header("if-match", tag).json(body).send().await
}

/// A member, and a path, a change and another change for each kind of thing.
async fn things(house: &TestHouse) -> (TestClient, [(String, &'static str, Value, Value); 5]) {
    let client = house.client().await;
    house.post(MEMBERS, &json!({ "email": "ann@acme.example", "name": "Ann" })).await.expect(201);
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
async fn a_change_answers_the_tag_that_the_next_one_needs() {
    let house = TestHouse::furnished().await;
    let (_, all) = things(&house).await;
    for (path, method, one, other) in all {
        let first = if_match(&house, method, &path, "*", &one).await.expect(200).etag();
        let second = if_match(&house, method, &path, &first, &other).await.expect(200).etag();
        assert_ne!(first, second, "{path}");
        let stale = if_match(&house, method, &path, &first, &one).await.expect(412);
        assert_eq!(stale.problem(), "changed", "{path}");
        if_match(&house, method, &path, &second, &one).await.expect(200);
    }
}

#[tokio::test]
async fn what_is_read_has_the_tag_of_what_was_changed() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    for (path, member) in [
        ("/v1/accounts/T12345678".to_owned(), "account_name"),
        ("/v1/resources/backoffice_api".to_owned(), "resource_name"),
        (client.path(), "client_name"),
    ] {
        let read = house.get(&path).await.expect(200).etag();
        assert!(read.starts_with('"') && read.ends_with('"') && read.len() > 2, "{read}");
        let changed = if_match(&house, "PATCH", &path, &read, &json!({ member: "new" })).await.expect(200);
        assert_eq!(house.get(&path).await.etag(), changed.etag());
    }
}

#[tokio::test]
async fn one_of_several_tags_is_enough_and_a_weak_or_foreign_one_is_not() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let path = client.path();
    let tag = house.get(&path).await.etag();
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
        let answer = if_match(&house, "PATCH", &path, other, &json!({ "client_name": "a" })).await;
        assert_eq!(answer.status.as_u16(), 412, "{other}: {}", answer.text());
    }
    assert_eq!(house.get(&path).await.etag(), tag);
    let several = format!("\"999\", {tag},\"x\"");
    if_match(&house, "PATCH", &path, &several, &json!({ "client_name": "a" })).await.expect(200);
}

#[tokio::test]
async fn tags_may_come_in_several_headers() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let tag = house.get(&client.path()).await.etag();
    let ask = house.admin_ask("PATCH", &client.path()).await.header("if-match", "\"999\"");
    ask.header("if-match", tag).json(&json!({ "client_name": "a" })).send().await.expect(200);
}

#[tokio::test]
async fn what_has_changed_is_not_deleted() {
    let house = TestHouse::furnished().await;
    let (client, all) = things(&house).await;
    let _ = client;
    for (path, method, one, _) in all.into_iter().skip(1).take(3) {
        let old = if_match(&house, method, &path, "*", &json!({})).await.expect(200).etag();
        let new = if_match(&house, method, &path, &old, &one).await.expect(200).etag();
        if_match(&house, "DELETE", &path, &old, &json!({})).await.expect(412);
        if_match(&house, "PATCH", &path, &new, &json!({})).await.expect(200);
        if_match(&house, "DELETE", &path, &new, &json!({})).await.expect(204);
        if_match(&house, "PATCH", &path, "*", &json!({})).await.expect(404);
    }
}

#[tokio::test]
async fn a_secret_is_not_revoked_under_a_tag_that_its_client_never_had() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let path = client.secret(&client.secret_id);
    if_match(&house, "DELETE", &path, "\"999\"", &json!({})).await.expect(412);
    house.token(&client.client_id, &client.client_secret, "").await.expect(200);
    if_match(&house, "DELETE", &path, "*", &json!({})).await.expect(204);
}

#[tokio::test]
async fn of_two_changes_under_one_tag_one_is_made() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let (tag, admin) = (house.get(&client.path()).await.etag(), house.admin().await.to_owned());
    let mut running = tokio::task::JoinSet::new();
    for name in ["a", "b", "c", "d"] {
        let ask = house.ask("PATCH", &client.path()).bearer(&admin).header("if-match", &tag);
        running.spawn(ask.json(&json!({ "client_name": name })).send());
    }
    let mut statuses: Vec<_> = running.join_all().await.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412]);
}

#[tokio::test]
async fn a_thing_that_is_not_there_has_no_tag() {
    let house = TestHouse::furnished().await;
    if_match(&house, "PATCH", &format!("{CLIENTS}/nobody"), "*", &json!({})).await.expect(404);
    if_match(&house, "DELETE", &format!("{CLIENTS}/nobody"), "\"1\"", &json!({})).await.expect(404);
}
