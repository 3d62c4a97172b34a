//! A member at the upstream provider is one user of it, and one source does not call the provider without end.

use crate::oauth::authorize::idp::{AuthorizationRedirect, IdpDeployment};
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::{Browser, PageVisit};
use serde_json::{Value, json};

/// Signs in at the provider as the user with this `sub` and Ann's address.
async fn sign_in_as(setup: &IdpDeployment, sub: &str) -> PageVisit {
    let browser = setup.browser();
    let redirect = AuthorizationRedirect::of(&browser.get(&AuthorizeRequest::of(&setup.client).path()).await);
    setup.exchange_code_as(&redirect, &setup.ann, sub);
    browser.get(&redirect.callback("code=c")).await
}

#[tokio::test]
async fn a_mailbox_that_changes_hands_is_not_the_old_member() {
    let setup = IdpDeployment::new(false).await;
    let latchkey = &setup.latchkey;
    sign_in_as(&setup, "first").await.expect(200).expect_text("wants to act for you");
    let refused = sign_in_as(&setup, "second").await.expect(200);
    refused.expect_text("This is another sign-in").expect_text(&setup.ann);
    sign_in_as(&setup, "first").await.expect(200).expect_text("wants to act for you");

    let path = format!("/v1/accounts/{ACCOUNT}/members/{}", setup.ann);
    let list = format!("/v1/accounts/{ACCOUNT}/members");
    let members = latchkey.admin_request("GET", &list).await.send().await.expect(200).json();
    let pinned = json!({ "issuer": "https://login.example.com", "subject": "first" });
    assert_eq!(members["items"][0]["external_identity"], pinned);
    let audit = format!("/v1/accounts/{ACCOUNT}/audit?action=member.identity_pinned");
    let entries =
        latchkey.admin_request("GET", &audit).await.send().await.expect(200).json()["items"].clone();
    let change = json!([{ "member": "external_identity", "old": null, "new": pinned }]);
    assert_eq!((entries.as_array().unwrap().len(), &entries[0]["changes"]), (1, &change));
    assert_eq!(entries[0]["target"]["email"], setup.ann);
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage"]).await;
    let unpin = json!({ "external_identity": null });
    let own = latchkey.request("PATCH", &path).bearer(&token).json(&unpin).send().await.expect(403);
    assert!(own.text().contains("external_identity"), "{}", own.text());
    let same = json!({ "external_identity": pinned });
    latchkey.admin_request("PATCH", &path).await.json(&same).send().await.expect(200);
    let other =
        json!({ "external_identity": { "issuer": "https://login.example.com", "subject": "second" } });
    let problem = latchkey.admin_request("PATCH", &path).await.json(&other).send().await.expect(422);
    assert_eq!(problem.pointers(), ["#/external_identity"]);
    let unpinned = latchkey.admin_request("PATCH", &path).await.json(&unpin).send().await.expect(200).json();
    assert_eq!(unpinned["external_identity"], Value::Null);
    sign_in_as(&setup, "second").await.expect(200).expect_text("wants to act for you");
    sign_in_as(&setup, "first").await.expect(200).expect_text("This is another sign-in");
}

#[tokio::test]
async fn one_source_returns_from_the_provider_120_times_an_hour() {
    let mut deployment = IdpDeployment::new(true).await;
    deployment.latchkey.set_time("2027-03-01T12:10:00Z".parse::<jiff::Timestamp>().unwrap());
    let browser = Browser::from_router(deployment.router.clone());
    let page = browser.get(&AuthorizeRequest::of(&deployment.client).path()).await.expect(200);
    let id = page.at.rsplit('/').next().unwrap().to_owned();
    browser.post(&page.form("/upstream")).await.expect(303);
    let path = format!("/oauth/callback?state={id}&error=access_denied");
    for _ in 0..120 {
        browser.send(browser.request("GET", &path)).await.expect(303);
    }
    let refused = browser.send(browser.request("GET", &path)).await.expect(429);
    assert!(!refused.header("retry-after").is_empty());
}
