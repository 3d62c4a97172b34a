//! A contact stops the reminders about an account's clients, by the link in each of them, and an administrator decides for
//! members.

use crate::support::app::{ISSUER, TestApp};
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::event_bus::{BUS, delivered, received, with_event_bus};
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use crate::support::inspect::Inspect;
use crate::support::sign_in::browser::page_text;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::adapters::crypto::mail_link::seal_mail_link;
use shared::domain::account::mail::MailRecipient;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

impl Inspect<'_> {
    /// The path of the link in the latest e-mail to an address.
    pub async fn stop_link(self, email: &str) -> Option<String> {
        let (_, domain) = email.split_once('@').unwrap();
        let mut all = emails_to(domain).await.into_iter();
        let latest = all.rfind(|message| message.to.iter().any(|to| to == email)).unwrap();
        let (_, link) = latest.text.split_once(&format!("Stop these e-mails: {ISSUER}"))?;
        Some(link.split_whitespace().next().unwrap().to_owned())
    }
}

/// A client that this contact and this member are reminded of, once the job has run.
async fn reminded(latchkey: &mut TestApp, contact: &str, member: &str) -> TestClient {
    latchkey.fixtures().manager(ACCOUNT, member).await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "contacts": [contact] })).await;
    latchkey.advance(DAY * 77);
    assert_eq!(latchkey.run_job().await.sent, 2);
    client
}

async fn post(latchkey: &TestApp, link: &str, body: &str) -> TestResponse {
    latchkey.request("POST", link).form(body).send().await
}

/// The e-mails of the run at the next threshold, to everyone at this domain.
async fn next_reminder(latchkey: &mut TestApp, days: i32, domain: &str) -> Vec<String> {
    let before = emails_to(domain).await.len();
    latchkey.advance(DAY * days);
    latchkey.run_job().await;
    emails_to(domain).await.into_iter().skip(before).flat_map(|email| email.to).collect()
}

/// The actions on mail in the account's trail, oldest first, with the address that acted.
async fn trail(latchkey: &TestApp) -> Vec<(String, Value)> {
    let entries = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit")).await;
    let mut mail: Vec<_> = entries
        .into_iter()
        .filter(|entry| entry["action"].as_str().unwrap().starts_with("mail."))
        .map(|entry| (entry["action"].as_str().unwrap().to_owned(), entry["actor"]["email"].clone()))
        .collect();
    mail.reverse();
    mail
}

#[tokio::test]
async fn a_contact_stops_reminders_by_one_click_and_can_have_them_again() {
    let (mut latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.fixtures().seed().await;
    let domain = latchkey.mail_domain();
    let (contact, member) = (format!("contact@{domain}"), format!("member@{domain}"));
    let client = reminded(&mut latchkey, &contact, &member).await;
    received(&proxy);
    assert_eq!(latchkey.inspect().stop_link(&member).await, None, "members have no link");
    let link = latchkey.inspect().stop_link(&contact).await.unwrap();
    assert!(!link.contains("contact"), "no address is in a URL");

    // Opening the page changes nothing: mail servers follow links.
    for _ in 0..2 {
        let page = latchkey.request("GET", &link).send().await.expect(200);
        assert!(page_text(&page.text()).contains("Stop these e-mails?"), "{}", page.text());
        assert!(page.header("content-security-policy").contains("form-action 'self';"));
    }
    // Twice: a mail program may repeat it.
    for _ in 0..2 {
        let stopped = post(&latchkey, &link, ONE_CLICK).await.expect(200);
        assert!(page_text(&stopped.text()).contains("You get no more of these e-mails"));
    }
    let shown = latchkey.get(&client.path()).await.expect(200).json();
    assert_eq!(shown["suppressed_contacts"][0]["email"], contact);
    assert_eq!(shown["suppressed_contacts"][0]["reason"], "stopped");
    assert_eq!(shown["contacts"], json!([contact]), "the list itself is the administrator's");
    assert_eq!(next_reminder(&mut latchkey, 7, &domain).await, std::slice::from_ref(&member));

    let page = latchkey.request("GET", &link).send().await.expect(200);
    assert!(page_text(&page.text()).contains("Send them again"));
    for _ in 0..2 {
        post(&latchkey, &link, "decision=resume").await.expect(200);
    }
    assert_eq!(latchkey.get(&client.path()).await.json()["suppressed_contacts"], json!([]));
    assert_eq!(next_reminder(&mut latchkey, 6, &domain).await, [contact.clone(), member]);
    let by_contact = |action: &str| (action.to_owned(), json!(contact));
    assert_eq!(trail(&latchkey).await, [by_contact("mail.stopped"), by_contact("mail.resumed")]);
    let events: Vec<Value> = received(&proxy).iter().flatten().map(delivered).collect();
    let mail = events.iter().filter_map(|event| event["detail-type"].as_str()?.strip_prefix("mail."));
    assert_eq!(mail.collect::<Vec<_>>(), ["stopped", "resumed"]);
}

#[tokio::test]
async fn a_link_stops_the_mail_of_one_account_to_one_address() {
    let mut latchkey = TestApp::with_fixtures().await;
    let domain = latchkey.mail_domain();
    let (contact, member) = (format!("contact@{domain}"), format!("member@{domain}"));
    reminded(&mut latchkey, &contact, &member).await;
    latchkey.fixtures().account("T2").await;
    latchkey.fixtures().client_with("T2", &json!({ "contacts": [contact] })).await;
    let link = latchkey.inspect().stop_link(&contact).await.unwrap();
    post(&latchkey, &link, ONE_CLICK).await.expect(200);
    assert_eq!(next_reminder(&mut latchkey, 77, &domain).await, [contact], "of the other account");
}

#[tokio::test]
async fn other_links_and_forms_stop_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let peppers = latchkey.server.management.app.peppers(latchkey.now()).await.unwrap();
    let link = |account: &str| {
        let recipient = MailRecipient {
            account_id: AccountId::parse(account).unwrap(),
            email: EmailAddress::parse("ann@acme.example").unwrap(),
        };
        format!("/mail/stop/{}", seal_mail_link(&peppers, &recipient))
    };
    let good = link(ACCOUNT);
    let flipped = format!("{}{}", &good[..good.len() - 1], if good.ends_with('A') { 'Q' } else { 'A' });
    for bad in ["/mail/stop/x".to_owned(), "/mail/stop/%ff".to_owned(), flipped, link("T999")] {
        for method in ["GET", "POST"] {
            let page = latchkey.request(method, &bad).form(ONE_CLICK).send().await.expect(404);
            assert!(page_text(&page.text()).contains("This link does not work"), "{method} {bad}");
        }
    }
    for body in ["", "decision=stop", "List-Unsubscribe=no", "List-Unsubscribe=One-Click&decision=resume"] {
        post(&latchkey, &good, body).await.expect(400);
    }
    let foreign = latchkey.request("POST", &good).header("origin", "https://evil.example");
    foreign.form("decision=resume").send().await.expect(403);
    assert_eq!(latchkey.request("PUT", &good).send().await.expect(405).header("allow"), "GET, HEAD, POST");
    assert_eq!(trail(&latchkey).await, []);
}

