//! The page of the deployment.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use jiff::SignedDuration;

const PAGE: &str = "/console/operator/deployment";

#[tokio::test]
async fn deployment_is_described_without_secrets() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let visit = browser.get(PAGE).await.expect(200);
    let issuer = &latchkey.server.management.app.config.issuer;
    let visit = visit
        .expect_text(&format!("{issuer}/.well-known/jwks.json"))
        .expect_text("Signing keys rotated")
        .expect_text("CLIENTS_PER_ACCOUNT")
        .expect_text("Clients of an account200")
        .expect_text(env!("CARGO_PKG_VERSION"));
    assert!(!visit.text().contains(latchkey.server.operator.client_secret.expose()));
    assert!(!visit.text().contains("console.aws.amazon.com"), "an emulator has no alarms");
    let visit = browser.get(&format!("{PAGE}/changes")).await.expect(200);
    visit.expect_text("Change notes").expect_text(env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn every_published_key_is_listed_with_what_it_does_and_its_age() {
    let latchkey = TestApp::with_fixtures().await;
    let jwks = latchkey.request("GET", "/.well-known/jwks.json").send().await.expect(200).json();
    let browser = latchkey.operator_in_console().await;
    let visit = browser.get(PAGE).await.expect(200);
    let keys = jwks["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 4, "{jwks}");
    for key in keys {
        assert!(visit.contains_text(key["kid"].as_str().unwrap()), "{key}");
    }
    let text = visit.text();
    assert_eq!(text.matches("<b class=\"on\">Signs</b>").count(), 2, "{text}");
    assert_eq!(text.matches("Signs after the next rotation").count(), 2);
    assert_eq!(text.matches("days ago)</span>").count(), 4, "each has its age");
}

#[tokio::test]
async fn retired_keys_are_listed_with_the_day_until_which_they_are_published() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.advance(SignedDuration::from_hours(24));
    latchkey.rotate().await;
    let browser = latchkey.operator_in_console().await;
    let text = browser.get(PAGE).await.expect(200).text();
    assert_eq!(text.matches("Signs no more").count(), 2, "one for each algorithm: {text}");
    assert_eq!(text.matches("published until <time").count(), 2, "{text}");
}

/// Variables whose values are of no use to a reader, or are secrets: names of tables and secrets, credentials, endpoints.
const NOT_SHOWN: [&str; 21] = [
    "ISSUER",
    "DIRECTORY_TABLE",
    "GRANTS_TABLE",
    "AUDIT_TABLE",
    "SIGNING_KEYS_SECRET",
    "VERIFICATION_KEYS_SECRET",
    "PEPPER_SECRET",
    "SECRETS_KMS_KEY",
    "EXTRA_TAGS",
    "UPSTREAM_CLIENT_SECRET",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "AWS_ENDPOINT_URL_SES",
    "AWS_ENDPOINT_URL_EVENTBRIDGE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
];

#[tokio::test]
async fn every_setting_of_the_documents_is_shown_but_names_and_secrets() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.operator_in_console().await;
    let page = browser.get(PAGE).await.expect(200).text();
    let document = include_str!("../../../infra/docs/configuration.md");
    let (_, variables) = document.split_once("| variable | default |").unwrap();
    let rows = variables.lines().filter(|line| line.starts_with("| `"));
    let names = rows
        .flat_map(|row| row.split('|').nth(1).unwrap().split(", ").map(|name| name.trim().trim_matches('`')));
    let (mut shown, mut missing) = (0, Vec::new());
    for name in names.filter(|name| !NOT_SHOWN.contains(name)) {
        shown += 1;
        if !page.contains(&format!("<code>{name}</code>")) {
            missing.push(name);
        }
    }
    assert!(missing.is_empty() && shown > 25, "{shown} shown, without {missing:?}");
}

#[tokio::test]
async fn sandbox_of_ses_is_shown() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    let browser = latchkey.operator_in_console().await;
    proxy.inject(InjectedFault::quota(200, 1));
    browser.get(PAGE).await.expect(200).expect_text("SES sends only to addresses that are verified");
}

#[tokio::test]
async fn what_cannot_be_read_is_not_known_and_the_page_is_there() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    let browser = latchkey.operator_in_console().await;
    for operation in ["DescribeSecret", "GetSecretValue"] {
        proxy.inject(InjectedFault::json_error(operation, "AccessDeniedException"));
    }
    proxy.inject(InjectedFault {
        operation: "GetSendQuota",
        ..InjectedFault::ses_error("AccessDenied", "no")
    });
    let visit = browser.get(PAGE).await.expect(200).expect_text("The keys could not be read");
    assert_eq!(visit.text().matches("not known at the moment").count(), 3);
}
