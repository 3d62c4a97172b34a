//! What a person allows, the application gets: tokens that every verifier takes, and others for them later.

use crate::interop::client_credentials::{part, verify};
use crate::interop::code_flow::application::Application;
use crate::interop::code_flow::setup::Setup;
use crate::interop::code_flow::{AUTHLIB, BOTH, OAUTH4WEBAPI, OPENID_CLIENT};
use crate::interop::program::Program;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use serde_json::{Value, json};

/// A person allows what the application asks for. Returns the token response.
async fn tokens(setup: &Setup, application: &Application<'_>) -> Value {
    let begun = application.begin(BOTH).await;
    let visit = setup.visit(&begun.url, &[]).await;
    assert!(visit.requested, "{visit:?}");
    let reported = application.finish(&begun, &visit.url).await;
    reported.unwrap_or_else(|complaint| panic!("{:?}, {visit:?}: {complaint}", application.program))
}

/// The token is the person's, and every verifier takes it.
async fn they_are_taken(setup: &Setup, application: &Application<'_>, tokens: &Value) {
    let token = tokens["access_token"].as_str().unwrap();
    verify(&application.client_id, application.issuer, token, AUDIENCE).await;
    let members = setup.latchkey().items_of(&format!("/v1/accounts/{ACCOUNT}/members")).await;
    let ann = members.iter().find(|member| member["email"] == setup.email.as_str()).unwrap();
    let expected =
        json!({ "sub": ann["sub"], "client_id": application.client_id, "aud": AUDIENCE, "scope": BOTH });
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(&part(token, 1)[member], value, "{member}");
    }
}

/// The flow once; then the same tokens for a refresh token, until that is revoked.
async fn all_of_it_works(setup: &Setup, application: &Application<'_>) {
    let first = tokens(setup, application).await;
    they_are_taken(setup, application, &first).await;
    let second = application.refresh(&first["refresh_token"]).await.unwrap();
    they_are_taken(setup, application, &second).await;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    application.revoke(&second["refresh_token"]).await.unwrap();
    let complaint = application.refresh(&second["refresh_token"]).await.unwrap_err();
    assert!(complaint.contains("invalid_grant"), "{complaint}");
}

async fn an_application_with_a_secret_gets_it(program: Program, test: &str) {
    let Some(setup) = Setup::new(test).await else { return };
    all_of_it_works(&setup, &setup.confidential(program).await).await;
}

async fn an_application_without_a_secret_gets_it(program: Program, test: &str) {
    let Some(setup) = Setup::new(test).await else { return };
    all_of_it_works(&setup, &setup.public(program).await).await;
}

#[tokio::test]
async fn openid_client_gets_what_a_person_allows() {
    an_application_with_a_secret_gets_it(OPENID_CLIENT, "openid-client").await;
}

#[tokio::test]
async fn openid_client_gets_it_without_a_secret() {
    an_application_without_a_secret_gets_it(OPENID_CLIENT, "openid-client-public").await;
}

#[tokio::test]
async fn oauth4webapi_gets_what_a_person_allows() {
    an_application_with_a_secret_gets_it(OAUTH4WEBAPI, "oauth4webapi").await;
}

#[tokio::test]
async fn oauth4webapi_gets_it_without_a_secret() {
    an_application_without_a_secret_gets_it(OAUTH4WEBAPI, "oauth4webapi-public").await;
}

#[tokio::test]
async fn authlib_gets_what_a_person_allows() {
    an_application_with_a_secret_gets_it(AUTHLIB, "authlib").await;
}

#[tokio::test]
async fn authlib_gets_it_without_a_secret() {
    an_application_without_a_secret_gets_it(AUTHLIB, "authlib-public").await;
}
