//! `/v1/resources`.

mod audiences;
mod limits;

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::ACCOUNT;
use crate::v1::{RESOURCES, assert_contains, values_of};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn backoffice() -> Value {
    json!({
        "resource_id": "backoffice_api", "resource_name": "Back office", "audience": "https://api.example.com",
        "service": "backoffice", "stage": "sandbox", "default_scopes": ["orders:read"],
        "scopes": [
            { "name": "orders:read", "description": "Read orders", "restricted": false, "implies": [] },
            { "name": "orders:write", "description": "", "restricted": true, "implies": ["orders:read"] },
        ],
        "token_signing_alg": "ES256", "account_access": "all", "documentation_url": "https://docs.example.com/orders",
    })
}

const PATH: &str = "/v1/resources/backoffice_api";

#[tokio::test]
async fn resource_is_created_as_requested() {
    let latchkey = TestApp::new().await;
    let created = latchkey.post(RESOURCES, &backoffice()).await.expect(201);
    assert_eq!(created.header("location"), PATH);
    assert_contains(&created.json(), &backoffice());
    let read = latchkey.get(PATH).await.expect(200);
    assert_eq!((read.json(), read.etag()), (created.json(), created.etag()));
}

#[tokio::test]
async fn all_but_the_resource_id_has_defaults() {
    let latchkey = TestApp::new().await;
    let created = latchkey.post(RESOURCES, &json!({ "resource_id": "files" })).await.expect(201).json();
    let expected = json!({
        "resource_name": "files", "audience": "files", "service": "files", "stage": "production",
        "scopes": [], "default_scopes": [], "token_signing_alg": "RS256", "account_access": "entitled",
        "documentation_url": null,
    });
    assert_contains(&created, &expected);
    assert_eq!(latchkey.post(RESOURCES, &json!({})).await.expect(422).pointers(), ["#/resource_id"]);
}

#[tokio::test]
async fn duplicate_and_reserved_resource_ids_are_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    let taken = json!({ "resource_id": "backoffice_api" });
    assert_eq!(latchkey.post(RESOURCES, &taken).await.expect(409).problem(), "resource_id_taken");
    let reserved = json!({ "resource_id": "latchkey" });
    assert_eq!(latchkey.post(RESOURCES, &reserved).await.expect(422).pointers(), ["#/resource_id"]);
}

#[tokio::test]
async fn management_audience_is_reserved() {
    let latchkey = TestApp::new().await;
    let body = json!({ "resource_id": "impostor", "audience": format!("{ISSUER}/v1") });
    assert_eq!(latchkey.post(RESOURCES, &body).await.expect(422).pointers(), ["#/audience"]);
}

#[tokio::test]
async fn scopes_are_unique_and_include_the_defaults() {
    let latchkey = TestApp::new().await;
    let twice = json!({ "resource_id": "a", "scopes": [{ "name": "x" }, { "name": "x" }] });
    assert_eq!(latchkey.post(RESOURCES, &twice).await.expect(422).pointers(), ["#/scopes"]);
    let foreign = json!({ "resource_id": "a", "scopes": [{ "name": "x" }], "default_scopes": ["y"] });
    assert_eq!(latchkey.post(RESOURCES, &foreign).await.expect(422).pointers(), ["#/default_scopes"]);
    let many: Vec<_> = (0..101).map(|n| json!({ "name": format!("s{n}") })).collect();
    let response = latchkey.post(RESOURCES, &json!({ "resource_id": "a", "scopes": many })).await.expect(422);
    assert_eq!(response.pointers(), ["#/scopes"]);
}

#[tokio::test]
async fn update_keeps_unnamed_members() {
    let mut latchkey = TestApp::new().await;
    let created = latchkey.post(RESOURCES, &backoffice()).await.expect(201).json();
    latchkey.advance(SignedDuration::from_secs(5));
    let changes = [
        json!({ "resource_name": "Shop" }),
        json!({ "default_scopes": [] }),
        json!({ "scopes": [
            { "name": "orders:new", "description": "New", "restricted": false, "implies": [] },
        ] }),
        json!({ "token_signing_alg": "RS256" }),
        json!({ "account_access": "entitled" }),
        json!({ "documentation_url": null }),
    ];
    let mut expected = created.clone();
    for change in changes {
        let response = latchkey.patch(PATH, &change).await.expect(200).json();
        expected.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_ne!(response["updated_at"], created["updated_at"]);
        expected["updated_at"] = response["updated_at"].clone();
        assert_eq!(response, expected);
        assert_eq!(latchkey.get(PATH).await.json(), expected);
    }
}

