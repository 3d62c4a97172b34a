//! Inviting members: the e-mail, how often it is sent, what ends the invitation, and who may invite.

use crate::support::app::{ISSUER, TestApp};
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::Browser;
use crate::v1::{AUDIT, MEMBERS};
use jiff::SignedDuration;
use local::mailbox::Message;
use serde_json::{Value, json};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn invited(email: &str) -> Value {
    json!({ "email": email, "name": "Ben", "permissions": ["clients:read", "clients:manage"], "invite": true })
}

/// Invites Ben. Returns his address and the answer.
async fn invite_ben(latchkey: &TestApp) -> (String, TestResponse) {
    let email = format!("ben@{}", latchkey.mail_domain());
    let answer = latchkey.post(MEMBERS, &invited(&email)).await.expect(201);
    (email, answer)
}

async fn invite_again(latchkey: &TestApp, email: &str) -> TestResponse {
    latchkey.post(&format!("{MEMBERS}/{email}/invitation"), &json!({})).await
}

async fn mails_to(email: &str) -> Vec<Message> {
    let all = emails_to(email.split_once('@').unwrap().1).await;
    all.into_iter().filter(|mail| mail.to == [email]).collect()
}

async fn member(latchkey: &TestApp, email: &str) -> Value {
    latchkey.get(&format!("{MEMBERS}/{email}")).await.expect(200).json()
}

#[tokio::test]
async fn invitation_says_who_invites_and_holds_no_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let (email, answer) = invite_ben(&latchkey).await;
    assert_eq!(answer.json()["email_delivery"], json!({ "sent": true }));
    let until: jiff::Timestamp = answer.string("invited_until").parse().unwrap();
    let left = until.duration_since(latchkey.now());
    assert!(left > DAY * 7 - SignedDuration::from_mins(5) && left <= DAY * 7, "{left:?}");
    let [mail] = <[Message; 1]>::try_from(mails_to(&email).await).expect("one mail");
    for fact in [email.as_str(), ACCOUNT, &format!("{ISSUER}/console/accounts/{ACCOUNT}\n")] {
        assert!(mail.text.replace('\r', "").contains(fact), "{fact}: {}", mail.text);
    }
    assert_eq!(mail.html.unwrap().matches("href=").count(), 1);
    assert_eq!(member(&latchkey, &email).await["last_signed_in_at"], Value::Null);
}

#[tokio::test]
async fn invitation_is_in_the_language_of_the_member_else_of_the_account() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.patch(&format!("/v1/accounts/{ACCOUNT}"), &json!({ "locale": "de" })).await.expect(200);
    let (email, _) = invite_ben(&latchkey).await;
    assert!(mails_to(&email).await[0].subject.starts_with("Einladung zu "));
    let other = format!("eve@{}", latchkey.mail_domain());
    let mut body = invited(&other);
    body["locale"] = json!("en");
    latchkey.post(MEMBERS, &body).await.expect(201);
    assert!(mails_to(&other).await[0].subject.starts_with("Invitation to "));
}

#[tokio::test]
async fn first_sign_in_ends_the_invitation() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (email, _) = invite_ben(&latchkey).await;
    let path = format!("/console/accounts/{ACCOUNT}");
    Browser::new(&latchkey).sign_in_to_console(&latchkey, &email, &path).await.expect(200);
    let ben = member(&latchkey, &email).await;
    assert_eq!(ben["invited_until"], Value::Null);
    let first: jiff::Timestamp = ben["last_signed_in_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(invite_again(&latchkey, &email).await.expect(409).problem(), "not_invited");
    // Written once a day, and no change of the member.
    let tag = latchkey.get(&format!("{MEMBERS}/{email}")).await.etag();
    latchkey.advance(DAY);
    Browser::new(&latchkey).sign_in_to_console(&latchkey, &email, &path).await.expect(200);
    let again = latchkey.get(&format!("{MEMBERS}/{email}")).await;
    let second: jiff::Timestamp = again.string("last_signed_in_at").parse().unwrap();
    assert!(second.duration_since(first) >= DAY);
    let version = |tag: &str| tag.split('-').next().unwrap().to_owned();
    assert_eq!(version(&again.etag()), version(&tag));
}

