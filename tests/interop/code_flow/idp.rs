//! Sign-in at oidc-provider: through its pages and Latchkey's, back to the application.

use crate::interop::code_flow::setup::Setup;
use crate::interop::code_flow::{AUTHLIB, BOTH};
use crate::interop::dependencies;
use crate::interop::idp::oidc_provider_process::{CLIENT_ID, EMAIL, LOGIN, OidcProviderProcess};
use crate::support::fixtures::ACCOUNT;
use crate::support::http_server::{self, TestServer};
use crate::support::sign_in::relying_party::RelyingParty;
use serde_json::json;
use shared::adapters::remote::Network;

const SECRET: &str = "pr0vider's+s3cret";

/// A deployment whose end users sign in at `oidc-provider`, and that provider.
async fn setup(test: &str) -> Option<(Setup, OidcProviderProcess)> {
    dependencies::chromium()?;
    let door = http_server::loopback_listener().await;
    let provider = OidcProviderProcess::start(SECRET, &format!("{}/oauth/callback", door.1)).await?;
    let party = RelyingParty::new(Network::System, &provider.issuer, CLIENT_ID, SECRET).await;
    let server = TestServer::on_listener(door, |config| config.upstream = Some(party.config)).await;
    Some((Setup::in_app(test, server).await?, provider))
}

#[tokio::test]
async fn member_signs_in_at_oidc_provider() {
    let Some((setup, _provider)) = setup("upstream").await else { return };
    let members = format!("/v1/accounts/{ACCOUNT}/members");
    let member = json!({ "email": EMAIL, "name": "Ann" });
    setup.latchkey().post(&members, &member).await.expect(201);
    let application = setup.public(AUTHLIB).await;
    let started = application.begin(BOTH).await;
    let visit = setup.visit(&started.url, &[("LOGIN", LOGIN)]).await;
    assert!(visit.asked_for_consent, "{visit:?}");
    let tokens = application.finish(&started, &visit.url).await;
    tokens.unwrap_or_else(|error| panic!("{visit:?}: {error}"));
}

#[tokio::test]
async fn non_member_of_oidc_provider_gets_access_denied() {
    let Some((setup, _provider)) = setup("upstream-no-member").await else { return };
    let application = setup.public(AUTHLIB).await;
    let started = application.begin(BOTH).await;
    let visit = setup.visit(&started.url, &[("LOGIN", LOGIN), ("DECISION", "refuse"), ("AXE", "1")]).await;
    assert!(
        !visit.asked_for_consent && visit.pages.iter().any(|heading| heading == "You are not a member"),
        "{visit:?}"
    );
    let error = application.finish(&started, &visit.url).await.unwrap_err();
    assert!(error.contains("access_denied"), "{error}");
}
