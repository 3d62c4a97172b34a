//! Entitlements: what an account may give its clients. Operators set them; permissions are checked against them.

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::ACCOUNT;
use crate::v1::{ACCOUNTS, CLIENTS, MEMBERS, RESOURCES, assert_contains, values_of};
use serde_json::{Value, json};

const PATH: &str = "/v1/accounts/T12345678";

/// An app whose API `orders` is for entitled accounts, with a restricted scope `admin` that implies `write`, which
/// implies `read`.
async fn app() -> TestApp {
    let latchkey = TestApp::with_fixtures().await;
    let scopes = json!([
        { "name": "read" }, { "name": "write", "implies": ["read"] },
        { "name": "admin", "restricted": true, "implies": ["write"] },
    ]);
    let body = json!({ "resource_id": "orders", "audience": "https://{account_id}.orders.example",
                       "scopes": scopes, "default_scopes": ["read"], "documentation_url": "https://docs.example" });
    latchkey.post(RESOURCES, &body).await.expect(201);
    latchkey
}

fn client(resource: &str, scopes: &[&str]) -> Value {
    json!({ "client_name": "x", "permissions": [{ "resource": resource, "scopes": scopes }] })
}

async fn entitle(latchkey: &TestApp, entitlements: Value) {
    let changed = latchkey.patch(PATH, &json!({ "entitlements": entitlements })).await.expect(200).json();
    assert_eq!(changed["entitlements"], entitlements);
    assert_eq!(latchkey.get(PATH).await.json()["entitlements"], entitlements);
}

#[tokio::test]
async fn permissions_need_entitlements() {
    let latchkey = app().await;
    let (_, admin) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    let create = async |token: &str, scopes: &[&str]| {
        latchkey.request("POST", CLIENTS).bearer(token).json(&client("orders", scopes)).send().await
    };
    // Operators are bound by them too.
    let operator = latchkey.admin().await;
    for token in [admin.as_str(), operator] {
        let response = create(token, &["read"]).await.expect(422);
        assert_eq!(response.pointers(), ["#/permissions/0/resource"]);
    }
    entitle(&latchkey, json!([{ "resource": "orders" }])).await;
    for token in [admin.as_str(), operator] {
        create(token, &["read"]).await.expect(201);
        let response = create(token, &["read", "admin"]).await.expect(422);
        assert_eq!(response.pointers(), ["#/permissions/0/scopes"]);
        assert!(response.text().contains("admin"), "it names the scope: {}", response.text());
    }
    entitle(&latchkey, json!([{ "resource": "orders", "scopes": ["admin"] }])).await;
    let created = create(&admin, &["admin"]).await.expect(201).json();
    assert_eq!(created["permissions"][0]["scopes"], json!(["admin", "read", "write"]), "with implied scopes");
    entitle(&latchkey, json!([{ "resource": "orders", "scopes": [] }])).await;
    create(&admin, &["read"]).await.expect(422);
    create(&admin, &[]).await.expect(201);
}

#[tokio::test]
async fn duplicates_and_replaced_permissions_need_entitlements() {
    let latchkey = app().await;
    entitle(&latchkey, json!([{ "resource": "orders" }])).await;
    let original = latchkey.fixtures().client_with(ACCOUNT, &client("orders", &["write"])).await;
    entitle(&latchkey, json!([{ "resource": "orders", "scopes": ["read"] }])).await;
    let duplicate = format!("{}/duplicate", original.path());
    assert_eq!(
        latchkey.post(&duplicate, &json!({})).await.expect(422).pointers(),
        ["#/permissions/0/scopes"]
    );
    latchkey.post(&duplicate, &client("orders", &["read"])).await.expect(201);
    let permissions = format!("{}/permissions", original.path());
    let body = json!({ "permissions": [{ "resource": "orders", "scopes": ["write"] }] });
    assert_eq!(latchkey.put(&permissions, &body).await.expect(422).pointers(), ["#/permissions/0/scopes"]);
    let attention = async |query: &str| {
        let items =
            latchkey.get(&format!("{CLIENTS}?attention={query}")).await.expect(200).json()["items"].clone();
        values_of(items.as_array().unwrap(), "client_id")
    };
    assert_eq!(attention("not_entitled").await, std::slice::from_ref(&original.client_id));
    latchkey.put(&permissions, &json!({ "permissions": [{ "resource": "orders" }] })).await.expect(200);
    assert!(attention("not_entitled").await.is_empty());
}