#[tokio::test]
async fn one_recipient_changes_it_twenty_times_an_hour() {
    let mut latchkey = TestApp::with_fixtures().await;
    let domain = latchkey.mail_domain();
    let (contact, member) = (format!("contact@{domain}"), format!("member@{domain}"));
    reminded(&mut latchkey, &contact, &member).await;
    let link = latchkey.inspect().stop_link(&contact).await.unwrap();
    for number in 0..20 {
        let body = if number % 2 == 0 { ONE_CLICK } else { "decision=resume" };
        post(&latchkey, &link, body).await.expect(200);
    }
    let refused = post(&latchkey, &link, ONE_CLICK).await.expect(429);
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(trail(&latchkey).await.len(), 20);
}

#[tokio::test]
async fn a_fault_says_so_and_the_next_click_stops() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let domain = latchkey.mail_domain();
    let (contact, member) = (format!("contact@{domain}"), format!("member@{domain}"));
    let client = reminded(&mut latchkey, &contact, &member).await;
    let link = latchkey.inspect().stop_link(&contact).await.unwrap();
    for operation in ["GetItem", "UpdateItem", "TransactWriteItems"] {
        proxy.inject(InjectedFault::json_error(operation, "AccessDeniedException"));
        post(&latchkey, &link, ONE_CLICK).await.expect(503);
        proxy.clear();
    }
    assert_eq!(latchkey.get(&client.path()).await.json()["suppressed_contacts"], json!([]));
    post(&latchkey, &link, ONE_CLICK).await.expect(200);
    assert_eq!(trail(&latchkey).await.len(), 1);
}

#[tokio::test]
async fn a_member_without_mail_is_not_reminded() {
    let mut latchkey = TestApp::with_fixtures().await;
    let domain = latchkey.mail_domain();
    let (silent, reminded) = (format!("silent@{domain}"), format!("reminded@{domain}"));
    for email in [&silent, &reminded] {
        latchkey.fixtures().manager(ACCOUNT, email).await;
    }
    let path = format!("/v1/accounts/{ACCOUNT}/members/{silent}");
    let member = latchkey.patch(&path, &json!({ "mail": false })).await.expect(200).json();
    assert_eq!((&member["mail"], &member["mail_suppressed_since"]), (&json!(false), &Value::Null));
    // Also where they are a contact: they want no e-mails.
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "contacts": [silent] })).await;
    assert_eq!(next_reminder(&mut latchkey, 77, &domain).await, std::slice::from_ref(&reminded));
    latchkey.patch(&path, &json!({ "mail": true })).await.expect(200);
    assert_eq!(next_reminder(&mut latchkey, 7, &domain).await.len(), 2);
}
