//! Every page of the console that a link leads to, in a real browser.

mod credentials;
mod members;
mod picture;
mod settings;
mod states;

use crate::interop::dependencies;
use crate::interop::program::Program;
use crate::support::http_server::TestServer;
use local::emulator::target_dir;
use local::sample;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A server with the sample account, and Chromium; `None` without it.
async fn site() -> Option<(TestServer, &'static Path)> {
    let chromium = dependencies::chromium()?;
    let server = TestServer::new().await;
    sample::ensure(&server.latchkey.server).await.unwrap();
    Some((server, chromium))
}

/// An empty folder below the target's.
fn empty_folder(name: &str) -> PathBuf {
    let folder = target_dir().join("latchkey").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

/// What a program prints that goes through pages of the server in Chromium, with pictures in a folder of this name; `None` if it
/// cannot run here.
async fn browse(
    (server, chromium): (&TestServer, &Path),
    (program, pictures): (&'static str, &str),
    more: &[(&str, &str)],
) -> Option<Value> {
    let pictures = empty_folder(&format!("screenshots/{pictures}"));
    let variables = [
        ("CHROMIUM", chromium.to_str().unwrap()),
        ("ISSUER", &server.issuer),
        ("PICTURES", pictures.to_str().unwrap()),
    ];
    let output = Program::Node(program).run(&[&variables, more].concat()).await?;
    Some(output.unwrap_or_else(|error| panic!("{error}")))
}

#[tokio::test]
async fn pages_that_links_lead_to_pass_axe_fit_every_window_and_ask_no_other_host() {
    let Some((server, chromium)) = site().await else { return };
    let more = [("CONSOLE", "/_local/console"), ("WANTED", "^/console")];
    let Some(output) = browse((&server, chromium), ("console_pages.mjs", "console"), &more).await else {
        return;
    };
    let pages = output["pages"].as_array().unwrap().iter().map(|page| page.as_str().unwrap().to_owned());
    let pages: BTreeSet<String> = pages.collect();
    assert!(pages.len() > 8, "{pages:?}");
}

#[tokio::test]
async fn script_adds_local_times_as_text_and_copy_buttons_with_names_of_their_own() {
    let Some((server, chromium)) = site().await else { return };
    let more = [("CONSOLE", "/_local/console")];
    let Some(output) = browse((&server, chromium), ("console_script.mjs", "script"), &more).await else {
        return;
    };
    let count = |name: &str| output[name].as_u64().unwrap();
    assert!(count("times") > 20 && count("buttons") > 5, "{output}");
}

#[tokio::test]
async fn pages_of_the_operator_pass_axe_and_fit_every_window() {
    let Some((server, chromium)) = site().await else { return };
    server.latchkey.run_job().await;
    let more = [
        ("CONSOLE", "/_local/console?as=operator"),
        // Of accounts the first page: the others are those of their members.
        ("WANTED", "^/console/(operator|accounts/[^/]+$)"),
    ];
    let Some(output) = browse((&server, chromium), ("console_pages.mjs", "operator"), &more).await else {
        return;
    };
    let pages = output["pages"].as_array().unwrap().iter().filter_map(|page| page.as_str());
    let pages = pages.filter(|page| page.starts_with("/console/operator/")).count();
    assert!(pages > 12, "{output}");
}

#[tokio::test]
async fn script_adds_to_forms_that_work_without_it() {
    let Some((server, chromium)) = site().await else { return };
    let more = [("CONSOLE", "/_local/console")];
    let Some(output) = browse((&server, chromium), ("console_forms.mjs", "forms"), &more).await else {
        return;
    };
    assert_eq!(output["pages"], 8, "{output}");
}

#[tokio::test]
async fn operator_without_script_adds_an_api_and_an_account_entitles_and_disables_it() {
    let Some((server, chromium)) = site().await else { return };
    let more = [("CONSOLE", "/_local/console?as=operator")];
    let Some(output) = browse((&server, chromium), ("console_operator.mjs", "operator-journey"), &more).await
    else {
        return;
    };
    assert!(output["pages"].as_u64().unwrap() >= 12, "{output}");
    let account =
        server.latchkey.admin_request("GET", "/v1/accounts/globex").await.send().await.expect(200).json();
    assert_eq!(account["status"], "disabled");
    assert_eq!(account["entitlements"][0]["resource"], "invoices");
}

#[tokio::test]
async fn operator_and_customer_without_a_terminal_get_from_nothing_to_a_first_token() {
    let Some(chromium) = dependencies::chromium() else { return };
    let server = TestServer::new().await;
    let more = [("CONSOLE", "/_local/console?as=operator")];
    let Some(output) = browse((&server, chromium), ("console_first_token.mjs", "first-token"), &more).await
    else {
        return;
    };
    let path = "/v1/accounts/shop/clients";
    let clients = server.latchkey.admin_request("GET", path).await.send().await.expect(200).json();
    let (client, secret) = (&clients["items"][0], output["secret"].as_str().unwrap());
    assert_eq!(client["template"], "checkout");
    let token = server.latchkey.token(client["client_id"].as_str().unwrap(), secret, "").await.expect(200);
    assert_eq!(
        (&token.json()["scope"], &token.json()["expires_in"]),
        (&json!("payments:create"), &json!(14_400))
    );
}

#[tokio::test]
async fn administrator_without_script_creates_rotates_changes_duplicates_and_deletes_a_client() {
    let Some((server, chromium)) = site().await else { return };
    let profile = empty_folder("browser-profile");
    let more = [("PROFILE", profile.to_str().unwrap()), ("CONSOLE", "/_local/console")];
    let Some(output) = browse((&server, chromium), ("console_journeys.mjs", "journeys"), &more).await else {
        return;
    };
    let secrets = output["secrets"].as_array().unwrap();
    assert_eq!(secrets.len(), 3, "{output}");
    let files = files_below(&profile);
    assert!(files.len() > 10, "there is a profile");
    for secret in secrets.iter().map(|secret| secret.as_str().unwrap().as_bytes()) {
        for file in &files {
            let bytes = fs::read(file).unwrap_or_default();
            let is_kept = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!is_kept, "the browser keeps the secret in {}", file.display());
        }
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
