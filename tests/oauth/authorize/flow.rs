//! The whole way from a client's request to its code, and the short one of the next time.

use crate::support::app::{ISSUER, TestApp};
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::code_flow::VERIFIER;
use crate::support::sign_in::{AuthorizeRequest, CALLBACK};
use shared::adapters::crypto::token_crypto::{hash_code, s256_challenge};
use shared::domain::oauth::authorization::code::AuthorizationCode;
use shared::domain::oauth::authorization::pkce::CodeVerifier;

#[tokio::test]
async fn a_member_signs_in_with_a_mailed_code_allows_and_the_client_gets_its_code() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let browser = Browser::new(&latchkey);
    let asking = AuthorizeRequest::of(&client).with("scope", "orders:read");

    let page = browser.get(&asking.path()).await.expect(200).expect_saying("Sign in to go on to Order desk");
    let page = browser.submit(&page.form("/email").with("email", &ann.to_uppercase())).await.expect(200);
    let page = page.expect_saying(&format!("If {ann} can sign in to Order desk, a code of 6 digits"));
    let code = latchkey.mailed_code(&ann).await;
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    let page = page.expect_saying("Order desk wants to act for you").expect_saying(&ann);
    let page = page
        .expect_saying("Account T12345678")
        .expect_saying("In Back office it could Read orders orders:read");
    assert!(!page.says("orders:write"), "only what was asked for");
    let page = page.expect_saying("Either way you go back to app.example.com");

    let (place, reported) = browser.decide(&page, "allow").await.sent_to();
    assert_eq!(place, CALLBACK);
    assert_eq!(reported.keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
    assert_eq!((reported["iss"].as_str(), reported["state"].as_str()), (ISSUER, "s t&te"));

    let digest = hash_code(&AuthorizationCode::parse(&reported["code"]).unwrap());
    let kept = latchkey.server.management.app.store.load_code(&digest).await.unwrap().unwrap();
    assert_eq!(kept.redirect_uri.as_deref(), Some(CALLBACK));
    assert_eq!(kept.code_challenge, s256_challenge(&CodeVerifier::parse(VERIFIER).unwrap()));
    let (authorization, life) =
        (&kept.authorization, kept.expires_at.duration_since(latchkey.now()).as_secs());
    assert!(authorization.client_id.as_str() == client.client_id && (30..=60).contains(&life));
    assert_eq!(
        (authorization.resource.as_str(), authorization.scopes.to_string()),
        ("backoffice_api", "orders:read".into())
    );
    assert_eq!(authorization.consent.as_ref().unwrap().person.email.as_str(), ann);
    assert!(
        latchkey
            .server
            .management
            .app
            .store
            .validate_consent(authorization, latchkey.now())
            .await
            .unwrap()
            .is_ok()
    );
}

#[tokio::test]
async fn what_was_allowed_is_not_asked_again_and_the_code_comes_at_once() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let first = latchkey.sign_in(&client, &ann).await;
    let visit = Browser::new(&latchkey).identified(&latchkey, &AuthorizeRequest::of(&client), &ann).await;
    let (place, reported) = visit.sent_to();
    assert_eq!(place, CALLBACK);
    assert_ne!(reported["code"], first);
}

#[tokio::test]
async fn whoever_says_no_is_sent_back_and_the_sign_in_is_over() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let browser = Browser::new(&latchkey);
    let page = browser.identified(&latchkey, &AuthorizeRequest::of(&client), &ann).await.expect(200);
    let (place, reported) = browser.decide(&page, "refuse").await.sent_to();
    assert_eq!((place.as_str(), reported["error"].as_str()), (CALLBACK, "access_denied"));
    assert_eq!((reported["iss"].as_str(), reported["state"].as_str()), (ISSUER, "s t&te"));
    let again = browser.decide(&page, "allow").await.expect(410);
    assert!(again.says("This sign-in is finished"));
}
