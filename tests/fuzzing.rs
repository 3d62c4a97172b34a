//! A moment of what the fuzzer does for minutes: every target takes whatever it is given.

#[path = "fuzz/bodies.rs"]
mod bodies;

use proptest::prelude::*;

/// Texts that get past the first checks, for the fuzzer's targets and here.
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

fn all(data: &[u8]) {
    let (texts, keys) = ([bodies::basic, bodies::form, bodies::json], [bodies::assertion, bodies::pem]);
    for target in texts.into_iter().chain(keys).chain([bodies::cidr, bodies::redirect]) {
        target(data);
    }
}

#[test]
fn what_is_well_formed_is_taken_by_all_targets() {
    for seed in SEEDS {
        all(seed.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_random_is_taken_by_all_targets(data: Vec<u8>) {
        all(&data);
    }

    #[test]
    fn whatever_is_nearly_well_formed_is_taken_by_all_targets(
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
