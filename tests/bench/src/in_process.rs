//! Measurements without a socket: the signature alone, the whole JWT, and the floor of each operation.
//!
//! `in-process ROUNDS MILLISECONDS`: every contender in every round, for that long.

use crate::floors::Floors;
use crate::{Args, BoxError, cpu, fixture, print_json};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::json;
use shared::domain::resource::TokenSigningAlg;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

type Floor = fn(&Floors) -> Result<Vec<u8>, BoxError>;
const FLOORS: [(&str, Floor); 4] = [
    ("introspect", Floors::introspect),
    ("refresh", Floors::refresh),
    ("get-client", Floors::get_client),
    ("create-client", Floors::create_client),
];

pub fn run(args: &Args) -> Result<(), BoxError> {
    let (rounds, each) = (args.number(0)?, Duration::from_millis(args.number(1)?.into()));
    let floors = Floors::new()?;
    let random = SystemRandom::new();
    let p256 = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048)?;
    let mut signature = vec![0; rsa.public_modulus_len()];
    let mut figures: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for _ in 0..rounds {
        for (name, alg) in fixture::RESOURCES {
            let claims = floors.claims(name)?;
            let token = floors.ring.active(alg).sign(&claims)?;
            let (signed, _) = token.rsplit_once('.').ok_or("a token without a signature")?;
            let raw = cpu::of_one(each, || {
                match alg {
                    TokenSigningAlg::ES256 => {
                        black_box(p256.sign(&random, black_box(signed.as_bytes()))?);
                    }
                    TokenSigningAlg::RS256 => {
                        let message = black_box(signed.as_bytes());
                        rsa.sign(&RSA_PKCS1_SHA256, &random, message, black_box(&mut signature))?;
                    }
                }
                Ok(())
            })?;
            let jwt = cpu::of_one(each, || {
                black_box(floors.ring.active(alg).sign(black_box(&claims))?);
                Ok(())
            })?;
            let form = format!("grant_type=client_credentials&resource={name}");
            let floor = cpu::of_one(each, || {
                black_box(floors.token(black_box(&form))?);
                Ok(())
            })?;
            for (what, figure) in [("raw", raw), ("jwt", jwt), ("floor", floor)] {
                figures.entry(format!("{what} {name}")).or_default().push(figure);
            }
        }
        for (name, operation) in FLOORS {
            let floor = cpu::of_one(each, || {
                black_box(operation(black_box(&floors))?);
                Ok(())
            })?;
            figures.entry(format!("floor {name}")).or_default().push(floor);
        }
    }
    print_json(&json!(figures));
    Ok(())
}
