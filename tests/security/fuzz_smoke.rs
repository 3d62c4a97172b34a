//! A short run of the fuzz targets: each accepts any input without a panic.

#[path = "fuzz/harness.rs"]
mod harness;
#[path = "fuzz/lambda_event.rs"]
mod lambda_event;

use proptest::prelude::*;

/// Inputs that pass the first checks, for the fuzz targets and for these tests.
const SEEDS: [&str; 11] = [
    "Basic YTpi",
    "grant_type=client_credentials&scope=a%20b&client_id=c1",
    r#"{"grant_type":"client_credentials","scope":"a b"}"#,
    r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"#,
    "{\"alg\":\"ES256\"}\0{\"iss\":\"c\",\"sub\":\"c\",\"aud\":\"a\",\"exp\":1,\"jti\":\"j\"}",
    "203.0.113.0/24",
    "https://*.example.com/*/callback\0https://a.example.com/t1/callback?x=1",
    "http://127.0.0.1/callback\0http://127.0.0.1:5000/callback",
    "2001:db8::/32",
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n-----END PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
];

/// Events that pass the first checks, in the form that the target splits.
const EVENT_SEEDS: [&str; 8] = [
    "POST\0/oauth/token\0\0id.example.com\0content-type:application/x-www-form-urlencoded\0\
     grant_type=client_credentials&client_id=a&client_secret=lks_a",
    "POST\0/oauth/introspect\0\0\0authorization:Basic YTpi\0token=a",
    "GET\0/.well-known/openid-configuration\0\0id.example.com:443\0accept:*/*\0",
    "GET\0/oauth/authorize\0response_type=code&client_id=a&scope=a%20b\0id.example.com\0cookie:a=b\0",
    "POST\0/oauth/authorize/a/email\0\0id.example.com\0content-type:application/x-www-form-urlencoded\0YQ==",
    "PATCH\0/v1/accounts/a/members/a@b.example\0\0id.example.com\0if-match:\"1\"\0{}",
    "GET\0/v1/accounts/a/clients\0limit=1&cursor=a\0id.example.com\0authorization:Bearer a.b.c\0",
    r#"{"rawPath":"/openapi.json","headers":{"x-forwarded-proto":"http"},"requestContext":{"http":{"method":"GET"}}}"#,
];

fn all(data: &[u8]) {
    let (texts, keys) = ([harness::basic, harness::form, harness::json], [harness::assertion, harness::pem]);
    for target in texts.into_iter().chain(keys).chain([harness::cidr, harness::redirect]) {
        target(data);
    }
}

#[test]
fn valid_input_is_accepted_by_all_targets() {
    for seed in SEEDS {
        all(seed.as_bytes());
    }
}

#[test]
fn every_event_seed_has_a_response() {
    for seed in EVENT_SEEDS {
        lambda_event::lambda_event(seed.as_bytes());
    }
}

proptest! {
    // Fewer cases, because requests that call AWS retry three times.
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_random_event_has_a_response(data: Vec<u8>) {
        lambda_event::lambda_event(&data);
    }

    #[test]
    fn every_damaged_event_has_a_response(
        seed in 0..EVENT_SEEDS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0_u8..128), 1..4),
    ) {
        let mut data = EVENT_SEEDS[seed].as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(data.len());
            data[place] = byte;
        }
        lambda_event::lambda_event(&data);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_input_is_handled_by_all_targets(data: Vec<u8>) {
        all(&data);
    }

    #[test]
    fn mutated_input_is_handled_by_all_targets(
        seed in 0..SEEDS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut: prop::sample::Index,
    ) {
        let mut data = SEEDS[seed].as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(data.len());
            data[place] = byte;
        }
        all(&data);
        all(&data[..cut.index(data.len())]);
    }
}
