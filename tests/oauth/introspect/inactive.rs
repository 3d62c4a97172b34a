//! Every inactive token gets the same `{"active": false}`, byte for byte (RFC 7662 §2.2).

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// A client of this account with this id that may get tokens.
async fn client_named(latchkey: &TestApp, account: &str, id: &str) -> TestClient {
    let permissions = json!([{ "resource": "backoffice_api" }]);
    latchkey.fixtures().client_with(account, &json!({ "client_id": id, "permissions": permissions })).await
}

fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
}

/// The token's claims, signed again by one of the server's own keys with another `typ`.
async fn signed_as(latchkey: &TestApp, token: &str, typ: &str) -> String {
    let name = &latchkey.server.management.app.config.signing_keys_secret;
    let output =
        latchkey.server.aws.secrets_manager().get_secret_value().secret_id(name).send().await.unwrap();
    let ring: Value = serde_json::from_str(&output.secret_string.unwrap()).unwrap();
    let key = EncodingKey::from_ec_der(&STANDARD.decode(ring["active"]["es256"].as_str().unwrap()).unwrap());
    let jwks = latchkey.request("GET", "/.well-known/jwks.json").send().await.json();
    for jwk in jwks["keys"].as_array().unwrap().iter().filter(|jwk| jwk["alg"] == "ES256") {
        let header = Header {
            typ: Some(typ.to_owned()),
            kid: Some(jwk["kid"].as_str().unwrap().to_owned()),
            ..Header::new(Algorithm::ES256)
        };
        let signed = jsonwebtoken::encode(&header, &part(token, 1), &key).unwrap();
        let verifying = jsonwebtoken::DecodingKey::from_jwk(&serde_json::from_value(jwk.clone()).unwrap());
        let mut validation = jsonwebtoken::Validation::new(Algorithm::ES256);
        (validation.validate_aud, validation.validate_exp) = (false, false);
        if jsonwebtoken::decode::<Value>(&signed, &verifying.unwrap(), &validation).is_ok() {
            return signed;
        }
    }
    panic!("none of the published keys is the active one");
}

#[tokio::test]
async fn inactive_responses_are_byte_identical() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    latchkey.fixtures().account("T3").await;
    let checker = latchkey.fixtures().client().await;
    let expired = latchkey.access_token(&latchkey.fixtures().client().await).await;
    latchkey.advance(SignedDuration::from_secs(3_601));

    let (foreign, suspended) =
        (client_named(&latchkey, "T2", "foreign").await, client_named(&latchkey, "T3", "suspended").await);
    let (foreign, suspended) =
        (latchkey.access_token(&foreign).await, latchkey.access_token(&suspended).await);
    latchkey.patch("/v1/accounts/T3", &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(61));
    let other_issuer = TestApp::with_config(|config| config.issuer = format!("{ISSUER}.other")).await;
    other_issuer.fixtures().seed().await;
    // The same account, client and signing keys: only the issuer differs.
    let namesake = client_named(&other_issuer, ACCOUNT, "namesake").await;
    let namesake_token = other_issuer.access_token(&namesake).await;
    client_named(&latchkey, ACCOUNT, "namesake").await;

    let (disabled, deleted) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let (disabled_token, deleted_token) =
        (latchkey.access_token(&disabled).await, latchkey.access_token(&deleted).await);
    latchkey.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    latchkey.delete(&deleted.path()).await.expect(204);
    let revoking = latchkey.fixtures().client().await;
    let revoked = latchkey.access_token(&revoking).await;
    latchkey.revoke(&revoking, &revoked).await;
    let good = latchkey.access_token(&checker).await;
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let flipped = if signature.starts_with('A') { "B" } else { "A" };

    let expected = latchkey.introspect(&checker, "garbage").await;
    assert_eq!(expected.text(), r#"{"active":false}"#);
    assert_eq!(expected.header("cache-control"), "no-store");
    let tokens = [
        ("expired", expired),
        ("revoked", revoked),
        ("of a disabled client", disabled_token),
        ("of a deleted client", deleted_token),
        ("of another account", foreign),
        ("of a suspended account", suspended),
        ("of another issuer", namesake_token),
        ("with another signature", format!("{signed}.{flipped}{}", &signature[1..])),
        ("without a signature", format!("{signed}.")),
        ("cut off", signed.to_owned()),
        (
            "of no algorithm",
            format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", signed.split_once('.').unwrap().1),
        ),
        ("of another type", signed_as(&latchkey, &good, "JWT").await),
        ("a secret", checker.client_secret.clone()),
        ("long", "a.".repeat(30_000)),
    ];
    for (name, token) in &tokens {
        assert_eq!(latchkey.introspect(&checker, token).await.dump(), expected.dump(), "{name}");
    }
    assert!(
        latchkey.is_active(&checker, &signed_as(&latchkey, &good, "at+jwt").await).await,
        "only its type was wrong"
    );
    assert!(latchkey.is_active(&checker, &good).await);
}

#[tokio::test]
async fn operator_cannot_introspect_another_account() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let token = latchkey.access_token(&client).await;
    let operator = TestClient {
        account_id: latchkey.server.operator.account_id.to_string(),
        client_id: latchkey.server.operator.client_id.to_string(),
        client_secret: latchkey.server.operator.client_secret.expose().to_owned(),
        secret_id: String::new(),
    };
    let response: TestResponse = latchkey.introspect(&operator, &token).await;
    assert_eq!(response.dump(), latchkey.introspect(&operator, "garbage").await.dump());
    assert!(latchkey.is_active(&operator, latchkey.admin().await).await, "of its own account it may");
    assert!(!latchkey.is_active(&client, latchkey.admin().await).await, "and no other account about its");
}

#[tokio::test]
async fn disabling_deactivates_and_enabling_reactivates_tokens() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, checker) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let token = latchkey.access_token(&client).await;
    for _ in 0..2 {
        assert!(latchkey.is_active(&checker, &token).await);
        latchkey.post(&format!("{}/disable", client.path()), &json!({})).await.expect(200);
        assert!(!latchkey.is_active(&checker, &token).await);
        latchkey.post(&format!("{}/enable", client.path()), &json!({})).await.expect(200);
    }
    assert!(latchkey.is_active(&checker, &token).await);
}

#[tokio::test]
async fn token_expired_while_disabled_stays_inactive() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (client, checker) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let token = latchkey.access_token(&client).await;
    latchkey.post(&format!("{}/disable", client.path()), &json!({})).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(3_601));
    latchkey.post(&format!("{}/enable", client.path()), &json!({})).await.expect(200);
    assert!(!latchkey.is_active(&checker, &token).await);
}
