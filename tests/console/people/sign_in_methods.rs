//! How members of an account may sign in: what it allows is decided at each request, by how they last proved who they are.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, Form, PageVisit};
use crate::support::sign_in::console::ADMINISTRATOR;
use crate::support::sign_in::provider::FakeProvider;
use jiff::SignedDuration;
use serde_json::{Value, json};

const PATH: &str = "/v1/accounts/T12345678";
const OWN: &str = "/console/accounts/T12345678";
const SETTINGS: &str = "/console/accounts/T12345678/settings";
const REFUSED: &str = "This account needs another sign-in";

struct Deployment {
    latchkey: TestApp,
    provider: FakeProvider,
}

impl Deployment {
    async fn new() -> Self {
        let provider = FakeProvider::start().await;
        let latchkey = TestApp::with_config(|config| provider.configure(config)).await;
        latchkey.fixtures().seed().await;
        FakeProvider::store_secret(&latchkey).await;
        Self { latchkey, provider }
    }

    /// A browser in which this person has signed in at the provider.
    async fn at_provider(&self, email: &str, path: &str) -> (Browser, PageVisit) {
        let browser = Browser::new(&self.latchkey);
        let page = browser.get(path).await.expect(200);
        let visit = self.provider.sign_in(&self.latchkey, &browser, &page, email).await;
        (browser, visit)
    }

    async fn allow(&self, account: &str, methods: &[&str]) {
        let request = self.latchkey.admin_request("PATCH", &format!("/v1/accounts/{account}")).await;
        request.json(&json!({ "sign_in_methods": methods })).send().await.expect(200);
    }

    async fn methods(&self) -> Value {
        let read = self.latchkey.admin_request("GET", PATH).await.send().await;
        read.expect(200).json()["sign_in_methods"].clone()
    }
}

fn choice(visit: &PageVisit) -> Form {
    visit.find(|form| form.get("section") == Some("sign_in"))
}

#[tokio::test]
async fn session_of_a_code_ends_on_the_next_click_and_one_of_the_provider_goes_on() {
    let site = Deployment::new().await;
    let by_code = site.latchkey.administrator_in_console().await;
    let ben = site.latchkey.fixtures().member_with(ACCOUNT, "ben", &ADMINISTRATOR).await;
    let (by_provider, visit) = site.at_provider(&ben, OWN).await;
    visit.expect(200);
    by_code.get(OWN).await.expect(200);
    let visit = by_provider.get(SETTINGS).await.expect(200).expect_text("At login.example.com only");
    by_provider.submit(&choice(&visit).with("sign_in_methods", "provider")).await.expect(200);
    assert_eq!(site.methods().await, json!(["provider"]));
    let refused = by_code.get(&format!("{OWN}/clients")).await.expect(403).expect_text(REFUSED);
    let link = format!("/console/sign-in?to={}&by=provider", "%2Fconsole%2Faccounts%2FT12345678%2Fclients");
    assert!(refused.text().replace("&#38;", "&").contains(&link), "{}", refused.text());
    by_provider.get(&format!("{OWN}/clients")).await.expect(200);
    // Who follows the link gets no form for a code, and is where they wanted to be.
    let page = by_code.get(&link).await.expect(200);
    assert!(!page.contains_text("Send me a code"), "{}", page.text());
    let ann = format!("ann@{}", site.latchkey.mail_domain());
    let visit = site.provider.sign_in(&site.latchkey, &by_code, &page, &ann).await.expect(200);
    assert_eq!(visit.at, format!("{OWN}/clients"));
}

#[tokio::test]
async fn form_is_refused_as_a_page_is_and_nothing_is_changed() {
    let site = Deployment::new().await;
    let ann = site.latchkey.administrator_in_console().await;
    let visit = ann.get(SETTINGS).await.expect(200);
    let form = visit.find(|form| form.get("section") == Some("name")).with("account_name", "Mine");
    site.allow(ACCOUNT, &["provider"]).await;
    ann.submit(&form).await.expect(403).expect_text(REFUSED);
    let read = site.latchkey.admin_request("GET", PATH).await.send().await.expect(200).json();
    assert_eq!(read["account_name"], "Account T12345678");
}

