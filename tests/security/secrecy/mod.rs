//! No secret leaks: all logs at the finest level, libraries included, all errors and all audit items are
//! searched for secrets.

mod code_flow;
mod console;

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::{TestRequest, TestResponse};
use crate::support::log_capture::CapturedLog;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// The secrets to search for, each with its name.
#[derive(Default)]
struct KnownSecrets(Vec<(String, String)>);

impl KnownSecrets {
    fn add(&mut self, what: &str, secret: &str) {
        self.0.push((what.to_owned(), secret.to_owned()));
    }

    fn add_client(&mut self, what: &str, client: &TestClient) {
        self.add(what, &client.client_secret);
        // As in a Basic header; without the end, whose encoding depends on the bytes that follow.
        let basic = STANDARD.encode(format!("{}:{}", client.client_id, client.client_secret));
        self.add(what, basic.trim_end_matches('='));
    }

    #[track_caller]
    fn assert_absent(&self, place: &str, text: &str) {
        for (what, secret) in &self.0 {
            let found = text.lines().find(|line| line.contains(secret.as_str()));
            assert!(found.is_none(), "{what} is in {place}: {found:?}");
        }
    }

    async fn assert_in_no_table(&self, latchkey: &TestApp) {
        let tables = &latchkey.server.management.app.config.tables;
        for table in [&tables.directory, &tables.grants, &tables.audit] {
            self.assert_absent(table, &format!("{:?}", latchkey.inspect().items(table).await));
        }
    }
}

