//! `/v1/templates`, and clients that are created with a template.

mod catalogue;

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{AUDIT, CLIENTS, RESOURCES, assert_contains, backoffice, values_of};
use serde_json::{Value, json};

const TEMPLATES: &str = "/v1/templates";
const PATH: &str = "/v1/templates/checkout";

/// A template that asks for a website and nothing else.
pub fn checkout() -> Value {
    json!({
        "template_id": "checkout", "title": "Checkout client", "summary": "For a shop that takes payments.", "order": 10,
        "documentation_url": "https://docs.example.com/checkout",
        "fixed": {
            "grant_types": ["client_credentials"], "access_token_lifetime": 14_400,
            "permissions": backoffice(&["orders:read"]),
        },
        "defaults": { "description": "Takes payments" },
        "asked": ["client_uri"], "name_pattern": "Checkout client – {client_uri_host}",
    })
}

async fn app() -> TestApp {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(TEMPLATES, &checkout()).await.expect(201);
    latchkey
}

#[tokio::test]
async fn a_template_is_created_as_requested() {
    let latchkey = TestApp::with_fixtures().await;
    let created = latchkey.post(TEMPLATES, &checkout()).await.expect(201);
    assert_eq!(created.header("location"), PATH);
    assert_contains(&created.json(), &checkout());
    let read = latchkey.get(PATH).await.expect(200);
    assert_eq!((read.json(), read.etag()), (created.json(), created.etag()));
    assert_eq!(latchkey.post(TEMPLATES, &checkout()).await.expect(409).problem(), "template_id_taken");
}

#[tokio::test]
async fn every_member_that_is_not_valid_is_named() {
    let latchkey = TestApp::with_fixtures().await;
    let errors = async |change: Value| {
        let mut body = checkout();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        latchkey.post(TEMPLATES, &body).await.expect(422).pointers()
    };
    let cases = [
        (json!({ "template_id": "lk_x", "title": "" }), vec!["#/template_id", "#/title"]),
        (json!({ "colour": "red", "order": 10_000 }), vec!["#/colour", "#/order"]),
        (json!({ "documentation_url": "http://docs.example.com" }), vec!["#/documentation_url"]),
        (json!({ "fixed": { "access_token_lifetime": 5 } }), vec!["#/fixed/access_token_lifetime"]),
        (json!({ "fixed": { "client_id": "x", "size": 1 } }), vec!["#/fixed/client_id", "#/fixed/size"]),
        (json!({ "fixed": { "jwks_uri": "https://a.example.com/k" } }), vec!["#/fixed/jwks_uri"]),
        (
            json!({ "defaults": { "secret": { "expires_on": "2027-01-01" } } }),
            vec!["#/defaults/secret/expires_on"],
        ),
        (
            json!({ "fixed": { "permissions": backoffice(&["orders:gone"]) } }),
            vec!["#/fixed/permissions/0/scopes"],
        ),
        (
            json!({ "fixed": { "permissions": [{ "resource": "latchkey", "scopes": ["clients:read"] }] } }),
            vec!["#/fixed/permissions/0/resource"],
        ),
        (json!({ "asked": ["client_uri", "client_uri"] }), vec!["#/asked/1"]),
        (json!({ "asked": ["client_uri", "permissions"] }), vec!["#/asked/1"]),
        (
            json!({ "asked": ["client_name", "access_token_lifetime"], "name_pattern": null }),
            vec!["#/asked/1"],
        ),
        (json!({ "asked": [], "defaults": {} }), vec!["#/name_pattern"]),
        (json!({ "name_pattern": null }), vec!["#/name_pattern"]),
        (json!({ "name_pattern": "Shop {host}" }), vec!["#/name_pattern"]),
        (json!({ "defaults": { "access_token_lifetime": 60 } }), vec!["#/defaults/access_token_lifetime"]),
    ];
    for (change, expected) in cases {
        assert_eq!(errors(change.clone()).await, expected, "{change}");
    }
    assert!(latchkey.list_items(TEMPLATES).await.is_empty());
}

