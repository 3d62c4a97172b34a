//! Members, from the invitation to the removal.

use super::browse;
use crate::interop::dependencies;
use crate::support::fixtures::ACCOUNT;
use crate::support::http_server::TestServer;
use crate::support::sign_in::console::ADMINISTRATOR;

#[tokio::test]
async fn invited_developer_becomes_a_viewer_and_is_removed_with_the_next_click() {
    let Some(chromium) = dependencies::chromium() else { return };
    let server = TestServer::new().await;
    let latchkey = &server.latchkey;
    latchkey.fixtures().seed().await;
    let ann = latchkey.fixtures().member_with(ACCOUNT, "ann", &ADMINISTRATOR).await;
    let ben = format!("ben@{}", latchkey.mail_domain());
    let more = [("ADMINISTRATOR", ann.as_str()), ("INVITED", ben.as_str()), ("ACCOUNT", ACCOUNT)];
    let Some(output) = browse((&server, chromium), ("console_members.mjs", "members"), &more).await else {
        return;
    };
    assert!(output["pages"].as_u64().unwrap() >= 18, "{output}");
    let members = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/members")).await;
    assert_eq!(crate::v1::values_of(&members, "email"), [ann]);
}