#[tokio::test]
async fn no_one_closes_the_account_to_themself() {
    let site = Deployment::new().await;
    let ann = site.latchkey.administrator_in_console().await;
    let visit = ann.get(SETTINGS).await.expect(200);
    let refused = ann.submit(&choice(&visit).with("sign_in_methods", "provider")).await.expect(422);
    refused.expect_text("must hold the way in which you are signed in");
    assert_eq!(site.methods().await, json!(["email_code", "provider"]));
    let ben = site.latchkey.fixtures().member_with(ACCOUNT, "ben", &ADMINISTRATOR).await;
    let (browser, _) = site.at_provider(&ben, SETTINGS).await;
    let visit = browser.get(SETTINGS).await.expect(200);
    browser.submit(&choice(&visit).with("sign_in_methods", "email_code")).await.expect(422);
    browser.submit(&choice(&visit).with("sign_in_methods", "email_code provider")).await.expect(200);
}

#[tokio::test]
async fn change_needs_a_sign_in_of_the_last_minutes() {
    let mut site = Deployment::new().await;
    let ann = site.latchkey.administrator_in_console().await;
    let old = choice(&ann.get(SETTINGS).await.expect(200)).with("sign_in_methods", "email_code");
    site.latchkey.advance(SignedDuration::from_mins(11));
    let visit = ann.get(SETTINGS).await.expect(200).expect_text("confirm first who you are");
    assert!(visit.forms().iter().all(|form| form.get("section") != Some("sign_in")));
    let asked = ann.submit(&old).await.expect(200);
    assert!(asked.at.starts_with("/oauth/authorize/"), "{}", asked.at);
    assert_eq!(site.methods().await, json!(["email_code", "provider"]));
}

#[tokio::test]
async fn who_confirms_by_the_weaker_way_is_treated_as_signed_in_by_it() {
    let mut site = Deployment::new().await;
    let client = site.latchkey.fixtures().client().await;
    let ben = site.latchkey.fixtures().member_with(ACCOUNT, "ben", &ADMINISTRATOR).await;
    let (browser, _) = site.at_provider(&ben, OWN).await;
    site.latchkey.advance(SignedDuration::from_mins(11));
    let delete = format!("{OWN}/clients/{}/delete", client.client_id);
    let confirm = format!("/console/confirm?to={delete}");
    // Both ways are open: he confirms with a code. Then the account allows the provider only.
    let page = browser.get(&confirm).await.expect(200);
    let page = browser.submit(&page.form("/email").with("email", &ben)).await.expect(200);
    let code = site.latchkey.inspect().mailed_code(&ben).await;
    browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    site.allow(ACCOUNT, &["provider"]).await;
    browser.get(OWN).await.expect(403).expect_text(REFUSED);
}

#[tokio::test]
async fn confirming_offers_no_way_that_the_account_does_not_allow() {
    let mut site = Deployment::new().await;
    let ben = site.latchkey.fixtures().member_with(ACCOUNT, "ben", &ADMINISTRATOR).await;
    let (browser, _) = site.at_provider(&ben, OWN).await;
    site.latchkey.advance(SignedDuration::from_mins(11));
    let confirm = format!("/console/confirm?to={SETTINGS}");
    let open = browser.get(&confirm).await.expect(200).expect_text("Send code");
    site.allow(ACCOUNT, &["provider"]).await;
    let page = browser.get(&confirm).await.expect(200);
    assert!(!page.contains_text("Send code"), "{}", page.text());
    let forged = Form { action: page.at.clone() + "/email", ..page.form("/upstream") };
    browser.submit(&forged.with("email", &ben)).await.expect(400);
    let visit = site.provider.sign_in(&site.latchkey, &browser, &page, &ben).await.expect(200);
    assert_eq!(visit.at, SETTINGS);
    browser.get(SETTINGS).await.expect(200).expect_text("At login.example.com only");
    // A page from before the change still offers the code, which now leads out of the account.
    let page = browser.submit(&open.form("/email").with("email", &ben)).await.expect(200);
    let code = site.latchkey.inspect().mailed_code(&ben).await;
    browser.submit(&page.form("/code").with("code", &code)).await;
    let refused = browser.get(&format!("{OWN}/clients")).await;
    assert!(!refused.contains_text("New API client"), "{}", refused.text());
}

