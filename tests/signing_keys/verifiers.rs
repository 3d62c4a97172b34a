//! Verifiers that keep the JWKS for two hours, and never ask earlier, while the keys rotate.

use super::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use jiff::{SignedDuration, Timestamp, ToSpan};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

/// The longest that any deployment allows, in seconds: 72 hours.
const LONGEST: u32 = 259_200;
const KEPT: SignedDuration = SignedDuration::from_hours(2);
const AUDIENCES: [(&str, &str); 2] = [("rsa_api", "RS256"), ("ec_api", "ES256")];

#[derive(Default)]
struct Verifier {
    keys: Option<(Timestamp, JwkSet)>,
}

impl Verifier {
    async fn look(&mut self, latchkey: &TestApp) {
        let now = latchkey.now();
        if self.keys.as_ref().is_none_or(|(at, _)| now.duration_since(*at) >= KEPT) {
            let jwks = latchkey.request("GET", "/.well-known/jwks.json").send().await.expect(200).json();
            self.keys = Some((now, serde_json::from_value(jwks).unwrap()));
        }
    }

    fn accepts(&self, token: &str) -> Result<(), String> {
        let header = decode_header(token).unwrap();
        let (_, keys) = self.keys.as_ref().unwrap();
        let kid = header.kid.unwrap();
        let jwk = keys.find(&kid).ok_or_else(|| format!("{:?} {kid} is not known", header.alg))?;
        let alg = if header.alg == Algorithm::ES256 { Algorithm::ES256 } else { Algorithm::RS256 };
        let mut validation = Validation::new(alg);
        validation.validate_exp = false;
        validation.validate_aud = false;
        let key = DecodingKey::from_jwk(jwk).unwrap();
        decode::<Value>(token, &key, &validation).map(|_| ()).map_err(|error| error.to_string())
    }
}

struct Issued {
    token: String,
    dies_at: Timestamp,
}

/// A latchkey with a client that gets the longest tokens, for both algorithms.
async fn house_with_client() -> (TestApp, TestClient) {
    let latchkey = TestApp::with_config(|config| config.max_access_token_lifetime = LONGEST).await;
    latchkey.account(ACCOUNT).await;
    for (id, alg) in AUDIENCES {
        let body = json!({ "resource_id": id, "service": id, "audience": id, "token_signing_alg": alg,
                           "scopes": [{ "name": "read" }], "default_scopes": ["read"] });
        latchkey.resource(&body).await;
    }
    let end = latchkey.now().checked_add(SignedDuration::from_hours(24 * 600)).unwrap().to_string();
    let members = json!({ "permissions": AUDIENCES.map(|(id, _)| json!({ "resource": id })),
                          "access_token_lifetime": LONGEST, "secret": { "expires_on": end[..10] } });
    let client = latchkey.client_like(ACCOUNT, &members).await;
    (latchkey, client)
}

/// Lives through the minutes in between: programs get tokens, and every verifier is shown all of them.
async fn live(
    latchkey: &mut TestApp,
    client: &TestClient,
    verifiers: &mut [Verifier],
    issued: &mut Vec<Issued>,
    steps: &[i64],
) -> usize {
    let mut checked = 0;
    for minutes in steps {
        latchkey.advance(SignedDuration::from_mins(*minutes));
        let dies_at = latchkey.now().checked_add(i64::from(LONGEST).seconds()).unwrap();
        for (audience, alg) in AUDIENCES {
            let more = format!("&resource={audience}");
            let answer = latchkey.token(&client.client_id, &client.client_secret, &more).await.expect(200);
            assert_eq!(answer.json()["expires_in"], LONGEST);
            let token = answer.string("access_token");
            assert_eq!(format!("{:?}", decode_header(&token).unwrap().alg), alg);
            issued.push(Issued { token, dies_at });
        }
        issued.retain(|issued| latchkey.now() < issued.dies_at);
        for verifier in &mut *verifiers {
            verifier.look(latchkey).await;
            for Issued { token, .. } in issued.iter() {
                verifier.accepts(token).unwrap_or_else(|why| panic!("{}: {why}", latchkey.now()));
                checked += 1;
            }
        }
    }
    checked
}

