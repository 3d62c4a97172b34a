//! Accounts in the console of the operator: created, found, entered.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, Form, PageVisit};
use jiff::SignedDuration;
use serde_json::{Value, json};

const LIST: &str = "/console/operator/accounts";

fn form(visit: &PageVisit) -> Form {
    visit.find(|form| form.action.starts_with("/console/operator/"))
}

async fn new_account(browser: &Browser, fields: &[(&str, &str)]) -> Form {
    let form = form(&browser.get(&format!("{LIST}/new")).await.expect(200));
    fields.iter().fold(form, |form, (name, value)| form.with(name, value))
}

async fn account(latchkey: &TestApp, id: &str) -> Value {
    latchkey.admin_request("GET", &format!("/v1/accounts/{id}")).await.send().await.expect(200).json()
}

/// How many e-mails a person got.
async fn emails_of(latchkey: &TestApp, email: &str) -> usize {
    let all = emails_to(&latchkey.mail_domain()).await;
    all.iter().filter(|sent| sent.to.iter().any(|to| to == email)).count()
}

#[tokio::test]
async fn account_is_created_with_an_administrator_and_the_entitlements_of_another() {
    let latchkey = TestApp::with_fixtures().await;
    let entitled = json!({ "entitlements": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }] });
    let path = format!("/v1/accounts/{ACCOUNT}");
    latchkey.admin_request("PATCH", &path).await.json(&entitled).send().await.expect(200);
    let browser = latchkey.operator_in_console().await;
    let email = format!("amy@{}", latchkey.mail_domain());
    let fields =
        [("account_name", "Müller & Co"), ("account_id", "mueller"), ("email", &email), ("like", ACCOUNT)];
    let sent = new_account(&browser, &fields).await;
    let visit = browser.submit(&sent).await.expect(200).expect_text("An invitation was sent");
    let visit = visit.expect_text("Müller & Co");
    assert!(
        visit.text().contains("href=\"/console/accounts/mueller/members\""),
        "its members are a click away"
    );
    browser.get("/console/accounts/mueller/members").await.expect(200).expect_text(&email);
    assert_eq!(emails_of(&latchkey, &email).await, 1, "the administrator is invited");
    let visit = browser.submit(&sent).await.expect(200);
    assert_eq!(visit.at, format!("{LIST}/mueller?done=created"), "sent twice, it is created once");
    assert_eq!(emails_of(&latchkey, &email).await, 1, "and invited once");
    assert_eq!(account(&latchkey, "mueller").await["entitlements"], entitled["entitlements"]);
    let person = Browser::new(&latchkey);
    let visit = person.sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
    assert_eq!(visit.at, "/console/accounts/mueller");
    let members = latchkey.admin_request("GET", "/v1/accounts/mueller/members").await.send().await.json();
    assert_eq!(members["items"][0]["permissions"].as_array().unwrap().len(), 5, "{members}");
}

#[tokio::test]
async fn what_is_wrong_with_a_new_account_stands_at_its_field_and_nothing_is_created() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    for (field, value, text) in [
        ("account_name", "", "must not be empty"),
        ("account_id", "a b", "must be 1 to 64"),
        ("account_id", ACCOUNT, "is taken"),
        ("email", "nobody", "must be"),
        ("like", "T404", "no account has this id"),
    ] {
        let fields =
            [("account_name", "New"), ("account_id", "new_one"), ("email", "a@b.example"), (field, value)];
        let visit = browser.submit(&new_account(&browser, &fields).await).await.expect(422);
        let visit = visit.expect_text(text);
        assert!(visit.text().contains(&format!("id=\"error-{field}\"")), "{field}");
        assert_eq!(form(&visit).get(field), Some(value), "{field} is kept");
    }
    latchkey.admin_request("GET", "/v1/accounts/new_one").await.send().await.expect(404);
}

#[tokio::test]
async fn new_account_is_shown_as_requests_with_its_administrator_and_what_it_copies() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let empty = browser.get(&format!("{LIST}/new")).await.expect(200);
    let empty = empty.expect_text("/v1/accounts/{account_id}/members'");
    empty.expect_text("\"email\": \"ann@example.com\"").expect_text("\"invite\": true");
    let entitled = json!({ "entitlements": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }] });
    let path = format!("/v1/accounts/{ACCOUNT}");
    latchkey.admin_request("PATCH", &path).await.json(&entitled).send().await.expect(200);
    let fields = [("account_name", "Müller"), ("account_id", "mueller"), ("email", "amy@b.example")];
    let form = new_account(&browser, &fields).await.with("like", ACCOUNT).with("name", &"ü".repeat(101));
    let visit = browser.submit(&form).await.expect(422).expect_text("\"account_id\": \"mueller\"");
    let visit =
        visit.expect_text("/v1/accounts/mueller/members'").expect_text("\"email\": \"amy@b.example\"");
    visit.expect_text("\"resource\": \"backoffice_api\"").expect_text("\"members:manage\"");
    let visit = browser.submit(&form.with("like", "T404")).await.expect(422);
    assert!(!visit.contains_text("curl --request"), "what would be copied is not known");
}

