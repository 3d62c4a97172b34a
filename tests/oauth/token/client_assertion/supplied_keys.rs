//! Keys in the forms in which people have them: what is taken, and what is left out.

use crate::support::app::TestApp;
use crate::support::crypto::assertions::TestKey;
use crate::support::fixtures::ACCOUNT;
use serde_json::{Value, json};

const URI: &str = "https://client.example.com/keys";

fn clients() -> String {
    format!("/v1/accounts/{ACCOUNT}/clients")
}

fn new_client(keys: &Value) -> Value {
    let mut body = json!({ "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt" });
    body.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    body
}

/// A member takes keys in whatever form they are, and the answer shows them where they belong.
#[tokio::test]
async fn keys_in_other_forms_are_taken_for_what_they_are() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let key = TestKey::new("ES256").named("k1");
    let (set, pem) = (key.jwks(), key.pem());
    for (given, member, shown) in [
        (json!({ "jwks": key.jwk() }), "jwks", &set),
        (json!({ "jwks": set.to_string() }), "jwks", &set),
        (json!({ "public_key_pem": key.jwk().to_string() }), "jwks", &set),
        (json!({ "public_key_pem": set }), "jwks", &set),
        (json!({ "jwks": pem }), "public_key_pem", &json!(pem)),
        (json!({ "public_key_pem": pem.replace('\n', " ") }), "public_key_pem", &json!(pem)),
        (json!({ "jwks": URI }), "jwks_uri", &json!(URI)),
    ] {
        let response = latchkey.patch(&client.path(), &given).await.expect(200).json();
        for name in ["jwks", "jwks_uri", "public_key_pem"] {
            let expected = if name == member { shown } else { &Value::Null };
            assert_eq!(&response[name], expected, "{given}: {name}");
        }
    }
}

#[tokio::test]
async fn keys_of_other_kinds_are_left_out_and_listed() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256").named("k1");
    let others = [
        json!({ "kty": "RSA", "n": "_".repeat(341) + "w", "e": "AQAB", "use": "enc", "alg": "RSA-OAEP", "kid": "enc" }),
        json!({ "kty": "EC", "crv": "P-521", "x": "AA", "y": "AA" }),
    ];
    let keys = json!([others[0], key.jwk(), others[1]]);
    let created =
        latchkey.post(&clients(), &new_client(&json!({ "jwks": { "keys": keys } }))).await.expect(201);
    for response in [created.json(), latchkey.get(created.header("location")).await.json()] {
        assert_eq!(response["jwks"], key.jwks());
        let expected = json!([
            { "source": "jwks", "kid": "enc", "reason": "not_for_signatures" },
            { "source": "jwks", "kid": null, "reason": "unsupported_kind" },
        ]);
        assert_eq!(response["ignored_keys"], expected);
    }
    let replaced =
        latchkey.patch(created.header("location"), &json!({ "jwks": key.jwks() })).await.expect(200);
    assert_eq!(replaced.json()["ignored_keys"], json!([]));
    let response =
        latchkey.post(&clients(), &new_client(&json!({ "jwks": { "keys": others } }))).await.expect(422);
    assert_eq!(response.pointers(), ["#/jwks/keys/0", "#/jwks/keys/1"]);
}