#[tokio::test]
async fn a_change_is_a_merge_patch_of_the_objects_in_it_too() {
    let latchkey = app().await;
    let etag = latchkey.get(PATH).await.etag();
    let patch =
        json!({ "fixed": { "grant_types": null, "access_token_lifetime": 3_600 }, "summary": "Shops" });
    let changed = latchkey.patch(PATH, &patch).await.expect(200).json();
    assert_eq!(
        changed["fixed"],
        json!({ "access_token_lifetime": 3_600, "permissions": backoffice(&["orders:read"]) })
    );
    assert_eq!((&changed["summary"], &changed["title"]), (&json!("Shops"), &json!("Checkout client")));
    let stale =
        latchkey.admin_request("PATCH", PATH).await.header("if-match", &etag).json(&patch).send().await;
    stale.expect(412);
    let id = latchkey.patch(PATH, &json!({ "template_id": "other" })).await.expect(422);
    assert_eq!(id.pointers(), ["#/template_id"]);
    let same = latchkey.get(PATH).await.etag();
    latchkey.patch(PATH, &json!({ "summary": "Shops" })).await.expect(200);
    assert_eq!(latchkey.get(PATH).await.etag(), same, "what changes nothing is no new version");
    latchkey.delete(PATH).await.expect(204);
    latchkey.get(PATH).await.expect(404);
    latchkey.delete(PATH).await.expect(404);
}

#[tokio::test]
async fn a_client_gets_what_the_template_fixes_and_presets() {
    let latchkey = app().await;
    let body = json!({ "template": "checkout", "client_uri": "https://shop.example/cart" });
    let created = latchkey.post(CLIENTS, &body).await.expect(201).json();
    assert_contains(
        &created,
        &json!({
            "template": "checkout", "client_name": "Checkout client – shop.example",
            "client_uri": "https://shop.example/cart", "description": "Takes payments",
            "grant_types": ["client_credentials"], "access_token_lifetime": 14_400,
            "permissions": backoffice(&["orders:read"]),
        }),
    );
    let (id, secret) = (created["client_id"].as_str().unwrap(), created["client_secret"].as_str().unwrap());
    assert_eq!(latchkey.token(id, secret, "").await.expect(200).json()["expires_in"], 14_400);
    // It acts at creation only.
    latchkey.delete(PATH).await.expect(204);
    let read = latchkey.get(&format!("{CLIENTS}/{id}")).await.expect(200).json();
    assert_eq!((&read["template"], &read["access_token_lifetime"]), (&json!("checkout"), &json!(14_400)));
    let copy = latchkey.post(&format!("{CLIENTS}/{id}/duplicate"), &json!({})).await.expect(201).json();
    assert_eq!(copy["template"], Value::Null, "a duplicate is not created with it");
}

