//! Consents of a client: listed and withdrawn.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::code_flow::VERIFIER;
use crate::support::sign_in::{AuthorizeRequest, CALLBACK};
use crate::v1::{AUDIT, CLIENTS, MEMBERS, assert_contains};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::domain::sign_in::consent::REMEMBERED_FOR;

fn consents(client: &TestClient) -> String {
    format!("{}/consents", client.path())
}

/// The tokens of a client for a member who signs in and consents.
async fn tokens(latchkey: &TestApp, client: &TestClient, email: &str) -> Value {
    let code = latchkey.sign_in(client, email).await;
    let form =
        format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}&code_verifier={VERIFIER}");
    let request = latchkey.request("POST", "/oauth/token").basic(&client.client_id, &client.client_secret);
    request.form(&form).send().await.expect(200).json()
}

async fn refreshing(latchkey: &TestApp) -> TestClient {
    latchkey
        .fixtures()
        .sign_in_client_with(&json!({ "grant_types": ["authorization_code", "refresh_token"] }))
        .await
}

// Needs the mailbox of the emulator.
#[tokio::test]
async fn consent_has_member_grant_and_time() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    assert!(latchkey.list_items(&consents(&client)).await.is_empty());
    latchkey.sign_in(&client, &ann).await;
    let [given] = latchkey.list_items(&consents(&client)).await.try_into().unwrap();
    let token_grant = json!([{ "resource": "backoffice_api", "scopes": ["orders:read", "orders:write"] }]);
    assert_contains(&given, &json!({ "email": ann, "granted": token_grant }));
    let [member] = latchkey.list_items(MEMBERS).await.try_into().unwrap();
    assert_eq!(given["sub"], member["sub"]);
    assert!(given["given_at"].as_str() <= given["used_at"].as_str());
    assert!(given["used_at"].as_str() < given["expires_at"].as_str());
}

// Needs the mailbox of the emulator.
#[tokio::test]
async fn withdrawn_consent_revokes_its_tokens_and_is_asked_again() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (refreshing(&latchkey).await, latchkey.fixtures().member("ann").await);
    let tokens = tokens(&latchkey, &client, &ann).await;
    let sub = latchkey.list_items(&consents(&client)).await[0]["sub"].as_str().unwrap().to_owned();
    latchkey.delete(&format!("{}/{sub}", consents(&client))).await.expect(204);
    assert!(latchkey.list_items(&consents(&client)).await.is_empty());

    let post = async |path: &str, form: String| {
        latchkey
            .request("POST", path)
            .basic(&client.client_id, &client.client_secret)
            .form(&form)
            .send()
            .await
    };
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let refused = post("/oauth/token", format!("grant_type=refresh_token&refresh_token={refresh}")).await;
    assert_eq!(refused.expect(400).string("error"), "invalid_grant");
    let token = tokens["access_token"].as_str().unwrap();
    let reported = post("/oauth/introspect", format!("token={token}")).await.expect(200);
    assert_eq!(reported.json(), json!({ "active": false }));
    let requested =
        Browser::new(&latchkey).enter_email_code(&latchkey, &AuthorizeRequest::of(&client), &ann).await;
    assert_eq!(requested.response.status, 200, "consent is requested again");
}

// Needs the mailbox of the emulator.
#[tokio::test]
async fn withdrawal_is_audited_with_member_and_client() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    latchkey.sign_in(&client, &ann).await;
    let sub = latchkey.list_items(&consents(&client)).await[0]["sub"].as_str().unwrap().to_owned();
    latchkey.delete(&format!("{}/{sub}", consents(&client))).await.expect(204);
    let trail = latchkey.list_items(AUDIT).await;
    let [withdrawn, given] = [&trail[0], &trail[1]];
    let target = json!({ "client_id": client.client_id, "email": ann, "subject_type": "member" });
    assert_eq!((&withdrawn["action"], &withdrawn["target"]), (&json!("consent.withdrawn"), &target));
    assert_eq!(given["action"], "consent.given");
    assert_contains(&given["target"], &target);
    assert_eq!(given["actor"]["email"], ann);
    assert_eq!(withdrawn["actor"].get("email"), None);
}

// Needs the mailbox of the emulator.
#[tokio::test]
async fn unknown_consent_cannot_be_withdrawn() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, other, ann) = (
        latchkey.fixtures().sign_in_client().await,
        latchkey.fixtures().sign_in_client().await,
        latchkey.fixtures().member("ann").await,
    );
    latchkey.sign_in(&client, &ann).await;
    let sub = latchkey.list_items(&consents(&client)).await[0]["sub"].as_str().unwrap().to_owned();
    for path in [
        format!("{}/nothing", consents(&client)),
        format!("{}/{}", consents(&client), sub.replace("member_", "member_0")),
        format!("{}/{sub}", consents(&other)),
        format!("{CLIENTS}/unknown/consents/{sub}"),
    ] {
        latchkey.delete(&path).await.expect(404);
    }
    assert_eq!(latchkey.list_items(&consents(&client)).await.len(), 1);
    latchkey.delete(&format!("{}/{sub}", consents(&client))).await.expect(204);
    latchkey.delete(&format!("{}/{sub}", consents(&client))).await.expect(404);
}

// Needs the mailbox of the emulator.
#[tokio::test]
async fn consent_unused_for_a_year_is_removed() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    latchkey.sign_in(&client, &ann).await;
    latchkey.advance(REMEMBERED_FOR - SignedDuration::from_mins(1));
    assert_eq!(latchkey.list_items(&consents(&client)).await.len(), 1);
    latchkey.advance(SignedDuration::from_mins(2));
    assert!(latchkey.list_items(&consents(&client)).await.is_empty());
}

// Needs the mailbox of the emulator.
#[tokio::test]
async fn consents_are_hidden_from_other_accounts() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    latchkey.sign_in(&client, &ann).await;
    let (_, outsider) = latchkey.fixtures().administrator("T2", &["clients:read", "clients:manage"]).await;
    for account in [ACCOUNT, "T2"] {
        let path = format!("/v1/accounts/{account}/clients/{}/consents", client.client_id);
        latchkey.request("GET", &path).bearer(&outsider).send().await.expect(404);
    }
}

// Needs the mailbox of the emulator.
#[tokio::test]
async fn consents_are_paginated() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    for name in ["ann", "bob", "cem"] {
        let email = latchkey.fixtures().member(name).await;
        latchkey.sign_in(&client, &email).await;
    }
    let first = latchkey.get(&format!("{}?limit=2", consents(&client))).await.expect(200).json();
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest =
        latchkey.get(&format!("{}?limit=2&cursor={cursor}", consents(&client))).await.expect(200).json();
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert!(rest.get("next_cursor").is_none());
}
