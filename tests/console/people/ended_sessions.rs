//! Forms that are sent after their session has ended.

use super::kept_forms::{KEPT, client_page, stored};
use crate::support::app::{ISSUER, TestApp};
use crate::support::sign_in::browser::PageVisit;
use jiff::SignedDuration;

/// Where the button leads of the page that says that a session has ended.
fn sign_in_link(visit: &PageVisit) -> String {
    let text = visit.text();
    let start = text.find("href=\"/console/sign-in?").unwrap_or_else(|| panic!("no button: {text}")) + 6;
    text[start..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn form_of_a_session_that_has_ended_is_kept_through_the_sign_in() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let ann = format!("ann@{}", latchkey.mail_domain());
    let cases: [(&str, &[(&str, &str)]); 4] = [
        ("/edit", &[("client_name", "Orders"), ("description", "Half a"), ("contacts", "ops@example.com")]),
        ("/permissions", &[("scope", "backoffice_api orders:write")]),
        ("/settings", &[("allowed_ips", "203.0.113.9")]),
        ("/credentials/rotate", &[("label", "March")]),
    ];
    for (below, typed) in cases {
        let client = latchkey.fixtures().client().await;
        let path = client_page(&client, below);
        let page = browser.get(&path).await.expect(200);
        let form = page.find(|form| {
            form.action == path
                && typed
                    .iter()
                    .all(|(field, _)| form.fields.iter().chain(&form.choices).any(|(name, _)| name == field))
        });
        let sent = typed.iter().fold(form, |form, (field, value)| form.with(field, value));
        latchkey.advance(SignedDuration::from_mins(31));
        let visit = browser.submit(&sent).await.expect(401).expect_text("what you typed is kept");
        let link = sign_in_link(&visit);
        assert!(typed.iter().all(|(_, value)| !link.contains(value)), "{link}");
        let visit = browser.sign_in_to_console(&latchkey, &ann, &link).await.expect(200).expect_text(KEPT);
        let again = visit.find(|form| {
            typed
                .iter()
                .all(|(field, value)| form.fields.iter().any(|(name, own)| name == field && own == value))
        });
        assert_eq!((again.action.as_str(), again.get("version")), (path.as_str(), sent.get("version")));
        let had = stored(&latchkey).await.len();
        browser.submit(&again).await.expect(200);
        assert!(stored(&latchkey).await.len() < had, "{below}: it has done its work");
    }
}

#[tokio::test]
async fn button_of_a_session_that_has_ended_leads_back_to_its_page_and_nowhere_else() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let page = client_page(&client, "/credentials");
    let form = browser.get(&page).await.expect(200).form("/pause");
    latchkey.advance(SignedDuration::from_mins(31));
    let own = format!("{ISSUER}{page}");
    let to = |page: &str| format!("/console/sign-in?to={}", page.replace('/', "%2F"));
    for (referrer, site, expected) in [
        (own.as_str(), "same-origin", to(&page)),
        (own.as_str(), "cross-site", to("/console")),
        ("https://evil.example/console/me", "same-origin", to("/console")),
        (&format!("{ISSUER}.evil.example/console/me"), "same-origin", to("/console")),
        (&format!("{ISSUER}//evil.example/console"), "same-origin", to("/console")),
        ("", "same-origin", to("/console")),
    ] {
        let request = browser.request("POST", &form.action).header("sec-fetch-site", site);
        let response = request.header("referer", referrer).form(&form.body()).send().await.expect(401);
        assert!(response.text().contains(&format!("href=\"{expected}\"")), "{referrer}: {}", response.text());
    }
    // What another site sends is not kept, nor what has a wrong token.
    let edit = client_page(&client, "/edit");
    for (site, token) in [("cross-site", browser.form_token(&edit)), ("same-origin", "x".repeat(64))] {
        let body = format!("csrf_token={token}&client_name=Planted&version=1");
        let request = browser.request("POST", &edit).header("sec-fetch-site", site).form(&body);
        let response = request.send().await.expect(401);
        assert!(!response.text().contains("is kept"), "{}", response.text());
    }
    assert_eq!(stored(&latchkey).await, Vec::<String>::new());
}
