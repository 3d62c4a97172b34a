//! Certificates (RFC 5280 §4.1). Only the key and the end are used, and the subject is shown, so that serial numbers, beginnings and names that the
//! profile forbids are no reason to refuse one.

use super::asn1::sequence;
use super::spki;
use crate::adapters::crypto::digest::sha256;
use crate::domain::client::client_keys::{Certificate, MAX_SUBJECT, UploadedKey};
use crate::domain::jose::key_finding::KeyFinding;
use ::spki::der::asn1::AnyRef;
use ::spki::der::{Decode, Encode, Tag, TagNumber, Tagged};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use x509_cert::name::Name;
use x509_cert::time::Time;

/// A certificate that may be the leaf of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeafCandidate {
    thumbprint: String,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    expires_at: Timestamp,
    spki: Vec<u8>,
}

impl LeafCandidate {
    /// Reads the fields of `TBSCertificate`. `whole` is the certificate.
    pub(super) fn read(whole: &[u8], fields: &[AnyRef<'_>]) -> Result<Self, KeyFinding> {
        // A certificate of version 1 has no version.
        let has_version = fields.first().is_some_and(|field| is_version(field.tag()));
        let fields = &fields[usize::from(has_version)..];
        let [_serial, _algorithm, issuer, validity, subject, spki, ..] = fields else {
            return Err(KeyFinding::Damaged);
        };
        let der = |any: &AnyRef<'_>| any.to_der().map_err(|_| KeyFinding::Damaged);
        Ok(Self {
            thumbprint: URL_SAFE_NO_PAD.encode(sha256(whole)),
            issuer: der(issuer)?,
            subject: der(subject)?,
            expires_at: not_after(*validity).ok_or(KeyFinding::Damaged)?,
            spki: der(spki)?,
        })
    }

    /// Its key, with its end.
    pub(super) fn uploaded(self) -> Result<UploadedKey, KeyFinding> {
        let certificate = Certificate {
            subject: subject(&self.subject),
            thumbprint: self.thumbprint,
            expires_at: self.expires_at,
        };
        Ok(UploadedKey { jwk: spki::read(&self.spki)?, certificate: Some(certificate) })
    }
}

/// A name as text (RFC 4514); `None` if it is empty, or no name.
fn subject(der: &[u8]) -> Option<String> {
    let text = Name::from_der(der).ok()?.to_string();
    let is_longer = text.chars().count() > MAX_SUBJECT;
    let kept = if is_longer { text.chars().take(MAX_SUBJECT - 1).chain(['…']).collect() } else { text };
    (!kept.is_empty()).then_some(kept)
}

fn is_version(tag: Tag) -> bool {
    tag == Tag::ContextSpecific { constructed: true, number: TagNumber(0) }
}

fn not_after(validity: AnyRef<'_>) -> Option<Timestamp> {
    let times = sequence(validity)?;
    let [_, end] = times.as_slice() else { return None };
    let since_epoch = Time::from_der(&end.to_der().ok()?).ok()?.to_unix_duration();
    // RFC 5280 §4.1.2.5: one that never ends says 9999-12-31, which is later than the latest instant here.
    let seconds = i64::try_from(since_epoch.as_secs()).ok()?;
    Some(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
}

/// The leaf of a chain in any order: the one certificate that issued none of the others. `None` without certificates.
pub(super) fn leaf(mut certificates: Vec<LeafCandidate>) -> Result<Option<LeafCandidate>, KeyFinding> {
    let mut seen = Vec::new();
    certificates.retain(|certificate| {
        let is_new = !seen.contains(&certificate.thumbprint);
        seen.push(certificate.thumbprint.clone());
        is_new
    });
    let count = certificates.len();
    let issued_another = |one: &LeafCandidate| {
        certificates.iter().any(|other| other.thumbprint != one.thumbprint && other.issuer == one.subject)
    };
    let mut leaves = certificates.iter().filter(|certificate| !issued_another(certificate));
    match (leaves.next(), leaves.next()) {
        (Some(leaf), None) => Ok(Some(leaf.clone())),
        (None, _) if count == 0 => Ok(None),
        _ => Err(KeyFinding::SeveralCertificates(count)),
    }
}
