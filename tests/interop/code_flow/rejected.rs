//! Errors of the code flow, as the libraries report them.

use crate::interop::code_flow::setup::Setup;
use crate::interop::code_flow::{AUTHLIB, BOTH, OAUTH4WEBAPI, OPENID_CLIENT};
use crate::interop::program::Program;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;

/// The type by which each library reports an error in the redirect.
const APPLICATIONS: [(Program, &str); 3] = [
    (OPENID_CLIENT, "AuthorizationResponseError"),
    (OAUTH4WEBAPI, "AuthorizationResponseError"),
    (AUTHLIB, "OAuthError"),
];

/// The heading of the page that is shown instead of a redirect.
const INVALID_LINK: &str = "This link does not work";

#[tokio::test]
async fn denied_consent_is_access_denied() {
    let Some(setup) = Setup::new("refused").await else { return };
    for (program, error_type) in APPLICATIONS {
        let application = setup.confidential(program).await;
        let started = application.begin(BOTH).await;
        let visit = setup.visit(&started.url, &[("DECISION", "refuse")]).await;
        assert!(visit.asked_for_consent && visit.url.starts_with(&setup.redirect_uri), "{visit:?}");
        let error = application.finish(&started, &visit.url).await.unwrap_err();
        assert!(error.contains(error_type) && error.contains("access_denied"), "{error}");
    }
}

#[tokio::test]
async fn unpermitted_scope_is_invalid_scope() {
    let Some(setup) = Setup::new("invalid-scope").await else { return };
    for (program, error_type) in APPLICATIONS {
        let application = setup.confidential(program).await;
        let started = application.begin("orders:read orders:delete").await;
        let visit = setup.visit(&started.url, &[]).await;
        assert_eq!(visit.pages.len(), 2, "the page with the error, then the application's own: {visit:?}");
        let error = application.finish(&started, &visit.url).await.unwrap_err();
        assert!(error.contains(error_type) && error.contains("invalid_scope"), "{error}");
    }
}

#[tokio::test]
async fn code_replay_revokes_tokens() {
    let Some(setup) = Setup::new("code-twice").await else { return };
    let application = setup.confidential(OAUTH4WEBAPI).await;
    let started = application.begin(BOTH).await;
    let visit = setup.visit(&started.url, &[]).await;
    let tokens = application.finish(&started, &visit.url).await.unwrap();
    let error = application.finish(&started, &visit.url).await.unwrap_err();
    assert!(error.contains("ResponseBodyError") && error.contains("invalid_grant"), "{error}");
    let error = application.refresh(&tokens["refresh_token"]).await.unwrap_err();
    assert!(error.contains("invalid_grant"), "{error}");
}

#[tokio::test]
async fn unregistered_redirect_uri_is_not_followed() {
    let Some(setup) = Setup::new("not-the-applications-address").await else { return };
    let mut application = setup.confidential(OPENID_CLIENT).await;
    let elsewhere = setup.redirect_uri.replace("/callback", "/elsewhere");
    application.redirect_uri = &elsewhere;
    let started = application.begin(BOTH).await;
    let visit = setup.visit(&started.url, &[("AXE", "1")]).await;
    assert_eq!(visit.pages, [INVALID_LINK]);

    application.redirect_uri = &setup.redirect_uri;
    "lk-unknown".clone_into(&mut application.client_id);
    let started = application.begin(BOTH).await;
    let visit = setup.visit(&started.url, &[("VIEW", "narrow")]).await;
    assert_eq!(visit.pages, [INVALID_LINK]);
}

#[tokio::test]
async fn disabled_client_gets_no_redirect() {
    let Some(setup) = Setup::new("disabled").await else { return };
    let application = setup.confidential(OPENID_CLIENT).await;
    let started = application.begin(BOTH).await;
    let disable = format!("/v1/accounts/{ACCOUNT}/clients/{}/disable", application.client_id);
    setup.latchkey().post(&disable, &json!({})).await.expect(200);
    let visit = setup.visit(&started.url, &[]).await;
    assert_eq!(visit.pages, [INVALID_LINK]);
}
