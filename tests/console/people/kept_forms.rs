//! Forms that are kept while a person signs in or confirms who they are: whose they are, what is not kept, and how long.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, Form};
use crate::support::sign_in::console::{ADMINISTRATOR, confirm, shown_id, shown_secret};
use jiff::SignedDuration;
use serde_json::json;

pub(super) const KEPT: &str = "What you typed is kept";

/// The forms that are kept, as they are stored.
pub(super) async fn stored(latchkey: &TestApp) -> Vec<String> {
    latchkey.inspect().grants("CONSOLE#DRAFTS#").await.iter().map(|item| format!("{item:?}")).collect()
}

/// The page that a confirmation leads to.
fn page_after(location: &str) -> String {
    let to = location.split_once("to=").unwrap().1;
    to.replace("%2F", "/").replace("%3F", "?").replace("%3D", "=").replace("%26", "&")
}

pub(super) fn client_page(client: &TestClient, below: &str) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{}{below}", client.client_id)
}

async fn filled(browser: &Browser) -> Form {
    let new = format!("/console/accounts/{ACCOUNT}/clients/new?template=secret");
    let form = browser.get(&new).await.expect(200).form("/clients/new");
    form.with("client_name", "Warehouse")
        .with("contacts", "ops@example.com")
        .with("allowed_ips", "203.0.113.0/24")
        .and("scope", "backoffice_api orders:read")
}

#[tokio::test]
async fn client_of_a_slow_form_is_created_with_all_that_was_typed_and_only_once() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let ann = format!("ann@{}", latchkey.mail_domain());
    let form = filled(&browser).await;
    latchkey.advance(SignedDuration::from_mins(12));
    let location = browser.post(&form).await.expect(303).header("location").to_owned();
    let kept = stored(&latchkey).await;
    assert!(kept.len() == 1 && kept[0].contains("Warehouse"), "{kept:?}");
    assert!(!kept[0].contains(form.get("csrf_token").unwrap()), "{kept:?}");
    let id = page_after(&location).split("draft=").nth(1).unwrap().to_owned();
    assert!(!kept[0].contains(&id), "only its digest is stored: {kept:?}");
    let visit = confirm(&browser, &latchkey, &ann, &location).await.expect(200).expect_text(KEPT);
    let visit = browser.submit(&visit.form("/clients/new")).await.expect(200);
    let made = format!("/v1/accounts/{ACCOUNT}/clients/{}", shown_id(&visit));
    let made = latchkey.admin_request("GET", &made).await.send().await.expect(200).json();
    assert_eq!((&made["client_name"], &made["contacts"]), (&json!("Warehouse"), &json!(["ops@example.com"])));
    assert_eq!(made["allowed_ips"], json!(["203.0.113.0/24"]));
    assert_eq!(made["permissions"][0]["scopes"], json!(["orders:read"]));
    assert_eq!(stored(&latchkey).await, Vec::<String>::new(), "it has done its work");
}

#[tokio::test]
async fn form_whose_client_was_created_already_makes_no_second_one_after_a_confirmation() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let ann = format!("ann@{}", latchkey.mail_domain());
    let mut form = filled(&browser).await;
    for _ in 0..2 {
        latchkey.advance(SignedDuration::from_mins(12));
        let location = browser.post(&form).await.expect(303).header("location").to_owned();
        let visit = confirm(&browser, &latchkey, &ann, &location).await.expect(200).expect_text(KEPT);
        form = visit.form("/clients/new");
        // The response to the first one is lost on the way.
        browser.post(&form).await.expect(200);
    }
    let visit = browser.submit(&form).await.expect(200);
    assert!(!visit.text().contains(">lks_"), "{}", visit.text());
    let list = format!("/v1/accounts/{ACCOUNT}/clients");
    let list = latchkey.admin_request("GET", &list).await.send().await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn slow_duplicate_and_slow_rotation_lose_nothing() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let ann = format!("ann@{}", latchkey.mail_domain());
    let duplicate = browser.get(&client_page(&client, "/duplicate")).await.expect(200).form("/clients/new");
    let duplicate = duplicate.with("contacts", "ops@example.com");
    let rotate = client_page(&client, "/credentials/rotate");
    let rotate = browser.get(&rotate).await.expect(200).form("/rotate").with("label", "February");
    for form in [duplicate, rotate] {
        latchkey.advance(SignedDuration::from_mins(12));
        // The session is another one since the first confirmation, but a person keeps a page open.
        let form = form.clone().with("csrf_token", &browser.form_token(&form.action));
        let location = browser.post(&form).await.expect(303).header("location").to_owned();
        let visit = confirm(&browser, &latchkey, &ann, &location).await.expect(200).expect_text(KEPT);
        let again = visit.form(&form.action);
        let typed = |form: &Form| {
            let own = form.fields.iter().filter(|(name, value)| {
                !["csrf_token", "draft"].contains(&name.as_str()) && !value.is_empty()
            });
            let mut own: Vec<_> = own.cloned().collect();
            own.sort();
            own
        };
        assert_eq!(typed(&again), typed(&form), "{}", form.action);
        shown_secret(&browser.submit(&again).await.expect(200));
    }
}

