//! Signing in at an upstream provider: who comes back is a member of the client's account, or nobody.

use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::{FakeInternet, Reply};
use crate::support::fixtures::TestClient;
use crate::support::sign_in::browser::{Browser, Visit};
use crate::support::sign_in::{AuthorizeRequest, CALLBACK};
use axum::Router;
use serde_json::{Value, json};
use shared::adapters::oidc::OidcConfig;
use shared::domain::net::provider_url::ProviderUrl;
use shared::domain::sign_in::standard_claims::UnverifiedEmailPolicy;

const HOST: &str = "login.example.com";
const PROVIDER: &str = "https://login.example.com";
const SECRET: &str = "pr0vider-s3cret";

/// A latchkey whose people sign in at a provider, and with codes by e-mail if `by_mail`.
struct Upstreamed {
    latchkey: TestApp,
    router: Router,
    outside: FakeInternet,
    key: TestKey,
    client: TestClient,
    ann: String,
}

impl Upstreamed {
    async fn new(by_mail: bool) -> Self {
        let (outside, key) = (FakeInternet::start().await, TestKey::new("ES256").named("k1"));
        outside.publish(
            HOST,
            "/.well-known/openid-configuration",
            &json!({
                "issuer": PROVIDER, "authorization_endpoint": format!("{PROVIDER}/authorize"),
                "token_endpoint": format!("{PROVIDER}/token"), "jwks_uri": format!("{PROVIDER}/keys"),
            }),
        );
        outside.publish(HOST, "/keys", &key.jwks());
        let latchkey = TestApp::with_fixtures().await;
        let router = latchkey.pages(|config| {
            config.internet = outside.internet();
            config.mail = config.mail.take().filter(|_| by_mail);
            config.upstream = Some(OidcConfig {
                issuer: ProviderUrl::parse_issuer(PROVIDER).unwrap(),
                client_id: "latchkey".to_owned(),
                client_secret: format!("latchkey/{}/upstream", config.stage),
                unverified_email: UnverifiedEmailPolicy::Refuse,
            });
        });
        let name = format!("latchkey/{}/upstream", latchkey.server.management.app.config.stage);
        latchkey
            .server
            .aws
            .secrets_manager()
            .create_secret()
            .name(name)
            .secret_string(SECRET)
            .send()
            .await
            .unwrap();
        let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
        Self { latchkey, router, outside, key, client, ann }
    }

    fn browser(&self) -> Browser {
        Browser::of(self.router.clone())
    }

    /// The provider exchanges every code for somebody with this address.
    fn knows(&self, departure: &AuthorizationRedirect, email: &str) {
        let now = self.latchkey.now().as_second();
        let claims = json!({
            "iss": PROVIDER, "aud": "latchkey", "sub": "1", "iat": now, "exp": now + 300, "nonce": departure.nonce,
            "email": email, "email_verified": true,
        });
        let tokens: Value = json!({
            "token_type": "Bearer", "access_token": "t", "expires_in": 300, "id_token": self.key.assert(&claims),
        });
        self.outside.publish(HOST, "/token", &tokens);
    }
}

/// Where a browser was sent to.
struct AuthorizationRedirect {
    state: String,
    nonce: String,
}

impl AuthorizationRedirect {
    fn of(visit: &Visit) -> Self {
        let (place, query) = visit.sent_to();
        assert_eq!(place, format!("{PROVIDER}/authorize"));
        assert_eq!(query["redirect_uri"], format!("{ISSUER}/oauth/callback"));
        assert_eq!(
            (query["response_type"].as_str(), query["code_challenge_method"].as_str()),
            ("code", "S256")
        );
        Self { state: query["state"].clone(), nonce: query["nonce"].clone() }
    }

    fn back(&self, more: &str) -> String {
        format!("/oauth/callback?state={}&{more}", self.state)
    }
}

#[tokio::test]
async fn where_it_is_the_only_way_the_browser_goes_there_at_once_and_comes_back_as_a_member() {
    let up = Upstreamed::new(false).await;
    let browser = up.browser();
    let departure = AuthorizationRedirect::of(&browser.get(&AuthorizeRequest::of(&up.client).path()).await);
    up.knows(&departure, &up.ann.to_uppercase());
    let page = browser.get(&departure.back("code=c")).await.expect(200);
    let page = page.expect_saying("Order desk wants to act for you").expect_saying(&up.ann);
    let (place, reported) = browser.decide(&page, "allow").await.sent_to();
    assert!(place == CALLBACK && reported.contains_key("code"));

    // The next time, without a page in between.
    let departure = AuthorizationRedirect::of(&browser.get(&AuthorizeRequest::of(&up.client).path()).await);
    up.knows(&departure, &up.ann);
    let (place, reported) = browser.get(&departure.back("code=c")).await.sent_to();
    assert!(place == CALLBACK && reported.contains_key("code"));
}