#[tokio::test]
async fn resource_id_and_audience_are_immutable() {
    let latchkey = TestApp::with_fixtures().await;
    for member in ["resource_id", "audience"] {
        let response = latchkey.patch(PATH, &json!({ member: "x" })).await.expect(422);
        assert_eq!(response.pointers(), [format!("#/{member}")]);
    }
}

#[tokio::test]
async fn default_scopes_cannot_lose_their_scopes() {
    let latchkey = TestApp::with_fixtures().await;
    let response = latchkey.patch(PATH, &json!({ "scopes": [{ "name": "orders:write" }] })).await.expect(422);
    assert_eq!(response.pointers(), ["#/default_scopes"]);
}

#[tokio::test]
async fn deleted_resource_is_gone_and_its_id_not_reused() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.delete(PATH).await.expect(204);
    latchkey.get(PATH).await.expect(404);
    latchkey.patch(PATH, &json!({ "resource_name": "x" })).await.expect(404);
    latchkey.delete(PATH).await.expect(404);
    let again = latchkey.post(RESOURCES, &json!({ "resource_id": "backoffice_api" })).await.expect(409);
    assert_eq!(again.problem(), "resource_id_retired");
    latchkey.advance(SignedDuration::from_secs(61));
    let refused = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(400);
    assert_eq!(refused.string("error"), "invalid_target");
}

#[tokio::test]
async fn catalogue_has_only_items_that_version_0_1_0_reads() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(RESOURCES, &json!({ "resource_id": "gone" })).await.expect(201);
    latchkey.delete("/v1/resources/gone").await.expect(204);
    latchkey.patch("/v1/accounts/T12345678", &json!({ "status": "disabled" })).await.expect(200);
    let items = latchkey.inspect().partition("CATALOGUE").await;
    let keys: Vec<_> = items.iter().map(|item| item["sk"].as_s().unwrap().as_str()).collect();
    assert_eq!(keys, ["RESOURCE#backoffice_api", "RETIRED#gone", "SUSPENDED#T12345678"]);
}

#[tokio::test]
async fn latchkey_resource_is_listed_and_immutable() {
    let latchkey = TestApp::with_fixtures().await;
    assert_eq!(
        values_of(&latchkey.list_items(RESOURCES).await, "resource_id"),
        ["backoffice_api", "latchkey"]
    );
    let own = latchkey.get("/v1/resources/latchkey").await.expect(200);
    assert_eq!(own.string("audience"), format!("{ISSUER}/v1"));
    let scopes = values_of(own.json()["scopes"].as_array().unwrap(), "name");
    for scope in ["accounts:manage", "resources:manage", "members:manage", "clients:read", "audit:read"] {
        assert!(scopes.iter().any(|own| own == scope), "{scope}");
    }
    latchkey.patch("/v1/resources/latchkey", &json!({ "resource_name": "x" })).await.expect(404);
    latchkey.delete("/v1/resources/latchkey").await.expect(404);
}

#[tokio::test]
async fn any_token_reads_resources_but_cannot_write_them() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["audit:read"]).await;
    for path in [RESOURCES, PATH] {
        latchkey.request("GET", path).bearer(&token).send().await.expect(200);
    }
    let body = json!({ "resource_id": "x" });
    for (method, path) in [("POST", RESOURCES), ("PATCH", PATH), ("DELETE", PATH)] {
        let response = latchkey.request(method, path).bearer(&token).json(&body).send().await.expect(403);
        assert_eq!(response.problem(), "insufficient_scope", "{method}");
    }
    latchkey.get(PATH).await.expect(200);
}

#[tokio::test]
async fn invalid_algorithm_and_audience_are_rejected() {
    let latchkey = TestApp::new().await;
    let body =
        json!({ "resource_id": "a", "token_signing_alg": "none", "audience": "{tenant}", "stage": "a b" });
    let response = latchkey.post(RESOURCES, &body).await.expect(422);
    assert_eq!(response.pointers(), ["#/audience", "#/stage", "#/token_signing_alg"]);
}
