//! Verifiers that cache the JWKS for two hours and do not refetch earlier, while the keys rotate.

use super::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use jiff::{SignedDuration, Timestamp, ToSpan};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

/// The longest token lifetime that any deployment allows, in seconds: 72 hours.
const MAX_LIFETIME: u32 = 259_200;
const CACHE_PERIOD: SignedDuration = SignedDuration::from_hours(2);
const AUDIENCES: [(&str, &str); 2] = [("rsa_api", "RS256"), ("ec_api", "ES256")];

#[derive(Default)]
struct Verifier {
    keys: Option<(Timestamp, JwkSet)>,
}

impl Verifier {
    async fn refetch(&mut self, latchkey: &TestApp) {
        let now = latchkey.now();
        if self.keys.as_ref().is_none_or(|(at, _)| now.duration_since(*at) >= CACHE_PERIOD) {
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

struct IssuedToken {
    token: String,
    expires_at: Timestamp,
}

/// An app with a client that gets the longest-lived tokens, for both algorithms.
async fn app_with_client() -> (TestApp, TestClient) {
    let latchkey = TestApp::with_config(|config| config.max_access_token_lifetime = MAX_LIFETIME).await;
    latchkey.fixtures().account(ACCOUNT).await;
    for (id, alg) in AUDIENCES {
        let body = json!({ "resource_id": id, "service": id, "audience": id, "token_signing_alg": alg,
                           "scopes": [{ "name": "read" }], "default_scopes": ["read"] });
        latchkey.fixtures().resource(&body).await;
    }
    let end = latchkey.now().checked_add(SignedDuration::from_hours(24 * 600)).unwrap().to_string();
    let members = json!({ "permissions": AUDIENCES.map(|(id, _)| json!({ "resource": id })),
                          "access_token_lifetime": MAX_LIFETIME, "secret": { "expires_on": end[..10] } });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    (latchkey, client)
}

/// Passes the minutes between rotations: clients get tokens, and every verifier checks all of them.
async fn pass_time(
    latchkey: &mut TestApp,
    client: &TestClient,
    verifiers: &mut [Verifier],
    issued: &mut Vec<IssuedToken>,
    steps: &[i64],
) -> usize {
    let mut checked = 0;
    for minutes in steps {
        latchkey.advance(SignedDuration::from_mins(*minutes));
        let expires_at = latchkey.now().checked_add(i64::from(MAX_LIFETIME).seconds()).unwrap();
        for (audience, alg) in AUDIENCES {
            let more = format!("&resource={audience}");
            let response = latchkey.token(&client.client_id, &client.client_secret, &more).await.expect(200);
            assert_eq!(response.json()["expires_in"], MAX_LIFETIME);
            let token = response.string("access_token");
            assert_eq!(format!("{:?}", decode_header(&token).unwrap().alg), alg);
            issued.push(IssuedToken { token, expires_at });
        }
        issued.retain(|issued| latchkey.now() < issued.expires_at);
        for verifier in &mut *verifiers {
            verifier.refetch(latchkey).await;
            for IssuedToken { token, .. } in issued.iter() {
                verifier.accepts(token).unwrap_or_else(|why| panic!("{}: {why}", latchkey.now()));
                checked += 1;
            }
        }
    }
    checked
}

/// Verifiers that fetch at different times: some a minute before a rotation, some long before.
async fn verifiers(latchkey: &mut TestApp) -> Vec<Verifier> {
    let mut all = Vec::new();
    for _ in 0..4 {
        let mut verifier = Verifier::default();
        verifier.refetch(latchkey).await;
        all.push(verifier);
        latchkey.advance(SignedDuration::from_mins(29));
    }
    all
}

async fn rotate_repeatedly(rotations: usize, before_each: &[i64], after_all: &[i64]) {
    let (mut latchkey, client) = app_with_client().await;
    let mut verifiers = verifiers(&mut latchkey).await;
    let mut issued = Vec::new();
    let mut checked = 0;
    for _ in 0..rotations {
        checked += pass_time(&mut latchkey, &client, &mut verifiers, &mut issued, before_each).await;
        let (before, summary) = (latchkey.observed_keys().await, latchkey.rotate().await);
        let after = latchkey.observed_keys().await;
        assert_eq!(summary["steps"][0]["outcome"], "next_promoted", "{summary}");
        assert_eq!(after.active, before.next, "the prepublished key is active");
        assert!(after.next.is_disjoint(&before.all), "the next key is new");
        assert!(after.all.is_superset(&before.active), "the retired key is still published");
    }
    checked += pass_time(&mut latchkey, &client, &mut verifiers, &mut issued, after_all).await;
    println!("{checked} verifications, none failed");
    assert!(checked > 500);
}

#[tokio::test]
async fn three_monthly_rotations_fail_no_verifier() {
    // A month, its last two days in steps.
    let mut month = vec![28 * 24 * 60];
    month.extend([55; 52]);
    month.extend([1, 1, 3, 1]);
    let mut after = vec![1, 4, 1, 55, 60];
    after.extend([60; 72]);
    rotate_repeatedly(3, &month, &after).await;
}

#[tokio::test]
async fn fastest_rotations_fail_no_verifier() {
    // For more than three days, so that retired keys are removed while the longest-lived tokens are in use.
    rotate_repeatedly(34, &[5, 25, 60, 60], &[1, 4, 55, 60, 180, 1_440]).await;
}

#[tokio::test]
async fn early_rotation_promotes_and_removes_no_key() {
    let (mut latchkey, client) = app_with_client().await;
    let mut verifiers = verifiers(&mut latchkey).await;
    let mut issued = Vec::new();
    latchkey.rotate().await;
    let first = latchkey.observed_keys().await;
    for _ in 0..7 {
        pass_time(&mut latchkey, &client, &mut verifiers, &mut issued, &[4, 17]).await;
        let summary = latchkey.rotate().await;
        assert_eq!(summary["steps"][0]["outcome"], "next_too_young", "{summary}");
        assert_eq!(summary["steps"][3]["outcome"], "in_force");
        assert_eq!(latchkey.observed_keys().await, first);
    }
    pass_time(&mut latchkey, &client, &mut verifiers, &mut issued, &[4]).await;
    assert_eq!(latchkey.rotate().await["steps"][0]["outcome"], "next_promoted");
}

#[tokio::test]
async fn retired_key_stays_2_hours_past_its_longest_token() {
    let (mut latchkey, _) = app_with_client().await;
    let retired = latchkey.observed_keys().await.active;
    latchkey.rotate().await;
    latchkey.advance(SignedDuration::from_hours(74) - SignedDuration::from_mins(1));
    latchkey.rotate().await;
    assert!(latchkey.observed_keys().await.all.is_superset(&retired));
    latchkey.advance(SignedDuration::from_mins(2));
    latchkey.rotate().await;
    assert!(latchkey.observed_keys().await.all.is_disjoint(&retired));
    latchkey.advance(SignedDuration::from_mins(6));
    assert_eq!(latchkey.published_key_ids().await, latchkey.observed_keys().await.all);
}
