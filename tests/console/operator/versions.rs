//! A form in one tab while another person saves in a second one: whatever comes back before it is right, what the other person
//! saved is never overwritten unseen.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, Form, PageVisit};
use serde_json::{Value, json};

/// Fields and their values.
type Fields<'a> = &'a [(&'a str, &'a str)];

/// A form that is open twice.
struct OpenTwice<'a> {
    path: &'a str,
    /// What the other tab saves.
    theirs: Fields<'a>,
    /// What is wrong in this tab, and how it is mended.
    bad: Fields<'a>,
    mended: Fields<'a>,
    /// What the page then says of the other tab's change.
    shown: (&'a str, &'a str),
}

/// The form of a page that has a field.
fn form(visit: &PageVisit, field: &str) -> Form {
    let has = |pairs: &[(String, String)]| pairs.iter().any(|(name, _)| name == field);
    visit.find(|form| form.get("version").is_some() && (has(&form.fields) || has(&form.choices)))
}

fn filled(form: Form, fields: Fields<'_>) -> Form {
    fields.iter().fold(form, |form, (name, value)| form.with(name, value))
}

/// A field and its present value, as the alert of a page lists it.
pub fn shown((field, value): (&str, &str)) -> String {
    format!("<dt><code>{field}</code></dt><dd>{value}</dd>")
}

async fn stored(latchkey: &TestApp, path: &str) -> Value {
    latchkey.admin_request("GET", path).await.send().await.expect(200).json()
}

impl OpenTwice<'_> {
    async fn assert_loses_nothing(&self, browser: &Browser) {
        let (field, value) = self.theirs[0];
        let open = async || form(&browser.get(self.path).await.expect(200), field);
        let (one, two) = (open().await, open().await);
        browser.submit(&filled(two, self.theirs)).await.expect(200);
        let visit = browser.submit(&filled(one, self.bad)).await.expect(422);
        let visit = browser.submit(&filled(form(&visit, field), self.mended)).await.expect(412);
        assert!(visit.text().contains(&shown(self.shown)), "{}: {}", self.path, visit.text());
        assert_eq!(open().await.get(field), Some(value), "{}", self.path);
        browser.submit(&form(&visit, field)).await.expect(200);
    }
}

#[tokio::test]
async fn forms_of_operators_never_overwrite_a_change_of_a_second_tab_unseen() {
    let latchkey = TestApp::with_fixtures().await;
    let template = json!({
        "template_id": "checkout", "title": "Checkout", "asked": ["client_name"],
        "fixed": { "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }] },
    });
    latchkey.admin_request("POST", "/v1/templates").await.json(&template).send().await.expect(201);
    let browser = latchkey.operator_in_console().await;
    let (operator, long) = ("/console/operator", "x".repeat(5_000));
    let account = format!("{operator}/accounts/{ACCOUNT}");
    for open in [
        OpenTwice {
            path: &format!("{account}/limits"),
            theirs: &[("clients", "5")],
            bad: &[("members", "many")],
            mended: &[("members", "7")],
            shown: ("clients", "5"),
        },
        OpenTwice {
            path: &format!("{account}/claims"),
            theirs: &[("claim_name", "tier"), ("claim_value", "gold")],
            bad: &[("claim_name", "Bad"), ("claim_value", "yes")],
            mended: &[("claim_name", "vip"), ("claim_value", "yes")],
            shown: ("tier", "gold"),
        },
        OpenTwice {
            path: &format!("{operator}/apis/backoffice_api/edit"),
            theirs: &[("documentation_url", "https://docs.example/a")],
            bad: &[("resource_name", "")],
            mended: &[("resource_name", "Mine")],
            shown: ("documentation_url", "https://docs.example/a"),
        },
        OpenTwice {
            path: &format!("{operator}/apis/backoffice_api/scope?name=orders%3Awrite"),
            theirs: &[("default_scopes", "yes")],
            bad: &[("description", &long)],
            mended: &[("description", "Mine")],
            shown: ("default_scopes", "yes"),
        },
        OpenTwice {
            path: &format!("{operator}/templates/checkout"),
            theirs: &[("summary", "Theirs")],
            bad: &[("fixed", "[")],
            mended: &[("fixed", ""), ("title", "Mine")],
            shown: ("summary", "Theirs"),
        },
    ] {
        open.assert_loses_nothing(&browser).await;
    }
    let claims = stored(&latchkey, &format!("/v1/accounts/{ACCOUNT}")).await["claims"].clone();
    assert_eq!(claims, json!({ "tier": "gold", "vip": "yes" }), "a claim that was not in the form stays");
}

#[tokio::test]
async fn settings_of_an_account_never_overwrite_a_change_of_a_second_tab_unseen() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let open = OpenTwice {
        path: &format!("/console/accounts/{ACCOUNT}/settings"),
        theirs: &[("account_name", "Theirs")],
        bad: &[("account_name", "")],
        mended: &[("account_name", "Mine")],
        shown: ("account_name", "Theirs"),
    };
    open.assert_loses_nothing(&ann).await;
}

/// A form that is shown again is still of the version with which it was opened.
#[tokio::test]
async fn form_that_is_shown_again_keeps_its_version() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let template = json!({ "template_id": "checkout", "title": "Checkout", "asked": ["client_name"] });
    latchkey.admin_request("POST", "/v1/templates").await.json(&template).send().await.expect(201);
    let (ann, olga) = (latchkey.administrator_in_console().await, latchkey.operator_in_console().await);
    let account = format!("/v1/accounts/{ACCOUNT}");
    let (own, operator) =
        (format!("/console{}/clients/{}", &account[3..], client.client_id), "/console/operator");
    let of_client = format!("{account}/clients/{}", client.client_id);
    let rows: [(&Browser, String, &str, Value, Fields<'_>, Fields<'_>); 3] = [
        (
            &ann,
            format!("{own}/permissions"),
            &of_client,
            json!({ "client_name": "Theirs" }),
            &[("tick_all", "backoffice_api")],
            &[("step", "review")],
        ),
        (
            &olga,
            format!("{operator}/accounts/{ACCOUNT}/entitlements"),
            &account,
            json!({ "account_name": "Theirs" }),
            &[("step", "change")],
            &[("step", "review")],
        ),
        (
            &olga,
            format!("{operator}/templates/checkout"),
            "/v1/templates/checkout",
            json!({ "summary": "Theirs" }),
            &[("tick_all", "backoffice_api")],
            &[("title", "Mine")],
        ),
    ];
    for (browser, path, changed, theirs, sent, mended) in rows {
        let one = form(&browser.get(&path).await.expect(200), "version");
        latchkey.patch(changed, &theirs).await.expect(200);
        let visit = browser.submit(&filled(one, sent)).await.expect(200);
        let visit = browser.submit(&filled(form(&visit, "version"), mended)).await.expect(412);
        let now = form(&visit, "version").get("version").unwrap().to_owned();
        let fresh = form(&browser.get(&path).await.expect(200), "version");
        assert_eq!(
            fresh.get("version"),
            Some(now.as_str()),
            "{path}: the page of the 412 is of the present version"
        );
    }
}
