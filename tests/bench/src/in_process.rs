//! What is measured without a socket: the signature alone, the whole JWT, and the floor of the token endpoint, which
//! is everything that it has to do but talk: Basic, form, HMAC, claims, signature, answer.
//!
//! `in-process ROUNDS MILLISECONDS`: every contender in every round, for so long.

use crate::{Failure, Words, cpu, fixture, say};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::json;
use shared::adapters::authentication::{Circumstances, PresentedSecret, authenticate_by_secret};
use shared::adapters::entropy::random;
use shared::adapters::peppers::Peppers;
use shared::adapters::signing::{KeyRing, RingDocument};
use shared::adapters::store::ClientAndSecrets;
use shared::domain::claims::AccessTokenClaims;
use shared::domain::client_credentials::decide;
use shared::domain::client_secret::ClientSecret;
use shared::domain::ids::{ClientId, ResourceId};
use shared::domain::lifetime;
use shared::domain::resource::{Resource, TokenSigningAlg};
use shared::wire::basic;
use shared::wire::parameters::Parameters;
use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::Duration;

struct Desk {
    now: Timestamp,
    ring: KeyRing,
    peppers: Peppers,
    known: ClientAndSecrets,
    resources: BTreeMap<ResourceId, Resource>,
    authorization: String,
    suspended: BTreeSet<shared::domain::ids::AccountId>,
}

pub fn run(words: &Words) -> Result<(), Failure> {
    let (rounds, each) = (words.number(0)?, Duration::from_millis(words.number(1)?.into()));
    let desk = Desk::furnished()?;
    let random = SystemRandom::new();
    let p256 = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048)?;
    let mut signature = vec![0; rsa.public_modulus_len()];
    let mut figures: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for _ in 0..rounds {
        for (name, alg) in fixture::RESOURCES {
            let claims = desk.claims(name)?;
            let token = desk.ring.active(alg).sign(&claims)?;
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
                black_box(desk.ring.active(alg).sign(black_box(&claims))?);
                Ok(())
            })?;
            let form = format!("grant_type=client_credentials&resource={name}");
            let floor = cpu::of_one(each, || {
                black_box(desk.answer(black_box(&form))?);
                Ok(())
            })?;
            for (what, figure) in [("raw", raw), ("jwt", jwt), ("floor", floor)] {
                figures.entry(format!("{what} {name}")).or_default().push(figure);
            }
        }
    }
    say(&json!(figures));
    Ok(())
}

impl Desk {
    fn furnished() -> Result<Self, Failure> {
        let now = fixture::now();
        let peppers = Peppers::parse(fixture::PEPPER)?;
        let (id, secret) = fixture::credentials(0)?;
        let authorization = format!("Basic {}", STANDARD.encode(format!("{id}:{}", secret.expose())));
        let kept = fixture::secret(fixture::secret_id(0), fixture::digest(&peppers, 0)?, now);
        let known = ClientAndSecrets { client: fixture::client(id, now)?, secrets: vec![kept] };
        let mut resources = BTreeMap::new();
        for (name, alg) in fixture::RESOURCES {
            resources.insert(ResourceId::parse(name)?, fixture::resource(name, alg, now)?);
        }
        let ring = KeyRing::parse(&RingDocument::generate(now)?.to_json()?)?;
        Ok(Self { now, ring, peppers, known, resources, authorization, suspended: BTreeSet::new() })
    }

    fn claims(&self, resource: &str) -> Result<AccessTokenClaims, Failure> {
        let client = &self.known.client;
        let find = |id: &ResourceId| self.resources.get(id);
        let granted = decide(client, Some(resource), None, lifetime::DEFAULT_MAX_ACCESS_SECONDS, find)
            .map_err(|denied| format!("{denied:?}"))?;
        let issued_at = self.now.as_second();
        Ok(AccessTokenClaims {
            iss: "https://id.latchkey.example".to_owned(),
            sub: client.client_id.to_string(),
            aud: granted.audience,
            exp: issued_at + i64::from(granted.lifetime),
            iat: issued_at,
            nbf: issued_at,
            jti: format!("{:032x}", u128::from_be_bytes(random())),
            client_id: client.client_id.clone(),
            scope: granted.scopes.to_string(),
            account_id: client.account_id.clone(),
            grant_id: None,
        })
    }

    /// One token request, from its header and its body to the body of the answer.
    fn answer(&self, form: &str) -> Result<Vec<u8>, Failure> {
        let basic = basic::parse(self.authorization.as_bytes()).map_err(|_| "not a Basic header")?;
        let parameters = Parameters::from_form(form.as_bytes()).map_err(|_| "not a form")?;
        let presented = PresentedSecret {
            client_id: ClientId::parse(&basic.client_id)?,
            secret: ClientSecret::parse(&basic.client_secret)?,
        };
        let circumstances = Circumstances {
            source: None,
            account_path: None,
            suspended_accounts: &self.suspended,
            now: self.now,
        };
        authenticate_by_secret(&presented, Some(self.known.clone()), &self.peppers, &circumstances)
            .map_err(|unauthenticated| format!("{unauthenticated:?}"))?;
        let resource = parameters.get("resource").ok_or("no resource")?;
        let claims = self.claims(resource)?;
        let alg = self.resources[&ResourceId::parse(resource)?].token_signing_alg;
        let token = self.ring.active(alg).sign(&claims)?;
        let answer = json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": claims.exp - claims.iat,
            "scope": claims.scope,
        });
        Ok(serde_json::to_vec(&answer)?)
    }
}
