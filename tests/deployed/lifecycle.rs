//! The lifecycle of a stack: deployed, used by third-party programs, sending reminders, upgraded in use,
//! deleted.

use crate::deployed::custom_domain::CustomDomain;
use crate::deployed::report;
use crate::deployed::sign_in;
use crate::deployed::stack::{REGION, ROOT, STAGE, Stack};
use crate::deployed::versions;
use crate::interop;
use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http_server::TestServer;
use aws_credential_types::Credentials;
use jiff::{SignedDuration, Timestamp};
use local::mailbox::{self, Message};
use local::server::{LocalConfig, LocalServer, config};
use reqwest::Method;
use serde_json::{Value, json};
use shared::adapters::store::Tables;
use shared::app::Config;
use shared::app::{AwsClients, AwsConfig, Endpoints};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

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

type Outputs = BTreeMap<String, String>;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "installs the AWS SAM CLI and deploys a stack; .ci/run runs it"]
async fn stack_is_deployed_used_upgraded_and_deleted() {
    let stack = Stack::new();
    let domain = CustomDomain::new(stack.emulator.endpoint());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let service = domain.router().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });

    let outputs = stack.deploy_release("first", &[("IssuerUrl", &issuer)]).await;
    assert_eq!(outputs["Issuer"], issuer);
    domain.set_api(api_id(&outputs));
    let served = start_app(&stack, &domain, issuer.clone(), &outputs).await;
    let latchkey = &served.latchkey;

    interop::every_program_against(&served).await;
    report(
        "every third-party client got tokens through API Gateway, every verifier accepted them, and they were revoked",
    );

    sign_in::assert_sign_in_works(&stack, &served).await;

    let client = client_expiring_tomorrow(latchkey).await;
    assert_schedule_sends_reminder(&stack, "ann@deployed.example").await;

    let before = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let secrets = format!("{}/secrets", client.path());
    let used = latchkey.admin_request("GET", &secrets).await.send().await.expect(200).json();
    assert!(used["items"][0]["last_used_on"].is_string(), "the use of the secret is not recorded: {used}");
    let admin = latchkey.admin().await.to_owned();
    let (code, log_level) = (stack.code("token").await, stack.live_log_level("token").await);
    let bootstrapped = bootstrapped_values(latchkey).await;
    let mut parameters = vec![("IssuerUrl", issuer.as_str()), ("LogLevel", "debug")];
    parameters.extend(OPTIONAL_PARAMETERS);
    let upgraded = stack.deploy("second", &parameters);
    assert!(upgraded["DomainTarget"].contains("execute-api"), "{upgraded:?}");
    assert_ne!(stack.code("token").await, code, "the upgrade deployed no other code");
    assert_eq!((log_level.as_str(), stack.live_log_level("token").await.as_str()), ("info", "debug"));
    assert!(
        bootstrapped_values(latchkey).await == bootstrapped,
        "the upgrade has changed a secret of the deployment"
    );
    assert_only_the_edge_is_served(latchkey, &domain).await;
    assert_existing_items_work(&served, &client, &before.string("access_token"), &admin).await;

    parameters.retain(|(name, _)| *name != "LogLevel");
    versions::assert_parameter_reaches_the_api(&stack, &served, &client, &parameters).await;
    versions::assert_alias_goes_back(&stack, &served, &client).await;

    assert_compromised_key_is_replaced(&stack, &served, &before.string("access_token")).await;
    versions::assert_restart_ends_caching(&stack, &served).await;

    let tables = [&outputs["DirectoryTable"], &outputs["AuditTable"], &outputs["GrantsTable"]];
    stack.delete().await;
    latchkey.request("GET", "/.well-known/jwks.json").send().await.expect(404);
    let mut kept = Vec::new();
    for table in tables {
        kept.push(latchkey.server.aws.dynamodb().describe_table().table_name(table).send().await.is_ok());
    }
    assert_eq!(kept, [true, true, false], "the directory and the audit trail outlive the stack");
    report("the API is gone; the directory and the audit trail are still there");
}

fn api_id(outputs: &Outputs) -> &str {
    outputs["ApiUrl"].split("//").nth(1).unwrap().split('.').next().unwrap()
}

/// An app whose requests go to the deployed functions. Its state in this process (the operator's credentials,
/// the stores to inspect) is the stack's too.
async fn start_app(stack: &Stack, domain: &CustomDomain, issuer: String, outputs: &Outputs) -> TestServer {
    let local_config = LocalConfig {
        aws_endpoint: stack.emulator.endpoint().to_owned(),
        issuer: issuer.clone(),
        stage: STAGE.to_owned(),
    };
    let config = deployed_config(&local_config, outputs);
    // The app would create what is missing; the stack's own bootstrap has created everything.
    let secrets = AwsClients::new(&config.aws).secrets_manager();
    let operator = format!("latchkey/{STAGE}/clients/latchkey-operator");
    for created in [&config.signing_keys_secret, &config.verification_keys_secret, &operator] {
        let value = secrets.get_secret_value().secret_id(created).send().await.unwrap().secret_string;
        assert!(value.is_some_and(|value| !value.is_empty()), "the bootstrap has not created {created}");
    }
    let latchkey = LocalServer::build(local_config, config).await.unwrap();
    TestServer { latchkey: TestApp::with_router(latchkey, domain.router()), issuer }
}

/// Key ring, pepper and the operator's credentials as stored.
async fn bootstrapped_values(latchkey: &TestApp) -> Vec<Option<String>> {
    let config = &latchkey.server.management.app.config;
    let operator = format!("latchkey/{STAGE}/clients/latchkey-operator");
    let mut values = Vec::new();
    for name in [&config.signing_keys_secret, &config.pepper_secret, &operator] {
        let read = latchkey.server.aws.secrets_manager().get_secret_value().secret_id(name).send().await;
        values.push(read.unwrap().secret_string);
    }
    values
}

fn deployed_config(local_config: &LocalConfig, outputs: &Outputs) -> Config {
    Config {
        tables: Tables {
            directory: outputs["DirectoryTable"].clone(),
            grants: outputs["GrantsTable"].clone(),
            audit: outputs["AuditTable"].clone(),
        },
        aws: AwsConfig {
            region: REGION.to_owned(),
            credentials: Credentials::new(ROOT, ROOT, None, None, "test"),
            endpoints: Endpoints::at(&local_config.aws_endpoint),
        },
        ..config(local_config)
    }
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

/// Tokens, clients and their secrets from before the upgrade.
async fn assert_existing_items_work(served: &TestServer, client: &TestClient, token: &str, admin: &str) {
    interop::every_verifier_takes(&served.issuer, token).await;
    let read = served.latchkey.request("GET", &client.path()).bearer(admin).send().await.expect(200);
    assert_eq!(read.string("client_name"), "Nightly export");
    served.latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    report("upgraded: an existing token is still valid, and an existing secret still gets one");
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
