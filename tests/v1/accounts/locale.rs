//! The language of e-mails: the member's, else the account's, else the deployment's.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::Browser;
use jiff::SignedDuration;
use serde_json::{Value, json};

const PATH: &str = "/v1/accounts/T12345678";

#[tokio::test]
async fn administrators_set_the_language_of_members_and_account_and_the_audit_tells() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = format!("{PATH}/members/{}", latchkey.fixtures().member("ann").await);
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage"]).await;
    for path in [PATH, &ann] {
        assert_eq!(latchkey.get(path).await.expect(200).json()["locale"], Value::Null, "{path}: by default");
        for locale in [json!("de"), json!("en"), json!(null)] {
            let request = latchkey.request("PATCH", path).bearer(&token).json(&json!({ "locale": locale }));
            assert_eq!(request.send().await.expect(200).json()["locale"], locale, "{path}");
            assert_eq!(latchkey.get(path).await.expect(200).json()["locale"], locale, "{path}");
            let audit = latchkey.get(&format!("{PATH}/audit?limit=1")).await.expect(200).json();
            assert_eq!(audit["items"][0]["changed"], json!(["locale"]), "{path}");
        }
        for invalid in [json!("fr"), json!("DE"), json!(""), json!(1), json!(["de"])] {
            let refused = latchkey.patch(path, &json!({ "locale": invalid })).await.expect(422);
            assert_eq!(refused.pointers(), ["#/locale"], "{path} {invalid}");
        }
        // What was read is accepted again.
        let read = latchkey.get(path).await.expect(200).json();
        latchkey.patch(path, &read).await.expect(200);
    }
    let new = json!({ "email": "bob@acme.example", "name": "Bob", "locale": "de" });
    let created = latchkey.post(&format!("{PATH}/members"), &new).await.expect(201);
    assert_eq!(created.json()["locale"], "de");
}

#[tokio::test]
async fn codes_are_mailed_in_the_members_language_then_the_accounts() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let ann = latchkey.fixtures().member("ann").await;
    let member = format!("{PATH}/members/{ann}");
    let request = AuthorizeRequest::of(&client);
    for (of_member, of_account, subject) in [
        (json!(null), json!(null), "Your sign-in code for Order portal"),
        (json!(null), json!("de"), "Ihr Anmeldecode für Order portal"),
        (json!("en"), json!("de"), "Your sign-in code for Order portal"),
        (json!("de"), json!("en"), "Ihr Anmeldecode für Order portal"),
    ] {
        latchkey.patch(&member, &json!({ "locale": of_member })).await.expect(200);
        latchkey.patch(PATH, &json!({ "locale": of_account })).await.expect(200);
        // Accounts are kept in memory for a minute.
        latchkey.advance(SignedDuration::from_mins(2));
        Browser::new(&latchkey).request_email_code(&request, &ann).await;
        let emails = emails_to(&latchkey.mail_domain()).await;
        assert_eq!(emails.last().expect("a code was mailed").subject, subject, "{of_member} {of_account}");
    }
}
