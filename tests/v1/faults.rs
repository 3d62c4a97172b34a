//! The management API while a store is out of order. Every AWS call of every kind of change is put out of order in
//! every way: the answer is a 503, or the right one; the same request sent again is carried out exactly once; and
//! both stores agree in the end.

use crate::support::answer::Ask;
use crate::support::aws_proxy::AwsProxy;
use crate::support::emulator;
use crate::support::house::TestHouse;
use crate::support::things::{ACCOUNT, TestClient};
use crate::support::trouble::{TROUBLES, trouble};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeMap;

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

    async fn request(self, house: &TestHouse, client: &TestClient, key: usize) -> Ask {
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
            Self::RevokeSecret => ("DELETE", format!("{}/secrets/{}", client.path(), client.secret_id), Value::Null),
            Self::Reveal => ("GET", format!("{}/secrets/{}/value", client.path(), client.secret_id), Value::Null),
            Self::Disable => ("POST", format!("{}/disable", client.path()), Value::Null),
            Self::Delete => ("DELETE", client.path(), Value::Null),
        };
        let ask = house.admin_ask(method, &path).await;
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

/// Every call that the request makes when all is well, each with how many of its operation come before.
async fn sites(house: &TestHouse, proxy: &AwsProxy, kind: Kind) -> Vec<(String, usize)> {
    let client = kind.client(house).await;
    let ask = kind.request(house, &client, 0).await;
    proxy.take_calls();
    let answer = ask.send().await;
    assert!(kind.answers().contains(&answer.status.as_u16()), "{kind:?}: {}", answer.text());
    let mut seen = BTreeMap::new();
    let mut number = |operation: String| {
        let count = seen.entry(operation.clone()).or_insert(0);
        *count += 1;
        (operation, *count - 1)
    };
    proxy.take_calls().into_iter().map(|call| number(call.operation)).collect()
}

async fn out_of_order(kind: Kind) {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let mut house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    let sites = sites(&house, &proxy, kind).await;
    assert!(sites.len() >= 3, "{kind:?}: {sites:?}");
    let mut key = 0;
    for (operation, before) in &sites {
        for name in TROUBLES {
            key += 1;
            let case = format!("{kind:?}, {operation} {before} {name}");
            let client = kind.client(&house).await;
            let ask = kind.request(&house, &client, key).await;
            // For one call only: what the SDK tries again gets through, unless it may not try again.
            let operation: &'static str = Box::leak(operation.clone().into_boxed_str());
            proxy.can(trouble(name, operation).after(*before).times(1));
            let first = ask.send().await;
            proxy.uncan();
            let status = first.status.as_u16();
            assert!(status == 503 || kind.answers().contains(&status), "{case}: {}", first.text());
            let again = kind.request(&house, &client, key).await.send().await;
            assert!(kind.answers().contains(&again.status.as_u16()), "{case}, again: {}", again.text());
        }
    }
    println!("{kind:?}: {} calls, each out of order in {} ways", sites.len(), TROUBLES.len());
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
