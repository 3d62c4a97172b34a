//! The management API while a store is out of order. Every AWS call of every kind of change is put out of order in
//! every way: the answer is a 503, or the right one; the same request sent again is carried out exactly once; and
//! both stores agree in the end.

use crate::support::answer::Ask;
use crate::support::aws_proxy::AwsProxy;
use crate::support::emulator;
use crate::support::house::TestHouse;
use crate::support::things::{ACCOUNT, TestClient};
use crate::support::trouble::{TROUBLES, trouble};
use axum::Router;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::adapters::aws::AwsClients;
use shared::assembly::{App, Clock, Management};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinSet;

/// One kind of request, on a client of its own.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Create,
    CreateWithoutSecret,
    Change,
    AddSecret,
    RevokeSecret,
    Reveal,
    Disable,
    Delete,
}

impl Kind {
    async fn client(self, house: &TestHouse) -> TestClient {
        let members = json!({
            "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }], "secret_display": "on_request",
        });
        house.client_like(ACCOUNT, &members).await
    }

    fn request(self, router: &Router, admin: &str, client: &TestClient, key: usize) -> Ask {
        let clients = format!("/v1/accounts/{ACCOUNT}/clients");
        let jwks = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] });
        let (method, path, body) = match self {
            Self::Create => ("POST", clients, json!({ "client_name": format!("c{key}!") })),
            Self::CreateWithoutSecret => {
                let members = json!({ "client_name": format!("k{key}!"), "token_endpoint_auth_method": "private_key_jwt", "jwks": jwks });
                ("POST", clients, members)
            }
            Self::Change => ("PATCH", client.path(), json!({ "description": format!("d{key}!") })),
            Self::AddSecret => ("POST", format!("{}/secrets", client.path()), json!({})),
            Self::RevokeSecret => {
                ("DELETE", format!("{}/secrets/{}", client.path(), client.secret_id), Value::Null)
            }
            Self::Reveal => {
                ("GET", format!("{}/secrets/{}/value", client.path(), client.secret_id), Value::Null)
            }
            Self::Disable => ("POST", format!("{}/disable", client.path()), Value::Null),
            Self::Delete => ("DELETE", client.path(), Value::Null),
        };
        let ask = Ask::new(router.clone(), method, &path).bearer(admin);
        let ask = if method == "POST" { ask.header("idempotency-key", format!("key-{key}")) } else { ask };
        if body.is_null() { ask } else { ask.json(&body) }
    }

    /// What a request of this kind is answered in the end, sent as often as it takes.
    const fn answers(self) -> &'static [u16] {
        match self {
            Self::Create | Self::CreateWithoutSecret | Self::AddSecret => &[201],
            Self::Change | Self::Reveal | Self::Disable => &[200],
            // It may have been carried out when it was first sent.
            Self::RevokeSecret | Self::Delete => &[204, 404],
        }
    }
}

/// The function as Lambda starts it, over the house's own tables, and what it reaches them through.
async fn started(house: &TestHouse) -> (Router, AwsProxy) {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let mut config = house.house.management.app.config.clone();
    config.aws.endpoint = Some(proxy.endpoint.clone());
    let (aws, clock) = (AwsClients::new(&config.aws), Clock::Adjustable(Arc::clone(&house.house.clock)));
    let app = Arc::new(App::new(config, &aws, clock));
    (clients::router(Arc::new(Management::new(app, &aws))), proxy)
}

/// Every call that the request makes when all is well, each with how many of its operation come before.
async fn sites(house: &TestHouse, kind: Kind) -> Vec<(String, usize)> {
    let client = kind.client(house).await;
    let (router, proxy) = started(house).await;
    let answer = kind.request(&router, house.admin().await, &client, 0).send().await;
    assert!(kind.answers().contains(&answer.status.as_u16()), "{kind:?}: {}", answer.text());
    let mut seen = BTreeMap::new();
    let mut number = |operation: String| {
        let count = seen.entry(operation.clone()).or_insert(0);
        *count += 1;
        (operation, *count - 1)
    };
    proxy.take_calls().into_iter().map(|call| number(call.operation)).collect()
}

/// One call is out of order, for longer than the SDK tries; then all is well, and the request is sent again.
async fn out_of_order_at(
    house: Arc<TestHouse>,
    kind: Kind,
    key: usize,
    site: (String, usize),
    name: &'static str,
) {
    let (operation, before) = site;
    let case = format!("{kind:?}, {operation} {before} {name}");
    let client = kind.client(&house).await;
    let (router, proxy) = started(&house).await;
    let ask = || async { kind.request(&router, house.admin().await, &client, key).send().await };
    proxy.can(trouble(name, operation.leak()).after(before));
    let first = ask().await;
    proxy.uncan();
    let status = first.status.as_u16();
    assert!(status == 503 || kind.answers().contains(&status), "{case}: {}", first.text());
    let again = ask().await;
    assert!(kind.answers().contains(&again.status.as_u16()), "{case}, again: {}", again.text());
}

async fn out_of_order(kind: Kind) {
    let mut house = Arc::new(TestHouse::furnished().await);
    let sites = sites(&house, kind).await;
    assert!(sites.len() >= 5, "{kind:?}: {sites:?}");
    let mut cases = JoinSet::new();
    for site in &sites {
        for name in TROUBLES {
            let key = cases.len() + 1;
            cases.spawn(out_of_order_at(Arc::clone(&house), kind, key, site.clone(), name));
        }
    }
    cases.join_all().await;
    println!("{kind:?}: {} calls, each out of order in {} ways", sites.len(), TROUBLES.len());
    let house = Arc::get_mut(&mut house).unwrap();
    house.advance(SignedDuration::from_mins(16));
    assert_eq!(house.sweep().await.failed, 0);
    house.assert_settled().await;
}

macro_rules! kinds {
    ($($name:ident: $kind:ident),+ $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            out_of_order(Kind::$kind).await;
        })+
    };
}

kinds! {
    creating_a_client: Create,
    creating_a_client_without_a_secret: CreateWithoutSecret,
    changing_a_client: Change,
    adding_a_secret: AddSecret,
    revoking_a_secret: RevokeSecret,
    revealing_a_secret: Reveal,
    disabling_a_client: Disable,
    deleting_a_client: Delete,
}