#[tokio::test]
async fn restricted_scope_of_a_resource_for_all_needs_an_entitlement() {
    let latchkey = app().await;
    latchkey.patch("/v1/resources/orders", &json!({ "account_access": "all" })).await.expect(200);
    latchkey.post(CLIENTS, &client("orders", &["write"])).await.expect(201);
    latchkey.post(CLIENTS, &client("orders", &["admin"])).await.expect(422);
    entitle(&latchkey, json!([{ "resource": "orders", "scopes": ["admin"] }])).await;
    latchkey.post(CLIENTS, &client("orders", &["admin"])).await.expect(201);
}

#[tokio::test]
async fn entitlements_are_validated() {
    let latchkey = app().await;
    for (entitlements, pointer) in [
        (json!([{ "resource": "nothing" }]), "#/entitlements/0/resource"),
        (json!([{ "resource": "orders", "scopes": ["nothing"] }]), "#/entitlements/0/scopes"),
        (json!([{ "resource": "orders" }, { "resource": "orders" }]), "#/entitlements/1/resource"),
        (json!([{ "resource": "latchkey" }]), "#/entitlements/0/resource"),
        (json!([{ "resource": "orders", "scope": "read" }]), "#/entitlements/0/scope"),
        (json!([{ "scopes": ["read"] }]), "#/entitlements/0/resource"),
        (json!(["orders"]), "#/entitlements/0"),
        (json!("orders"), "#/entitlements"),
    ] {
        let body = json!({ "entitlements": entitlements });
        assert_eq!(latchkey.patch(PATH, &body).await.expect(422).pointers(), [pointer], "{body}");
        let body = json!({ "account_name": "Acme", "entitlements": entitlements });
        assert_eq!(latchkey.post(ACCOUNTS, &body).await.expect(422).pointers(), [pointer], "{body}");
    }
    let body =
        json!({ "account_id": "T2", "account_name": "Acme", "entitlements": [{ "resource": "orders" }] });
    assert_contains(&latchkey.post(ACCOUNTS, &body).await.expect(201).json(), &body);
}

#[tokio::test]
async fn entitlement_to_a_deleted_resource_can_stay() {
    let latchkey = app().await;
    entitle(&latchkey, json!([{ "resource": "orders" }])).await;
    latchkey.delete("/v1/resources/orders").await.expect(204);
    entitle(&latchkey, json!([{ "resource": "orders" }, { "resource": "backoffice_api" }])).await;
    entitle(&latchkey, json!([])).await;
    latchkey.patch(PATH, &json!({ "entitlements": [{ "resource": "orders" }] })).await.expect(422);
}

#[tokio::test]
async fn account_administrators_change_the_name_only() {
    let latchkey = app().await;
    let (_, admin) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage"]).await;
    let patch = async |path: &str, body: Value| {
        latchkey.request("PATCH", path).bearer(&admin).json(&body).send().await
    };
    assert_eq!(
        patch(PATH, json!({ "account_name": "Acme" })).await.expect(200).string("account_name"),
        "Acme"
    );
    for (member, value) in [
        ("entitlements", json!([{ "resource": "backoffice_api" }])),
        ("claims", json!({ "tier": "gold" })),
        ("status", json!("disabled")),
        ("claims", Value::Null),
    ] {
        let refused = patch(PATH, json!({ "account_name": "x", member: value })).await.expect(403);
        assert_eq!(refused.problem(), "forbidden");
        assert!(refused.text().contains(member), "it names the member: {}", refused.text());
    }
    let own = latchkey.request("GET", PATH).bearer(&admin).send().await.expect(200);
    assert_eq!(own.string("account_name"), "Acme");
    for path in ["/v1/accounts/T00000001", "/v1/accounts/T999"] {
        patch(path, json!({ "account_name": "x" })).await.expect(404);
        latchkey.request("GET", path).bearer(&admin).send().await.expect(404);
    }
    let (_, reader) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    for method in ["GET", "PATCH"] {
        let request = latchkey.request(method, PATH).bearer(&reader).json(&json!({ "account_name": "x" }));
        assert_eq!(request.send().await.expect(403).problem(), "insufficient_scope");
    }
}

