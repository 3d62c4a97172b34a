//! `/v1/resources`.

use super::{RESOURCES, assert_holds, each};
use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::{Value, json};

fn backoffice() -> Value {
    json!({
        "resource_id": "backoffice_api", "resource_name": "Back office", "audience": "https://api.example.com",
        "service": "backoffice", "stage": "sandbox", "default_scopes": ["orders:read"],
        "scopes": [{ "name": "orders:read", "description": "Read orders" }, { "name": "orders:write", "description": "" }],
        "token_signing_alg": "ES256",
    })
}

const PATH: &str = "/v1/resources/backoffice_api";

#[tokio::test]
async fn a_resource_is_made_as_it_was_asked_for() {
    let latchkey = TestApp::new().await;
    let made = latchkey.post(RESOURCES, &backoffice()).await.expect(201);
    assert_eq!(made.header("location"), PATH);
    assert_holds(&made.json(), &backoffice());
    let read = latchkey.get(PATH).await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
}

#[tokio::test]
async fn everything_but_the_id_has_a_default() {
    let latchkey = TestApp::new().await;
    let made = latchkey.post(RESOURCES, &json!({ "resource_id": "files" })).await.expect(201).json();
    let expected = json!({
        "resource_name": "files", "audience": "files", "service": "files", "stage": "production",
        "scopes": [], "default_scopes": [], "token_signing_alg": "RS256",
    });
    assert_holds(&made, &expected);
    assert_eq!(latchkey.post(RESOURCES, &json!({})).await.expect(422).pointers(), ["#/resource_id"]);
}

#[tokio::test]
async fn an_id_is_taken_once_and_latchkeys_own_always() {
    let latchkey = TestApp::with_fixtures().await;
    for id in ["backoffice_api", "latchkey"] {
        let answer = latchkey.post(RESOURCES, &json!({ "resource_id": id })).await.expect(409);
        assert_eq!(answer.problem(), "resource_id_taken");
    }
}

#[tokio::test]
async fn the_management_apis_audience_is_nobody_elses() {
    let latchkey = TestApp::new().await;
    let body = json!({ "resource_id": "impostor", "audience": format!("{ISSUER}/v1") });
    assert_eq!(latchkey.post(RESOURCES, &body).await.expect(422).pointers(), ["#/audience"]);
}

#[tokio::test]
async fn a_resource_has_each_scope_once_and_its_defaults_among_them() {
    let latchkey = TestApp::new().await;
    let twice = json!({ "resource_id": "a", "scopes": [{ "name": "x" }, { "name": "x" }] });
    assert_eq!(latchkey.post(RESOURCES, &twice).await.expect(422).pointers(), ["#/scopes"]);
    let foreign = json!({ "resource_id": "a", "scopes": [{ "name": "x" }], "default_scopes": ["y"] });
    assert_eq!(latchkey.post(RESOURCES, &foreign).await.expect(422).pointers(), ["#/default_scopes"]);
    let many: Vec<_> = (0..101).map(|n| json!({ "name": format!("s{n}") })).collect();
    let answer = latchkey.post(RESOURCES, &json!({ "resource_id": "a", "scopes": many })).await.expect(422);
    assert_eq!(answer.pointers(), ["#/scopes"]);
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    let mut latchkey = TestApp::new().await;
    let made = latchkey.post(RESOURCES, &backoffice()).await.expect(201).json();
    latchkey.advance(SignedDuration::from_secs(5));
    let changes = [
        json!({ "resource_name": "Shop" }),
        json!({ "default_scopes": [] }),
        json!({ "scopes": [{ "name": "orders:new", "description": "New" }] }),
        json!({ "token_signing_alg": "RS256" }),
    ];
    let mut expected = made.clone();
    for change in changes {
        let answer = latchkey.patch(PATH, &change).await.expect(200).json();
        expected.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_ne!(answer["updated_at"], made["updated_at"]);
        expected["updated_at"] = answer["updated_at"].clone();
        assert_eq!(answer, expected);
        assert_eq!(latchkey.get(PATH).await.json(), expected);
    }
}

#[tokio::test]
async fn id_and_audience_never_change() {
    let latchkey = TestApp::with_fixtures().await;
    for member in ["resource_id", "audience"] {
        let answer = latchkey.patch(PATH, &json!({ member: "x" })).await.expect(422);
        assert_eq!(answer.pointers(), [format!("#/{member}")]);
    }
}

#[tokio::test]
async fn a_change_may_not_leave_defaults_without_their_scopes() {
    let latchkey = TestApp::with_fixtures().await;
    let answer = latchkey.patch(PATH, &json!({ "scopes": [{ "name": "orders:write" }] })).await.expect(422);
    assert_eq!(answer.pointers(), ["#/default_scopes"]);
}

#[tokio::test]
async fn a_deleted_resource_is_gone_and_its_id_is_not_used_again() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
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
async fn latchkey_itself_is_in_the_catalogue_and_stays_as_it_is() {
    let latchkey = TestApp::with_fixtures().await;
    assert_eq!(each(&latchkey.items_of(RESOURCES).await, "resource_id"), ["backoffice_api", "latchkey"]);
    let own = latchkey.get("/v1/resources/latchkey").await.expect(200);
    assert_eq!(own.string("audience"), format!("{ISSUER}/v1"));
    let scopes = each(own.json()["scopes"].as_array().unwrap(), "name");
    for scope in ["accounts:manage", "resources:manage", "members:manage", "clients:read", "audit:read"] {
        assert!(scopes.iter().any(|own| own == scope), "{scope}");
    }
    latchkey.patch("/v1/resources/latchkey", &json!({ "resource_name": "x" })).await.expect(404);
    latchkey.delete("/v1/resources/latchkey").await.expect(404);
}

#[tokio::test]
async fn whoever_has_a_token_may_read_the_catalogue_but_not_write_it() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.administrator(ACCOUNT, &["audit:read"]).await;
    for path in [RESOURCES, PATH] {
        latchkey.request("GET", path).bearer(&token).send().await.expect(200);
    }
    let body = json!({ "resource_id": "x" });
    for (method, path) in [("POST", RESOURCES), ("PATCH", PATH), ("DELETE", PATH)] {
        let answer = latchkey.request(method, path).bearer(&token).json(&body).send().await.expect(403);
        assert_eq!(answer.problem(), "insufficient_scope", "{method}");
    }
    latchkey.get(PATH).await.expect(200);
}

#[tokio::test]
async fn a_signing_algorithm_that_is_none_and_a_bad_audience_are_refused() {
    let latchkey = TestApp::new().await;
    let body =
        json!({ "resource_id": "a", "token_signing_alg": "none", "audience": "{tenant}", "stage": "a b" });
    let answer = latchkey.post(RESOURCES, &body).await.expect(422);
    assert_eq!(answer.pointers(), ["#/audience", "#/stage", "#/token_signing_alg"]);
}
