//! Every token that does not count is the same `{"active": false}`, byte for byte.

use crate::support::answer::Answer;
use crate::support::house::{ISSUER, TestHouse};
use crate::support::things::{ACCOUNT, TestClient};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// A client of this account, named so, that may get tokens.
async fn client_named(house: &TestHouse, account: &str, id: &str) -> TestClient {
    let permissions = json!([{ "resource": "backoffice_api" }]);
    house.client_like(account, &json!({ "client_id": id, "permissions": permissions })).await
}

fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
}

/// What a token says, signed again by one of the server's own keys, but as something else than an access
/// token.
async fn signed_as(house: &TestHouse, token: &str, typ: &str) -> String {
    let name = &house.house.management.app.config.signing_keys_secret;
    let output = house.house.aws.secrets_manager().get_secret_value().secret_id(name).send().await.unwrap();
    let ring: Value = serde_json::from_str(&output.secret_string.unwrap()).unwrap();
    let key = EncodingKey::from_ec_der(&STANDARD.decode(ring["active"]["es256"].as_str().unwrap()).unwrap());
    let jwks = house.ask("GET", "/.well-known/jwks.json").send().await.json();
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
async fn all_inactive_answers_are_byte_identical() {
    let mut house = TestHouse::furnished().await;
    house.account("T2").await;
    house.account("T3").await;
    let checker = house.client().await;
    let expired = house.access_token(&house.client().await).await;
    house.advance(SignedDuration::from_secs(3_601));

    let (foreign, suspended) =
        (client_named(&house, "T2", "foreign").await, client_named(&house, "T3", "suspended").await);
    let (foreign, suspended) = (house.access_token(&foreign).await, house.access_token(&suspended).await);
    house.patch("/v1/accounts/T3", &json!({ "status": "disabled" })).await.expect(200);
    house.advance(SignedDuration::from_secs(61));
    let other_issuer = TestHouse::configured(|config| config.issuer = format!("{ISSUER}.other")).await;
    other_issuer.furnish().await;
    // The same account, client and signing keys: only the issuer differs.
    let namesake = client_named(&other_issuer, ACCOUNT, "namesake").await;
    let namesake_token = other_issuer.access_token(&namesake).await;
    client_named(&house, ACCOUNT, "namesake").await;

    let (disabled, deleted) = (house.client().await, house.client().await);
    let (disabled_token, deleted_token) =
        (house.access_token(&disabled).await, house.access_token(&deleted).await);
    house.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    house.delete(&deleted.path()).await.expect(204);
    let revoking = house.client().await;
    let revoked = house.access_token(&revoking).await;
    house.revoke(&revoking, &revoked).await;
    let good = house.access_token(&checker).await;
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let flipped = if signature.starts_with('A') { "B" } else { "A" };

    let expected = house.introspect(&checker, "garbage").await;
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
        ("of another type", signed_as(&house, &good, "JWT").await),
        ("a secret", checker.client_secret.clone()),
        ("long", "a.".repeat(30_000)),
    ];
    for (name, token) in &tokens {
        assert_eq!(house.introspect(&checker, token).await.everything(), expected.everything(), "{name}");
    }
    assert!(
        house.is_active(&checker, &signed_as(&house, &good, "at+jwt").await).await,
        "only its type was wrong"
    );
    assert!(house.is_active(&checker, &good).await);
}

#[tokio::test]
async fn the_operator_learns_no_more_of_another_account_than_anybody() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let token = house.access_token(&client).await;
    let operator = TestClient {
        account_id: house.house.operator.account_id.to_string(),
        client_id: house.house.operator.client_id.to_string(),
        client_secret: house.house.operator.client_secret.expose().to_owned(),
        secret_id: String::new(),
    };
    let said: Answer = house.introspect(&operator, &token).await;
    assert_eq!(said.everything(), house.introspect(&operator, "garbage").await.everything());
    assert!(house.is_active(&operator, house.admin().await).await, "its own it may ask about");
    assert!(!house.is_active(&client, house.admin().await).await, "and nobody else about its");
}

#[tokio::test]
async fn disabling_acts_on_the_next_question_and_enabling_brings_unexpired_tokens_back() {
    let house = TestHouse::furnished().await;
    let (client, checker) = (house.client().await, house.client().await);
    let token = house.access_token(&client).await;
    for _ in 0..2 {
        assert!(house.is_active(&checker, &token).await);
        house.post(&format!("{}/disable", client.path()), &json!({})).await.expect(200);
        assert!(!house.is_active(&checker, &token).await);
        house.post(&format!("{}/enable", client.path()), &json!({})).await.expect(200);
    }
    assert!(house.is_active(&checker, &token).await);
}

#[tokio::test]
async fn a_token_that_ended_while_its_client_was_disabled_does_not_come_back() {
    let mut house = TestHouse::furnished().await;
    let (client, checker) = (house.client().await, house.client().await);
    let token = house.access_token(&client).await;
    house.post(&format!("{}/disable", client.path()), &json!({})).await.expect(200);
    house.advance(SignedDuration::from_secs(3_601));
    house.post(&format!("{}/enable", client.path()), &json!({})).await.expect(200);
    assert!(!house.is_active(&checker, &token).await);
}
