//! Sign-in at an upstream OpenID Connect provider. Only a member of the client's account is signed in.

mod identity;

use crate::support::app::TestApp;
use crate::support::fake_internet::HostResponse;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::browser::Browser;
pub(super) use crate::support::sign_in::provider::AuthorizationRedirect;
use crate::support::sign_in::provider::{FakeProvider, HOST};
use crate::support::sign_in::{AuthorizeRequest, CALLBACK};
use axum::Router;
use serde_json::json;

/// A deployment whose end users sign in at a provider, and with email codes if `with_email`.
pub(super) struct IdpDeployment {
    pub(super) latchkey: TestApp,
    pub(super) router: Router,
    provider: FakeProvider,
    pub(super) client: TestClient,
    pub(super) ann: String,
}

impl IdpDeployment {
    pub(super) async fn new(with_email: bool) -> Self {
        let provider = FakeProvider::start().await;
        let latchkey = TestApp::with_fixtures().await;
        let router = latchkey.pages(|config| {
            provider.configure(config);
            config.mail = config.mail.take().filter(|_| with_email);
        });
        FakeProvider::store_secret(&latchkey).await;
        let (client, ann) =
            (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
        Self { latchkey, router, provider, client, ann }
    }

    pub(super) fn browser(&self) -> Browser {
        Browser::from_router(self.router.clone())
    }

    /// The provider exchanges every code for an ID token with this address.
    fn exchange_code_for(&self, redirect: &AuthorizationRedirect, email: &str) {
        self.exchange_code_as(redirect, email, "1");
    }

    /// The same, for this `sub`.
    pub(super) fn exchange_code_as(&self, redirect: &AuthorizationRedirect, email: &str, sub: &str) {
        self.provider.exchange_code_as(&self.latchkey, redirect, email, sub);
    }
}

#[tokio::test]
async fn single_idp_redirects_immediately() {
    let setup = IdpDeployment::new(false).await;
    let browser = setup.browser();
    let redirect = AuthorizationRedirect::of(&browser.get(&AuthorizeRequest::of(&setup.client).path()).await);
    setup.exchange_code_for(&redirect, &setup.ann.to_uppercase());
    let page = browser.get(&redirect.callback("code=c")).await.expect(200);
    let page = page.expect_text("Order portal wants to act for you").expect_text(&setup.ann);
    let (redirect_uri, params) = browser.submit_consent(&page, "allow").await.redirect_target();
    assert!(redirect_uri == CALLBACK && params.contains_key("code"));

    // The next time there is no page in between.
    let redirect = AuthorizationRedirect::of(&browser.get(&AuthorizeRequest::of(&setup.client).path()).await);
    setup.exchange_code_for(&redirect, &setup.ann);
    let (redirect_uri, params) = browser.get(&redirect.callback("code=c")).await.redirect_target();
    assert!(redirect_uri == CALLBACK && params.contains_key("code"));
}

#[tokio::test]
async fn page_offers_email_and_idp() {
    let setup = IdpDeployment::new(true).await;
    let browser = setup.browser();
    let page = browser.get(&AuthorizeRequest::of(&setup.client).path()).await.expect(200);
    let page = page.expect_text("Send me a code").expect_text("Continue with login.example.com");
    let redirect = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
    // Going back in the browser offers both methods again.
    browser.get(&page.at).await.expect(200).expect_text("Send me a code");
    setup.exchange_code_for(&redirect, &setup.ann);
    browser.get(&redirect.callback("code=c")).await.expect(200).expect_text("wants to act for you");
}

#[tokio::test]
async fn non_member_sees_the_address_they_signed_in_with() {
    let setup = IdpDeployment::new(true).await;
    setup.latchkey.fixtures().account("T2").await;
    let eve = format!("eve@{}", setup.latchkey.mail_domain());
    let body = json!({ "email": eve, "name": "Eve" });
    setup
        .latchkey
        .admin_request("POST", "/v1/accounts/T2/members")
        .await
        .json(&body)
        .send()
        .await
        .expect(201);
    let browser = setup.browser();
    let page = browser.get(&AuthorizeRequest::of(&setup.client).path()).await.expect(200);
    let redirect = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
    setup.exchange_code_for(&redirect, &eve);
    let page = browser.get(&redirect.callback("code=c")).await.expect(200);
    let page = page.expect_text(&format!("as {eve}")).expect_text("no member of Account T12345678");
    let policy = page.response.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let again = browser.submit(&page.form("/upstream")).await;
    assert_eq!(
        again.redirect_target().1["prompt"],
        "select_account",
        "else the provider would sign Eve in again"
    );
    let params = browser.submit_consent(&page, "deny").await.redirect_target().1;
    assert_eq!(params["error"], "access_denied");
}

#[tokio::test]
async fn switching_user_prompts_for_another_account() {
    let setup = IdpDeployment::new(true).await;
    let browser = setup.browser();
    let page = browser.get(&AuthorizeRequest::of(&setup.client).path()).await.expect(200);
    let first = browser.submit(&page.form("/upstream")).await;
    assert!(!first.redirect_target().1.contains_key("prompt"));
    let redirect = AuthorizationRedirect::of(&first);
    setup.exchange_code_for(&redirect, &setup.ann);
    let page = browser.get(&redirect.callback("code=c")).await.expect(200);
    let page = browser.submit_consent(&page, "switch_user").await.expect(200);
    let other = browser.submit(&page.form("/upstream")).await;
    assert_eq!(other.redirect_target().1["prompt"], "select_account");
    // A provider that does not support that prompt returns an error.
    let page =
        browser.get(&AuthorizationRedirect::of(&other).callback("error=invalid_request")).await.expect(200);
    let last = browser.submit(&page.expect_text("did not work").form("/upstream")).await;
    assert_eq!(last.redirect_target().1["prompt"], "login");
}

#[tokio::test]
async fn failed_callback_leads_back_to_the_sign_in_page() {
    let setup = IdpDeployment::new(false).await;
    for response in
        ["error=access_denied", "code=", "code=c&error=x", "x=y", "code=c&iss=https%3A%2F%2Fevil.example"]
    {
        let browser = setup.browser();
        let redirect =
            AuthorizationRedirect::of(&browser.get(&AuthorizeRequest::of(&setup.client).path()).await);
        setup.exchange_code_for(&redirect, &setup.ann);
        let page = browser.get(&redirect.callback(response)).await.expect(200);
        let page = page.expect_text("Signing in at login.example.com did not work.");
        // The state is used up: the same callback with a code fails too.
        browser.get(&redirect.callback("code=c")).await.expect(200).expect_text("did not work");
        let again = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
        setup.exchange_code_for(&again, &setup.ann);
        browser.get(&again.callback("code=c")).await.expect(200).expect_text("wants to act for you");
    }
}

#[tokio::test]
async fn callback_in_another_browser_is_rejected() {
    let setup = IdpDeployment::new(false).await;
    let (own, other) = (setup.browser(), setup.browser());
    let redirect = AuthorizationRedirect::of(&own.get(&AuthorizeRequest::of(&setup.client).path()).await);
    let others = AuthorizationRedirect::of(&other.get(&AuthorizeRequest::of(&setup.client).path()).await);
    setup.exchange_code_for(&redirect, &setup.ann);
    other.get(&redirect.callback("code=c")).await.expect(400).expect_text("This sign-in cannot go on here");
    setup.browser().get(&redirect.callback("code=c")).await.expect(400);
    // The nonce belongs to the first sign-in, so its ID token is not valid for the second.
    other.get(&others.callback("code=c")).await.expect(200).expect_text("did not work");
    own.get(&redirect.callback("code=c")).await.expect(200).expect_text("wants to act for you");
}

#[tokio::test]
async fn failing_idp_is_unavailable_and_can_be_retried() {
    let setup = IdpDeployment::new(true).await;
    let browser = setup.browser();
    let page = browser.get(&AuthorizeRequest::of(&setup.client).path()).await.expect(200);
    let redirect = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
    setup.provider.internet.respond_with(HOST, "/token", HostResponse::new(500, &[], b"no"));
    let broken = browser.get(&redirect.callback("code=c")).await.expect(503);
    assert_eq!(broken.response.header("retry-after"), "2");
    let page = browser.get(&page.at).await.expect(200).expect_text("did not work");
    let again = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
    setup.exchange_code_for(&again, &setup.ann);
    browser.get(&again.callback("code=c")).await.expect(200).expect_text("wants to act for you");
}
