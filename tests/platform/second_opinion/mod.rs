//! The local runner with LocalStack for Secrets Manager, SES and EventBridge, and the usual emulator for
//! DynamoDB. Ignored by `cargo test`, because it installs LocalStack (about 250 MB).
//!
//! ```sh
//! LATCHKEY_TEST_SECOND_OPINION=1 cargo test --workspace --test latchkey -- --include-ignored second_opinion
//! ```
//!
//! `requirements.txt` holds LocalStack and the packages that its three services need, in the versions current
//! at the release of LocalStack 4.12.0. It is not to be upgraded: 4.12.0 to 4.14.0 start without a token, later
//! ones do not. It is generated with a `--no-emit-package` for each of airspeed-ext awscli aws-sam-translator
//! aws-xray-sdk cfn-lint crontab jpype1 jsonpath-rw kclpy-ext opensearch-py opensearch-protobufs events pymongo
//! sympy networkx mpmath grpcio graphql-core docutils setuptools joserfc antlr4-python3-runtime:
//!
//! ```sh
//! printf 'localstack-core[runtime]==4.12.0\ncbor2<5.9\n' | uv pip compile - --universal --python-version 3.10 \
//!   --exclude-newer 2025-12-15T00:00:00Z --generate-hashes --no-header --no-annotate --no-emit-index-url \
//!   --no-emit-package … -o requirements.txt
//! ```

use crate::deployed::binaries::binary_path;
use crate::support::aws;
use crate::support::aws::second_opinion;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// The recipient of the reminder.
const MEMBER: &str = "second-opinion@acme.example";
/// Time limit until the runner is ready.
const START: Duration = Duration::from_mins(1);

/// The runner as a process, and the JSON that it prints when it is ready.
async fn start_runner() -> (Child, Value) {
    let mut command = Command::new(binary_path("local"));
    command.args(["--port", "0", "--json", "--aws", aws::endpoint()]);
    let mut runner = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(runner.stdout.take().unwrap()).lines();
    let ready = timeout(START, lines.next_line()).await.unwrap().unwrap();
    (runner, serde_json::from_str(&ready.expect("the runner ended")).unwrap())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

/// Sends a request to the runner, and returns the JSON response.
async fn call(method: &str, url: &str, bearer: &str, body: Option<&Value>) -> Value {
    let request = reqwest::Client::new().request(method.parse().unwrap(), url).bearer_auth(bearer);
    let request = if let Some(body) = body { request.json(body) } else { request };
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{method} {url}: {status} {text}");
    serde_json::from_str(&text).unwrap()
}

async fn token(issuer: &str, id: &str, secret: &str) -> String {
    let request = reqwest::Client::new().post(format!("{issuer}/oauth/token")).basic_auth(id, Some(secret));
    let response = request.form(&[("grant_type", "client_credentials")]).send().await.unwrap();
    assert_eq!(response.status(), 200);
    text(&response.json().await.unwrap(), "access_token").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "installs LocalStack; LATCHKEY_TEST_SECOND_OPINION=1 has to be set"]
async fn local_runner_works_with_localstack() {
    assert!(second_opinion::is_on(), "LATCHKEY_TEST_SECOND_OPINION=1 is not set");
    let (_runner, ready) = start_runner().await;
    let issuer = text(&ready, "issuer");
    let admin = token(issuer, text(&ready, "client_id"), text(&ready, "client_secret")).await;
    let create = async |path: &str, body: Value| {
        call("POST", &format!("{issuer}/v1{path}"), &admin, Some(&body)).await
    };

    create("/accounts", json!({ "account_id": "T12345678", "account_name": "Acme" })).await;
    let member = json!({ "email": MEMBER, "name": "Ann", "permissions": ["clients:manage"] });
    create("/accounts/T12345678/members", member).await;
    let scopes = json!([{ "name": "orders:read" }]);
    let resource = json!({ "resource_id": "orders", "account_access": "all", "audience": "https://api.example.com", "scopes": scopes,
                           "default_scopes": ["orders:read"] });
    create("/resources", resource).await;
    let client = json!({ "client_name": "Order sync", "permissions": [{ "resource": "orders" }] });
    let client = create("/accounts/T12345678/clients", client).await;
    let (id, secret) = (text(&client, "client_id"), text(&client, "client_secret"));
    token(issuer, id, secret).await;

    let rotate = call("POST", &format!("{issuer}/_local/rotate-keys"), &admin, None).await;
    assert_eq!(rotate["steps"][3]["outcome"], "in_force", "{rotate}");
    token(issuer, id, secret).await;

    // SES sends a reminder, and LocalStack records it.
    let expires_at = client["client_secret_expires_at"].as_i64().unwrap();
    let two_days_before = Timestamp::from_second(expires_at - 2 * 24 * 60 * 60).unwrap();
    call("PUT", &format!("{issuer}/_local/clock"), &admin, Some(&json!({ "now": two_days_before }))).await;
    let summary = call("POST", &format!("{issuer}/_local/expiry-check"), &admin, None).await;
    assert_eq!((&summary["sent"], &summary["failed"]), (&json!(1), &json!(0)), "{summary}");
    let mails = call("GET", &format!("{}/_aws/ses", aws::endpoint()), "", None).await;
    assert!(mails.to_string().contains(MEMBER), "{mails}");
}
