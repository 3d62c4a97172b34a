//! The lifecycle of a stack: deployed as the version before, upgraded in use, used by third-party programs, sending
//! reminders, set back and forward, restored, deleted.

use crate::deployed::custom_domain::CustomDomain;
use crate::deployed::operations;
use crate::deployed::previous::{self, StoredClients};
use crate::deployed::report;
use crate::deployed::served::{bootstrapped_values, start_app, verify_sender};
use crate::deployed::sign_in;
use crate::deployed::stack::{STAGE, Stack, Version};
use crate::deployed::versions;
use crate::interop;
use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http_server::TestServer;
use jiff::{SignedDuration, Timestamp};
use local::mailbox::{self, Message};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// Parameters that the first deployment omits.
const OPTIONAL_PARAMETERS: [(&str, &str); 7] = [
    ("AlarmEmail", "alarms@latchkey.example"),
    ("Tracing", "Active"),
    // Not `domain`: the emulator has no DKIM records, which would be an output.
    ("MailIdentity", "existing"),
    ("DomainName", "id.latchkey.example"),
    ("OriginDomainName", "origin.id.latchkey.example"),
    ("OriginSecretSha256", ORIGIN_SECRET_SHA256),
    (
        "CertificateArn",
        "arn:aws:acm:eu-central-1:000000000000:certificate/11111111-2222-3333-4444-555555555555",
    ),
];

/// What the edge sends, and its SHA-256.
const ORIGIN_SECRET: &str = "deployed-edge-secret-0123456789abcdef";
const ORIGIN_SECRET_SHA256: &str = "168b101b36fa76c437516545b452198179c6b1a712a2625922de28c1362a209a";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "installs the AWS SAM CLI and deploys a stack; .ci/run runs it"]
async fn stack_is_deployed_used_upgraded_deleted_and_deployed_again() {
    let stack = Stack::new("lifecycle").await;
    let domain = CustomDomain::new(stack.emulator.endpoint());
    let issuer = domain.serve().await;
    let first = [("IssuerUrl", issuer.as_str())];
    let mut parameters = [&first[..], &OPTIONAL_PARAMETERS, &[("LogLevel", "debug")]].concat();

    previous::prepare(&stack).await;
    let outputs = stack.deploy(Version::Previous, "the version before", &first);
    assert_eq!(outputs["Issuer"], issuer);
    let served = start_app(&stack, &domain, &issuer, &outputs).await;
    let latchkey = &served.latchkey;
    let stored = previous::store_items(latchkey).await;
    let earlier = UsedBefore::new(latchkey, stored).await;
    let config = latchkey.server.management.app.config.clone();
    let bootstrapped = bootstrapped_values(&config).await;
    let code = stack.code("token").await;

    let upgraded = stack.deploy(Version::Current, "upgraded, with other parameters", &parameters);
    assert!(upgraded["DomainTarget"].contains("execute-api"), "{upgraded:?}");
    assert_ne!(stack.code("token").await, code, "the upgrade deployed no other code");
    assert_eq!(stack.live_log_level("token").await, "debug");
    assert_only_the_edge_is_served(latchkey, &domain).await;
    earlier.assert_works(&served).await;
    earlier.stored.assert_refresh_token_works(latchkey).await;

    interop::every_program_against(&served).await;
    report(
        "every third-party client got tokens through API Gateway, every verifier accepted them, and they were revoked",
    );
    verify_sender(latchkey).await;
    sign_in::assert_sign_in_works(&stack, &served).await;
    sign_in::assert_console_works(&stack, &served).await;
    let client = client_expiring_tomorrow(latchkey).await;
    assert_schedule_sends_reminder(&stack, "ann@deployed.example").await;
    let token = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let token = token.string("access_token");
    assert_use_is_recorded(latchkey, &client).await;

    stack.deploy(Version::Previous, "set back to the version before", &first);
    earlier.assert_works(&served).await;
    assert_is_active(latchkey, &client, &token).await;
    let restored = operations::restore(&stack);
    let later = latchkey.fixtures().client().await;
    parameters.push(("DirectoryTableName", &restored));
    stack.deploy(Version::Current, "upgraded again, with the restored directory", &parameters);
    earlier.assert_works(&served).await;
    assert_is_active(latchkey, &client, &token).await;
    latchkey.token(&later.client_id, &later.client_secret, "").await.expect(401);
    let now_bootstrapped = bootstrapped_values(&config).await;
    assert!(now_bootstrapped == bootstrapped, "a deployment has changed a secret of the stage");

    operations::smoke::assert_nothing_is_found(&stack);
    operations::smoke::assert_destructive_questions_are_refused_in_use(&stack);
    *parameters.iter_mut().find(|(name, _)| *name == "LogLevel").unwrap() = ("LogLevel", "error");
    versions::assert_parameter_reaches_the_api(&stack, &served, &client, &parameters).await;
    versions::assert_alias_goes_back(&stack, &served, &client).await;
    assert_compromised_key_is_replaced(&stack, &served, &token).await;
    versions::assert_restart_ends_caching(&stack, &served).await;
    parameters.push(("Stage", "other"));
    let refused = stack.deploy_in_vain(Version::Current, "another stage", &parameters);
    assert!(refused.contains("Stage cannot change"), "{refused}");

    let tables = [&outputs["DirectoryTable"], &outputs["AuditTable"], &outputs["GrantsTable"]];
    stack.delete().await;
    latchkey.request("GET", "/.well-known/jwks.json").send().await.expect(404);
    let kept = operations::existing(latchkey, tables).await;
    assert_eq!(kept, [true, true, false], "the directory and the audit trail outlive the stack");
    report("the API is gone; the directory and the audit trail are still there");
    operations::clean_up(&stack);
    assert_eq!(operations::existing(latchkey, tables).await, [false; 3]);
    let again = [first[0], ("MailIdentity", "existing")];
    let outputs = stack.deploy(Version::Current, "the same stage again", &again);
    let next = start_app(&stack, &domain, &issuer, &outputs).await;
    next.latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
    let accounts = next.latchkey.admin_request("GET", "/v1/accounts").await.send().await.expect(200).json();
    assert_eq!(accounts["items"].as_array().unwrap().len(), 1, "the operator's own: {accounts}");
    report("a stage that was in use was cleaned up and deployed again, and is empty");
}

