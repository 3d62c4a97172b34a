//! What goes wrong, as the applications report it: by the error types of their libraries.

use crate::interop::code_flow::setup::Setup;
use crate::interop::code_flow::{AUTHLIB, BOTH, OAUTH4WEBAPI, OPENID_CLIENT};
use crate::interop::program::Program;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;

/// The type by which each library reports an error that came back with the person.
const APPLICATIONS: [(Program, &str); 3] = [
    (OPENID_CLIENT, "AuthorizationResponseError"),
    (OAUTH4WEBAPI, "AuthorizationResponseError"),
    (AUTHLIB, "OAuthError"),
];

/// The heading of the page that somebody sees who cannot be sent back.
const USELESS: &str = "This link does not work";

#[tokio::test]
async fn a_refusal_comes_back_as_access_denied() {
    let Some(setup) = Setup::new("refused").await else { return };
    for (program, error_type) in APPLICATIONS {
        let application = setup.confidential(program).await;
        let begun = application.begin(BOTH).await;
        let visit = setup.visit(&begun.url, &[("DECISION", "refuse")]).await;
        assert!(visit.requested && visit.url.starts_with(&setup.redirect_uri), "{visit:?}");
        let complaint = application.finish(&begun, &visit.url).await.unwrap_err();
        assert!(complaint.contains(error_type) && complaint.contains("access_denied"), "{complaint}");
    }
}

#[tokio::test]
async fn a_scope_that_the_application_does_not_hold_comes_back_as_invalid_scope() {
    let Some(setup) = Setup::new("invalid-scope").await else { return };
    for (program, error_type) in APPLICATIONS {
        let application = setup.confidential(program).await;
        let begun = application.begin("orders:read orders:delete").await;
        let visit = setup.visit(&begun.url, &[]).await;
        assert_eq!(visit.pages.len(), 1, "no page but the application's own: {visit:?}");
        let complaint = application.finish(&begun, &visit.url).await.unwrap_err();
        assert!(complaint.contains(error_type) && complaint.contains("invalid_scope"), "{complaint}");
    }
}

#[tokio::test]
async fn a_code_that_is_redeemed_twice_ends_what_came_of_it() {
    let Some(setup) = Setup::new("code-twice").await else { return };
    let application = setup.confidential(OAUTH4WEBAPI).await;
    let begun = application.begin(BOTH).await;
    let visit = setup.visit(&begun.url, &[]).await;
    let tokens = application.finish(&begun, &visit.url).await.unwrap();
    let complaint = application.finish(&begun, &visit.url).await.unwrap_err();
    assert!(complaint.contains("ResponseBodyError") && complaint.contains("invalid_grant"), "{complaint}");
    let complaint = application.refresh(&tokens["refresh_token"]).await.unwrap_err();
    assert!(complaint.contains("invalid_grant"), "{complaint}");
}

#[tokio::test]
async fn an_address_that_is_not_the_applications_gets_nobody_sent_to_it() {
    let Some(setup) = Setup::new("not-the-applications-address").await else { return };
    let mut application = setup.confidential(OPENID_CLIENT).await;
    let elsewhere = setup.redirect_uri.replace("/callback", "/elsewhere");
    application.redirect_uri = &elsewhere;
    let begun = application.begin(BOTH).await;
    let visit = setup.visit(&begun.url, &[("AXE", "1")]).await;
    assert_eq!(visit.pages, [USELESS]);

    application.redirect_uri = &setup.redirect_uri;
    "lk-nobody".clone_into(&mut application.client_id);
    let begun = application.begin(BOTH).await;
    let visit = setup.visit(&begun.url, &[("VIEW", "narrow")]).await;
    assert_eq!(visit.pages, [USELESS]);
}

#[tokio::test]
async fn an_application_that_was_disabled_meanwhile_gets_nobody_back() {
    let Some(setup) = Setup::new("disabled").await else { return };
    let application = setup.confidential(OPENID_CLIENT).await;
    let begun = application.begin(BOTH).await;
    let disable = format!("/v1/accounts/{ACCOUNT}/clients/{}/disable", application.client_id);
    setup.latchkey().post(&disable, &json!({})).await.expect(200);
    let visit = setup.visit(&begun.url, &[]).await;
    assert_eq!(visit.pages, [USELESS]);
}
