//! The credentials of new clients, with script.

use super::{browse, site};

#[tokio::test]
async fn credentials_are_copied_unseen_and_neither_back_nor_a_reload_shows_them() {
    let Some((server, chromium)) = site().await else { return };
    let more = [("CONSOLE", "/_local/console")];
    let program = ("console_credentials.mjs", "credentials");
    let Some(output) = browse((&server, chromium), program, &more).await else { return };
    assert!(output["pages"].as_u64().unwrap() >= 7, "{output}");
}