#[tokio::test]
async fn sign_in_to_a_client_ends_the_invitation_too() {
    let latchkey = TestApp::with_fixtures().await;
    let (email, _) = invite_ben(&latchkey).await;
    let client = latchkey.fixtures().sign_in_client().await;
    latchkey.sign_in(&client, &email).await;
    let ben = member(&latchkey, &email).await;
    assert_eq!(ben["invited_until"], Value::Null);
    assert_ne!(ben["last_signed_in_at"], Value::Null);
}

#[tokio::test]
async fn an_address_is_invited_again_three_times_a_day_also_if_it_is_removed_between() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (email, _) = invite_ben(&latchkey).await;
    latchkey.delete(&format!("{MEMBERS}/{email}")).await.expect(204);
    latchkey.post(MEMBERS, &invited(&email)).await.expect(201);
    for _ in 0..2 {
        assert_eq!(invite_again(&latchkey, &email).await.expect(200).json()["email_delivery"]["sent"], true);
    }
    invite_again(&latchkey, &email).await.expect(429);
    latchkey.delete(&format!("{MEMBERS}/{email}")).await.expect(204);
    let added = latchkey.post(MEMBERS, &invited(&email)).await.expect(201).json();
    assert_eq!(added["email_delivery"]["reason"], "daily_limit");
    assert_eq!(mails_to(&email).await.len(), 4, "the first one, and three");
    latchkey.advance(DAY);
    for _ in 0..2 {
        invite_again(&latchkey, &email).await.expect(200);
    }
    let again = invite_again(&latchkey, &email).await.expect(200).json();
    invite_again(&latchkey, &email).await.expect(429);
    assert_eq!(again["email_delivery"], json!({ "sent": true }));
    let until: jiff::Timestamp = again["invited_until"].as_str().unwrap().parse().unwrap();
    assert!(until.duration_since(latchkey.now()) > DAY * 7 - SignedDuration::from_mins(5));
}

#[tokio::test]
async fn invitations_count_among_the_mails_of_the_accounts_day() {
    let latchkey = TestApp::with_fixtures().await;
    let limits = json!({ "limits": { "mail_recipients_per_day": 1 } });
    latchkey.patch("/v1/accounts/T12345678", &limits).await.expect(200);
    invite_ben(&latchkey).await;
    let other = format!("eve@{}", latchkey.mail_domain());
    let added = latchkey.post(MEMBERS, &invited(&other)).await.expect(201).json();
    assert_eq!(added["email_delivery"]["reason"], "recipient_limit");
    assert_ne!(added["invited_until"], Value::Null, "the member stays");
    assert!(mails_to(&other).await.is_empty());
    let account = latchkey.get("/v1/accounts/T12345678").await.expect(200).json();
    assert_eq!(account["usage"]["mail_recipients_today"], 1);
}

/// Invites someone while SES answers like this.
async fn invite_during(fault: InjectedFault) -> Value {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    proxy.inject(fault);
    let (email, answer) = invite_ben(&latchkey).await;
    proxy.clear();
    assert!(mails_to(&email).await.is_empty());
    assert_ne!(member(&latchkey, &email).await["invited_until"], Value::Null, "the member stays");
    answer.json()["email_delivery"].clone()
}

#[tokio::test]
async fn member_stays_if_the_mail_cannot_be_sent() {
    for (fault, reason) in [
        (InjectedFault::ses_error("MessageRejected", "Address is not verified."), "rejected"),
        (InjectedFault::ses_error("Throttling", "Daily message quota exceeded."), "quota_reserved"),
        (InjectedFault::used_quota(100, 90, 14), "quota_reserved"),
    ] {
        let delivery = invite_during(fault).await;
        assert_eq!((&delivery["sent"], &delivery["reason"]), (&json!(false), &json!(reason)));
        assert!(delivery["detail"].as_str().unwrap().contains("POST …/invitation"), "{delivery}");
    }
}

