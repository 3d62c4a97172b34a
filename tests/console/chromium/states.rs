//! The pages of creation, credentials, permissions and rotation, in every state that they have.

use super::browse;
use crate::interop::dependencies;
use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http_server::TestServer;
use crate::support::sign_in::console::ADMINISTRATOR;
use jiff::SignedDuration;
use serde_json::{Value, json};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A page, what it says, and the name of its picture.
type State = (String, &'static str, &'static str);

/// A client with two secrets.
struct Rotating {
    client: TestClient,
    new_id: String,
    new: String,
}

impl Rotating {
    async fn start(latchkey: &TestApp, name: &str) -> Self {
        let permissions = json!([{ "resource": "backoffice_api", "scopes": ["orders:read"] }]);
        let members = json!({ "client_name": name, "permissions": permissions });
        let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
        let path = format!("{}/secrets", client.path());
        let added = latchkey.admin_request("POST", &path).await.json(&json!({})).send().await.expect(201);
        Self { new_id: added.string("secret_id"), new: added.string("client_secret"), client }
    }

    async fn ask_with(&self, latchkey: &TestApp, secret: &str) {
        latchkey.token(&self.client.client_id, secret, "").await;
    }

    async fn pause(&self, latchkey: &TestApp, secret_id: &str) {
        let path = format!("{}/secrets/{secret_id}/pause", self.client.path());
        latchkey.admin_request("POST", &path).await.json(&json!({})).send().await.expect(200);
    }

    fn page(&self) -> String {
        page(&self.client, "credentials/rotate")
    }
}

fn page(client: &TestClient, below: &str) -> String {
    format!("/console/accounts/{}/clients/{}/{below}", client.account_id, client.client_id)
}

/// A rotation in each of its states. Those that take days come first.
async fn rotations(latchkey: &mut TestApp) -> Vec<State> {
    let idle = Rotating::start(latchkey, "Idle").await;
    idle.ask_with(latchkey, &idle.client.client_secret).await;
    let unmissed = Rotating::start(latchkey, "Unmissed").await;
    unmissed.ask_with(latchkey, &unmissed.new).await;
    unmissed.pause(latchkey, &unmissed.client.secret_id).await;
    latchkey.advance(DAY * 8);
    idle.ask_with(latchkey, &idle.new).await;
    let unused = Rotating::start(latchkey, "Unused").await;
    let held = Rotating::start(latchkey, "Held").await;
    held.pause(latchkey, &held.new_id).await;
    let both = Rotating::start(latchkey, "Both").await;
    let paused = Rotating::start(latchkey, "Paused").await;
    let tried = Rotating::start(latchkey, "Tried").await;
    for used in [&both, &paused, &tried] {
        used.ask_with(latchkey, &used.new).await;
    }
    both.ask_with(latchkey, &both.client.client_secret).await;
    for stopped in [&paused, &tried] {
        stopped.pause(latchkey, &stopped.client.secret_id).await;
    }
    tried.ask_with(latchkey, &tried.client.client_secret).await;
    let one = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "One" })).await;
    let none = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "None" })).await;
    let secret = format!("{}/secrets/{}", none.path(), none.secret_id);
    latchkey.admin_request("DELETE", &secret).await.send().await.expect(204);
    let replaced = |rotating: &Rotating, id: &str| format!("{}?replace={id}", rotating.page());
    vec![
        (page(&none, "credentials/rotate"), "No secret works at present.", "rotate-none"),
        (page(&one, "credentials/rotate"), "The new secret works beside the present one.", "rotate-one"),
        (unused.page(), "was not used yet", "rotate-unused"),
        (held.page(), "Resume it before you end the old one.", "rotate-new-paused"),
        (both.page(), "Some of your programs still use the old secret", "rotate-both"),
        (idle.page(), "It is safe to end it.", "rotate-idle"),
        (paused.page(), "If nothing has missed it in a day", "rotate-paused"),
        (tried.page(), "A program tried the paused secret", "rotate-tried"),
        (unmissed.page(), "nothing has missed it for a day", "rotate-unmissed"),
        (replaced(&unused, &unused.new_id), "This one stops working at once", "rotate-replace"),
        (
            replaced(&both, &both.client.secret_id),
            "It was used in the last seven days",
            "rotate-replace-used",
        ),
        (page(&both.client, "credentials/leaked"), "Type the name", "leaked"),
        (page(&tried.client, "credentials"), "Paused", "credentials-paused"),
    ]
}

