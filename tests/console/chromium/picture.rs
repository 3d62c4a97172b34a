//! The picture that the README opens with.

use super::browse;
use crate::interop::dependencies;
use crate::support::http_server::{TestServer, loopback_listener};
use insta::assert_snapshot;
use local::emulator::target_dir;
use local::sample;
use shared::domain::primitives::display_text::Name;
use std::env;
use std::fs;
use std::path::Path;

/// Set, the picture is made anew.
const UPDATE: &str = "LATCHKEY_UPDATE_PICTURE";

/// The most bytes that it may have.
const MAX_BYTES: u64 = 64 * 1024;

/// Pictures of two machines differ, so that what can be read is compared: a change of it here is one of the picture too.
#[tokio::test]
async fn picture_of_the_readme_has_the_words_of_the_page() {
    let Some(chromium) = dependencies::chromium() else { return };
    let brand = Name::parse("Latchkey").unwrap();
    let adjust = |config: &mut shared::app::Config| config.brand.name = Some(brand);
    let server = TestServer::on_listener(loopback_listener().await, adjust).await;
    sample::ensure(&server.latchkey.server).await.unwrap();
    let more = [("CONSOLE", "/_local/console")];
    let Some(output) = browse((&server, chromium), ("console_picture.mjs", "readme"), &more).await else {
        return;
    };
    let lines: Vec<&str> =
        output["lines"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    assert_snapshot!(lines.join("\n"), @"
    Latchkey | Acme (sample) | Change account | Overview | API clients | Expiry | APIs | Members | Audit | Settings
    API clients | New API client | Name or id | Status | Needs attention
    Name | Status | Attention | Signs in with | Ends | Last used | What can be done
    Order sync | Active | – | Secret | in 90 days | in use today | ⋯
    Refunds | Active | – | Secret | in 90 days | never | ⋯
    Accounting export | Active | Its secret ends in 5 days | Secret | in 5 days | never | ⋯
    Test runner | Active | An allowed address is not one of the Internet | Secret | in 90 days | never | ⋯
    Order board | Active | – | Nothing (public) | – | never | ⋯
    Warehouse | Active | – | Key | – | never | ⋯
    ");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/docs/images/console.webp");
    if env::var_os(UPDATE).is_some() {
        fs::copy(target_dir().join("latchkey/screenshots/readme/console.webp"), &committed).unwrap();
    }
    assert!(fs::metadata(&committed).unwrap().len() <= MAX_BYTES);
}