/// Verifiers that look at different moments: some a minute before a rotation, some long before.
async fn verifiers(latchkey: &mut TestApp) -> Vec<Verifier> {
    let mut all = Vec::new();
    for _ in 0..4 {
        let mut verifier = Verifier::default();
        verifier.look(latchkey).await;
        all.push(verifier);
        latchkey.advance(SignedDuration::from_mins(29));
    }
    all
}

async fn turns(rotations: usize, before_each: &[i64], after_all: &[i64]) {
    let (mut latchkey, client) = house_with_client().await;
    let mut verifiers = verifiers(&mut latchkey).await;
    let mut issued = Vec::new();
    let mut checked = 0;
    for _ in 0..rotations {
        checked += live(&mut latchkey, &client, &mut verifiers, &mut issued, before_each).await;
        let (before, summary) = (latchkey.seen().await, latchkey.rotate().await);
        let after = latchkey.seen().await;
        assert_eq!(summary["steps"][0]["outcome"], "next_promoted", "{summary}");
        assert_eq!(after.active, before.next, "what everybody has seen signs now");
        assert!(after.next.is_disjoint(&before.all), "a new key is next");
        assert!(after.all.is_superset(&before.active), "the last one is still published");
    }
    checked += live(&mut latchkey, &client, &mut verifiers, &mut issued, after_all).await;
    println!("{checked} verifications, none failed");
    assert!(checked > 500);
}

#[tokio::test]
async fn three_monthly_rotations_fail_no_verifier() {
    // A month, the last two days of it in steps.
    let mut month = vec![28 * 24 * 60];
    month.extend([55; 52]);
    month.extend([1, 1, 3, 1]);
    let mut after = vec![1, 4, 1, 55, 60];
    after.extend([60; 72]);
    turns(3, &month, &after).await;
}

#[tokio::test]
async fn rotations_that_come_as_fast_as_they_are_let_fail_no_verifier() {
    // More than three days of them, so that retired keys go while tokens of the longest life are around.
    turns(34, &[5, 25, 60, 60], &[1, 4, 55, 60, 180, 1_440]).await;
}

#[tokio::test]
async fn a_rotation_that_comes_too_early_promotes_nothing_and_drops_nothing() {
    let (mut latchkey, client) = house_with_client().await;
    let mut verifiers = verifiers(&mut latchkey).await;
    let mut issued = Vec::new();
    latchkey.rotate().await;
    let first = latchkey.seen().await;
    for _ in 0..7 {
        live(&mut latchkey, &client, &mut verifiers, &mut issued, &[4, 17]).await;
        let summary = latchkey.rotate().await;
        assert_eq!(summary["steps"][0]["outcome"], "next_too_young", "{summary}");
        assert_eq!(summary["steps"][3]["outcome"], "in_force");
        assert_eq!(latchkey.seen().await, first);
    }
    live(&mut latchkey, &client, &mut verifiers, &mut issued, &[4]).await;
    assert_eq!(latchkey.rotate().await["steps"][0]["outcome"], "next_promoted");
}

#[tokio::test]
async fn a_retired_key_stays_until_its_longest_token_has_died_and_two_hours_more() {
    let (mut latchkey, _) = house_with_client().await;
    let retired = latchkey.seen().await.active;
    latchkey.rotate().await;
    latchkey.advance(SignedDuration::from_hours(74) - SignedDuration::from_mins(1));
    latchkey.rotate().await;
    assert!(latchkey.seen().await.all.is_superset(&retired));
    latchkey.advance(SignedDuration::from_mins(2));
    latchkey.rotate().await;
    assert!(latchkey.seen().await.all.is_disjoint(&retired));
    latchkey.advance(SignedDuration::from_mins(6));
    assert_eq!(latchkey.published().await, latchkey.seen().await.all);
}