/// The boxes of permissions: APIs of one stage and of several, one API of a stage and a choice of two, and one that was lost.
async fn permissions(latchkey: &TestApp) -> Vec<State> {
    let api = async |id: &str, stage: &str, more: Value| {
        let mut body = json!({
            "resource_id": id, "resource_name": format!("Orders {id}"), "service": "orders", "stage": stage,
            "audience": format!("https://{id}.example.com"),
            "scopes": [{ "name": "read", "description": "Read orders" },
                { "name": "manage", "description": "Manage orders", "implies": ["read"] }],
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        latchkey.fixtures().resource(&body).await;
    };
    api("live", "production", json!({})).await;
    api("trial", "test", json!({})).await;
    api("reader", "production", json!({})).await;
    api("plan", "production", json!({ "service": "plan", "account_access": "entitled" })).await;
    let entitle = async |entitlements: Value| {
        let (path, body) = (format!("/v1/accounts/{ACCOUNT}"), json!({ "entitlements": entitlements }));
        latchkey.admin_request("PATCH", &path).await.json(&body).send().await.expect(200);
    };
    entitle(json!([{ "resource": "plan" }])).await;
    let scopes =
        json!([{ "resource": "plan", "scopes": ["read"] }, { "resource": "live", "scopes": ["manage"] }]);
    let members = json!({ "client_name": "Stages", "permissions": scopes });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    entitle(json!([])).await;
    let none = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "No permissions" })).await;
    vec![
        (page(&client, "permissions"), "no longer available to your account", "permissions-lost"),
        (page(&none, "permissions"), "A program uses one API of this stage.", "permissions-none"),
    ]
}

/// A person of the console, and the pages that they look at.
async fn person(
    latchkey: &TestApp,
    (account, name): (&str, &str),
    scopes: &[&str],
    states: &[State],
) -> Value {
    let email = latchkey.fixtures().member_with(account, name, scopes).await;
    json!({ "email": email, "account": account, "creates": scopes.contains(&"members:manage"), "states": states })
}

#[tokio::test]
async fn creation_credentials_permissions_and_rotation_pass_axe_in_each_of_their_states() {
    let Some(chromium) = dependencies::chromium() else { return };
    let mut server = TestServer::new().await;
    server.latchkey.fixtures().seed().await;
    server.latchkey.fixtures().account("T2").await;
    let mut states = rotations(&mut server.latchkey).await;
    states.extend(permissions(&server.latchkey).await);
    let latchkey = &server.latchkey;
    let seen = |picture: &str| states.iter().find(|(_, _, name)| *name == picture).unwrap().0.clone();
    let read = [
        (seen("permissions-lost"), "Manage orders", "permissions-read"),
        (seen("rotate-both"), "Check again tomorrow", "rotate-read"),
    ];
    let people = json!([
        person(latchkey, (ACCOUNT, "ann"), &ADMINISTRATOR, &states).await,
        person(latchkey, (ACCOUNT, "ben"), &["clients:read"], &read).await,
    ]);
    let people = people.to_string();
    let more = [("PEOPLE", people.as_str())];
    let Some(output) = browse((&server, chromium), ("console_states.mjs", "states"), &more).await else {
        return;
    };
    assert!(output["pages"].as_u64().unwrap() >= states.len() as u64 + 20, "{output}");
}
