//! A signing key that is parsed once: P-256 at once, RSA when it first signs ([`crate::adapters::signing::rsa`]).
//!
//! jsonwebtoken parses a private key for every signature, which takes more than half of the time of RS256. Therefore the
//! compact serialization (RFC 7515 §7.1) is built here, with a key that aws-lc has parsed; jsonwebtoken parses and
//! verifies tokens.

use crate::adapters::error::BackendError;
use crate::adapters::signing::rsa::LazyRsaKey;
use crate::domain::oauth::access_token::{AccessTokenClaims, TYP};
use crate::domain::resource::TokenSigningAlg;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters, EllipticCurveKeyType,
    Jwk, KeyAlgorithm, PublicKeyUse, ThumbprintHash,
};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const OP: &str = "reading a signing key";

/// A private key as it is stored: PKCS #8 in base64. Its `Debug` is redacted.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct PrivateKey(String);

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}

impl PrivateKey {
    /// Generates a key: RSA with 2,048 bits, or P-256.
    pub fn generate(alg: TokenSigningAlg) -> Result<Self, BackendError> {
        let failed = |_| BackendError::new("making a signing key", "the generator failed");
        let encode = |der: &[u8]| Self(STANDARD.encode(der));
        match alg {
            TokenSigningAlg::RS256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                Ok(encode(der.as_ref()))
            }
            TokenSigningAlg::ES256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?;
                Ok(encode(pair.to_pkcs8v1().map_err(failed)?.as_ref()))
            }
        }
    }
}

enum KeyMaterial {
    Rsa(LazyRsaKey),
    P256(EcdsaKeyPair),
}

/// A key that is ready to sign.
pub struct SigningKey {
    pair: KeyMaterial,
    /// The public half, as it is published.
    jwk: Jwk,
    kid: String,
    /// The JOSE header of every token it signs, encoded.
    header: String,
    random: SystemRandom,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Parses a stored key. Its `kid` is its thumbprint (RFC 7638).
    pub fn parse(stored: &PrivateKey, alg: TokenSigningAlg) -> Result<Self, BackendError> {
        let rejected = || BackendError::new(OP, format!("not a PKCS #8 key for {}", alg.as_str()));
        let der = STANDARD.decode(&stored.0).map(Zeroizing::new);
        let der = der.map_err(|_| BackendError::new(OP, "not base64"))?;
        let (pair, public) = match alg {
            TokenSigningAlg::RS256 => {
                let (key, public) = LazyRsaKey::read(der).ok_or_else(rejected)?;
                (KeyMaterial::Rsa(key), public)
            }
            TokenSigningAlg::ES256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der);
                let pair = pair.map_err(|_| rejected())?;
                let public = p256_parameters(&pair);
                (KeyMaterial::P256(pair), public)
            }
        };
        Self::ready(pair, public, alg)
    }

    fn ready(
        pair: KeyMaterial,
        algorithm: AlgorithmParameters,
        alg: TokenSigningAlg,
    ) -> Result<Self, BackendError> {
        let key_algorithm = match alg {
            TokenSigningAlg::RS256 => KeyAlgorithm::RS256,
            TokenSigningAlg::ES256 => KeyAlgorithm::ES256,
        };
        let mut jwk = Jwk {
            common: CommonParameters {
                public_key_use: Some(PublicKeyUse::Signature),
                key_algorithm: Some(key_algorithm),
                ..CommonParameters::default()
            },
            algorithm,
        };
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(|error| BackendError::new(OP, error))?;
        jwk.common.key_id = Some(kid.clone());
        let header = format!(r#"{{"typ":"{TYP}","alg":"{}","kid":"{kid}"}}"#, alg.as_str());
        Ok(Self { pair, jwk, kid, header: URL_SAFE_NO_PAD.encode(header), random: SystemRandom::new() })
    }

    /// Signs the claims, and returns the token in compact serialization.
    pub fn sign(&self, claims: &AccessTokenClaims) -> Result<String, BackendError> {
        const OP: &str = "signing a token";
        let body = serde_json::to_vec(claims).map_err(|error| BackendError::new(OP, error))?;
        let mut token = String::with_capacity(self.header.len() + body.len() * 4 / 3 + 360);
        token.push_str(&self.header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(body, &mut token);
        let signature = match &self.pair {
            KeyMaterial::Rsa(rsa) => rsa.sign(&self.random, token.as_bytes())?,
            KeyMaterial::P256(ec) => ec
                .sign(&self.random, token.as_bytes())
                .map_err(|error| BackendError::new(OP, error))?
                .as_ref()
                .to_vec(),
        };
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// The public half.
    #[must_use]
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }
}

fn p256_parameters(pair: &EcdsaKeyPair) -> AlgorithmParameters {
    // The uncompressed point: 0x04, then x and y of 32 bytes each (SEC 1 §2.3.3).
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters {
        key_type: EllipticCurveKeyType::EC,
        curve: EllipticCurve::P256,
        x: URL_SAFE_NO_PAD.encode(x),
        y: URL_SAFE_NO_PAD.encode(y),
    })
}