#[tokio::test]
async fn account_is_found_by_name_id_client_and_member() {
    let latchkey = TestApp::with_fixtures().await;
    for (id, name) in [("T1", "Acme North GmbH"), ("T2", "Acme South GmbH"), ("T3", "Straßenbau Öl")] {
        let body = json!({ "account_id": id, "account_name": name });
        latchkey.admin_request("POST", "/v1/accounts").await.json(&body).send().await.expect(201);
    }
    let client = latchkey.fixtures().client_with("T2", &json!({})).await;
    let email = latchkey.fixtures().member_with("T1", "ann", &["clients:read"]).await;
    let browser = latchkey.operator_in_console().await;
    let found = async |text: &str| {
        let query = crate::support::sign_in::browser::url_encoded([("q", text)].into_iter());
        let visit = browser.get(&format!("{LIST}?{query}")).await.expect(200);
        let ids = ["T1", "T2", "T3", ACCOUNT];
        let is_shown = |id: &&str| visit.text().contains(&format!("<code class=\"id\">{id}</code>"));
        ids.into_iter().filter(is_shown).collect::<Vec<_>>().join(" ")
    };
    for (text, ids) in [
        ("acme", "T1 T2"),
        ("ACME nor", "T1"),
        ("gmbh south", "T2"),
        ("strassenbau", "T3"),
        ("STRASSENBAU öl", "T3"),
        ("cme", ""),
        ("T3", "T3"),
        ("T1234", ACCOUNT),
        (ACCOUNT, ACCOUNT),
        (&client.client_id, "T2"),
        (&email, "T1"),
        ("unknown@b.example", ""),
        ("lk_unknown", ""),
        ("&", ""),
    ] {
        assert_eq!(found(text).await, ids, "{text}");
    }
    let visit = browser.get(&format!("{LIST}?q={}", client.client_id)).await.expect(200);
    let link = format!("href=\"/console/accounts/T2/clients/{}\"", client.client_id);
    assert!(visit.text().contains(&link), "the client is named");
    let renamed = json!({ "account_name": "Zebra" });
    latchkey.admin_request("PATCH", "/v1/accounts/T1").await.json(&renamed).send().await.expect(200);
    assert_eq!((found("zeb").await.as_str(), found("north").await.as_str()), ("T1", ""));
    assert_eq!(found("acme").await, "T2");
    browser.get(LIST).await.expect(200).expect_text("Zebra").expect_text("Straßenbau Öl");
}

#[tokio::test]
async fn operator_who_enters_an_account_is_in_its_audit_trail_with_what_they_change() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.operator_in_console().await;
    let account = browser.get(&format!("{LIST}/{ACCOUNT}")).await.expect(200);
    let home = format!("/console/accounts/{ACCOUNT}");
    assert!(account.text().contains(&format!("href=\"{home}\"")), "it is a click away");
    let visit = browser.get(&home).await.expect(200);
    visit.expect_text("as operator");
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}/disable", client.client_id);
    let visit = browser.get(&path).await.expect(200).expect_text("as operator");
    browser.submit(&visit.form("/disable")).await.expect(200);
    let trail = format!("/v1/accounts/{ACCOUNT}/audit?limit=2");
    let trail = latchkey.admin_request("GET", &trail).await.send().await.expect(200).json();
    for (entry, action) in
        trail["items"].as_array().unwrap().iter().zip(["client.disabled", "account.entered"])
    {
        assert_eq!(entry["action"], action);
        assert_eq!(entry["actor"]["account_id"], latchkey.server.operator.account_id.as_str(), "{entry}");
        assert!(entry["actor"]["email"].as_str().unwrap().starts_with("olga@"), "{entry}");
    }
    browser.get(&format!("{LIST}/T404")).await.expect(404);
}

#[tokio::test]
async fn changes_of_accounts_need_a_recent_proof_of_who_it_is() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let mut forms = Vec::new();
    for page in ["new", "T12345678/disable", "T12345678/enable", "T12345678/delete", "T12345678/entitlements"]
    {
        forms.push(form(&browser.get(&format!("{LIST}/{page}")).await.expect(200)));
    }
    latchkey.advance(SignedDuration::from_mins(11));
    for form in forms {
        let response = browser.post(&form).await;
        let location = response.header("location");
        assert!(location.starts_with("/console/confirm?to="), "{}: {response:?}", form.action);
    }
}
