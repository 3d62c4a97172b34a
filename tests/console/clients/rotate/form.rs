//! The form of a second secret.

use super::*;

#[tokio::test]
async fn what_is_wrong_with_a_new_secret_is_said_at_its_field() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let form = browser.get(&page(&client, "/rotate")).await.expect(200).form("/rotate");
    for day in ["", "tomorrow", "2001-01-01", "2099-01-01"] {
        let wrong = form.clone().with("ends", "other").with("ends_on", day).with("label", "February");
        let visit = browser.submit(&wrong).await.expect(422).expect_text("cannot end on that day");
        assert_eq!(visit.form("/rotate").get("label"), Some("February"), "what was typed is kept");
        expect_summary(&visit, &["expires_on"]);
    }
    let long = form.with("ends", "other").with("ends_on", "2001-01-01").with("label", &"x".repeat(31));
    let visit = browser.submit(&long).await.expect(422).expect_text("at most 30 characters");
    expect_summary(&visit, &["expires_on", "label"]);
    // The form of a new client has the same fields.
    let new = format!("/console/accounts/{ACCOUNT}/clients/new?template=secret");
    let form = browser.get(&new).await.expect(200).form("/clients/new").with("client_name", "Warehouse");
    let form = form.with("ends", "other").with("ends_on", "2001-01-01").with("label", &"x".repeat(31));
    expect_summary(&browser.submit(&form).await.expect(422), &["expires_on", "label"]);
}

/// The page begins with what is wrong, and leads to these fields. That they are there holds of every page.
fn expect_summary(visit: &PageVisit, fields: &[&str]) {
    let text = visit.text();
    assert!(text.contains("<title>Problem: ") && text.contains("id=\"problems\" tabindex=\"-1\" autofocus"));
    for field in fields {
        assert!(
            text.contains(&format!("<a href=\"#field-{field}\">")),
            "{field} is not in the summary: {text}"
        );
    }
}

#[tokio::test]
async fn only_days_and_labels_within_the_limits_can_be_filled_in() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let account = format!("/v1/accounts/{ACCOUNT}");
    let limits = json!({ "secret_lifetime_days": { "default": 30, "max": 60 } });
    latchkey.admin_request("PATCH", &account).await.json(&limits).send().await.expect(200);
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client, "/rotate")).await.expect(200);
    let today = latchkey.now().to_zoned(TimeZone::UTC).date();
    let [first, last] = [1, 60].map(|days| today.saturating_add(days.days()));
    let range = format!("type=\"date\" min=\"{first}\" max=\"{last}\"");
    assert!(visit.text().contains(&range), "{}", visit.text());
    assert!(visit.text().contains("name=\"label\" type=\"text\" maxlength=\"30\""));
    for member in ["expires_on", "label", "remind"] {
        assert!(visit.text().contains(&format!(" <code>{member}</code>")), "{member}");
    }
    for day in [first, last] {
        let form = visit.form("/rotate").with("ends", "other").with("ends_on", &day.to_string());
        browser.submit(&form.with("form_number", &day.to_string())).await.expect(200);
        let known = browser.get(&page(&client, "")).await.expect(200);
        let known = known.find(|form| form.action.ends_with("/pause"));
        let newest = known.action.replace("/pause", "/revoke");
        let form = browser.get(&newest).await.expect(200).form("/revoke");
        browser.submit(&form).await.expect(200);
    }
}

#[tokio::test]
async fn form_sent_twice_adds_one_secret_and_shows_it_once() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let form = filled(browser.get(&page(&client, "/rotate")).await.expect(200).form("/rotate"));
    let secret = shown_secret(&browser.submit(&form).await.expect(200));
    let again = browser.submit(&form).await.expect(200).expect_text("The secret was shown already");
    assert!(!again.text().contains(&secret));
    browser.submit(&form.clone().without("form_number")).await.expect(400);
    // A page that was loaded before, in another tab.
    let late = browser.submit(&form.with("form_number", "another")).await.expect(200);
    late.expect_text("The secrets have changed meanwhile");
    assert!(works(&latchkey, &client, &secret).await);
    assert!(works(&latchkey, &client, &client.client_secret).await);
}
