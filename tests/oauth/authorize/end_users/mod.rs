//! People who are no members, at clients of an account that lets everyone sign in.

mod limits;

use crate::oauth::authorize::idp::{AuthorizationRedirect, IdpDeployment};
use crate::support::app::TestApp;
use crate::support::event_bus::{BUS, delivered, received, with_event_bus};
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::code_flow::{Tokens, assert_error, claims, with_client_auth};
use crate::support::sign_in::{AuthorizeRequest, CALLBACK};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Sets who may sign in to the clients of an account, and waits until it acts.
async fn set_end_users(latchkey: &mut TestApp, account: &str, end_users: &str) {
    let path = format!("/v1/accounts/{account}");
    latchkey.patch(&path, &json!({ "end_users": end_users })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(61));
}

/// An app in which everyone may sign in to the clients of [`ACCOUNT`], and one of these, with refresh tokens.
async fn open_app() -> (TestApp, TestClient) {
    let mut latchkey = TestApp::with_fixtures().await;
    set_end_users(&mut latchkey, ACCOUNT, "anyone").await;
    let client = client_of(&latchkey, ACCOUNT).await;
    (latchkey, client)
}

async fn client_of(latchkey: &TestApp, account: &str) -> TestClient {
    let members = json!({
        "client_name": "Order portal", "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
        "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
    });
    latchkey.fixtures().client_with(account, &members).await
}

fn customer(latchkey: &TestApp, name: &str) -> String {
    format!("{name}@{}", latchkey.mail_domain())
}

async fn tokens(latchkey: &TestApp, client: &TestClient, email: &str) -> Tokens {
    let code = latchkey.sign_in(client, email).await;
    Tokens::of(&latchkey.redeem(client, &code).await.expect(200))
}

async fn sub_of(latchkey: &TestApp, client: &TestClient, email: &str) -> String {
    let code = latchkey.sign_in(client, email).await;
    let response = latchkey.redeem(client, &code).await.expect(200);
    claims(&response.string("access_token"))["sub"].as_str().unwrap().to_owned()
}

async fn introspect(latchkey: &TestApp, client: &TestClient, token: &str) -> Value {
    let request = latchkey.request("POST", "/oauth/introspect");
    with_client_auth(request, client, &format!("token={token}")).send().await.expect(200).json()
}

#[tokio::test]
async fn by_default_only_members_sign_in() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, eve) = (client_of(&latchkey, ACCOUNT).await, customer(&latchkey, "eve"));
    let page = Browser::new(&latchkey).request_email_code(&AuthorizeRequest::of(&client), &eve).await;
    let page = page.expect(200).expect_text("a code of 8 digits is on its way");
    assert!(!page.contains_text("application of"), "{}", page.text());
    assert_eq!(latchkey.inspect().codes_mailed(&eve).await, 0);
}

#[tokio::test]
async fn whoever_proves_a_mailbox_consents_and_the_pages_say_to_whose_application() {
    let (latchkey, client) = open_app().await;
    let (eve, browser) = (customer(&latchkey, "eve"), Browser::new(&latchkey));
    let belongs = "an application of Account T12345678";
    let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200).expect_text(belongs);
    let page =
        browser.submit(&page.form("/email").with("email", &eve)).await.expect(200).expect_text(belongs);
    let code = latchkey.inspect().mailed_code(&eve).await;
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    let page = page.expect_text("Offered byAccount T12345678").expect_text(&eve);
    let page = page.expect_text("the administrators of Account T12345678 can take it back");
    let code = browser.submit_consent(&page, "allow").await.redirect_target().1["code"].clone();
    let tokens = Tokens::of(&latchkey.redeem(&client, &code).await.expect(200));

    let sub = claims(&tokens.access)["sub"].as_str().unwrap().to_owned();
    assert!(sub.len() == 69 && sub.starts_with("user_"), "{sub}");
    for token in [&tokens.access, &tokens.refresh] {
        let state = introspect(&latchkey, &client, token).await;
        assert_eq!((&state["active"], &state["subject_type"]), (&json!(true), &json!("end_user")));
        assert_eq!(state["sub"], sub.as_str());
    }
    let own = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    assert_eq!(introspect(&latchkey, &client, &own.string("access_token")).await.get("subject_type"), None);
    let consents = latchkey.list_items(&format!("{}/consents", client.path())).await;
    assert_eq!((&consents[0]["sub"], &consents[0]["email"]), (&json!(sub), &json!(eve)));
    assert_eq!((consents.len(), &consents[0]["subject_type"]), (1, &json!("end_user")));
    let export = latchkey.get(&format!("/v1/accounts/{ACCOUNT}/export")).await.expect(200);
    let next = export.header("link").split(['<', '>']).nth(1).unwrap_or_default().to_owned();
    assert!(latchkey.get(&next).await.expect(200).text().contains(&sub), "exported");
    let again = Browser::new(&latchkey);
    let visit = again.enter_email_code(&latchkey, &AuthorizeRequest::of(&client), &eve).await;
    assert!(visit.redirect_target().1.contains_key("code"), "the consent is remembered");
    let entries = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit")).await;
    for action in ["end_user.signed_in", "consent.given"] {
        let entry = entries.iter().find(|entry| entry["action"] == action).expect(action);
        assert_eq!(entry["target"]["subject_type"], "end_user", "{action}");
    }
}

