//! RSA keys for RSASSA-PSS only (RFC 4055 §1.2, §3.1): their parameters name the hash function.

use super::asn1::{elements, sequence};
use crate::domain::jose::algorithm::JwsAlgorithm;
use crate::domain::jose::key_finding::KeyFinding;
use ::spki::ObjectIdentifier;
use ::spki::der::asn1::AnyRef;
use ::spki::der::{Any, Tag, TagNumber, Tagged};

const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// The algorithm that such a key is for: PS256 unless its parameters name a longer hash.
pub(super) fn algorithm(parameters: Option<&Any>) -> Result<JwsAlgorithm, KeyFinding> {
    let Some(parameters) = parameters else { return Ok(JwsAlgorithm::PS256) };
    match hash(parameters.to_ref()) {
        Some(SHA256) => Ok(JwsAlgorithm::PS256),
        Some(SHA384) => Ok(JwsAlgorithm::PS384),
        Some(SHA512) => Ok(JwsAlgorithm::PS512),
        _ => Err(KeyFinding::OtherKind("an RSASSA-PSS key for SHA-1 or another hash".to_owned())),
    }
}

/// `hashAlgorithm`, which stands in the first field with a tag of its own.
fn hash(parameters: AnyRef<'_>) -> Option<ObjectIdentifier> {
    let first = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    let field = sequence(parameters)?.into_iter().find(|field| field.tag() == first)?;
    let algorithm = elements(field.value())?.into_iter().next()?;
    sequence(algorithm)?.first()?.decode_as::<ObjectIdentifier>().ok()
}