#[tokio::test]
async fn repeat_of_an_invitation_sends_no_second_mail() {
    let latchkey = TestApp::with_fixtures().await;
    let email = format!("ben@{}", latchkey.mail_domain());
    let send = async |path: String, body: Value| {
        let request = latchkey.admin_request("POST", &path).await.header("idempotency-key", "once");
        request.json(&body).send().await
    };
    send(MEMBERS.to_owned(), invited(&email)).await.expect(201);
    let repeat = send(MEMBERS.to_owned(), invited(&email)).await.expect(201).json();
    assert_eq!(repeat.get("email_delivery"), None);
    let path = format!("{MEMBERS}/{email}/invitation");
    send(path.clone(), json!({})).await.expect(200);
    send(path, json!({})).await.expect(200);
    assert_eq!(mails_to(&email).await.len(), 2);
}

#[tokio::test]
async fn member_without_an_invitation_gets_no_mail_and_no_end() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member("ben").await;
    assert_eq!(member(&latchkey, &email).await["invited_until"], Value::Null);
    assert_eq!(invite_again(&latchkey, &email).await.expect(409).problem(), "not_invited");
    assert!(mails_to(&email).await.is_empty());
    invite_again(&latchkey, "nobody@acme.example").await.expect(404);
}

#[tokio::test]
async fn account_that_is_disabled_invites_no_one() {
    let latchkey = TestApp::with_fixtures().await;
    let (email, _) = invite_ben(&latchkey).await;
    latchkey.patch(&format!("/v1/accounts/{ACCOUNT}"), &json!({ "status": "disabled" })).await.expect(200);
    assert_eq!(invite_again(&latchkey, &email).await.expect(409).problem(), "account_disabled");
    let other = format!("eve@{}", latchkey.mail_domain());
    latchkey.post(MEMBERS, &invited(&other)).await.expect(409);
    assert_eq!(mails_to(&email).await.len(), 1);
    assert!(mails_to(&other).await.is_empty());
}

/// The operator's address as a member of a tenant's account gives the tenant nothing of the operator's account.
#[tokio::test]
async fn inviting_an_operators_address_opens_nothing_of_the_operators_account() {
    let latchkey = TestApp::with_fixtures().await;
    let operators = "/v1/accounts/T00000001/members";
    let email = format!("op@{}", latchkey.mail_domain());
    let body = json!({ "email": email, "name": "Op", "permissions": ["accounts:manage", "members:manage"] });
    latchkey.post(operators, &body).await.expect(201);
    let scopes = ["members:manage", "clients:read", "clients:manage"];
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &scopes).await;
    let mut body = invited(&email);
    let invite =
        async |body: &Value| latchkey.request("POST", MEMBERS).bearer(&token).json(body).send().await;
    body["permissions"] = json!(["accounts:manage"]);
    invite(&body).await.expect(403);
    body["permissions"] = json!(["clients:read"]);
    invite(&body).await.expect(201);
    // A link made by the tenant acts in the tenant's account only.
    let links = format!("/v1/accounts/{ACCOUNT}/console-links");
    let issued =
        latchkey.request("POST", &links).bearer(&token).json(&json!({ "email": email })).send().await;
    let url = issued.expect(201).string("url");
    let browser = Browser::new(&latchkey);
    let link = &url[ISSUER.len()..];
    let visit = browser.get(link).await.expect(200);
    browser.submit(&visit.find(|form| form.action == link)).await;
    assert!(browser.get("/console/accounts/T00000001").await.response.status != 200);
    let path = "/console/accounts/T00000001/enter";
    let form = format!("csrf_token={}", browser.form_token(path));
    let own = ("sec-fetch-site", "same-origin");
    browser.request("POST", path).header(own.0, own.1).form(&form).send().await.expect(404);
}

#[tokio::test]
async fn invitations_are_in_the_audit_trail() {
    let latchkey = TestApp::with_fixtures().await;
    let (email, _) = invite_ben(&latchkey).await;
    invite_again(&latchkey, &email).await.expect(200);
    let entries = latchkey.list_items(AUDIT).await;
    let actions: Vec<&str> = entries.iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert!(actions.contains(&"member.added") && actions.contains(&"member.invited"), "{actions:?}");
    let invited = entries.iter().find(|entry| entry["action"] == "member.invited").unwrap();
    assert_eq!(invited["changes"][0]["member"], "invited_until", "{invited}");
}