/// What the version before has stored and issued.
struct UsedBefore {
    stored: StoredClients,
    client: TestClient,
    token: String,
    operators_token: String,
}

impl UsedBefore {
    async fn new(latchkey: &TestApp, stored: StoredClients) -> Self {
        latchkey.fixtures().account("T20000002").await;
        let read = json!({ "permissions": [{ "resource": "latchkey", "scopes": ["clients:read"] }] });
        let client = latchkey.fixtures().client_with("T20000002", &read).await;
        let token = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
        let operators_token = latchkey.admin().await.to_owned();
        Self { stored, client, token: token.string("access_token"), operators_token }
    }

    /// Tokens, clients and secrets go on.
    async fn assert_works(&self, served: &TestServer) {
        let latchkey = &served.latchkey;
        assert_is_active(latchkey, &self.client, &self.token).await;
        let read = latchkey.request("GET", &self.client.path()).bearer(&self.operators_token).send().await;
        assert_eq!(read.expect(200).string("client_id"), self.client.client_id);
        self.stored.assert_work(latchkey).await;
        report("tokens are still valid, secrets still get one, those of version 0.1.0 too");
    }
}

/// The client's token is active, and it gets another one.
async fn assert_is_active(latchkey: &TestApp, client: &TestClient, token: &str) {
    let form = format!("token={token}");
    let asked = latchkey.request("POST", "/oauth/introspect").basic(&client.client_id, &client.client_secret);
    assert_eq!(asked.form(&form).send().await.expect(200).json()["active"], true);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
}

async fn assert_use_is_recorded(latchkey: &TestApp, client: &TestClient) {
    let secrets = format!("{}/secrets", client.path());
    let used = latchkey.admin_request("GET", &secrets).await.send().await.expect(200).json();
    assert!(used["items"][0]["last_used_on"].is_string(), "the use of the secret is not recorded: {used}");
}

async fn client_expiring_tomorrow(latchkey: &TestApp) -> TestClient {
    let expires_at = Timestamp::now().checked_add(SignedDuration::from_hours(24)).unwrap();
    let members = json!({
        "client_name": "Nightly export",
        "contacts": ["ann@deployed.example"],
        "permissions": [{ "resource": "backoffice_api" }],
        "secret": { "expires_on": expires_at.to_string()[..10], "remind": true },
    });
    latchkey.fixtures().client_with(ACCOUNT, &members).await
}

/// Triggers the schedule: its rate is changed from an hour to a minute. Its target, role and queue stay the
/// same.
async fn assert_schedule_sends_reminder(stack: &Stack, recipient: &str) {
    let path = format!("/schedules/latchkey-{STAGE}-expiry");
    let mut schedule = stack.call("scheduler", Method::GET, &path, &Value::Null).await;
    assert_eq!(schedule["ScheduleExpression"], "rate(1 hour)");
    schedule["ScheduleExpression"] = json!("rate(1 minute)");
    stack.call("scheduler", Method::PUT, &path, &schedule).await;
    let email = wait_for_email(stack, recipient, "expiry").await;
    assert!(email.text.contains("Nightly export"), "{}", email.text);
    report(&format!("the schedule fired, and {recipient} has an email: {}", email.subject));
}

/// Waits for the first email to this recipient, from the function of this name.
pub async fn wait_for_email(stack: &Stack, recipient: &str, sender: &str) -> Message {
    let mut tick = tokio::time::interval(Duration::from_millis(500));
    for _ in 0..240 {
        tick.tick().await;
        let all = mailbox::read(stack.emulator.endpoint()).await.unwrap();
        if let Some(email) = all.into_iter().find(|email| email.to.iter().any(|to| to == recipient)) {
            return email;
        }
    }
    panic!("no email to {recipient} within two minutes; the log of {sender}:\n{}", stack.log(sender).await);
}

/// The upgrade has put the API behind an edge.
async fn assert_only_the_edge_is_served(latchkey: &TestApp, domain: &CustomDomain) {
    let paths = ["/.well-known/jwks.json", "/openapi.json", "/oauth/authorize/a"];
    for path in paths {
        let direct = latchkey.request("GET", path).header("cloudfront-viewer-address", "127.0.0.1:1");
        assert_eq!(direct.send().await.expect(403).string("error"), "access_denied", "{path}");
    }
    domain.become_edge(ORIGIN_SECRET);
    for path in paths {
        assert_ne!(latchkey.request("GET", path).send().await.status, 403, "{path}");
    }
    report("each HTTP function refuses requests that bypass the edge, and serves those through it");
}

/// The function that rotates the keys is invoked as an operator would in an emergency.
async fn assert_compromised_key_is_replaced(stack: &Stack, served: &TestServer, token: &str) {
    let emergency = json!({ "emergency": "next", "id": "drill" });
    assert_eq!(stack.invoke("rotate-keys", &emergency).await, "leaked_keys_dropped");
    assert_eq!(stack.invoke("rotate-keys", &emergency).await, "already_dropped");
    interop::every_verifier_takes(&served.issuer, token).await;
    report(
        "the next signing key was replaced as compromised, once; a token of the active key is still valid",
    );
}