#[tokio::test]
async fn form_is_shown_to_its_person_on_its_page_for_an_hour() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let domain = latchkey.mail_domain();
    let form = filled(&browser).await;
    latchkey.advance(SignedDuration::from_mins(12));
    let location = browser.post(&form).await.expect(303).header("location").to_owned();
    let page = page_after(&location);
    let ben = latchkey.fixtures().member_with(ACCOUNT, "ben", &ADMINISTRATOR).await;
    let other = Browser::new(&latchkey);
    let visit = other.sign_in_to_console(&latchkey, &ben, &page).await.expect(200);
    assert!(!visit.contains_text(KEPT) && !visit.text().contains("Warehouse"), "{}", visit.text());
    confirm(&browser, &latchkey, &format!("ann@{domain}"), &location).await.expect(200).expect_text(KEPT);
    let elsewhere = page.replace("/clients/new?", "/members/new?");
    let visit = browser.get(&elsewhere).await.expect(200);
    assert!(!visit.contains_text(KEPT), "{}", visit.text());
    let forged = page.split("draft=").next().unwrap().to_owned();
    for other in ["draft=", &format!("draft={}", "0".repeat(32)), "draft=%3Cb%3E&client_name=Linked"] {
        let visit = browser.get(&format!("{forged}{other}")).await.expect(200);
        let says_link = visit.contains_text("by the link that you followed");
        assert!(!visit.contains_text(KEPT), "{}", visit.text());
        assert_eq!(says_link, other.contains("Linked"), "{other}");
    }
    latchkey.advance(SignedDuration::from_mins(9));
    browser.get(&page).await.expect(200).expect_text(KEPT);
    for minutes in [20, 20] {
        latchkey.advance(SignedDuration::from_mins(minutes));
        browser.get("/console/me").await.expect(200);
    }
    let visit = browser.get(&page).await.expect(200).expect_text("Confirm it is you");
    let visit = browser.submit(&visit.form("/email")).await.expect(200);
    let code = latchkey.inspect().mailed_code(&format!("ann@{domain}")).await;
    let visit = browser.submit(&visit.form("/code").with("code", &code)).await.expect(200).expect_text(KEPT);
    assert!(visit.at.contains("draft="), "a slow confirmation loses nothing either: {}", visit.at);
    latchkey.advance(SignedDuration::from_mins(9));
    browser.get(&page).await.expect(200).expect_text(KEPT);
    latchkey.advance(SignedDuration::from_mins(3));
    // The confirmation of 12 minutes ago is not enough for the form.
    let visit = confirm(
        &browser,
        &latchkey,
        &format!("ann@{domain}"),
        &format!("/console/confirm?to={}", page.replace('&', "%26")),
    )
    .await;
    assert!(!visit.expect(200).contains_text(KEPT), "it has expired");
}

#[tokio::test]
async fn form_of_another_account_is_not_shown() {
    const OTHER: &str = "T99999999";
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account(OTHER).await;
    let browser = latchkey.operator_in_console().await;
    let olga = format!("olga@{}", latchkey.mail_domain());
    let form = filled(&browser).await;
    latchkey.advance(SignedDuration::from_mins(12));
    let location = browser.post(&form).await.expect(303).header("location").to_owned();
    confirm(&browser, &latchkey, &olga, &location).await.expect(200).expect_text(KEPT);
    let other = page_after(&location).replace(ACCOUNT, OTHER);
    let visit = browser.get(&other).await.expect(200);
    assert!(!visit.contains_text(KEPT) && !visit.text().contains("Warehouse"), "{}", visit.text());
}

#[tokio::test]
async fn a_person_has_few_forms_and_no_key_is_in_them() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let new = format!("/console/accounts/{ACCOUNT}/clients/new?template=key");
    let form = browser.get(&new).await.expect(200).form("/clients/new").with("client_name", "Signer");
    latchkey.advance(SignedDuration::from_mins(12));
    for number in 0..30 {
        let key = if number % 2 == 0 {
            "-----BEGIN PRIVATE KEY-----\nMARKED\n-----END PRIVATE KEY-----"
        } else {
            r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"MARKED"}]}"#
        };
        browser.post(&form.clone().with("public_key_pem", key)).await.expect(303);
    }
    let kept = stored(&latchkey).await;
    assert!(!kept.is_empty() && kept.len() <= 8, "{}", kept.len());
    assert!(!format!("{kept:?}").contains("MARKED"), "{kept:?}");
}