#[tokio::test]
async fn where_there_are_two_ways_the_page_offers_both() {
    let up = Upstreamed::new(true).await;
    let browser = up.browser();
    let page = browser.get(&AuthorizeRequest::of(&up.client).path()).await.expect(200);
    let page = page.expect_saying("Send me a code").expect_saying("Continue with login.example.com");
    let departure = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
    // Whoever turns back finds both ways again.
    browser.get(&page.at).await.expect(200).expect_saying("Send me a code");
    up.knows(&departure, &up.ann);
    browser.get(&departure.back("code=c")).await.expect(200).expect_saying("wants to act for you");
}

#[tokio::test]
async fn who_is_no_member_of_the_client_s_account_is_told_as_whom_they_have_signed_in() {
    let up = Upstreamed::new(true).await;
    up.latchkey.account("T2").await;
    let eve = format!("eve@{}", up.latchkey.mail_domain());
    let body = json!({ "email": eve, "name": "Eve" });
    up.latchkey.admin_request("POST", "/v1/accounts/T2/members").await.json(&body).send().await.expect(201);
    let browser = up.browser();
    let page = browser.get(&AuthorizeRequest::of(&up.client).path()).await.expect(200);
    let departure = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
    up.knows(&departure, &eve);
    let page = browser.get(&departure.back("code=c")).await.expect(200);
    let page = page.expect_saying(&format!("as {eve}")).expect_saying("no member of Account T12345678");
    let policy = page.answer.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let again = browser.submit(&page.form("/upstream")).await;
    assert_eq!(again.sent_to().1["prompt"], "select_account", "the provider would send Eve back at once");
    let reported = browser.decide(&page, "refuse").await.sent_to().1;
    assert_eq!(reported["error"], "access_denied");
}

#[tokio::test]
async fn somebody_else_is_asked_for_at_the_provider_in_the_one_way_or_the_other() {
    let up = Upstreamed::new(true).await;
    let browser = up.browser();
    let page = browser.get(&AuthorizeRequest::of(&up.client).path()).await.expect(200);
    let first = browser.submit(&page.form("/upstream")).await;
    assert!(!first.sent_to().1.contains_key("prompt"));
    let departure = AuthorizationRedirect::of(&first);
    up.knows(&departure, &up.ann);
    let page = browser.get(&departure.back("code=c")).await.expect(200);
    let page = browser.decide(&page, "other").await.expect(200);
    let other = browser.submit(&page.form("/upstream")).await;
    assert_eq!(other.sent_to().1["prompt"], "select_account");
    // A provider that does not know that prompt says so.
    let page =
        browser.get(&AuthorizationRedirect::of(&other).back("error=invalid_request")).await.expect(200);
    let last = browser.submit(&page.expect_saying("did not work").form("/upstream")).await;
    assert_eq!(last.sent_to().1["prompt"], "login");
}

#[tokio::test]
async fn an_answer_that_signs_nobody_in_leads_back_to_the_choice() {
    let up = Upstreamed::new(false).await;
    for answer in
        ["error=access_denied", "code=", "code=c&error=x", "x=y", "code=c&iss=https%3A%2F%2Fevil.example"]
    {
        let browser = up.browser();
        let departure =
            AuthorizationRedirect::of(&browser.get(&AuthorizeRequest::of(&up.client).path()).await);
        up.knows(&departure, &up.ann);
        let page = browser.get(&departure.back(answer)).await.expect(200);
        let page = page.expect_saying("Signing in at login.example.com did not work.");
        // That answer is spent, even if it comes again as it should have been.
        browser.get(&departure.back("code=c")).await.expect(200).expect_saying("did not work");
        let again = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
        up.knows(&again, &up.ann);
        browser.get(&again.back("code=c")).await.expect(200).expect_saying("wants to act for you");
    }
}

#[tokio::test]
async fn an_answer_in_another_browser_or_for_another_sign_in_signs_nobody_in() {
    let up = Upstreamed::new(false).await;
    let (own, other) = (up.browser(), up.browser());
    let departure = AuthorizationRedirect::of(&own.get(&AuthorizeRequest::of(&up.client).path()).await);
    let others = AuthorizationRedirect::of(&other.get(&AuthorizeRequest::of(&up.client).path()).await);
    up.knows(&departure, &up.ann);
    other.get(&departure.back("code=c")).await.expect(400).expect_saying("This sign-in cannot go on here");
    up.browser().get(&departure.back("code=c")).await.expect(400);
    // The nonce is the first one's, so the second's answer is not for it.
    other.get(&others.back("code=c")).await.expect(200).expect_saying("did not work");
    own.get(&departure.back("code=c")).await.expect(200).expect_saying("wants to act for you");
}

#[tokio::test]
async fn a_provider_that_is_out_of_order_is_a_503_and_loses_nothing() {
    let up = Upstreamed::new(true).await;
    let browser = up.browser();
    let page = browser.get(&AuthorizeRequest::of(&up.client).path()).await.expect(200);
    let departure = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
    up.outside.respond_with(HOST, "/token", Reply::answer(500, &[], b"no"));
    let broken = browser.get(&departure.back("code=c")).await.expect(503);
    assert_eq!(broken.answer.header("retry-after"), "2");
    let page = browser.get(&page.at).await.expect(200).expect_saying("did not work");
    let again = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
    up.knows(&again, &up.ann);
    browser.get(&again.back("code=c")).await.expect(200).expect_saying("wants to act for you");
}
