//! The consent for a confidential client is remembered until it is revoked.

use crate::interop::code_flow::application::Application;
use crate::interop::code_flow::setup::Setup;
use crate::interop::code_flow::{BOTH, OPENID_CLIENT};
use crate::support::fixtures::ACCOUNT;
use serde_json::Value;

/// Completes the flow: whether the consent page was shown, and the token response.
async fn visit(setup: &Setup, application: &Application<'_>, scope: &str) -> (bool, Value) {
    let started = application.begin(scope).await;
    let visit = setup.visit(&started.url, &[]).await;
    let tokens = application.finish(&started, &visit.url).await.unwrap();
    (visit.asked_for_consent, tokens)
}

#[tokio::test]
async fn consent_is_remembered_until_revoked() {
    let Some(setup) = Setup::new("remembered").await else { return };
    let application = setup.confidential(OPENID_CLIENT).await;
    let (asked_for_consent, _) = visit(&setup, &application, "orders:read").await;
    assert!(asked_for_consent, "the first time");
    let (asked_for_consent, _) = visit(&setup, &application, BOTH).await;
    assert!(asked_for_consent, "for more than before");
    let (asked_for_consent, tokens) = visit(&setup, &application, "orders:write").await;
    assert!(!asked_for_consent, "both were allowed");

    let consents = format!("/v1/accounts/{ACCOUNT}/clients/{}/consents", application.client_id);
    let listed = setup.latchkey().list_items(&consents).await;
    let sub = listed[0]["sub"].as_str().unwrap();
    setup.latchkey().delete(&format!("{consents}/{sub}")).await.expect(204);
    let error = application.refresh(&tokens["refresh_token"]).await.unwrap_err();
    assert!(error.contains("invalid_grant"), "{error}");
    let (asked_for_consent, _) = visit(&setup, &application, "orders:read").await;
    assert!(asked_for_consent, "after the withdrawal");
}

#[tokio::test]
async fn public_client_asks_for_consent_every_time() {
    let Some(setup) = Setup::new("public-asks-again").await else { return };
    let application = setup.public(OPENID_CLIENT).await;
    for _ in 0..2 {
        let (asked_for_consent, _) = visit(&setup, &application, BOTH).await;
        assert!(asked_for_consent);
    }
}
