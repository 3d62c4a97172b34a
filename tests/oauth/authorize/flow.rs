//! The whole flow from the authorization request to the code, and the short one with a remembered consent.

use crate::support::app::{ISSUER, TestApp};
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::code_flow::VERIFIER;
use crate::support::sign_in::{AuthorizeRequest, CALLBACK};
use shared::adapters::crypto::token_crypto::{hash_code, s256_challenge};
use shared::adapters::store::ConsentStatus;
use shared::domain::account::EndUserPolicy;
use shared::domain::oauth::authorization::code::AuthorizationCode;
use shared::domain::oauth::authorization::pkce::CodeVerifier;

#[tokio::test]
async fn member_signs_in_and_client_gets_its_code() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let browser = Browser::new(&latchkey);
    let request = AuthorizeRequest::of(&client).with("scope", "orders:read");

    let page = browser.get(&request.path()).await.expect(200).expect_text("Sign in to go on to Order portal");
    let page = browser.submit(&page.form("/email").with("email", &ann.to_uppercase())).await.expect(200);
    let page = page.expect_text(&format!("If {ann} can sign in to Order portal, a code of 8 digits"));
    let code = latchkey.inspect().mailed_code(&ann).await;
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    let page = page.expect_text("Order portal wants to act for you").expect_text(&ann);
    let page =
        page.expect_text("Account T12345678").expect_text("In Back office it could Read orders orders:read");
    assert!(!page.contains_text("orders:write"), "only the requested scopes");
    let page = page.expect_text("Either way you go back to app.example.com");

    let (redirect_uri, params) = browser.submit_consent(&page, "allow").await.redirect_target();
    assert_eq!(redirect_uri, CALLBACK);
    assert_eq!(params.keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
    assert_eq!((params["iss"].as_str(), params["state"].as_str()), (ISSUER, "s t&te"));

    let digest = hash_code(&AuthorizationCode::parse(&params["code"]).unwrap());
    let stored = latchkey.server.management.app.store.load_code(&digest).await.unwrap().unwrap();
    assert_eq!(stored.redirect_uri.as_deref(), Some(CALLBACK));
    assert_eq!(stored.code_challenge, s256_challenge(&CodeVerifier::parse(VERIFIER).unwrap()));
    let (authorization, life) =
        (&stored.authorization, stored.expires_at.duration_since(latchkey.now()).as_secs());
    assert!(authorization.client_id.as_str() == client.client_id && (30..=60).contains(&life));
    assert_eq!(
        (authorization.resource.as_str(), authorization.scopes.to_string()),
        ("backoffice_api", "orders:read".into())
    );
    assert_eq!(authorization.consent.as_ref().unwrap().person.email.as_str(), ann);
    let store = &latchkey.server.management.app.store;
    let status = store.validate_consent(authorization, EndUserPolicy::Members, latchkey.now()).await.unwrap();
    assert_eq!(status, ConsentStatus::Valid);
}

#[tokio::test]
async fn remembered_consent_issues_code_immediately() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let first = latchkey.sign_in(&client, &ann).await;
    let visit =
        Browser::new(&latchkey).enter_email_code(&latchkey, &AuthorizeRequest::of(&client), &ann).await;
    let (redirect_uri, params) = visit.redirect_target();
    assert_eq!(redirect_uri, CALLBACK);
    assert_ne!(params["code"], first);
}

#[tokio::test]
async fn denied_consent_redirects_with_access_denied() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let browser = Browser::new(&latchkey);
    let page = browser.enter_email_code(&latchkey, &AuthorizeRequest::of(&client), &ann).await.expect(200);
    let (redirect_uri, params) = browser.submit_consent(&page, "deny").await.redirect_target();
    assert_eq!((redirect_uri.as_str(), params["error"].as_str()), (CALLBACK, "access_denied"));
    assert_eq!((params["iss"].as_str(), params["state"].as_str()), (ISSUER, "s t&te"));
    for decision in ["deny", "allow"] {
        let again = browser.submit_consent(&page, decision).await.redirect_target();
        assert_eq!((again.0.as_str(), again.1), (CALLBACK, params.clone()), "the same answer");
    }
}
