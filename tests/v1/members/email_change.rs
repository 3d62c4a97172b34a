//! Another address of a member, which its mailbox has to confirm.

use crate::support::app::{ISSUER, TestApp};
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::v1::{AUDIT, MEMBERS};
use jiff::SignedDuration;
use local::mailbox::Message;
use serde_json::{Value, json};

async fn mails_to(email: &str) -> Vec<Message> {
    let all = emails_to(email.split_once('@').unwrap().1).await;
    all.into_iter().filter(|mail| mail.to == [email]).collect()
}

/// The path of the newest link that confirms this address.
async fn link(email: &str) -> String {
    let mails = mails_to(email).await;
    let found =
        mails.iter().rev().find_map(|mail| mail.text.split(&format!("{ISSUER}/console/email/")).nth(1));
    format!("/console/email/{}", found.expect("a link").split_whitespace().next().unwrap())
}

async fn confirm(latchkey: &TestApp, link: &str) -> PageVisit {
    let browser = Browser::new(latchkey);
    let visit = browser.get(link).await.expect(200).expect_text("This is my address");
    browser.submit(&visit.find(|form| form.action == link)).await
}

/// A member who is signed in, with the address that they have and the one that they are to have.
struct Moving {
    latchkey: TestApp,
    old: String,
    new: String,
}

impl Moving {
    async fn start() -> Self {
        Self::of(TestApp::with_fixtures().await).await
    }

    async fn of(latchkey: TestApp) -> Self {
        let old = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
        let new = format!("anna@{}", latchkey.mail_domain());
        Self { latchkey, old, new }
    }

    async fn request(&self, email: &str) -> TestResponse {
        self.latchkey.patch(&format!("{MEMBERS}/{}", self.old), &json!({ "email": email })).await
    }

    async fn member(&self, email: &str) -> TestResponse {
        self.latchkey.get(&format!("{MEMBERS}/{email}")).await
    }
}

#[tokio::test]
async fn member_keeps_the_address_until_the_new_mailbox_confirms() {
    let moving = Moving::start().await;
    let Moving { latchkey, old, new } = &moving;
    let before = moving.member(old).await.expect(200).json();
    let asked = moving.request(new).await.expect(200).json();
    assert_eq!(asked["email_delivery"], json!({ "sent": true }));
    assert_eq!((&asked["email"], &asked["pending_email"]["email"]), (&json!(old), &json!(new)));
    moving.member(new).await.expect(404);
    assert!(mails_to(old).await.is_empty(), "nothing has changed yet");
    let link = link(new).await;
    assert!(!link.contains(old.split_once('@').unwrap().0), "{link}");
    for _ in 0..2 {
        Browser::new(latchkey).get(&link).await.expect(200).expect_text(new);
    }
    confirm(latchkey, &link).await.expect(200).expect_text("to manage API clients");
    let after = moving.member(new).await.expect(200).json();
    assert_eq!((&after["sub"], &after["pending_email"]), (&before["sub"], &Value::Null));
    assert_eq!(after["permissions"], before["permissions"]);
    moving.member(old).await.expect(404);
    let [notice] = <[Message; 1]>::try_from(mails_to(old).await).expect("a notice");
    assert!(notice.text.contains(new) && !notice.text.contains("http"), "{}", notice.text);
    Browser::new(latchkey).get(&link).await.expect(410).expect_text("This link does not work any more");
    let entries = latchkey.list_items(AUDIT).await;
    let changed = entries.iter().find(|entry| entry["action"] == "member.email_changed").unwrap();
    let change = json!({ "member": "email", "old": old, "new": new });
    assert!(changed["changes"].as_array().unwrap().contains(&change), "{changed}");
    // The new address signs in, and the former one does not.
    let path = format!("/console/accounts/{ACCOUNT}");
    Browser::new(latchkey).sign_in_to_console(latchkey, new, &path).await.expect(200);
    let codes = latchkey.inspect().codes_mailed(old).await;
    let browser = Browser::new(latchkey);
    let visit = browser.get(&path).await.expect(200);
    browser.submit(&visit.form("/email").with("email", old)).await.expect(200);
    assert_eq!(latchkey.inspect().codes_mailed(old).await, codes);
}

#[tokio::test]
async fn what_acts_for_the_former_address_ends() {
    let moving = Moving::start().await;
    let Moving { latchkey, old, new } = &moving;
    let client = latchkey.fixtures().sign_in_client().await;
    latchkey.sign_in(&client, old).await;
    let browser = Browser::new(latchkey);
    let path = format!("/console/accounts/{ACCOUNT}");
    browser.sign_in_to_console(latchkey, old, &path).await.expect(200);
    moving.request(new).await.expect(200);
    confirm(latchkey, &link(new).await).await.expect(200);
    let visit = browser.get(&path).await;
    assert!(visit.response.status != 200 || !visit.contains_text("Overview"), "{}", visit.text());
    let consents = format!("{}/consents", client.path());
    latchkey.run_job().await;
    assert!(latchkey.list_items(&consents).await.is_empty());
    // The person is asked again, and what they allow then stays.
    latchkey.sign_in(&client, new).await;
    latchkey.run_job().await;
    assert_eq!(latchkey.list_items(&consents).await[0]["email"], json!(new));
}