#[tokio::test]
async fn only_what_the_template_asks_or_presets_can_be_sent() {
    let latchkey = app().await;
    let create = async |members: Value| {
        let mut body = json!({ "template": "checkout", "client_uri": "https://shop.example" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        latchkey.post(CLIENTS, &body).await
    };
    create(json!({ "description": "Mine", "access_token_lifetime": 14_400 })).await.expect(201);
    for (members, pointer) in [
        (json!({ "access_token_lifetime": 60 }), "#/access_token_lifetime"),
        (json!({ "client_name": "Mine" }), "#/client_name"),
        (json!({ "permissions": [] }), "#/permissions"),
        (json!({ "allowed_ips": ["0.0.0.0/0"] }), "#/allowed_ips"),
        (json!({ "client_id": "T12345678-x" }), "#/client_id"),
        (json!({ "client_uri": null }), "#/client_uri"),
        (json!({ "client_uri": "http://shop.example" }), "#/client_uri"),
        (json!({ "colour": "red" }), "#/colour"),
        (json!({ "template": "gone" }), "#/template"),
    ] {
        assert_eq!(create(members.clone()).await.expect(422).pointers(), [pointer], "{members}");
    }
    assert_eq!(create(json!({ "template": 4 })).await.expect(422).pointers()[0], "#/template");
    let missing = latchkey.post(CLIENTS, &json!({ "template": "checkout" })).await.expect(422);
    assert_eq!(missing.pointers(), ["#/client_uri"]);
    let client = latchkey.fixtures().client().await;
    let duplicate = format!("{}/duplicate", client.path());
    let refused = latchkey.post(&duplicate, &json!({ "template": "checkout" })).await.expect(422);
    assert_eq!(refused.pointers(), ["#/template"]);
}

#[tokio::test]
async fn accounts_see_the_templates_whose_permissions_they_may_grant() {
    let latchkey = app().await;
    let orders =
        json!({ "resource_id": "orders", "scopes": [{ "name": "read" }], "default_scopes": ["read"] });
    latchkey.post(RESOURCES, &orders).await.expect(201);
    let with_orders = json!({ "template_id": "orders", "title": "Orders", "asked": ["client_name"],
        "fixed": { "permissions": [{ "resource": "orders" }] } });
    latchkey.post(TEMPLATES, &with_orders).await.expect(201);
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    let seen = async || {
        let list = latchkey.request("GET", TEMPLATES).bearer(&token).send().await.expect(200).json();
        values_of(list["items"].as_array().unwrap(), "template_id")
    };
    let one = async || latchkey.request("GET", "/v1/templates/orders").bearer(&token).send().await;
    let create = async || {
        let body = json!({ "template": "orders", "client_name": "x" });
        latchkey.request("POST", CLIENTS).bearer(&token).json(&body).send().await
    };
    assert_eq!(seen().await, ["checkout"]);
    one().await.expect(404);
    assert_eq!(create().await.expect(422).pointers(), ["#/template"]);
    assert_eq!(values_of(&latchkey.list_items(TEMPLATES).await, "template_id"), ["orders", "checkout"]);
    let entitle = json!({ "entitlements": [{ "resource": "orders" }] });
    latchkey.patch("/v1/accounts/T12345678", &entitle).await.expect(200);
    assert_eq!(seen().await, ["orders", "checkout"], "in their order");
    one().await.expect(200);
    create().await.expect(201);
    for method in ["PATCH", "DELETE"] {
        latchkey.request(method, PATH).bearer(&token).json(&json!({})).send().await.expect(403);
    }
    latchkey.request("POST", TEMPLATES).bearer(&token).json(&checkout()).send().await.expect(403);
}

#[tokio::test]
async fn the_list_is_paged_in_its_order() {
    let latchkey = TestApp::with_fixtures().await;
    for order in 0..5 {
        let body = json!({ "template_id": format!("t{order}"), "title": "x", "order": 5 - order, "asked": ["client_name"] });
        latchkey.post(TEMPLATES, &body).await.expect(201);
    }
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = latchkey.get(&format!("{TEMPLATES}{query}")).await.expect(200).json();
        seen.extend(values_of(page["items"].as_array().unwrap(), "template_id"));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, ["t4", "t3", "t2", "t1", "t0"]);
}

#[tokio::test]
async fn there_are_at_most_a_hundred() {
    let latchkey = TestApp::with_fixtures().await;
    for number in 0..100 {
        let body = json!({ "template_id": format!("t{number}"), "title": "x", "asked": ["client_name"] });
        latchkey.post(TEMPLATES, &body).await.expect(201);
    }
    assert_eq!(latchkey.post(TEMPLATES, &checkout()).await.expect(409).problem(), "limit_reached");
}

#[tokio::test]
async fn changes_are_audited_in_the_operators_account() {
    let latchkey = app().await;
    latchkey.patch(PATH, &json!({ "summary": "Shops" })).await.expect(200);
    latchkey.delete(PATH).await.expect(204);
    let own = latchkey.get("/v1/me").await.string("account_id");
    let audit = latchkey.list_items(&format!("/v1/accounts/{own}/audit")).await;
    let about = audit.iter().filter(|entry| entry["target"]["template_id"] == "checkout");
    let actions: Vec<_> = about.map(|entry| (&entry["action"], &entry["changed"])).collect();
    assert_eq!(
        actions,
        [
            (&json!("template.deleted"), &json!([])),
            (&json!("template.updated"), &json!(["summary"])),
            (&json!("template.created"), &json!([])),
        ]
    );
    assert!(
        latchkey.list_items(AUDIT).await.iter().all(|entry| entry["target"].get("template_id").is_none())
    );
}
