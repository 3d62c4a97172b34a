//! The programs that pages offer to copy: each is run as it stands, and verified tokens come out.

mod rust;
mod verify;
mod workload;

use crate::interop::dependencies;
use crate::support::app::TestApp;
use crate::support::crypto::assertions::TestKey;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http_server::loopback_listener;
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::form::unescaped;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::app::Config;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;

const LANGUAGES: [&str; 4] = ["curl", "python", "node", "go"];

/// An app that answers the first request for a token with 503, and counts the others.
struct Site {
    latchkey: TestApp,
    issuer: String,
    /// A client that introspects.
    caller: TestClient,
    requests: Arc<AtomicUsize>,
}

impl Site {
    async fn new() -> Self {
        let (listener, issuer) = loopback_listener().await;
        Self::at(listener, issuer).await
    }

    /// A site whose issuer is this, on the port of a listener.
    pub async fn at(listener: TcpListener, issuer: String) -> Self {
        Self::with(listener, issuer, |_| {}).await
    }

    /// The same with another configuration.
    async fn with(listener: TcpListener, issuer: String, adjust: impl FnOnce(&mut Config)) -> Self {
        let latchkey = TestApp::with_config(|config| {
            config.issuer.clone_from(&issuer);
            adjust(config);
        })
        .await;
        latchkey.fixtures().seed().await;
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        let out_of_order_at_first = from_fn(move |request: Request, next: Next| {
            let is_first =
                request.uri().path() == "/oauth/token" && counter.fetch_add(1, Ordering::SeqCst) == 0;
            async move { if is_first { unavailable() } else { next.run(request).await } }
        });
        let router = latchkey.router.clone().layer(out_of_order_at_first);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        let caller = latchkey.fixtures().client().await;
        Self { latchkey, issuer, caller, requests }
    }

    /// A client with this body, and its secret if it has one.
    async fn client(&self, body: Value) -> (String, String) {
        let mut body = body;
        body["client_name"] = json!("Order sync");
        body["permissions"] = json!([{ "resource": "backoffice_api", "scopes": ["orders:read"] }]);
        let path = format!("/v1/accounts/{ACCOUNT}/clients");
        let client =
            self.latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(201).json();
        let text = |member: &str| client[member].as_str().unwrap_or_default().to_owned();
        (text("client_id"), text("client_secret"))
    }

    /// Runs a command, and asserts that it prints a token for the client twice over, of one request after the one that was
    /// refused.
    async fn check(&self, language: &str, program: Command, client_id: &str) {
        self.requests.store(0, Ordering::SeqCst);
        let printed = run(program).await;
        let tokens: Vec<&str> = printed.split_whitespace().collect();
        assert!(
            !tokens.is_empty() && tokens.iter().all(|token| *token == tokens[0]),
            "{language}: {printed}"
        );
        self.check_token(language, tokens[0], client_id).await;
    }

    /// Asserts that a token is one for the client, and came after one request that was refused.
    async fn check_token(&self, language: &str, token: &str, client_id: &str) {
        let response = self.latchkey.introspect(&self.caller, token).await.expect(200).json();
        assert_eq!(response["active"], true, "{language}: {response}");
        assert_eq!(
            (&response["client_id"], &response["scope"]),
            (&json!(client_id), &json!("orders:read")),
            "{language}"
        );
        assert_eq!(
            self.requests.load(Ordering::SeqCst),
            2,
            "{language} tries again after 503, and keeps the token"
        );
    }
}

fn unavailable() -> Response {
    (http::StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "1")], "{}").into_response()
}

/// The program of a language on the page of a client.
async fn offered(browser: &Browser, client_id: &str, language: &str) -> String {
    let page = format!("/console/accounts/{ACCOUNT}/clients/{client_id}/use?lang={language}");
    codes(&browser.get(&page).await.expect(200).text()).remove(0)
}

/// The programs of a page.
fn codes(page: &str) -> Vec<String> {
    let codes = page.split("<pre tabindex=\"0\"><code translate=\"no\">").skip(1);
    codes.map(|rest| unescaped(rest.split("</code>").next().unwrap())).collect()
}

/// Runs a command on a thread of its own, since the server answers on this one.
async fn run(mut command: Command) -> String {
    let output =
        tokio::task::spawn_blocking(move || command.stdin(Stdio::null()).output().unwrap()).await.unwrap();
    let (printed, complaint) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{printed}{complaint}");
    printed.into_owned()
}

/// A folder for the files of one program.
fn folder(name: &str) -> PathBuf {
    let folder = local::emulator::target_dir().join("latchkey/programs").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

fn python(folder: &Path, program: &str) -> Command {
    std::fs::write(folder.join("token_program.py"), program).unwrap();
    let mut command = Command::new(dependencies::python());
    let twice = "import token_program as p; print(p.access_token(), p.access_token())";
    command.args(["-B", "-c", twice]).env("PYTHONPATH", folder);
    command
}

/// The program prints one token when it is loaded, and the same when it is asked again.
fn node(program: &str, name: &str) -> Option<Command> {
    let file = dependencies::node()?.join(format!("{name}.mjs"));
    std::fs::write(&file, program).unwrap();
    let again =
        format!("const p = await import(\"{}\"); console.log(await p.accessToken());", file.display());
    let mut command = Command::new("node");
    command.args(["--input-type=module", "--eval", &again]);
    Some(command)
}

fn shell(program: &str) -> Command {
    let mut command = Command::new("bash");
    command.args(["-c", &format!("{program}\naccess_token && echo $TOKEN && access_token && echo $TOKEN")]);
    command
}

/// `None` without Go. The compiler runs on a thread of its own.
async fn go(folder: &Path, program: &str) -> Option<Command> {
    let source = folder.join("go_program.go");
    std::fs::write(&source, program).unwrap();
    let built = tokio::task::spawn_blocking(move || dependencies::go(&source)).await.unwrap()?;
    Some(Command::new(built))
}

#[tokio::test]
async fn programs_with_a_secret_get_a_token_keep_it_and_try_again_after_503() {
    let site = Site::new().await;
    let browser = site.latchkey.administrator_in_console().await;
    let (id, secret) = site.client(json!({})).await;
    for language in LANGUAGES {
        let (text, folder) = (offered(&browser, &id, language).await, folder(language));
        assert!(!text.contains(&secret) && text.contains("CLIENT_SECRET"), "{text}");
        let command = match language {
            "curl" => Some(shell(&text)),
            "python" => Some(python(&folder, &text)),
            "node" => node(&text, "secret_program"),
            _ => go(&folder, &text).await,
        };
        let Some(mut command) = command else { continue };
        command.env("CLIENT_SECRET", &secret);
        site.check(language, command, &id).await;
    }
}

#[tokio::test]
async fn programs_with_a_key_get_a_token() {
    let site = Site::new().await;
    let browser = site.latchkey.administrator_in_console().await;
    for alg in ["ES256", "RS256", "EdDSA"] {
        let key = TestKey::new(alg);
        let (id, _) = site
            .client(json!({ "token_endpoint_auth_method": "private_key_jwt", "public_key_pem": key.pem() }))
            .await;
        for language in ["python", "node"] {
            let text = offered(&browser, &id, language).await;
            let command = match language {
                "python" => Some(python(&folder(&format!("key-{alg}")), &text)),
                _ => node(&text, &format!("key_program_{alg}")),
            };
            let Some(mut command) = command else { continue };
            command.env("PRIVATE_KEY", key.private_pem());
            site.check(&format!("{language}, {alg}"), command, &id).await;
        }
    }
}