#[tokio::test]
async fn link_of_before_opens_nothing() {
    let site = Deployment::new().await;
    let ann = site.latchkey.fixtures().member_with(ACCOUNT, "ann", &ADMINISTRATOR).await;
    let (_, token) = site.latchkey.fixtures().administrator(ACCOUNT, &ADMINISTRATOR).await;
    let path = format!("{PATH}/console-links");
    let link = async || {
        let request = site.latchkey.request("POST", &path).bearer(&token).json(&json!({ "email": ann }));
        let url = request.send().await.expect(201).string("url");
        url[url.find("/console/link/").unwrap()..].to_owned()
    };
    let (used, unused) = (link().await, link().await);
    let browser = Browser::new(&site.latchkey);
    let visit = browser.get(&used).await.expect(200);
    browser.submit(&visit.find(|form| form.action == used)).await.expect(200);
    let waiting = Browser::new(&site.latchkey);
    let page = waiting.get(&unused).await.expect(200);
    site.allow(ACCOUNT, &["provider"]).await;
    browser.get(OWN).await.expect(403).expect_text(REFUSED);
    waiting.submit(&page.find(|form| form.action == unused)).await.expect(403).expect_text(REFUSED);
    waiting.get(&unused).await.expect(403).expect_text(REFUSED);
}

#[tokio::test]
async fn code_leads_into_no_account_that_does_not_allow_it_and_says_so() {
    let site = Deployment::new().await;
    site.latchkey.fixtures().account("T2").await;
    let email = site.latchkey.fixtures().member_with(ACCOUNT, "ann", &ADMINISTRATOR).await;
    site.latchkey.fixtures().member_with("T2", "ann", &ADMINISTRATOR).await;
    site.allow(ACCOUNT, &["provider"]).await;
    let browser = Browser::new(&site.latchkey);
    let visit = browser.sign_in_to_console(&site.latchkey, &email, OWN).await.expect(200);
    assert!(visit.at.starts_with("/console?to="), "{}", visit.at);
    let visit = visit.expect_text("Its members sign in at the provider only.");
    let enter = visit.find(|form| form.action.ends_with("/T2/enter"));
    let forged = Form { action: format!("{OWN}/enter"), ..enter.clone() };
    browser.submit(&forged).await.expect(403);
    browser.get(OWN).await.expect(200).expect_text("Which account?");
    let audit = site.latchkey.admin_request("GET", &format!("{PATH}/audit?action=session.started")).await;
    assert_eq!(audit.send().await.expect(200).json()["items"], json!([]), "no session was in the account");
    let visit = browser.get(OWN).await;
    let enter = visit.find(|form| form.action.ends_with("/T2/enter"));
    browser.submit(&enter).await.expect(200);
    let page = browser.get("/console/sign-in?to=%2Fconsole%2Faccounts%2FT12345678&by=provider").await;
    let visit = site.provider.sign_in(&site.latchkey, &browser, &page, &email).await.expect(200);
    assert_eq!(visit.at, OWN);
}

#[tokio::test]
async fn operator_acts_by_the_rule_of_the_operators_account() {
    let site = Deployment::new().await;
    let olga = site.latchkey.operator_in_console().await;
    site.allow(ACCOUNT, &["provider"]).await;
    olga.get(SETTINGS).await.expect(200);
    let operators = site.latchkey.server.operator.account_id.to_string();
    site.allow(&operators, &["provider"]).await;
    olga.get(SETTINGS).await.expect(403).expect_text(REFUSED);
    olga.get("/console/operator/accounts").await.expect(403).expect_text(REFUSED);
}

#[tokio::test]
async fn site_without_a_provider_offers_no_choice() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let visit = ann.get(SETTINGS).await.expect(200).expect_text("This site has no provider");
    assert!(visit.forms().iter().all(|form| form.get("section") != Some("sign_in")));
}
