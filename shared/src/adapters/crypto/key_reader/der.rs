//! What a DER encoding is: a public key, a certificate, or something that is neither.

use super::asn1::sequence;
use super::certificate::LeafCandidate;
use super::spki;
use crate::domain::jose::jwk::{PublicJwk, PublicKey};
use crate::domain::jose::key_finding::{KeyFinding, PrivateKeyForm};
use ::spki::der::asn1::AnyRef;
use ::spki::der::{Encode, Reader, SliceReader, Tag, Tagged};
use pkcs1::RsaPublicKeyRef;

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A public key.
    Key(PublicJwk),
    /// A certificate.
    Certificate(LeafCandidate),
}

/// Reads the first value of these bytes. What follows it is ignored: OpenSSL appends trust to a certificate.
pub(super) fn read(bytes: &[u8]) -> Result<Content, KeyFinding> {
    let first = SliceReader::new(bytes).ok().and_then(|mut reader| reader.decode::<AnyRef<'_>>().ok());
    let first = first.ok_or(KeyFinding::Damaged)?;
    let items = sequence(first).ok_or(KeyFinding::Damaged)?;
    let tags: Vec<Tag> = items.iter().map(Tagged::tag).collect();
    let whole = first.to_der().map_err(|_| KeyFinding::Damaged)?;
    match tags.as_slice() {
        [Tag::Sequence, Tag::BitString] => spki::read(&whole).map(Content::Key),
        [Tag::Integer, Tag::Integer] => pkcs1(&whole).map(Content::Key),
        [Tag::Sequence, Tag::Sequence, Tag::BitString] => signed(&whole, items[0]),
        [Tag::Sequence, Tag::OctetString] => Err(KeyFinding::Private(PrivateKeyForm::EncryptedPkcs8)),
        [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => {
            Err(KeyFinding::Private(PrivateKeyForm::Pkcs8))
        }
        [Tag::Integer, Tag::OctetString, ..] => Err(KeyFinding::Private(PrivateKeyForm::Sec1)),
        [Tag::Integer, Tag::Sequence, ..] => Err(KeyFinding::Private(PrivateKeyForm::Pkcs12)),
        [Tag::ObjectIdentifier, ..] => Err(KeyFinding::Pkcs7),
        tags if tags.len() >= 9 && tags.iter().all(|tag| *tag == Tag::Integer) => {
            Err(KeyFinding::Private(PrivateKeyForm::Pkcs1))
        }
        tags if tags.len() >= 5 && tags.iter().all(|tag| *tag == Tag::Integer) => {
            Err(KeyFinding::Private(PrivateKeyForm::Other))
        }
        _ => Err(KeyFinding::Damaged),
    }
}

fn pkcs1(whole: &[u8]) -> Result<PublicJwk, KeyFinding> {
    use ::spki::der::Decode;
    let rsa = RsaPublicKeyRef::from_der(whole).map_err(|_| KeyFinding::Damaged)?;
    Ok(PublicJwk::new(PublicKey::rsa(rsa.modulus.as_bytes(), rsa.public_exponent.as_bytes())?))
}

/// A signed structure: a certificate (RFC 5280 §4.1), or a certificate request (RFC 2986 §4).
fn signed(whole: &[u8], body: AnyRef<'_>) -> Result<Content, KeyFinding> {
    let fields = sequence(body).ok_or(KeyFinding::Damaged)?;
    let is_request = fields.first().is_some_and(|field| field.tag() == Tag::Integer) && fields.len() <= 4;
    if is_request {
        return Err(KeyFinding::CertificateRequest);
    }
    LeafCandidate::read(whole, &fields).map(Content::Certificate)
}