#[tokio::test]
async fn of_a_withdrawn_consent_nothing_is_left_but_the_audit() {
    let (latchkey, client) = open_app().await;
    let other = client_of(&latchkey, ACCOUNT).await;
    let eve = customer(&latchkey, "eve");
    let (gone, kept) = (tokens(&latchkey, &client, &eve).await, tokens(&latchkey, &other, &eve).await);
    latchkey.withdraw_consent(&client).await;
    assert_error(&latchkey.refresh(&client, &gone.refresh, "").await, "invalid_grant", "withdrawn");
    assert_eq!(introspect(&latchkey, &client, &gone.access).await, json!({ "active": false }));
    latchkey.refresh(&other, &kept.refresh, "").await.expect(200);
    let families = latchkey.inspect().grants("FAMILY#").await;
    assert_eq!(families.len(), 1, "that of the other client: {families:?}");
    let entries =
        latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit?action=consent.withdrawn")).await;
    assert_eq!(entries[0]["target"]["subject_type"], "end_user");
}

#[tokio::test]
async fn turning_it_off_ends_sign_in_refresh_and_introspection_within_a_minute() {
    let (mut latchkey, client) = open_app().await;
    let (ann, eve) = (latchkey.fixtures().member("ann").await, customer(&latchkey, "eve"));
    let (of_member, of_eve) =
        (tokens(&latchkey, &client, &ann).await, tokens(&latchkey, &client, &eve).await);
    let waiting = Browser::new(&latchkey);
    let request = AuthorizeRequest::of(&client).with("prompt", "consent");
    let page = waiting.enter_email_code(&latchkey, &request, &eve).await.expect(200);
    let unredeemed = latchkey.sign_in(&client, &eve).await;
    latchkey.patch(&format!("/v1/accounts/{ACCOUNT}"), &json!({ "end_users": "members" })).await.expect(200);
    // Nothing of it is to have expired by itself.
    latchkey.advance(SignedDuration::from_secs(59));
    introspect(&latchkey, &client, &of_eve.access).await;
    latchkey.advance(SignedDuration::from_secs(61));
    assert_error(&latchkey.refresh(&client, &of_eve.refresh, "").await, "invalid_grant", "refresh");
    for token in [&of_eve.access, &of_eve.refresh] {
        assert_eq!(introspect(&latchkey, &client, token).await, json!({ "active": false }));
    }
    let denied = waiting.submit_consent(&page, "allow").await.redirect_target().1;
    assert_eq!(denied["error"], "access_denied");
    assert_error(&latchkey.redeem(&client, &unredeemed).await, "invalid_grant", "a code");
    assert_eq!(introspect(&latchkey, &client, &of_member.access).await["subject_type"], "member");
    latchkey.refresh(&client, &of_member.refresh, "").await.expect(200);
    // Turned on again, it is as before: nothing was revoked.
    set_end_users(&mut latchkey, ACCOUNT, "anyone").await;
    assert_eq!(introspect(&latchkey, &client, &of_eve.access).await["active"], true);
}

#[tokio::test]
async fn two_accounts_cannot_tell_that_they_have_the_same_end_user() {
    let (mut latchkey, one) = open_app().await;
    latchkey.fixtures().account("T2").await;
    set_end_users(&mut latchkey, "T2", "anyone").await;
    let (same, other) = (client_of(&latchkey, ACCOUNT).await, client_of(&latchkey, "T2").await);
    let eve = customer(&latchkey, "eve");
    let sub = sub_of(&latchkey, &one, &eve).await;
    assert_eq!(sub_of(&latchkey, &same, &eve).await, sub);
    assert_ne!(sub_of(&latchkey, &other, &eve).await, sub);
}

