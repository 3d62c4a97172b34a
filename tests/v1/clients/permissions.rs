//! `PUT …/clients/{client_id}/permissions`.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{CLIENTS, backoffice};
use serde_json::{Value, json};

async fn replace(
    latchkey: &TestApp,
    client: &str,
    permissions: &Value,
) -> crate::support::http::TestResponse {
    latchkey.put(&format!("{client}/permissions"), &json!({ "permissions": permissions })).await
}

#[tokio::test]
async fn permissions_are_replaced_whole_and_act_on_next_token() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    let client = latchkey.fixtures().client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    let before = latchkey.get(&client.path()).await.json();
    let after = replace(&latchkey, &client.path(), &backoffice(&["orders:write"])).await.expect(200).json();
    assert_eq!(after["permissions"], backoffice(&["orders:write"]));
    assert_eq!(after["client_name"], before["client_name"]);
    assert_eq!(latchkey.get(&client.path()).await.json(), after);
    assert_eq!(latchkey.token(id, secret, "").await.expect(200).string("scope"), "orders:write");
    latchkey.token(id, secret, "&scope=orders:read").await.expect(400);
    let none = replace(&latchkey, &client.path(), &json!([])).await.expect(200).json();
    assert_eq!((&none["permissions"], &none["attention"]), (&json!([]), &json!(["no_permissions"])));
    latchkey.token(id, secret, "").await.expect(400);
}

#[tokio::test]
async fn permission_without_scopes_gets_resource_defaults() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey
        .fixtures()
        .client_with(ACCOUNT, &json!({ "permissions": [{ "resource": "backoffice_api" }] }))
        .await;
    assert_eq!(latchkey.get(&client.path()).await.json()["permissions"], backoffice(&["orders:read"]));
    replace(&latchkey, &client.path(), &backoffice(&[])).await.expect(200);
    let defaults = json!([{ "resource": "backoffice_api" }]);
    let after = replace(&latchkey, &client.path(), &defaults).await.expect(200).json();
    assert_eq!(after["permissions"], backoffice(&["orders:read"]));
}

#[tokio::test]
async fn scopes_are_a_set() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let expected = backoffice(&["orders:write", "orders:read", "orders:write"]);
    let after = replace(&latchkey, &client.path(), &expected).await.expect(200).json();
    assert_eq!(after["permissions"], backoffice(&["orders:read", "orders:write"]));
}

#[tokio::test]
async fn unknown_resources_and_scopes_are_named() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let expected = json!([
        { "resource": "nothing" },
        { "resource": "backoffice_api", "scopes": ["orders:read", "orders:eat"] },
        { "resource": "a b" },
    ]);
    let pointers = replace(&latchkey, &client.path(), &expected).await.expect(422).pointers();
    assert_eq!(pointers, ["#/permissions/2/resource"]);
    let expected = json!(expected.as_array().unwrap()[..2]);
    let pointers = replace(&latchkey, &client.path(), &expected).await.expect(422).pointers();
    assert_eq!(pointers, ["#/permissions/0/resource", "#/permissions/1/scopes"]);
    let created =
        latchkey.post(CLIENTS, &json!({ "client_name": "x", "permissions": expected })).await.expect(422);
    assert_eq!(created.pointers(), pointers);
}

#[tokio::test]
async fn client_has_one_resource_per_service_and_stage() {
    let latchkey = TestApp::with_fixtures().await;
    for (id, service, stage) in [
        ("files_1", "files", "production"),
        ("files_2", "files", "production"),
        ("files_s", "files", "sandbox"),
    ] {
        latchkey.fixtures().resource(&json!({ "resource_id": id, "service": service, "stage": stage })).await;
    }
    let client = latchkey.fixtures().client().await;
    let both = json!([{ "resource": "files_1" }, { "resource": "files_2" }]);
    let pointers = replace(&latchkey, &client.path(), &both).await.expect(422).pointers();
    assert_eq!(pointers, ["#/permissions/1/resource"]);
    let twice = json!([{ "resource": "files_1" }, { "resource": "files_1" }]);
    replace(&latchkey, &client.path(), &twice).await.expect(422);
    let stages =
        json!([{ "resource": "files_1" }, { "resource": "files_s" }, { "resource": "backoffice_api" }]);
    replace(&latchkey, &client.path(), &stages).await.expect(200);
}

#[tokio::test]
async fn client_has_at_most_20_permissions() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for n in 0..21 {
        latchkey.fixtures().resource(&json!({ "resource_id": format!("r{n}") })).await;
    }
    let expected: Vec<_> = (0..21).map(|n| json!({ "resource": format!("r{n}") })).collect();
    let pointers = replace(&latchkey, &client.path(), &json!(expected)).await.expect(422).pointers();
    assert_eq!(pointers, ["#/permissions"]);
    replace(&latchkey, &client.path(), &json!(expected[1..])).await.expect(200);
}

#[tokio::test]
async fn permissions_member_is_required() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let path = format!("{}/permissions", client.path());
    assert_eq!(latchkey.put(&path, &json!({})).await.expect(422).pointers(), ["#/permissions"]);
    let null = json!({ "permissions": null });
    assert_eq!(latchkey.put(&path, &null).await.expect(422).pointers(), ["#/permissions"]);
    assert_eq!(latchkey.get(&client.path()).await.json()["permissions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn unchanged_permissions_keep_the_version() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let before = latchkey.get(&client.path()).await;
    let same = before.json()["permissions"].clone();
    assert_eq!(replace(&latchkey, &client.path(), &same).await.expect(200).etag(), before.etag());
}

#[tokio::test]
async fn unknown_client_is_404() {
    let latchkey = TestApp::with_fixtures().await;
    replace(&latchkey, &format!("{CLIENTS}/unknown"), &json!([])).await.expect(404);
}
