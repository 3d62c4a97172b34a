//! A private key that is sent by mistake is rejected, and no part of it is kept.

use crate::support::app::TestApp;
use crate::support::log_capture::CapturedLog;
use crate::v1::CLIENTS;
use serde_json::{Value, json};

/// Substrings of the private key to search for.
const PRIVATE_PART: &str = "MIGTAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBHkwdwIBAQQg";

fn pem(label: &str) -> String {
    format!("-----BEGIN {label}-----\n{PRIVATE_PART}\n-----END {label}-----\n")
}

fn jwk(kty: &str, member: &str) -> Value {
    let coordinate = "A".repeat(43);
    let mut jwk = json!({ "kty": kty, "crv": "P-256", "x": coordinate, "y": coordinate });
    jwk[member] = json!(PRIVATE_PART);
    json!({ "jwks": { "keys": [jwk] } })
}

fn bodies_with_private_keys() -> Vec<Value> {
    let public = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
    let mut all: Vec<_> =
        ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"]
            .into_iter()
            .map(|label| json!({ "public_key_pem": pem(label) }))
            .collect();
    all.extend(["d", "p", "q", "dp", "dq", "qi", "oth", "k"].map(|member| jwk("EC", member)));
    all.extend([
        jwk("oct", "k"),
        jwk("RSA", "d"),
        jwk("OKP", "d"),
        json!({ "public_key_pem": format!("{public}{}", pem("PRIVATE KEY")) }),
        json!({ "public_key_pem": pem("PUBLIC KEY") }),
        json!({ "public_key_pem": pem("CERTIFICATE") }),
        json!({ "public_key_pem": { "pem": pem("PRIVATE KEY") } }),
        json!({ "public_key_pem": [pem("PRIVATE KEY")] }),
        json!({ "jwks": pem("PRIVATE KEY") }),
        json!({ "jwks": { "keys": [pem("PRIVATE KEY")] } }),
        json!({ "jwks": { "keys": [{ "kty": PRIVATE_PART }] } }),
        json!({ "jwks": { "keys": [{ "kty": "EC", "crv": PRIVATE_PART, "x": PRIVATE_PART, "y": PRIVATE_PART }] } }),
        json!({ "jwks_uri": pem("PRIVATE KEY") }),
        json!({ "jwks_uri": format!("https://user:{PRIVATE_PART}@example.com/") }),
        json!({ "federated_identities": [pem("PRIVATE KEY")] }),
        json!({ "federated_identities": [{ "issuer": PRIVATE_PART, "subject": pem("PRIVATE KEY"), "audience": 1 }] }),
        json!({ "client_name": pem("PRIVATE KEY") }),
        json!({ "private_key": pem("PRIVATE KEY") }),
    ]);
    all
}

#[tokio::test]
async fn private_key_is_in_no_response_table_or_log() {
    let log = CapturedLog::default();
    let listening = log.listen();
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for (number, mistake) in bodies_with_private_keys().into_iter().enumerate() {
        let mut create = json!({ "client_name": "Order sync" });
        create.as_object_mut().unwrap().extend(mistake.as_object().unwrap().clone());
        let keyed =
            latchkey.admin_request("POST", CLIENTS).await.header("idempotency-key", number.to_string());
        for response in [
            keyed.json(&create).send().await,
            latchkey.patch(&client.path(), &mistake).await,
            latchkey.post(&format!("{}/duplicate", client.path()), &mistake).await,
        ] {
            let response = response.expect(422);
            assert!(!response.text().contains(PRIVATE_PART), "{}", response.text());
        }
    }
    drop(listening);
    let log = log.text();
    assert!(log.contains("\"target\":\"clients"), "the log was not kept");
    assert!(!log.contains(PRIVATE_PART));
    let tables = &latchkey.server.management.app.config.tables;
    for table in [&tables.directory, &tables.grants, &tables.audit] {
        let items = format!("{:?}", latchkey.inspect().items(table).await);
        assert!(items.len() > 100 || table == &tables.grants, "{table} is empty");
        assert!(!items.contains(PRIVATE_PART), "{table}");
    }
    for name in latchkey.inspect().stored_client_ids().await {
        let value = latchkey.inspect().stored_value(&name, "AWSCURRENT").await.unwrap();
        assert!(!value.to_string().contains(PRIVATE_PART));
    }
}

#[tokio::test]
async fn sender_of_private_key_is_warned_of_exposure() {
    let latchkey = TestApp::with_fixtures().await;
    for members in [jwk("EC", "d"), jwk("oct", "k"), json!({ "public_key_pem": pem("PRIVATE KEY") })] {
        let mut body = json!({ "client_name": "Order sync" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let response = latchkey.post(CLIENTS, &body).await.expect(422).json();
        let detail = response["errors"][0]["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("private") && detail.contains("make a new key"), "{detail}");
    }
}
