//! An RSA key whose public half is read at once, and its private half when it first signs.
//!
//! aws-lc checks a private key against its factors whenever it reads one, which takes longer than two signatures and
//! was a third of what a cold start computes. Most functions never sign with most of the keys in the ring.

use crate::adapters::error::BackendError;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, RSAKeyParameters, RSAKeyType};
use pkcs1::{ALGORITHM_OID, RsaPrivateKeyRef};
use pkcs8::PrivateKeyInfoRef;
use std::sync::OnceLock;
use zeroize::Zeroizing;

const OP: &str = "signing a token";

/// A key that can sign by RS256.
pub(super) struct LazyRsaKey {
    /// PKCS #8.
    der: Zeroizing<Vec<u8>>,
    ready: OnceLock<RsaKeyPair>,
}

impl LazyRsaKey {
    /// A stored key and its public half. What is not PKCS #8 with all parts of an RSA key (RFC 8017, appendix A.1.2)
    /// is rejected here; numbers that do not belong together are rejected by [`LazyRsaKey::sign`]. The rotation signs
    /// with every key before it brings a ring into force.
    pub(super) fn read(der: Zeroizing<Vec<u8>>) -> Option<(Self, AlgorithmParameters)> {
        let public = public_half(&der)?;
        Some((Self { der, ready: OnceLock::new() }, public))
    }

    /// The signature, after the key has been checked.
    pub(super) fn sign(&self, random: &SystemRandom, message: &[u8]) -> Result<Vec<u8>, BackendError> {
        let pair = if let Some(pair) = self.ready.get() {
            pair
        } else {
            let pair = RsaKeyPair::from_pkcs8(&self.der).map_err(|error| BackendError::new(OP, error))?;
            self.ready.get_or_init(|| pair)
        };
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, random, message, &mut signature)
            .map_err(|error| BackendError::new(OP, error))?;
        Ok(signature)
    }
}

fn public_half(der: &[u8]) -> Option<AlgorithmParameters> {
    let stored = PrivateKeyInfoRef::try_from(der).ok()?;
    stored.algorithm.assert_algorithm_oid(ALGORITHM_OID).ok()?;
    let key = RsaPrivateKeyRef::try_from(stored.private_key.as_bytes()).ok()?;
    Some(AlgorithmParameters::RSA(RSAKeyParameters {
        key_type: RSAKeyType::RSA,
        n: URL_SAFE_NO_PAD.encode(key.modulus.as_bytes()),
        e: URL_SAFE_NO_PAD.encode(key.public_exponent.as_bytes()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    use aws_lc_rs::rsa::KeySize;
    use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    fn generated() -> (RsaKeyPair, Zeroizing<Vec<u8>>) {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("PKCS #8");
        let der = Zeroizing::new(der.as_ref().to_vec());
        (pair, der)
    }

    #[test]
    fn the_public_half_verifies_signatures() {
        let (pair, der) = generated();
        let (key, public) = LazyRsaKey::read(der).expect("a key");
        let AlgorithmParameters::RSA(public) = public else { panic!("{public:?}") };
        let number = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
        assert_eq!(number(&public.n), pair.public_key().modulus().big_endian_without_leading_zero());
        assert_eq!(number(&public.e), pair.public_key().exponent().big_endian_without_leading_zero());
        let verifying = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key());
        for message in [b"one", b"two"] {
            let signature = key.sign(&SystemRandom::new(), message).expect("signed");
            verifying.verify(message, &signature).expect("its signature");
        }
    }

    #[test]
    fn inconsistent_numbers_sign_nothing() {
        let (_, mut der) = generated();
        *der.last_mut().expect("a byte of the last number") ^= 1;
        let (key, _) = LazyRsaKey::read(der).expect("all parts of a key");
        assert!(key.sign(&SystemRandom::new(), b"one").is_err());
    }

    #[test]
    fn incomplete_keys_are_rejected() {
        let (_, der) = generated();
        assert!(LazyRsaKey::read(Zeroizing::new(der[..der.len() - 1].to_vec())).is_none());
        assert!(LazyRsaKey::read(Zeroizing::new(Vec::new())).is_none());
        let other = aws_lc_rs::signature::EcdsaKeyPair::generate(
            &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        );
        let other = other.and_then(|pair| pair.to_pkcs8v1()).expect("PKCS #8");
        assert!(LazyRsaKey::read(Zeroizing::new(other.as_ref().to_vec())).is_none());
    }
}
