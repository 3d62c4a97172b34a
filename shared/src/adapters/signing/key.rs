//! One signing key, parsed once.
//!
//! jsonwebtoken parses a private key again for every signature, which costs more than half of RS256. So
//! the compact form (RFC 7515 §7.1) is put together here, around a key that aws-lc holds ready; reading
//! and verifying stay with jsonwebtoken.

use crate::adapters::fault::Fault;
use crate::domain::claims::{AccessTokenClaims, TYP};
use crate::domain::resource::TokenSigningAlg;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters, EllipticCurveKeyType,
    Jwk, KeyAlgorithm, PublicKeyUse, RSAKeyParameters, RSAKeyType, ThumbprintHash,
};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

const DOING: &str = "reading a signing key";

/// A private key as it is stored: PKCS #8 in base64. Does not print.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct PrivateKey(String);

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}

impl PrivateKey {
    /// Makes a key: RSA with 2,048 bits, or P-256.
    pub fn generate(alg: TokenSigningAlg) -> Result<Self, Fault> {
        let failed = |_| Fault::new("making a signing key", "the generator failed");
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

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

/// A key that is ready to sign.
pub struct SigningKey {
    pair: Pair,
    /// The public half, as the JWKS shows it.
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
    pub fn parse(stored: &PrivateKey, alg: TokenSigningAlg) -> Result<Self, Fault> {
        let rejected = |_| Fault::new(DOING, format!("not a PKCS #8 key for {}", alg.as_str()));
        let mut der = STANDARD.decode(&stored.0).map_err(|_| Fault::new(DOING, "not base64"))?;
        let pair = match alg {
            TokenSigningAlg::RS256 => RsaKeyPair::from_pkcs8(&der).map(Pair::Rsa).map_err(rejected),
            TokenSigningAlg::ES256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der)
                .map(Pair::P256)
                .map_err(rejected),
        };
        der.zeroize();
        Self::ready(pair?, alg)
    }

    fn ready(pair: Pair, alg: TokenSigningAlg) -> Result<Self, Fault> {
        let (algorithm, key_algorithm) = match &pair {
            Pair::Rsa(rsa) => (rsa_parameters(rsa), KeyAlgorithm::RS256),
            Pair::P256(ec) => (p256_parameters(ec), KeyAlgorithm::ES256),
        };
        let mut jwk = Jwk {
            common: CommonParameters {
                public_key_use: Some(PublicKeyUse::Signature),
                key_algorithm: Some(key_algorithm),
                ..CommonParameters::default()
            },
            algorithm,
        };
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(|error| Fault::new(DOING, error))?;
        jwk.common.key_id = Some(kid.clone());
        let header = format!(r#"{{"typ":"{TYP}","alg":"{}","kid":"{kid}"}}"#, alg.as_str());
        Ok(Self { pair, jwk, kid, header: URL_SAFE_NO_PAD.encode(header), random: SystemRandom::new() })
    }

    /// Signs the claims: the access token in its compact form.
    pub fn sign(&self, claims: &AccessTokenClaims) -> Result<String, Fault> {
        let failed = |error: &dyn std::fmt::Display| Fault::new("signing a token", error);
        let body = serde_json::to_vec(claims).map_err(|error| failed(&error))?;
        let mut token = String::with_capacity(self.header.len() + body.len() * 4 / 3 + 360);
        token.push_str(&self.header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(body, &mut token);
        let signature = match &self.pair {
            Pair::Rsa(rsa) => {
                let mut signature = vec![0; rsa.public_modulus_len()];
                rsa.sign(&RSA_PKCS1_SHA256, &self.random, token.as_bytes(), &mut signature)
                    .map_err(|error| failed(&error))?;
                signature
            }
            Pair::P256(ec) => {
                ec.sign(&self.random, token.as_bytes()).map_err(|error| failed(&error))?.as_ref().to_vec()
            }
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

fn rsa_parameters(pair: &RsaKeyPair) -> AlgorithmParameters {
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    AlgorithmParameters::RSA(RSAKeyParameters {
        key_type: RSAKeyType::RSA,
        n: URL_SAFE_NO_PAD.encode(public.n),
        e: URL_SAFE_NO_PAD.encode(public.e),
    })
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
