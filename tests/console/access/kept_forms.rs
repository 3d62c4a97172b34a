//! What was typed is not lost because its person has to prove who they are: on every route that asks for it.

use crate::console::access::people::{OTHER_ACCOUNT, Person};
use crate::console::access::routes::{Needs, Row, fields, filled_in, table};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, Form};
use crate::support::sign_in::console::confirm;
use crate::support::sign_in::provider::FakeProvider;
use jiff::SignedDuration;
use serde_json::json;

/// What is typed on a page, or `None` if nothing is that may be kept.
fn typed(route: &str) -> Option<&'static [(&'static str, &'static str)]> {
    let page = route.replace("/console/accounts/{account_id}", "").replace("/clients/{client_id}", "");
    Some(match page.as_str() {
        "/clients/new" => &[
            ("client_name", "Warehouse"),
            ("description", "Stock & more"),
            ("client_uri", "https://shop.example"),
            ("contacts", "ops@example.com"),
            ("allowed_ips", "203.0.113.0/24"),
            ("redirect_uris", "https://shop.example/cb"),
            ("grant_types", "authorization_code"),
            ("scope", "backoffice_api orders:read"),
            ("access_token_lifetime", "17"),
            ("label", "March"),
        ],
        "/delete" | "/credentials/leaked" => &[("name", "Order")],
        "/credentials/rotate" => &[("label", "February"), ("ends", "other"), ("ends_on", "2027-02-18")],
        "/credentials/keys/url" => &[("jwks_uri", "https://keys.shop.example/jwks.json")],
        "/credentials/keys/platforms/{platform}" => &[("owner", "acme"), ("repository", "shop")],
        "/members/new" => &[("name", "Eva"), ("email", "eva@acme.example"), ("role", "viewer")],
        "/members/{sub}/edit" => &[("name", "Somebody"), ("role", "custom"), ("permissions", "audit:read")],
        "/members/{sub}/address" => &[("email", "new@acme.example")],
        "/settings" => &[("section", "sign_in"), ("sign_in_methods", "email_code")],
        "/console/operator/accounts/new" => &[("account_name", "Umbrella"), ("email", "u@umbrella.example")],
        "/console/operator/accounts/{account_id}/disable"
        | "/console/operator/accounts/{account_id}/delete"
        | "/console/operator/apis/{resource_id}/delete" => &[("typed", "Acm")],
        "/console/operator/accounts/{account_id}/entitlements" => &[("grant:partner_api", "all")],
        // A key that is sent is on no page again.
        "/credentials/keys/upload"
        | "/credentials/keys/jwks"
        // A button, or a tick for what is lost.
        | "/revoke-tokens"
        | "/credentials/secrets/{secret_id}/show"
        | "/members/{sub}/remove"
        | "/expiries/calendars"
        | "/expiries/calendars/end"
        | "/console/operator/accounts/{account_id}/enable"
        | "/console/operator/accounts/{account_id}/export"
        | "/console/operator/apis/{resource_id}/remove-scope"
        | "/console/operator/templates/{template_id}/delete" => return None,
        _ => panic!("{route} asks for a confirmation: say here what is typed on its page"),
    })
}

/// The routes whose forms ask a person to confirm who they are.
async fn confirmed_routes(latchkey: &TestApp, browser: &Browser) -> Vec<Row> {
    let client = latchkey.fixtures().client().await;
    let mut found = Vec::new();
    let rows = table().into_iter().filter(|(route, _, post)| {
        !matches!(post, Needs::NoMethod | Needs::Nothing | Needs::SessionToEnd) && !route.ends_with("/enter")
    });
    for (number, row) in rows.enumerate() {
        let fields = fields(number, &client).replace("section=lifetimes", "section=sign_in");
        let response = browser.send_form(&filled_in(&row.0, &client), &fields).await;
        if response.header("location").starts_with("/console/confirm?to=") {
            found.push(row);
        }
    }
    found
}