#[tokio::test]
async fn members_stay_members_and_a_former_member_is_an_end_user() {
    let (latchkey, client) = open_app().await;
    let ann = latchkey.fixtures().member("ann").await;
    let as_member = sub_of(&latchkey, &client, &ann).await;
    assert!(as_member.starts_with("member_"), "{as_member}");
    latchkey.delete(&format!("/v1/accounts/{ACCOUNT}/members/{ann}")).await.expect(204);
    let as_end_user = sub_of(&latchkey, &client, &ann).await;
    assert!(as_end_user.starts_with("user_"), "{as_end_user}");
}

/// Signs in at the provider as the user with this `sub` and address, and returns the `sub` of the tokens.
async fn sub_by_provider(setup: &IdpDeployment, sub: &str, email: &str) -> String {
    let browser = setup.browser();
    let request = AuthorizeRequest::of(&setup.client).with("prompt", "consent");
    let redirect = AuthorizationRedirect::of(&browser.get(&request.path()).await);
    setup.exchange_code_as(&redirect, email, sub);
    let page: PageVisit = browser.get(&redirect.callback("code=c")).await.expect(200);
    let code = browser.submit_consent(&page.expect_text("wants to act for you"), "allow").await;
    let response = setup.latchkey.redeem(&setup.client, &code.redirect_target().1["code"]).await.expect(200);
    claims(&response.string("access_token"))["sub"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_user_of_the_provider_is_another_one_than_the_member_or_mailbox_of_that_address() {
    let mut setup = IdpDeployment::new(false).await;
    set_end_users(&mut setup.latchkey, ACCOUNT, "anyone").await;
    let (ann, eve) = (setup.ann.clone(), customer(&setup.latchkey, "eve"));
    let member = sub_by_provider(&setup, "first", &ann).await;
    assert!(member.starts_with("member_"), "{member}");
    let second = sub_by_provider(&setup, "second", &ann).await;
    assert!(second.starts_with("user_"), "another user with a member's address: {second}");
    assert_eq!(sub_by_provider(&setup, "second", &eve).await, second, "the user, whatever the address");
    let by_mailbox = sub_of(&setup.latchkey, &setup.client, &eve).await;
    assert_ne!(by_mailbox, second);
    assert_eq!(sub_by_provider(&setup, "first", &ann).await, member);
}

#[tokio::test]
async fn an_end_user_never_gets_a_management_scope() {
    let (latchkey, client) = open_app().await;
    let permissions = json!({ "permissions": [
        { "resource": "backoffice_api", "scopes": ["orders:read"] },
        { "resource": "latchkey", "scopes": ["clients:read"] },
    ] });
    let path = format!("{}/permissions", client.path());
    latchkey.admin_request("PUT", &path).await.json(&permissions).send().await.expect(200);
    let request = AuthorizeRequest::of(&client).with("resource", "latchkey");
    let refused = Browser::new(&latchkey).get(&request.path()).await.expect(400);
    assert_eq!(refused.rejection_link().1["error"], "invalid_target");
    let request = AuthorizeRequest::of(&client).with("resource", "backoffice_api");
    let request = request.with("scope", "clients:read");
    let refused = Browser::new(&latchkey).get(&request.path()).await.expect(400);
    assert_eq!(refused.rejection_link().1["error"], "invalid_scope");
    let eve = customer(&latchkey, "eve");
    let browser = Browser::new(&latchkey);
    let request = AuthorizeRequest::of(&client).with("resource", "backoffice_api");
    let page = browser.enter_email_code(&latchkey, &request, &eve).await.expect(200);
    let code = browser.submit_consent(&page, "allow").await.redirect_target().1["code"].clone();
    let tokens = Tokens::of(&latchkey.redeem(&client, &code).await.expect(200));
    latchkey.request("GET", "/v1/me").bearer(&tokens.access).send().await.expect(401);
    assert_error(
        &latchkey.refresh(&client, &tokens.refresh, "&resource=latchkey").await,
        "invalid_target",
        "",
    );
}

#[tokio::test]
async fn sign_in_and_consent_are_events_that_tell_the_type_of_subject() {
    let (mut latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.fixtures().seed().await;
    set_end_users(&mut latchkey, ACCOUNT, "anyone").await;
    let client = client_of(&latchkey, ACCOUNT).await;
    received(&proxy);
    latchkey.sign_in(&client, &customer(&latchkey, "eve")).await;
    let events: Vec<Value> = received(&proxy).iter().flatten().map(delivered).collect();
    for name in ["end_user.signed_in", "consent.given"] {
        let event = events.iter().find(|event| event["detail-type"] == name).expect(name);
        assert_eq!(event["detail"]["target"]["subject_type"], "end_user");
    }
}
