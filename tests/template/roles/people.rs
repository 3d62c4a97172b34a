//! What people and their programs do, for the record of what the functions ask of AWS.

use crate::expiry::invitations::sign_in_at_an_earlier_version;
use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::code_flow::Tokens;
use serde_json::json;

/// What programs do with tokens.
pub async fn use_tokens(latchkey: &TestApp) {
    latchkey.fixtures().seed().await;
    let ann = latchkey.fixtures().member("ann").await;
    let grants = json!({ "grant_types": ["authorization_code", "refresh_token"] });
    let client = latchkey.fixtures().sign_in_client_with(&grants).await;
    let code = latchkey.sign_in(&client, &ann).await;
    let tokens = Tokens::of(&latchkey.redeem(&client, &code).await.expect(200));
    let refreshed = latchkey.refresh(&client, &tokens.refresh, "").await.expect(200);
    for (path, token) in [
        ("/oauth/introspect", refreshed.string("access_token")),
        ("/oauth/introspect", refreshed.string("refresh_token")),
        ("/oauth/revoke", refreshed.string("access_token")),
        ("/oauth/revoke", refreshed.string("refresh_token")),
    ] {
        let request = latchkey.request("POST", path).basic(&client.client_id, &client.client_secret);
        request.form(&format!("token={token}")).send().await.expect(200);
    }
    latchkey.withdraw_consent(&client).await;
    let links = format!("/v1/accounts/{ACCOUNT}/console-links");
    latchkey.admin_request("POST", &links).await.json(&json!({ "email": ann })).send().await.expect(201);
    latchkey.admin_request("DELETE", &client.path()).await.send().await.expect(204);
    latchkey.rotate().await;
    latchkey.replace_compromised("active", "leak").await;
}

/// What an administrator does in the console.
pub async fn use_console(latchkey: &TestApp) {
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.person_in_console("carla").await;
    let page = format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id);
    let account = format!("/console/accounts/{ACCOUNT}");
    let by_client = format!("{account}/audit?client={}", client.client_id);
    let activity = format!("{page}/activity");
    for path in [&format!("{account}/expiries"), &format!("{account}/audit"), &by_client, &activity] {
        browser.get(path).await.expect(200);
    }
    let visit = browser.get(&format!("{account}/expiries")).await.expect(200);
    let made = browser.submit(&visit.form("/expiries/calendars")).await.expect(200);
    let calendar = made.text().split("/calendar/").nth(1).unwrap().split('<').next().unwrap().to_owned();
    latchkey.request("GET", &format!("/calendar/{calendar}")).send().await.expect(200);
    for action in ["/disable", "/enable", "/revoke-tokens"] {
        let visit = browser.get(&format!("{page}{action}")).await.expect(200);
        browser.submit(&visit.form(action)).await.expect(200);
    }
    let visit = browser.get(&format!("{page}/delete")).await.expect(200);
    browser.submit(&visit.form("/delete").with("name", "Order sync")).await.expect(200);
    let visit = browser.get("/console/me").await.expect(200);
    browser.submit(&visit.form("/sign-out")).await.expect(200);
}

/// A member who is invited and never comes, one who came while an earlier version ran, and one who comes and gets another
/// address.
pub async fn invite_and_move(latchkey: &TestApp) {
    let members = format!("/v1/accounts/{ACCOUNT}/members");
    for name in ["dora", "ed", "fay"] {
        let email = format!("{name}@{}", latchkey.mail_domain());
        let body = json!({ "email": email, "name": name, "invite": true });
        latchkey.admin_request("POST", &members).await.json(&body).send().await.expect(201);
    }
    let fay = format!("fay@{}", latchkey.mail_domain());
    sign_in_at_an_earlier_version(latchkey, &fay, async || {
        Browser::new(latchkey).sign_in_to_console(latchkey, &fay, "/console").await;
    })
    .await;
    let ed = format!("ed@{}", latchkey.mail_domain());
    let browser = Browser::new(latchkey);
    let page = format!("/console/accounts/{ACCOUNT}");
    browser.sign_in_to_console(latchkey, &ed, &page).await;
    let client = latchkey.fixtures().sign_in_client().await;
    latchkey.sign_in(&client, &ed).await;
    let email = format!("edgar@{}", latchkey.mail_domain());
    let request = latchkey.admin_request("PATCH", &format!("{members}/{ed}")).await;
    request.json(&json!({ "email": email })).send().await.expect(200);
    let mails = emails_to(&latchkey.mail_domain()).await;
    let link = mails.iter().find_map(|mail| mail.text.split("/console/email/").nth(1)).unwrap();
    let link = format!("/console/email/{}", link.split_whitespace().next().unwrap());
    let visit = browser.get(&link).await.expect(200);
    browser.submit(&visit.find(|form| form.action == link)).await.expect(200);
}