/// The life of a client with all its errors. Returns the error responses.
async fn run_lifecycle(latchkey: &TestApp, known_secrets: &mut KnownSecrets) -> Vec<TestResponse> {
    let members =
        json!({ "secret_display": "on_request", "permissions": [{ "resource": "backoffice_api" }] });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let other = latchkey.fixtures().client().await;
    let (admin, admin_token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    for (what, client) in
        [("a client's secret", &client), ("another's secret", &other), ("an admin's", &admin)]
    {
        known_secrets.add_client(what, client);
    }
    let signature = admin_token.rsplit('.').next().unwrap();
    known_secrets.add("an access token's signature", signature);

    let (id, secret) = (&client.client_id, &client.client_secret);
    let token = latchkey.token(id, secret, "").await.expect(200).string("access_token");
    known_secrets.add("an access token", token.rsplit('.').next().unwrap());
    let secrets = format!("{}/secrets", client.path());
    let value = format!("{secrets}/{}/value", client.secret_id);
    latchkey.admin_request("GET", &value).await.send().await.expect(200);
    let added = latchkey
        .admin_request("POST", &secrets)
        .await
        .header("idempotency-key", "k")
        .send()
        .await
        .expect(201);
    known_secrets.add("an added secret", &added.string("client_secret"));

    for path in ["/oauth/introspect", "/oauth/revoke", "/oauth/introspect", "/oauth/check_token"] {
        for token in [token.as_str(), &admin_token, secret] {
            let form = format!("token={token}&token_type_hint={secret}");
            latchkey.request("POST", path).basic(id, secret).form(&form).send().await.expect(200);
        }
    }
    let about = |path: &str| latchkey.request("POST", path);

    let form = |body: String| latchkey.request("POST", "/oauth/token").form(&body);
    let grant = "grant_type=client_credentials";
    let create = format!("/v1/accounts/{ACCOUNT}/clients");
    let misplaced =
        json!({ "client_name": "x", "client_secret": secret, "description": { "secret": secret } });
    let bad: Vec<TestRequest> = vec![
        latchkey.request("POST", "/oauth/token").basic(&other.client_id, secret).form(grant),
        latchkey.request("POST", "/oauth/token").basic(secret, secret).form(grant),
        form(format!("{grant}&client_id={id}&client_secret={secret}x")),
        form(format!("{grant}&client_id={secret}&client_secret={secret}")),
        form(format!("{grant}&client_id={id}&client_secret={secret}&scope={secret}")),
        form(format!("{grant}&client_id={id}&client_secret={secret}&resource={secret}")),
        form(format!("grant_type={secret}&client_id={id}&client_secret={secret}")),
        latchkey.request("POST", &format!("/oauth/token?client_secret={secret}")).form(grant),
        latchkey
            .request("POST", "/oauth/token")
            .body("application/json", format!("{{\"client_secret\": \"{secret}\", ")),
        about("/oauth/introspect").basic(&other.client_id, secret).form(&format!("token={token}")),
        about("/oauth/introspect").basic(&token, &token).form(&format!("token={token}")),
        about("/oauth/introspect").bearer(&token).form(&format!("token={token}")),
        about(&format!("/oauth/introspect?token={token}")).basic(id, secret).form("token=x"),
        about("/oauth/revoke").form(&format!("token={token}&client_id={token}&client_secret={secret}x")),
        about("/oauth/revoke").basic(id, secret).json(&json!({ "token": { "token": token } })),
        latchkey.admin_request("POST", &create).await.json(&misplaced),
        latchkey
            .admin_request("POST", &create)
            .await
            .body("application/json", format!("{{\"a\": \"{secret}\"")),
        latchkey.admin_request("POST", &secrets).await.json(&json!({ "replace": secret })),
        latchkey.admin_request("GET", &format!("{secrets}/{secret}/value")).await,
        latchkey.admin_request("GET", &format!("{create}?cursor={secret}")).await,
        latchkey.request("GET", &create).bearer(&format!("{admin_token}x")),
        latchkey.request("GET", &create).bearer(secret),
        latchkey.request("GET", &value).bearer(&admin_token),
    ];
    let mut errors = Vec::new();
    for request in bad {
        let response = request.send().await;
        assert!(response.status.is_client_error(), "{}: {}", response.status, response.text());
        errors.push(response);
    }
    latchkey.admin_request("POST", &secrets).await.header("idempotency-key", "k").send().await.expect(201);
    latchkey.admin_request("DELETE", &client.path()).await.send().await.expect(204);
    errors
}

async fn add_deployment_secrets(latchkey: &TestApp, known_secrets: &mut KnownSecrets) {
    let config = &latchkey.server.management.app.config;
    let read = async |name: &str| {
        let request = latchkey.server.aws.secrets_manager().get_secret_value().secret_id(name);
        request.send().await.unwrap().secret_string.unwrap()
    };
    let pepper: serde_json::Value = serde_json::from_str(&read(&config.pepper_secret).await).unwrap();
    known_secrets.add("the pepper", pepper["pepper"].as_str().unwrap());
    let ring: serde_json::Value = serde_json::from_str(&read(&config.signing_keys_secret).await).unwrap();
    for slot in ["next", "active"] {
        for alg in ["rs256", "es256"] {
            known_secrets.add("a private key", ring[slot][alg].as_str().unwrap());
        }
    }
    known_secrets.add("the operator's secret", latchkey.server.operator.client_secret.expose());
}

#[tokio::test]
async fn no_secret_is_in_logs_errors_or_audit_items() {
    let log = CapturedLog::default();
    let guard = log.listen();
    let latchkey = TestApp::with_fixtures().await;
    let mut known_secrets = KnownSecrets::default();
    let errors = run_lifecycle(&latchkey, &mut known_secrets).await;
    add_deployment_secrets(&latchkey, &mut known_secrets).await;
    latchkey.rotate().await;
    latchkey.replace_compromised("next", "leak").await;
    drop(guard);
    add_deployment_secrets(&latchkey, &mut known_secrets).await;

    let log = log.text();
    for place in ["\"target\":\"token", "\"target\":\"clients", "\"target\":\"aws_", "\"target\":\"hyper"] {
        assert!(log.contains(place), "nothing was logged by {place}");
    }
    known_secrets.assert_absent("the log", &log);
    for error in &errors {
        known_secrets.assert_absent("an error", &error.text());
    }
    let config = &latchkey.server.management.app.config;
    let audit = latchkey.inspect().items(&config.tables.audit).await;
    assert!(audit.len() > 5);
    known_secrets.assert_in_no_table(&latchkey).await;
}

#[tokio::test]
async fn library_logs_are_limited_to_warnings_at_any_level() {
    let log = CapturedLog::default();
    let guard = log.listen_as("trace");
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    drop(guard);
    let log = log.text();
    let targets: std::collections::BTreeSet<String> = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        // Metrics lines are not log events.
        .filter(|line| line.get("_aws").is_none())
        .map(|event| event["target"].as_str().unwrap().to_owned())
        .map(|target| target.split("::").next().unwrap().to_owned())
        .collect();
    assert_eq!(targets.into_iter().collect::<Vec<_>>(), ["clients", "token"]);
    let issued = log.lines().rfind(|line| line.contains("token issued")).expect("a log event of the token");
    let event: serde_json::Value = serde_json::from_str(issued).unwrap();
    assert_eq!(event["client_id"], client.client_id);
    assert_eq!(event["grant_type"], "client_credentials");
}
