//! Consent is remembered for an application that proves who it is, until it is withdrawn.

use crate::interop::code_flow::application::Application;
use crate::interop::code_flow::setup::Setup;
use crate::interop::code_flow::{BOTH, OPENID_CLIENT};
use crate::support::fixtures::ACCOUNT;
use serde_json::Value;

/// A visit that ends well: whether the person was asked, and the token response.
async fn visit(setup: &Setup, application: &Application<'_>, scope: &str) -> (bool, Value) {
    let begun = application.begin(scope).await;
    let visit = setup.visit(&begun.url, &[]).await;
    let tokens = application.finish(&begun, &visit.url).await.unwrap();
    (visit.requested, tokens)
}

#[tokio::test]
async fn consent_is_remembered_until_it_is_withdrawn() {
    let Some(setup) = Setup::new("remembered").await else { return };
    let application = setup.confidential(OPENID_CLIENT).await;
    let (requested, _) = visit(&setup, &application, "orders:read").await;
    assert!(requested, "the first time");
    let (requested, _) = visit(&setup, &application, BOTH).await;
    assert!(requested, "for more than before");
    let (requested, tokens) = visit(&setup, &application, "orders:write").await;
    assert!(!requested, "both were allowed");

    let consents = format!("/v1/accounts/{ACCOUNT}/clients/{}/consents", application.client_id);
    let given = setup.latchkey().items_of(&consents).await;
    let sub = given[0]["sub"].as_str().unwrap();
    setup.latchkey().delete(&format!("{consents}/{sub}")).await.expect(204);
    let complaint = application.refresh(&tokens["refresh_token"]).await.unwrap_err();
    assert!(complaint.contains("invalid_grant"), "{complaint}");
    let (requested, _) = visit(&setup, &application, "orders:read").await;
    assert!(requested, "after the withdrawal");
}

#[tokio::test]
async fn an_application_without_a_secret_asks_every_time() {
    let Some(setup) = Setup::new("public-asks-again").await else { return };
    let application = setup.public(OPENID_CLIENT).await;
    for _ in 0..2 {
        let (requested, _) = visit(&setup, &application, BOTH).await;
        assert!(requested);
    }
}
