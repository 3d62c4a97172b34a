//! The lines that documents tell people to paste, run as they stand there.

mod collection;

use crate::interop::dependencies;
use crate::interop::rust::verify_jsonwebtoken::verify;
use crate::support::fixtures::AUDIENCE;
use crate::support::http_server::TestServer;
use shared::adapters::crypto::random::random_hex;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

/// What stands before a block that is not run here, with the reason; before the first block, it is said of all.
pub const NOT_RUN: &str = "<!-- not run: ";
/// What stands before a block that the test of the deployed stack runs.
pub const RUN_WHEN_DEPLOYED: &str = "<!-- run by the test of the deployed stack -->";
/// The runner's address, as documents spell it.
const ISSUER: &str = "http://127.0.0.1:8787";

/// The documents whose lines go on where those of the README end.
pub const PAGES: [(&str, &str); 6] = [
    ("README.md", include_str!("../../../README.md")),
    ("functions/token/README.md", include_str!("../../../functions/token/README.md")),
    ("functions/authorize/README.md", include_str!("../../../functions/authorize/README.md")),
    ("functions/clients/README.md", include_str!("../../../functions/clients/README.md")),
    ("functions/expiry/README.md", include_str!("../../../functions/expiry/README.md")),
    ("functions/clients/templates.md", include_str!("../../../functions/clients/templates.md")),
];

/// A code block: its language, its text, and the line before it.
struct Block<'a> {
    language: &'a str,
    text: String,
    before: &'a str,
}

fn blocks(document: &str) -> Vec<Block<'_>> {
    let mut found: Vec<Block<'_>> = Vec::new();
    let (mut before, mut open) = ("", None::<Block<'_>>);
    for line in document.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some(Block { language, text: String::new(), before }),
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => block.text.extend([line, "\n"]),
            (None, None) if !line.trim().is_empty() => before = line,
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a code block without an end");
    found
}

/// The shell lines of a document that are run, in their order.
fn shell_lines(document: &str) -> String {
    let shell = blocks(document).into_iter().filter(|block| block.language == "sh");
    shell.filter(|block| !block.before.starts_with(NOT_RUN)).map(|block| block.text).collect()
}

/// The shell lines of a document that the test of the deployed stack runs, in their order.
pub fn lines_of_the_stack(document: &str) -> String {
    let marked = blocks(document).into_iter().filter(|block| block.before == RUN_WHEN_DEPLOYED);
    marked.filter(|block| block.language == "sh").map(|block| block.text).collect()
}

/// The only code block of a language.
fn example(document: &str, language: &str) -> String {
    let mut found = blocks(document).into_iter().filter(|block| block.language == language);
    let (Some(block), None) = (found.next(), found.next()) else { panic!("not one block of {language}") };
    block.text
}

/// Runs the README's lines and then these, in an empty folder, as bash does; a response of 4xx or 5xx fails them.
async fn run(server: &TestServer, lines: &str) -> String {
    let operator = &server.latchkey.server.operator;
    let pasted = format!("{}{lines}", shell_lines(PAGES[0].1))
        .replace("SECRET=lks_…", &format!("SECRET={}", operator.client_secret.expose()))
        .replace(ISSUER, &server.issuer);
    let script = format!("curl() {{ command curl --fail-with-body \"$@\"; }}\n{pasted}");
    let folder = folder();
    std::fs::create_dir_all(&folder).unwrap();
    let python = dependencies::python().parent().unwrap();
    let path = format!("{}:{}", python.display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).current_dir(&folder).env("PATH", path);
    bash.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1").stdin(Stdio::null()).kill_on_drop(true);
    let output = bash.output().await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}\n{out}\n{err}");
    out.into_owned()
}

fn folder() -> PathBuf {
    let name = format!("pasted-{}", random_hex());
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[tokio::test]
async fn readme_leads_to_a_first_token() {
    let server = TestServer::new().await;
    let out = run(&server, "").await;
    assert!(out.lines().last().unwrap_or_default().contains("\"access_token\""), "{out}");
}

#[tokio::test]
async fn token_page_uses_keys_and_introspection() {
    let server = TestServer::new().await;
    let out = run(&server, &shell_lines(PAGES[1].1)).await;
    assert_eq!(out.matches("\"access_token\"").count(), 3, "{out}");
    assert!(out.contains("\"active\":true"), "{out}");
}

#[tokio::test]
async fn authorize_page_leads_to_the_sign_in_page() {
    let server = TestServer::new().await;
    let lines = shell_lines(PAGES[2].1);
    let out = run(&server, &format!("{lines}\n")).await;
    let url = out.lines().last().unwrap();
    let path = url.strip_prefix(&server.issuer).unwrap();
    server.latchkey.request("GET", path).send().await.expect(303);
}

#[tokio::test]
async fn clients_page_rotates_a_secret() {
    let server = TestServer::new().await;
    let out = run(&server, &shell_lines(PAGES[3].1)).await;
    let listed: serde_json::Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{out}");
}

#[tokio::test]
async fn expiry_page_sends_a_reminder() {
    let server = TestServer::new().await;
    let out = run(&server, &shell_lines(PAGES[4].1)).await;
    let (_, summary) = out.rsplit_once("{\"due\"").unwrap();
    let summary: serde_json::Value = serde_json::from_str(&format!("{{\"due\"{summary}")).unwrap();
    assert!(summary["sent"].as_u64() >= Some(1), "{out}");
}

#[tokio::test]
async fn templates_page_creates_a_client_with_a_template_and_copies_the_catalogue() {
    let server = TestServer::new().await;
    let out = run(&server, &shell_lines(PAGES[5].1)).await;
    assert!(out.contains("\"client_name\":\"Checkout client – shop.example\""), "{out}");
    assert!(out.contains("\"unchanged\":[\"checkout\"]"), "{out}");
}

#[tokio::test]
async fn python_and_node_examples_verify_a_token() {
    let server = TestServer::new().await;
    server.latchkey.fixtures().seed().await;
    let client = server.latchkey.fixtures().client().await;
    let token = server.latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let (token, page) = (token.string("access_token"), PAGES[1].1);
    let expected = format!("{} orders:read orders:write", client.client_id);
    let text = |language| example(page, language).replace(ISSUER, &server.issuer);
    assert!(page.contains(AUDIENCE));

    let mut python = Command::new(dependencies::python());
    python.args(["-B", "-c", &text("python"), &token]).env("NO_PROXY", "127.0.0.1");
    let output = python.output().await.unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), expected, "{output:?}");

    let Some(home) = dependencies::node() else { return };
    let program = home.join(format!("pasted-{}.mjs", random_hex()));
    std::fs::write(&program, text("js")).unwrap();
    let output = Command::new("node").args([program.as_os_str(), token.as_ref()]).output().await.unwrap();
    std::fs::remove_file(&program).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), expected, "{output:?}");
}

#[tokio::test]
async fn rust_example_verifies_a_token() {
    let source = include_str!("../rust/verify_jsonwebtoken.rs");
    let (_, source) = source.split_once("\n\n").unwrap();
    assert_eq!(example(PAGES[1].1, "rust").replace("fn verify", "pub fn verify"), source);
    let server = TestServer::new().await;
    server.latchkey.fixtures().seed().await;
    let client = server.latchkey.fixtures().client().await;
    let token = server.latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    let keys = server.latchkey.request("GET", "/.well-known/jwks.json").send().await.expect(200).text();
    let keys = serde_json::from_str(&keys).unwrap();
    let claims = verify(&token.string("access_token"), &keys, &server.issuer).unwrap();
    assert_eq!(claims["client_id"], client.client_id);
}
