//! Rights of members: what members cannot take from themselves, what an account would lose, roles in words, and invitations sent again.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, Form};
use crate::support::sign_in::console::ADMINISTRATOR;
use serde_json::{Value, json};

const MEMBERS: &str = "/console/accounts/T12345678/members";

async fn member(latchkey: &TestApp, email: &str) -> Value {
    let path = format!("/v1/accounts/{ACCOUNT}/members/{email}");
    latchkey.admin_request("GET", &path).await.send().await.json()
}

/// The page of a member.
async fn page_of(latchkey: &TestApp, email: &str) -> String {
    format!("{MEMBERS}/{}", member(latchkey, email).await["sub"].as_str().unwrap())
}

/// Invites a member with these scopes, and returns their address.
async fn invite(latchkey: &TestApp, name: &str, scopes: &[&str]) -> String {
    let email = format!("{name}@{}", latchkey.mail_domain());
    let body = json!({ "email": email, "name": name, "permissions": scopes, "invite": true });
    let path = format!("/v1/accounts/{ACCOUNT}/members");
    latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(201);
    email
}

fn in_german(form: &Form) -> Form {
    Form { action: format!("{}?ui_locales=de", form.action), ..form.clone() }
}

#[tokio::test]
async fn who_manages_members_cannot_take_that_right_from_themself_nor_leave() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let email = format!("ann@{}", latchkey.mail_domain());
    let bob = latchkey.fixtures().member_with(ACCOUNT, "bob", &ADMINISTRATOR).await;
    let own = page_of(&latchkey, &email).await;
    let visit = ann.get(&format!("{own}/edit")).await.expect(200);
    let visit = visit.expect_text("The right to manage members you cannot take from yourself");
    let is_disabled = |text: &str, role: &str| {
        let input = text.split("<input ").find(|input| input.contains(&format!("value=\"{role}\""))).unwrap();
        input.split('>').next().unwrap().contains(" disabled")
    };
    for (role, expected) in [("viewer", true), ("auditor", true), ("administrator", false)] {
        assert_eq!(is_disabled(&visit.text(), role), expected, "{role}");
    }
    let lowered = visit.form("/edit").with("role", "custom").with("name", "Annabel");
    let lowered = lowered.without("permissions").and("permissions", "clients:read");
    let refused = ann.submit(&lowered).await.expect(422);
    let refused = refused.expect_text("members cannot take members:manage from themselves");
    assert!(refused.text().contains("id=\"error-role\""), "{}", refused.text());
    assert!(refused.text().contains("aria-current=\"page\""), "with the navigation");
    assert_eq!(refused.form("/edit").get("name"), Some("Annabel"), "what was typed is kept");
    let refused = ann.submit(&in_german(&lowered)).await.expect(422);
    refused.expect_text("Mitglieder können sich members:manage nicht selbst nehmen");
    let refused = ann.get(&format!("{own}/remove?ui_locales=de")).await.expect(403);
    refused.expect_text("Mitglieder können sich members:manage nicht selbst nehmen");
    let visit = ann.get(&format!("{}/remove", page_of(&latchkey, &bob).await)).await.expect(200);
    let form = visit.form("/remove");
    ann.submit(&Form { action: format!("{own}/remove"), ..form }).await.expect(403);
    assert_eq!(member(&latchkey, &email).await["permissions"].as_array().unwrap().len(), 5);
    let visit = ann.get(&format!("{}/edit", page_of(&latchkey, &bob).await)).await.expect(200);
    assert!(!is_disabled(&visit.text(), "viewer"), "it is about oneself only");
}

#[tokio::test]
async fn last_manager_is_told_so_even_if_another_one_is_invited() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read", "members:manage"]).await;
    invite(&latchkey, "ben", &["clients:read", "members:manage"]).await;
    let olga = latchkey.operator_in_console().await;
    let page = page_of(&latchkey, &ann).await;
    let visit = olga.get(&format!("{page}/remove")).await.expect(200);
    let visit = visit.expect_text("No member could manage members any more");
    assert!(visit.text().contains("name=\"accepted\""), "{}", visit.text());
    let refused = olga.submit(&visit.form("/remove")).await.expect(422);
    refused.expect_text("Tick the box if you want it all the same.");
    let visit = olga.get(&format!("{page}/edit")).await.expect(200);
    let asked = olga.submit(&visit.form("/edit").with("role", "viewer")).await.expect(422);
    let asked = asked.expect_text("No member could manage members any more");
    assert_eq!(member(&latchkey, &ann).await["permissions"], json!(["members:manage", "clients:read"]));
    olga.submit(&asked.form("/edit").and("accepted", "yes")).await.expect(200);
    assert_eq!(member(&latchkey, &ann).await["permissions"], json!(["clients:read"]));
}

#[tokio::test]
async fn rights_without_a_role_are_said_in_words() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let ann = latchkey.administrator_in_console().await;
    let mia = latchkey.fixtures().member_with(ACCOUNT, "mia", &["members:manage"]).await;
    latchkey.fixtures().member_with("T2", "mia", &["clients:read"]).await;
    let list = ann.get(MEMBERS).await.expect(200);
    let list = list.expect_text("Custom").expect_text("See and change the account’s members");
    assert!(!list.text().contains("members:manage"), "{}", list.text());
    let page = ann.get(&page_of(&latchkey, &mia).await).await.expect(200).expect_text("Custom");
    assert!(!page.text().contains("members:manage"), "{}", page.text());
    let browser = Browser::new(&latchkey);
    let chooser = browser.sign_in_to_console(&latchkey, &mia, "/console").await.expect(200);
    let chooser = chooser.expect_text("Custom: See and change the account’s members").expect_text("Viewer");
    assert!(!chooser.text().contains(":manage"), "{}", chooser.text());
}

#[tokio::test]
async fn page_of_a_member_has_their_id_also_if_it_is_found_by_the_address() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let ben = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let sub = member(&latchkey, &ben).await["sub"].as_str().unwrap().to_owned();
    for id in [&ben, &sub] {
        let visit = ann.get(&format!("{MEMBERS}/{id}")).await.expect(200);
        assert!(visit.text().contains(&format!("<code class=\"id\">{sub}</code>")), "{id}: {}", visit.text());
    }
}

#[tokio::test]
async fn invitation_is_sent_again_three_times_a_day_and_then_says_when_it_can_be() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2027-03-01T12:00:00Z".parse().unwrap());
    let ann = latchkey.administrator_in_console().await;
    let ben = invite(&latchkey, "ben", &["clients:read"]).await;
    let page = page_of(&latchkey, &ben).await;
    let visit = ann.get(&page).await.expect(200).expect_text("At most three times a day.");
    let form = visit.form("/invitation");
    let has_button = |text: &str| text.contains("<button class=\"other\">Send the invitation again");
    assert!(has_button(&visit.text()));
    for _ in 0..3 {
        ann.submit(&form).await.expect(200).expect_text("The invitation was sent.");
    }
    let refused = ann.submit(&form).await.expect(200);
    assert_eq!(refused.at.split('?').next(), Some(page.as_str()));
    let refused = refused.expect_text("The invitation was not sent").expect_text("2027-03-02 00:00 UTC");
    assert!(!has_button(&refused.text()), "{}", refused.text());
    assert!(refused.text().contains("<button class=\"other\" disabled>"), "{}", refused.text());
}
