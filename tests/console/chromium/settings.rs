//! The settings of an account with a provider, and the choice of an account that allows another sign-in.

use super::browse;
use crate::interop::dependencies;
use crate::support::fixtures::ACCOUNT;
use crate::support::http_server::{TestServer, loopback_listener};
use crate::support::sign_in::console::ADMINISTRATOR;
use crate::support::sign_in::provider::FakeProvider;
use serde_json::json;

#[tokio::test]
async fn settings_of_an_account_pass_axe_with_and_without_a_choice() {
    let Some(chromium) = dependencies::chromium() else { return };
    let provider = FakeProvider::start().await;
    let server =
        TestServer::on_listener(loopback_listener().await, |config| provider.configure(config)).await;
    let latchkey = &server.latchkey;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().account("T2").await;
    let set = async |account: &str, settings| {
        let request = latchkey.admin_request("PATCH", &format!("/v1/accounts/{account}")).await;
        request.json(&settings).send().await.expect(200);
    };
    let lifetime = json!({ "default": 30, "max": 60 });
    set(ACCOUNT, json!({ "contacts": ["ops@acme.example"], "secret_lifetime_days": lifetime })).await;
    set("T2", json!({ "sign_in_methods": ["provider"] })).await;
    let ann = latchkey.fixtures().member_with(ACCOUNT, "ann", &ADMINISTRATOR).await;
    let cara = latchkey.fixtures().member_with("T2", "cara", &ADMINISTRATOR).await;
    let settings = format!("/console/accounts/{ACCOUNT}/settings");
    let people = json!([
        { "email": ann, "account": ACCOUNT, "creates": false, "states": [
            [settings, "At login.example.com only", "settings"],
            [format!("{settings}?ui_locales=de"), "Wie sich Mitglieder anmelden", "settings-de"],
        ] },
        { "email": cara, "account": "T2", "creates": false, "states": [
            ["/console", "Its members sign in at the provider only.", "other-sign-in"],
        ] },
    ]);
    let people = people.to_string();
    let more = [("PEOPLE", people.as_str())];
    let Some(output) = browse((&server, chromium), ("console_states.mjs", "settings"), &more).await else {
        return;
    };
    assert!(output["pages"].as_u64().unwrap() >= 3, "{output}");
}
