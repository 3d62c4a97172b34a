//! What a client gets for a code.

use crate::support::aws_proxy::AwsProxy;
use crate::support::codes::{Asked, REDIRECT_URI, Tokens, VERIFIER, claims, code_form};
use crate::support::emulator;
use crate::support::house::{ISSUER, TestHouse};
use crate::support::kept_log::Kept;
use crate::support::things::{ACCOUNT, AUDIENCE};
use crate::v1::{CLIENTS, backoffice};
use serde_json::json;
use shared::domain::oauth::refresh_token::RefreshToken;

#[tokio::test]
async fn the_token_acts_for_the_person_and_says_what_it_was_issued_from() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let code = house.code(&app).await;
    let answer = house.redeem(&app, &code).await.expect(200);
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    let body = answer.json();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(body["scope"], "orders:read orders:write");
    assert!(body["client_secret_expires_at"].is_i64());
    let tokens = Tokens::of(&answer);
    assert!(RefreshToken::parse(&tokens.refresh).is_ok());

    let said = claims(&tokens.access);
    assert_eq!((&said["iss"], &said["aud"]), (&json!(ISSUER), &json!(AUDIENCE)));
    assert_eq!((&said["client_id"], &said["account_id"]), (&json!(app.client_id), &json!(ACCOUNT)));
    assert_eq!(said["scope"], "orders:read orders:write");
    let sub = said["sub"].as_str().unwrap();
    assert!(sub.starts_with("member_") && !sub.contains("ann"), "{sub}");
    assert_eq!(said["grant_id"].as_str().unwrap().len(), 32);
    assert_eq!(said["exp"].as_i64().unwrap(), said["iat"].as_i64().unwrap() + 3600);

    let again = claims(&house.signed_in(&app).await.access);
    assert_eq!(again["sub"], said["sub"], "the same person");
    assert_ne!(again["grant_id"], said["grant_id"], "another authorization");
}

#[tokio::test]
async fn without_refresh_token_among_the_grants_there_is_none() {
    let house = TestHouse::inhabited().await;
    let app = house.app_like(&json!({ "grant_types": ["authorization_code"] })).await;
    let code = house.code(&app).await;
    let body = house.redeem(&app, &code).await.expect(200).json();
    assert_eq!(body.get("refresh_token"), None);
    assert_eq!(claims(body["access_token"].as_str().unwrap())["grant_id"].as_str().unwrap().len(), 32);
    assert!(house.is_active(&app, body["access_token"].as_str().unwrap()).await);
}

#[tokio::test]
async fn the_scopes_are_those_of_the_code() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let code = house.code_for(&app, "orders:read").await;
    assert_eq!(house.redeem(&app, &code).await.expect(200).string("scope"), "orders:read");
}

#[tokio::test]
async fn the_resource_may_be_named_and_the_body_may_be_json_at_either_path() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    for target in [AUDIENCE, "backoffice_api"] {
        let form = format!("{}&resource={target}", code_form(&house.code(&app).await, VERIFIER));
        house.token_ask(&app, &form).send().await.expect(200);
    }
    for path in ["/oauth/token".to_owned(), format!("/v1/accounts/{ACCOUNT}/auth/token")] {
        let body = json!({
            "grant_type": "authorization_code", "code": house.code(&app).await, "code_verifier": VERIFIER,
            "redirect_uri": REDIRECT_URI, "client_id": app.client_id, "client_secret": app.client_secret,
        });
        house.ask("POST", &path).json(&body).send().await.expect(200);
    }
}

#[tokio::test]
async fn a_scope_that_is_as_new_as_the_consent_is_granted_at_once() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    house.signed_in(&app).await;
    let scopes = json!({ "scopes": [{ "name": "orders:read" }, { "name": "orders:new" }] });
    house.patch("/v1/resources/backoffice_api", &scopes).await.expect(200);
    let permissions = json!({ "permissions": backoffice(&["orders:read", "orders:new"]) });
    house.put(&format!("{}/permissions", app.path()), &permissions).await.expect(200);
    let code = house.code_for(&app, "orders:read orders:new").await;
    assert_eq!(house.redeem(&app, &code).await.expect(200).string("scope"), "orders:new orders:read");
}

#[tokio::test]
async fn a_redemption_costs_four_reads_and_one_transaction() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    house.ann().await;
    let app = house.app().await;
    house.signed_in(&app).await;
    let code = house.code(&app).await;
    proxy.take_calls();
    house.redeem(&app, &code).await.expect(200);
    let calls = proxy.take_calls();
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    // The client; the code; the member and the consent at once; the code and the family together.
    assert_eq!(operations, ["Query", "GetItem", "GetItem", "GetItem", "TransactWriteItems"]);
    assert!(calls[..4].iter().all(|call| call.input["ConsistentRead"] == true));
    assert_eq!(calls[4].input["TransactItems"].as_array().unwrap().len(), 2);

    let (unknown, wrong) = ("A".repeat(43), house.code(&app).await);
    proxy.take_calls();
    house.redeem(&app, &unknown).await.expect(400);
    assert_eq!(proxy.take_calls().len(), 2, "an unknown code: the client and the code");
    let form = code_form(&wrong, crate::support::codes::WRONG_VERIFIER);
    house.token_ask(&app, &form).send().await.expect(400);
    assert_eq!(proxy.take_calls().len(), 2, "a wrong verifier: the client and the code");
    house.redeem(&app, "malformed").await.expect(400);
    assert_eq!(proxy.take_calls().len(), 0, "what is no code: nothing");
}

#[tokio::test]
async fn the_log_names_the_grant_and_the_person_by_their_ids() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let code = house.code(&app).await;
    let log = Kept::default();
    let listening = log.listen_as("info");
    let tokens = Tokens::of(&house.redeem(&app, &code).await.expect(200));
    house.redeem(&app, &code).await.expect(400);
    drop(listening);
    let events: Vec<_> = log.events().into_iter().filter(|event| event.get("_aws").is_none()).collect();
    let [issued, replayed] = events.as_slice() else { panic!("one event each: {events:?}") };
    let said = claims(&tokens.access);
    assert_eq!(issued["message"], "token issued");
    assert_eq!((&issued["grant_id"], &issued["sub"]), (&said["grant_id"], &said["sub"]));
    assert_eq!(issued["grant_type"], "authorization_code");
    assert_eq!(
        (&replayed["message"], &replayed["reason"]),
        (&json!("token refused"), &json!("code_replayed"))
    );
    assert_eq!((&replayed["error"], &replayed["grant_id"]), (&json!("invalid_grant"), &said["grant_id"]));
    for hidden in [code.as_str(), &tokens.refresh, VERIFIER, "ann@"] {
        assert!(!log.text().contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn the_management_api_takes_no_token_that_acts_for_a_person() {
    let house = TestHouse::inhabited().await;
    let scopes = ["clients:read"];
    let permissions = json!([{ "resource": "latchkey", "scopes": scopes }]);
    let grants = ["authorization_code", "client_credentials"];
    let app = house.app_like(&json!({ "permissions": permissions, "grant_types": grants })).await;
    let requested = Asked { resource: "latchkey", scopes: "clients:read", ..Asked::default() };
    let code = house.code_like(&app, &requested).await;
    let anns = house.redeem(&app, &code).await.expect(200).string("access_token");
    let own = house.token(&app.client_id, &app.client_secret, "").await.expect(200).string("access_token");
    assert_eq!(claims(&anns)["aud"], claims(&own)["aud"]);
    house.ask("GET", CLIENTS).bearer(&anns).send().await.expect(401);
    house.ask("GET", CLIENTS).bearer(&own).send().await.expect(200);
}