#[tokio::test]
async fn only_operators_grant_resources_manage() {
    let latchkey = app().await;
    let scopes = ["resources:manage", "clients:manage", "members:manage", "clients:read"];
    let (holder, token) = latchkey.fixtures().administrator(ACCOUNT, &scopes).await;
    let grant = client("latchkey", &["resources:manage"]);
    latchkey.request("POST", CLIENTS).bearer(&token).json(&grant).send().await.expect(403);
    let member = json!({ "email": "a@b.example", "name": "A", "permissions": ["resources:manage"] });
    latchkey.request("POST", MEMBERS).bearer(&token).json(&member).send().await.expect(403);
    let duplicate = format!("{}/duplicate", holder.path());
    latchkey.request("POST", &duplicate).bearer(&token).json(&json!({})).send().await.expect(403);
    latchkey.post(CLIENTS, &grant).await.expect(201);
    latchkey.post(MEMBERS, &member).await.expect(201);
    let keep = json!({ "permissions": ["resources:manage", "clients:read"] });
    let path = format!("{MEMBERS}/a@b.example");
    latchkey.request("PATCH", &path).bearer(&token).json(&keep).send().await.expect(200);
}

#[tokio::test]
async fn accounts_see_the_resources_that_they_may_use() {
    let latchkey = app().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["audit:read"]).await;
    let list = async |path: &str, token: &str| {
        let response = latchkey.request("GET", path).bearer(token).send().await.expect(200);
        response.json()["items"].as_array().unwrap().clone()
    };
    let of_account = format!("{PATH}/resources");
    for path in [of_account.as_str(), RESOURCES] {
        assert_eq!(values_of(&list(path, &token).await, "resource_id"), ["backoffice_api", "latchkey"]);
    }
    latchkey.request("GET", "/v1/resources/orders").bearer(&token).send().await.expect(404);
    entitle(&latchkey, json!([{ "resource": "orders" }])).await;
    for path in [of_account.as_str(), RESOURCES] {
        let items = list(path, &token).await;
        assert_eq!(values_of(&items, "resource_id"), ["backoffice_api", "orders", "latchkey"]);
        let expected = json!({ "audience": format!("https://{ACCOUNT}.orders.example"), "default_scopes": ["read"],
                               "documentation_url": "https://docs.example/" });
        assert_contains(&items[1], &expected);
        assert_eq!(values_of(items[1]["scopes"].as_array().unwrap(), "name"), ["read", "write"]);
    }
    let one = latchkey.request("GET", "/v1/resources/orders").bearer(&token).send().await.expect(200);
    assert_eq!(one.string("audience"), format!("https://{ACCOUNT}.orders.example"));

    let whole = latchkey.list_items(RESOURCES).await;
    assert_eq!(whole[1]["audience"], "https://{account_id}.orders.example");
    assert_eq!(whole[1]["scopes"].as_array().unwrap().len(), 3);
    let operators = list("/v1/accounts/T00000001/resources", latchkey.admin().await).await;
    assert_eq!(values_of(&operators, "resource_id"), ["backoffice_api", "latchkey"]);
    latchkey.request("GET", "/v1/accounts/T00000001/resources").bearer(&token).send().await.expect(404);
    latchkey.get("/v1/accounts/T999/resources").await.expect(404);
    assert_eq!(list(RESOURCES, &token).await[2]["audience"], format!("{ISSUER}/v1"));
}

#[tokio::test]
async fn pages_of_usable_resources_are_full() {
    let latchkey = TestApp::with_fixtures().await;
    for number in 0..9 {
        let access = if number % 3 == 0 { "all" } else { "entitled" };
        let body = json!({ "resource_id": format!("r{number}"), "account_access": access });
        latchkey.post(RESOURCES, &body).await.expect(201);
    }
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["audit:read"]).await;
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{RESOURCES}?limit=2{cursor}");
        let page = latchkey.request("GET", &path).bearer(&token).send().await.expect(200).json();
        pages.push(values_of(page["items"].as_array().unwrap(), "resource_id"));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(pages.concat(), ["backoffice_api", "r0", "r3", "r6", "latchkey"]);
    assert_eq!(pages[0].len(), 2);
}
