//! The blocks of a PEM text (RFC 7468), also with what editors, forms and mail programs have done to them.

use crate::domain::jose::key_finding::{KeyFinding, PrivateKeyForm};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// base64 with or without padding.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The characters that stand for a hyphen: itself, and what word processors make of several.
const DASHES: [char; 4] = ['-', '\u{2010}', '\u{2013}', '\u{2014}'];
/// The fewest hyphens of a boundary.
const MIN_DASHES: usize = 2;
/// The longest label, in bytes.
const MAX_LABEL: usize = 40;

/// A block of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// The label in upper case.
    label: String,
    /// What stands between the boundaries.
    body: &'a str,
}

/// A line that begins or ends a block.
struct Boundary {
    start: usize,
    end: usize,
    begins: bool,
    label: String,
}

/// All blocks of a text. What stands around them is ignored; the last one may have lost its end.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut next = next_boundary(text, 0);
    while let Some(boundary) = next {
        next = next_boundary(text, boundary.end);
        if boundary.begins {
            let end = next.as_ref().map_or(text.len(), |next| next.start);
            blocks.push(Block { label: boundary.label, body: &text[boundary.end..end] });
        }
    }
    blocks
}

/// The next boundary from this position on.
fn next_boundary(text: &str, from: usize) -> Option<Boundary> {
    let mut position = from;
    while let Some(start) = text[position..].find(DASHES).map(|found| position + found) {
        let inner = text[start..].trim_start_matches(DASHES);
        position = text.len() - inner.len();
        if text[start..position].chars().count() < MIN_DASHES {
            continue;
        }
        let keyword = |word: &str| {
            let inner = inner.trim_start_matches(' ');
            let is_it = inner.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
            is_it.then(|| &inner[word.len()..])
        };
        let begins = keyword("BEGIN ").map(|label| (true, label));
        let Some((begins, rest)) = begins.or_else(|| keyword("END ").map(|label| (false, label))) else {
            continue;
        };
        let Some(length) = rest.find(DASHES).filter(|length| *length <= MAX_LABEL) else { continue };
        let after = rest[length..].trim_start_matches(DASHES);
        let label = rest[..length].trim().to_ascii_uppercase();
        return Some(Boundary { start, end: text.len() - after.len(), begins, label });
    }
    None
}

impl Block<'_> {
    /// The decoded body; `None` if it is not base64.
    pub(super) fn der(&self) -> Option<Vec<u8>> {
        let mut lines = self.body.lines().peekable();
        // RFC 4716 has headers, which end with a backslash if they go on in the next line.
        if self.is_ssh() {
            let mut continued = false;
            while let Some(line) =
                lines.next_if(|line| continued || line.contains(':') || line.trim().is_empty())
            {
                continued = line.trim_end().ends_with('\\');
            }
        }
        let text: String = lines.flat_map(str::split_whitespace).collect();
        BASE64.decode(text).ok().filter(|bytes| !bytes.is_empty())
    }

    /// Whether it is OpenSSH's public key as of RFC 4716.
    pub(super) fn is_ssh(&self) -> bool {
        self.label == "SSH2 PUBLIC KEY"
    }

    /// What a block is whose content need not be looked at.
    pub(super) fn finding(&self) -> Option<KeyFinding> {
        match self.label.as_str() {
            "EC PARAMETERS" | "DH PARAMETERS" | "DSA PARAMETERS" => Some(KeyFinding::ParametersOnly),
            "PGP PUBLIC KEY BLOCK" => Some(KeyFinding::Pgp),
            "PGP PRIVATE KEY BLOCK" => Some(KeyFinding::Private(PrivateKeyForm::Pgp)),
            "OPENSSH PRIVATE KEY" | "SSH2 ENCRYPTED PRIVATE KEY" => {
                Some(KeyFinding::Private(PrivateKeyForm::OpenSsh))
            }
            "PKCS7" | "CMS" => Some(KeyFinding::Pkcs7),
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Some(KeyFinding::CertificateRequest),
            _ => None,
        }
    }

    /// Whether the label is of neither a public key nor a certificate.
    pub(super) fn is_of_other_kind(&self) -> bool {
        !self.label.ends_with("PUBLIC KEY") && !self.label.ends_with("CERTIFICATE")
    }

    /// The form of a private key by the label, which also holds where the content cannot be read.
    pub(super) fn private_form(&self) -> Option<PrivateKeyForm> {
        match self.label.as_str() {
            "PRIVATE KEY" => Some(PrivateKeyForm::Pkcs8),
            "ENCRYPTED PRIVATE KEY" => Some(PrivateKeyForm::EncryptedPkcs8),
            "RSA PRIVATE KEY" => Some(PrivateKeyForm::Pkcs1),
            "EC PRIVATE KEY" => Some(PrivateKeyForm::Sec1),
            label if label.contains("PRIVATE KEY") => Some(PrivateKeyForm::Other),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<String> {
        blocks(text).into_iter().map(|block| block.label).collect()
    }

    #[test]
    fn boundaries_are_found_however_they_are_written() {
        for text in [
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY----- AAAA -----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----",
            "-----begin public key-----\nAAAA\n-----end public key-----",
            "---- BEGIN PUBLIC KEY ----\nAAAA\n---- END PUBLIC KEY ----",
            "–––––BEGIN PUBLIC KEY–––––\nAAAA\n–––––END PUBLIC KEY–––––",
            "text - before\n  -----BEGIN PUBLIC KEY-----\n  AA\n\n  AA\n",
        ] {
            assert_eq!(labels(text), ["PUBLIC KEY"], "{text}");
            assert_eq!(blocks(text)[0].der(), Some(vec![0; 3]), "{text}");
        }
        assert_eq!(
            labels("-----BEGIN A-----\n-----END A-----\n-----BEGIN B-----\n-----END B-----"),
            ["A", "B"]
        );
        for none in ["", "-----", "-BEGIN A-", "-----BEGIN", "BEGIN A", "-----BEGIN A"] {
            assert!(labels(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn headers_of_an_openssh_block_are_skipped() {
        let text = "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"2048-bit a\\\nb\"\nAAAA\n---- END SSH2 PUBLIC KEY ----";
        assert_eq!(blocks(text)[0].der(), Some(vec![0; 3]));
    }
}
