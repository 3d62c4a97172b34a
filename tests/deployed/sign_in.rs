//! A member signs in at the deployed pages, through API Gateway, and a client acts for them.

use crate::deployed::lifecycle::wait_for_email;
use crate::deployed::report;
use crate::deployed::stack::Stack;
use crate::interop;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use crate::support::http_server::TestServer;
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::code_flow::VERIFIER;
use crate::support::sign_in::console::{ADMINISTRATOR, shown_id, shown_secret};
use crate::support::sign_in::{AuthorizeRequest, CALLBACK, one_time_code};
use serde_json::json;

/// An administrator signs in to the console by an emailed code, sees the list of clients, and creates one that gets tokens.
pub async fn assert_console_works(stack: &Stack, served: &TestServer) {
    let latchkey = &served.latchkey;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Console test" })).await;
    let cleo = latchkey.fixtures().member_with(ACCOUNT, "cleo", &ADMINISTRATOR).await;
    let browser = Browser::new(latchkey);
    let list = format!("/console/accounts/{ACCOUNT}/clients");
    let page = browser.get(&list).await.expect(200);
    let page = browser.submit(&page.form("/email").with("email", &cleo)).await.expect(200);
    let code = one_time_code(&wait_for_email(stack, &cleo, "authorize").await);
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    assert_eq!(page.at, list);
    page.expect_text("Console test").expect_text(&client.client_id);
    let page = browser.get(&format!("{list}/new?template=secret")).await.expect(200);
    let form = page.form("/clients/new").with("client_name", "Warehouse");
    let page = browser.submit(&form.and("scope", "backoffice_api orders:read")).await.expect(200);
    let (id, secret) = (shown_id(&page), shown_secret(&page));
    let token = latchkey.token(&id, &secret, &format!("&resource={AUDIENCE}")).await.expect(200);
    interop::every_verifier_takes(&served.issuer, &token.string("access_token")).await;
    report(
        "a person signed in to the console by a mailed code, and created a client there that got a token with its secret",
    );
}

/// Sign-in by an emailed code; consent, tokens, a refresh, and revocation.
pub async fn assert_sign_in_works(stack: &Stack, served: &TestServer) {
    let latchkey = &served.latchkey;
    let ann = latchkey.fixtures().member("ann").await;
    let grants = json!({ "grant_types": ["authorization_code", "refresh_token"] });
    let client = latchkey.fixtures().sign_in_client_with(&grants).await;
    let browser = Browser::new(latchkey);
    let page = browser.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    let code = one_time_code(&wait_for_email(stack, &ann, "authorize").await);
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    let (place, reported) = browser.submit_consent(&page, "allow").await.redirect_target();
    assert_eq!(
        (place.as_str(), &reported["iss"], reported["state"].as_str()),
        (CALLBACK, &served.issuer, "s t&te")
    );

    let exchange = async |form: String| {
        let request =
            latchkey.request("POST", "/oauth/token").basic(&client.client_id, &client.client_secret);
        request.form(&form).send().await
    };
    let code = &reported["code"];
    let form =
        format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}&code_verifier={VERIFIER}");
    let tokens = exchange(form).await.expect(200);
    interop::every_verifier_takes(&served.issuer, &tokens.string("access_token")).await;
    let refresh = |token: String| format!("grant_type=refresh_token&refresh_token={token}");
    let next = exchange(refresh(tokens.string("refresh_token"))).await.expect(200);

    let consents = format!("{}/consents", client.path());
    let given = latchkey.admin_request("GET", &consents).await.send().await.expect(200).json();
    let sub = given["items"][0]["sub"].as_str().unwrap();
    latchkey.admin_request("DELETE", &format!("{consents}/{sub}")).await.send().await.expect(204);
    let refused = exchange(refresh(next.string("refresh_token"))).await.expect(400);
    assert_eq!(refused.string("error"), "invalid_grant");
    report(
        "a person signed in by a mailed code and consented; tokens came, one refresh, and none after the withdrawal",
    );
}
