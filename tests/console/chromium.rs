//! Every page of the console that a link leads to, in a real browser.

use crate::interop::dependencies;
use crate::interop::program::Program;
use crate::support::http_server::TestServer;
use local::emulator::target_dir;
use local::sample;
use std::collections::BTreeSet;
use std::fs;

#[tokio::test]
async fn pages_that_links_lead_to_pass_axe_fit_every_window_and_ask_no_other_host() {
    let Some(chromium) = dependencies::chromium() else { return };
    let server = TestServer::new().await;
    sample::ensure(&server.latchkey.server).await.unwrap();
    let pictures = target_dir().join("latchkey/screenshots/console");
    let _ = fs::remove_dir_all(&pictures);
    fs::create_dir_all(&pictures).unwrap();
    let pictures = pictures.canonicalize().unwrap();
    dependencies::report(&format!("Pictures of the console: {}", pictures.display()));
    let variables = [
        ("CHROMIUM", chromium.to_str().unwrap()),
        ("ISSUER", &server.issuer),
        ("PICTURES", pictures.to_str().unwrap()),
        ("CONSOLE", "/_local/console"),
    ];
    let Some(output) = Program::Node("console_pages.mjs").run(&variables).await else { return };
    let output = output.unwrap_or_else(|error| panic!("{error}"));
    let pages = output["pages"].as_array().unwrap().iter().map(|page| page.as_str().unwrap().to_owned());
    let pages: BTreeSet<String> = pages.collect();
    assert!(pages.len() > 8, "{pages:?}");
}
