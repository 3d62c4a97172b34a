//! People who sign in at a provider that other people wrote: through its pages, then Latchkey's, to the application.

use super::super::installed;
use super::super::upstream_provider::{CLIENT_ID, EMAIL, LOGIN, RealProvider};
use super::scene::Scene;
use super::{AUTHLIB, BOTH};
use crate::support::relying_party::RelyingParty;
use crate::support::served::{self, ServedHouse};
use crate::support::things::ACCOUNT;
use serde_json::json;
use shared::adapters::remote::Network;

const SECRET: &str = "pr0vider's+s3cret";

/// A house whose people sign in at `oidc-provider`, and that provider.
async fn scene(test: &str) -> Option<(Scene, RealProvider)> {
    installed::chromium()?;
    let door = served::door().await;
    let provider = RealProvider::start(SECRET, &format!("{}/oauth/callback", door.1)).await?;
    let party = RelyingParty::new(Network::System, &provider.issuer, CLIENT_ID, SECRET).await;
    let served = ServedHouse::behind(door, |config| config.upstream = Some(party.config)).await;
    Some((Scene::in_house(test, served).await?, provider))
}

#[tokio::test]
async fn a_member_who_signs_in_at_oidc_provider_is_led_back_to_the_application() {
    let Some((scene, _provider)) = scene("upstream").await else { return };
    let members = format!("/v1/accounts/{ACCOUNT}/members");
    let member = json!({ "email": EMAIL, "name": "Ann" });
    scene.house().post(&members, &member).await.expect(201);
    let application = scene.public(AUTHLIB).await;
    let begun = application.begin(BOTH).await;
    let visit = scene.visit(&begun.url, &[("LOGIN", LOGIN)]).await;
    assert!(visit.requested, "{visit:?}");
    let tokens = application.finish(&begun, &visit.url).await;
    tokens.unwrap_or_else(|complaint| panic!("{visit:?}: {complaint}"));
}

#[tokio::test]
async fn who_is_no_member_is_told_so_and_can_go_back() {
    let Some((scene, _provider)) = scene("upstream-no-member").await else { return };
    let application = scene.public(AUTHLIB).await;
    let begun = application.begin(BOTH).await;
    let visit = scene.visit(&begun.url, &[("LOGIN", LOGIN), ("DECISION", "refuse"), ("AXE", "1")]).await;
    assert!(
        !visit.requested && visit.pages.iter().any(|heading| heading == "You are not a member"),
        "{visit:?}"
    );
    let complaint = application.finish(&begun, &visit.url).await.unwrap_err();
    assert!(complaint.contains("access_denied"), "{complaint}");
}