#[tokio::test]
async fn consent_of_the_former_address_is_not_remembered_before_the_job_runs() {
    let moving = Moving::start().await;
    let Moving { latchkey, old, new } = &moving;
    let client = latchkey.fixtures().sign_in_client().await;
    latchkey.sign_in(&client, old).await;
    moving.request(new).await.expect(200);
    confirm(latchkey, &link(new).await).await.expect(200);
    let request = crate::support::sign_in::AuthorizeRequest::of(&client);
    let visit = Browser::new(latchkey).enter_email_code(latchkey, &request, new).await;
    assert_eq!(visit.response.status, 200, "the consent page");
    latchkey.sign_in(&client, new).await;
    latchkey.run_job().await;
    assert_eq!(latchkey.list_items(&format!("{}/consents", client.path())).await.len(), 1);
}

#[tokio::test]
async fn notice_that_cannot_be_sent_to_the_former_address_is_sent_by_the_job() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let moving = Moving::of(latchkey).await;
    moving.request(&moving.new).await.expect(200);
    let link = link(&moving.new).await;
    proxy.inject(InjectedFault::ses_error("Throttling", "Daily message quota exceeded."));
    confirm(&moving.latchkey, &link).await.expect(200).expect_text("to manage API clients");
    moving.latchkey.run_job().await;
    proxy.clear();
    assert!(mails_to(&moving.old).await.is_empty());
    // Until then the link says what it has done.
    Browser::new(&moving.latchkey).get(&link).await.expect(200).expect_text(&moving.new);
    for _ in 0..2 {
        moving.latchkey.run_job().await;
        assert_eq!(mails_to(&moving.old).await.len(), 1);
    }
    Browser::new(&moving.latchkey).get(&link).await.expect(410);
    assert!(moving.latchkey.inspect().partition("DELETIONS").await.is_empty());
}

#[tokio::test]
async fn only_the_newest_link_confirms_and_only_for_a_day() {
    let mut moving = Moving::start().await;
    moving.request(&moving.new).await.expect(200);
    let first = link(&moving.new).await;
    moving.request(&moving.new).await.expect(200);
    let second = link(&moving.new).await;
    assert_ne!(first, second);
    Browser::new(&moving.latchkey).get(&first).await.expect(410);
    moving.latchkey.advance(SignedDuration::from_hours(24));
    Browser::new(&moving.latchkey).get(&second).await.expect(410);
    assert_eq!(moving.member(&moving.old).await.expect(200).json()["pending_email"], Value::Null);
}

#[tokio::test]
async fn pending_address_is_given_up_by_null() {
    let moving = Moving::start().await;
    moving.request(&moving.new).await.expect(200);
    let link = link(&moving.new).await;
    let path = format!("{MEMBERS}/{}", moving.old);
    let sent_back = moving.member(&moving.old).await.json();
    moving.latchkey.patch(&path, &sent_back).await.expect(200);
    assert_ne!(
        moving.member(&moving.old).await.json()["pending_email"],
        Value::Null,
        "what was read is no change"
    );
    moving.latchkey.patch(&path, &json!({ "pending_email": "x" })).await.expect(422);
    let given_up = moving.latchkey.patch(&path, &json!({ "pending_email": null })).await.expect(200).json();
    assert_eq!(given_up["pending_email"], Value::Null);
    Browser::new(&moving.latchkey).get(&link).await.expect(410);
}

#[tokio::test]
async fn address_of_another_member_is_refused_at_the_request_and_at_the_confirmation() {
    let moving = Moving::start().await;
    let ben = moving.latchkey.fixtures().member("ben").await;
    assert_eq!(moving.request(&ben).await.expect(409).problem(), "member_exists");
    moving.request(&moving.new).await.expect(200);
    let link = link(&moving.new).await;
    moving.latchkey.fixtures().member("anna").await;
    let browser = Browser::new(&moving.latchkey);
    let visit = browser.get(&link).await.expect(200);
    browser.submit(&visit.find(|form| form.action == link)).await.expect(410);
    moving.member(&moving.old).await.expect(200);
}

#[tokio::test]
async fn an_address_is_asked_three_times_a_day() {
    let moving = Moving::start().await;
    for _ in 0..3 {
        moving.request(&moving.new).await.expect(200);
    }
    moving.request(&moving.new).await.expect(429);
    assert_eq!(mails_to(&moving.new).await.len(), 3);
}

#[tokio::test]
async fn member_with_more_rights_than_the_caller_gets_no_other_address() {
    let moving = Moving::start().await;
    let (_, token) = moving.latchkey.fixtures().administrator(ACCOUNT, &["members:manage"]).await;
    let path = format!("{MEMBERS}/{}", moving.old);
    let body = json!({ "email": moving.new });
    moving.latchkey.request("PATCH", &path).bearer(&token).json(&body).send().await.expect(403);
    assert!(mails_to(&moving.new).await.is_empty());
}

#[tokio::test]
async fn two_confirmations_at_once_move_the_member_once() {
    let moving = Moving::start().await;
    moving.request(&moving.new).await.expect(200);
    let link = link(&moving.new).await;
    let browser = Browser::new(&moving.latchkey);
    let form = browser.get(&link).await.expect(200).find(|form| form.action == link);
    let (one, two) = tokio::join!(browser.post(&form), browser.post(&form));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    // Until the former address has got its notice, the link can be used again, and says that the address is confirmed.
    assert!(statuses == [303, 410] || statuses == [303, 303], "{statuses:?}");
    let entries = moving.latchkey.list_items(AUDIT).await;
    assert_eq!(entries.iter().filter(|entry| entry["action"] == "member.email_changed").count(), 1);
    let account = moving.latchkey.get(&format!("/v1/accounts/{ACCOUNT}")).await.expect(200).json();
    assert_eq!(account["usage"]["members"], 1);
}
