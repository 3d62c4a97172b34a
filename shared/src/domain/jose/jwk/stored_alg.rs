//! `alg` of a stored key. An algorithm that the version before does not know stands in an attribute of its own, which that
//! version ignores: it would not read a key with an unknown `alg`, and the client with it.

use crate::domain::jose::algorithm::JwsAlgorithm;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
struct StoredAlg {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alg: Option<JwsAlgorithm>,
    /// One with SHA-384 or SHA-512 of an RSA key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rsa_alg: Option<JwsAlgorithm>,
}

#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
pub(super) fn serialize<S: Serializer>(alg: &Option<JwsAlgorithm>, serializer: S) -> Result<S::Ok, S::Error> {
    use JwsAlgorithm::{PS384, PS512, RS384, RS512};
    let is_new = matches!(alg, Some(RS384 | RS512 | PS384 | PS512));
    let stored =
        if is_new { StoredAlg { alg: None, rsa_alg: *alg } } else { StoredAlg { alg: *alg, rsa_alg: None } };
    stored.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<JwsAlgorithm>, D::Error> {
    StoredAlg::deserialize(deserializer).map(|stored| stored.rsa_alg.or(stored.alg))
}
