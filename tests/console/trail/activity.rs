//! Why a client was refused, in words, and who changed it.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use serde_json::json;
use shared::domain::oauth::refusal::{RefusalNote, RefusalReason};
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::domain::primitives::language::Language;
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn refusals_are_in_words_with_the_remedy() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "allowed_ips": ["203.0.113.0/24"] });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let request = latchkey.request("POST", "/oauth/token").basic(&client.client_id, &client.client_secret);
    request.from("198.51.100.9").form("grant_type=client_credentials").send().await.expect(401);
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}/activity", client.client_id);
    let visit = browser.get(&path).await.expect(200);
    let visit = visit
        .expect_text("An address that is not allowed")
        .expect_text("address_not_allowed")
        .expect_text("allow this address")
        .expect_text("198.51.100.9")
        .expect_text("in one hour of the last 7 days")
        .expect_text("The operator created Order sync");
    assert!(visit.text().contains(&format!("/clients/{}/settings", client.client_id)));

    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let visit = reader.sign_in_to_console(&latchkey, &email, &path).await.expect(200);
    let visit = visit.expect_text("An address that is not allowed");
    assert!(!visit.contains_text("created Order sync"), "changes are for those who may read the audit trail");
    assert!(!visit.text().contains("/settings\""), "who may not change it is not led there");
}

#[tokio::test]
async fn client_that_was_not_refused_says_so() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}/activity", client.client_id);
    browser.get(&path).await.expect(200).expect_text("It was not refused in the last seven days.");
}

/// The cells of each row of the table of refusals, by the reason's name: what happened, and what to do.
fn told(html: &str) -> BTreeMap<String, (String, String)> {
    let table = html.split("<tbody").nth(1).expect("a table").split("</tbody>").next().unwrap();
    let row = |row: &str| {
        let cells: Vec<&str> = row.split("<td ").skip(1).collect();
        let code =
            cells[0].split("<code class=\"soft\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let words = cells[0].split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
        let remedy = cells[1].split("<div>").nth(1).unwrap().split('<').next().unwrap().trim().to_owned();
        (code, (words, remedy))
    };
    table.split("<tr ").skip(1).map(row).collect()
}

#[tokio::test]
async fn every_reason_is_told_in_words_with_a_remedy_in_every_language() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (account, id) = (AccountId::parse(ACCOUNT).unwrap(), ClientId::parse(&client.client_id).unwrap());
    let store = &latchkey.server.management.app.store;
    for reason in RefusalReason::all() {
        let note = RefusalNote::new(reason, None, latchkey.now());
        store.note_refusal(&account, &id, &note).await.unwrap();
    }
    let names: BTreeSet<String> = RefusalReason::all().map(|reason| reason.as_str().to_owned()).collect();
    assert!(names.len() > 25, "{names:?}");
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}/activity", client.client_id);
    let mut pages = Vec::new();
    for language in [Language::English, Language::German] {
        let visit = browser.get(&format!("{path}?ui_locales={}", language.tag())).await.expect(200);
        let told = told(&visit.text());
        assert_eq!(told.keys().cloned().collect::<BTreeSet<_>>(), names, "{}", language.tag());
        for (name, (words, remedy)) in &told {
            for said in [words, remedy] {
                assert!(said.contains(' ') && !said.contains("refusal-"), "{name}: {said}");
            }
            assert_ne!(words, remedy, "{name}");
        }
        pages.push(told);
    }
    for (name, (words, remedy)) in &pages[0] {
        let (other_words, other_remedy) = &pages[1][name];
        assert!(words != other_words && remedy != other_remedy, "{name} is translated");
    }
}
