//! Rotation of the signing keys.

mod clock;
mod compromised_key;
mod crash;
mod legacy_formats;
mod public_keys;
mod steps;
mod unknown_key;
mod verifiers;

use crate::support::app::TestApp;
use serde_json::{Value, json};
use shared::adapters::secrets_manager::deployment_secret::{Current, DeploymentSecret, SecretVersion};
use shared::adapters::signing::KeyRing;
use shared::domain::resource::TokenSigningAlg;
use std::collections::BTreeSet;

pub const ALGS: [TokenSigningAlg; 2] = [TokenSigningAlg::RS256, TokenSigningAlg::ES256];

/// The key ids that the current ring publishes and signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedKeys {
    pub active: BTreeSet<String>,
    pub next: BTreeSet<String>,
    pub all: BTreeSet<String>,
}

pub fn observed_keys(ring: &str) -> ObservedKeys {
    let ring = KeyRing::parse(ring).unwrap();
    let kid = |jwk: &jsonwebtoken::jwk::Jwk| jwk.common.key_id.clone().unwrap();
    ObservedKeys {
        active: ALGS.iter().map(|alg| kid(ring.active(*alg).jwk())).collect(),
        next: ALGS.iter().map(|alg| kid(ring.next(*alg).jwk())).collect(),
        all: ring.kids().map(str::to_owned).collect(),
    }
}

impl TestApp {
    pub fn keys(&self) -> DeploymentSecret {
        let name = self.server.management.app.config.signing_keys_secret.clone();
        DeploymentSecret::new(self.server.aws.secrets_manager(), name)
    }

    /// The current ring as it is stored, and its version id.
    async fn stored(&self) -> SecretVersion {
        match self.keys().current().await.unwrap() {
            Current::Value(value) => value,
            Current::Missing(_) => panic!("there is no ring"),
        }
    }

    pub async fn ring(&self) -> String {
        self.stored().await.text.to_string()
    }

    pub async fn ring_version(&self) -> String {
        self.stored().await.version_id
    }

    pub async fn observed_keys(&self) -> ObservedKeys {
        observed_keys(&self.ring().await)
    }

    /// The keys in the JWKS now.
    pub async fn published_key_ids(&self) -> BTreeSet<String> {
        let jwks = self.request("GET", "/.well-known/jwks.json").send().await.expect(200).json();
        let keys = jwks["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn rotate(&self) -> Value {
        self.request("POST", "/_local/rotate-keys").send().await.expect(200).json()
    }

    pub async fn replace_compromised(&self, leaked: &str, id: &str) -> Value {
        let event = json!({ "emergency": leaked, "id": id });
        self.request("POST", "/_local/rotate-keys").json(&event).send().await.expect(200).json()["outcome"]
            .clone()
    }
}