#[tokio::test]
async fn what_was_typed_comes_back_after_a_confirmation() {
    // With a provider there are two ways to sign in, of which an account allows one or both.
    let provider = FakeProvider::start().await;
    let mut latchkey = TestApp::with_config(|config| provider.configure(config)).await;
    latchkey.fixtures().seed().await;
    let entitled = json!({
        "resource_id": "partner_api", "resource_name": "Partner API", "audience": "https://partners.example",
        "scopes": [{ "name": "partners:read", "description": "Read partners" }],
        "account_access": "entitled", "service": "partners",
    });
    latchkey.fixtures().resource(&entitled).await;
    latchkey.fixtures().account(OTHER_ACCOUNT).await;
    let template = json!({ "template_id": "plain", "title": "Plain", "asked": ["client_name"] });
    latchkey.admin_request("POST", "/v1/templates").await.json(&template).send().await.expect(201);
    let browser = Person::Operator.browser(&latchkey).await;
    let email = format!("olga@{}", latchkey.mail_domain());
    latchkey.advance(SignedDuration::from_mins(11));
    let routes = confirmed_routes(&latchkey, &browser).await;
    assert!(routes.len() > 15, "{routes:?}");
    confirm(&browser, &latchkey, &email, "/console/me").await;

    for (route, get, _) in routes {
        let Some(typed) = typed(&route) else { continue };
        assert_ne!(get, Needs::NoMethod, "{route}");
        let path = filled_in(&route, &latchkey.fixtures().client().await);
        // Only an empty account, or one that was disabled for long, can be deleted.
        let is_deletion = route == "/console/operator/accounts/{account_id}/delete";
        let path = if is_deletion { path.replace(ACCOUNT, OTHER_ACCOUNT) } else { path };
        let query = if path.ends_with("/clients/new") { "?template=blank" } else { "" };
        let page = browser.get(&format!("{path}{query}")).await.expect(200);
        let is_own =
            |form: &Form| form.action == path && (query.is_empty() || form.get("template").is_some());
        let form =
            page.find(|form| is_own(form) && (form.get("section").is_none_or(|name| name == "sign_in")));
        let sent = typed.iter().fold(form, |form, (field, value)| form.with(field, value));
        latchkey.advance(SignedDuration::from_mins(15));
        let response = browser.post(&sent).await.expect(303);
        let to = response.header("location").to_owned();
        assert!(to.starts_with("/console/confirm?to=") && to.contains("draft%3D"), "{route}: {to}");
        for (field, value) in typed.iter().filter(|(field, _)| *field != "section") {
            assert!(
                !to.contains(&format!("{field}%3D"))
                    && (!to.contains(value) || value.bytes().all(|byte| byte.is_ascii_hexdigit())),
                "{route}: {to}"
            );
        }
        let visit = browser.get(&to).await.expect(200).expect_text("Confirm it is you");
        let cancel = visit.text().split("<a href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let above = browser.get(&cancel).await.expect(200);
        assert!(above.at.starts_with("/console/"), "{route}: Cancel leads to {}", above.at);
        let visit = confirm(&browser, &latchkey, &email, &to).await.expect(200);
        let visit = visit.expect_text("What you typed is kept");
        assert!(!visit.contains_text("by the link"), "{route}");
        let has_section = sent.get("section").is_some();
        let again = visit.find(|form| {
            is_own(form)
                && form.get("section").is_some() == has_section
                && form.get("section").is_none_or(|name| name == "sign_in")
        });
        for (field, value) in typed {
            let is_there = again.fields.iter().any(|(name, own)| name == field && own == value);
            assert!(is_there, "{route}: {field} is not {value} among {:?}", again.fields);
        }
        for field in ["form_number", "version"] {
            assert_eq!(again.get(field), sent.get(field), "{route}: {field}");
        }
        // What was kept stays out of the way of the next visit.
        let fresh = browser.get(&format!("{path}{query}")).await.expect(200);
        assert!(!fresh.contains_text("What you typed is kept"), "{route}");
    }
}
