//! People who sign in at a provider that other people wrote: through its pages, then Latchkey's, to the application.

use crate::interop::code_flow::setup::Setup;
use crate::interop::code_flow::{AUTHLIB, BOTH};
use crate::interop::dependencies;
use crate::interop::oidc_provider_process::{CLIENT_ID, EMAIL, LOGIN, OidcProviderProcess};
use crate::support::fixtures::ACCOUNT;
use crate::support::http_server::{self, TestServer};
use crate::support::sign_in::relying_party::RelyingParty;
use serde_json::json;
use shared::adapters::remote::Network;

const SECRET: &str = "pr0vider's+s3cret";

/// A latchkey whose people sign in at `oidc-provider`, and that provider.
async fn setup(test: &str) -> Option<(Setup, OidcProviderProcess)> {
    dependencies::chromium()?;
    let door = http_server::door().await;
    let provider = OidcProviderProcess::start(SECRET, &format!("{}/oauth/callback", door.1)).await?;
    let party = RelyingParty::new(Network::System, &provider.issuer, CLIENT_ID, SECRET).await;
    let served = TestServer::with_router(door, |config| config.upstream = Some(party.config)).await;
    Some((Setup::in_app(test, served).await?, provider))
}

#[tokio::test]
async fn a_member_who_signs_in_at_oidc_provider_is_led_back_to_the_application() {
    let Some((setup, _provider)) = setup("upstream").await else { return };
    let members = format!("/v1/accounts/{ACCOUNT}/members");
    let member = json!({ "email": EMAIL, "name": "Ann" });
    setup.latchkey().post(&members, &member).await.expect(201);
    let application = setup.public(AUTHLIB).await;
    let begun = application.begin(BOTH).await;
    let visit = setup.visit(&begun.url, &[("LOGIN", LOGIN)]).await;
    assert!(visit.requested, "{visit:?}");
    let tokens = application.finish(&begun, &visit.url).await;
    tokens.unwrap_or_else(|complaint| panic!("{visit:?}: {complaint}"));
}

#[tokio::test]
async fn who_is_no_member_is_told_so_and_can_go_back() {
    let Some((setup, _provider)) = setup("upstream-no-member").await else { return };
    let application = setup.public(AUTHLIB).await;
    let begun = application.begin(BOTH).await;
    let visit = setup.visit(&begun.url, &[("LOGIN", LOGIN), ("DECISION", "refuse"), ("AXE", "1")]).await;
    assert!(
        !visit.requested && visit.pages.iter().any(|heading| heading == "You are not a member"),
        "{visit:?}"
    );
    let complaint = application.finish(&begun, &visit.url).await.unwrap_err();
    assert!(complaint.contains("access_denied"), "{complaint}");
}
