//! Key pairs of clients and of external issuers, and assertions signed with them.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{
    CertificateParams, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
    PKCS_RSA_SHA256, PublicKeyData, SignatureAlgorithm, date_time_ymd,
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(EcdsaKeyPair, &'static str),
    Ed25519(Ed25519KeyPair),
}

/// A key pair that signs assertions.
pub struct TestKey {
    pair: Pair,
    pub alg: &'static str,
    pub kid: Option<&'static str>,
}

impl TestKey {
    /// A new key for `RS…`, `PS…`, `ES256`, `ES384`, `EdDSA` or `Ed25519`.
    pub fn new(alg: &'static str) -> Self {
        let pair = match alg {
            alg if alg.starts_with(['R', 'P']) => {
                Pair::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
            }
            "ES256" => Pair::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(), "P-256"),
            "ES384" => Pair::Ec(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap(), "P-384"),
            _ => Pair::Ed25519(Ed25519KeyPair::generate().unwrap()),
        };
        Self { pair, alg, kid: None }
    }

    pub fn named(self, kid: &'static str) -> Self {
        Self { kid: Some(kid), ..self }
    }

    /// SHA-256 thumbprint (RFC 7638).
    pub fn thumbprint(&self) -> String {
        let jwk = self.jwk();
        let names = ["crv", "e", "kty", "n", "x", "y"];
        // The required members in the order of their names, without white space: serde_json sorts them.
        let required: serde_json::Map<String, Value> =
            names.iter().filter_map(|name| Some(((*name).to_owned(), jwk.get(*name)?.clone()))).collect();
        let text = Value::Object(required).to_string();
        URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()))
    }

    /// The public half (RFC 7517).
    pub fn jwk(&self) -> Value {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = match &self.pair {
            Pair::Rsa(pair) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({ "kty": "RSA", "n": encode(&public.n), "e": encode(&public.e) })
            }
            Pair::Ec(pair, crv) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                json!({ "kty": "EC", "crv": crv, "x": encode(x), "y": encode(y) })
            }
            Pair::Ed25519(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(pair.public_key().as_ref()) })
            }
        };
        if let Some(kid) = self.kid {
            jwk["kid"] = kid.into();
        }
        jwk
    }

    /// The same of an RSA key, with leading zeros before its numbers.
    pub fn padded_jwk(&self) -> Value {
        let mut jwk = self.jwk();
        for name in ["n", "e"] {
            let number = URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
            jwk[name] = json!(URL_SAFE_NO_PAD.encode([&[0], &number[..]].concat()));
        }
        jwk
    }

    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.jwk()] })
    }

    /// The public half as PEM.
    pub fn pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = match &self.pair {
            Pair::Rsa(pair) => pair.public_key().as_der().unwrap(),
            Pair::Ec(pair, _) => pair.public_key().as_der().unwrap(),
            Pair::Ed25519(pair) => pair.public_key().as_der().unwrap(),
        };
        pem("PUBLIC KEY", der.as_ref())
    }

    /// The public half as a certificate of an unknown authority that expires at the beginning of this day.
    pub fn certificate(&self, (year, month, day): (i32, u8, u8)) -> String {
        let mut params = CertificateParams::default();
        params.not_after = date_time_ymd(year, month, day);
        let issuer = Issuer::new(CertificateParams::default(), KeyPair::generate().unwrap());
        pem("CERTIFICATE", params.signed_by(self, &issuer).unwrap().der())
    }

    /// The private half as PEM, for other programs that sign.
    pub fn private_pem(&self) -> String {
        let text = STANDARD.encode(self.private_der());
        let lines: Vec<_> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
    }

    /// The private half (PKCS #8).
    pub fn private_der(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
                der.as_ref().to_vec()
            }
            Pair::Ec(pair, _) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
        }
    }

    /// A JWT with any header and claims.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.raw(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn raw(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let scheme: &'static dyn signature::RsaEncoding = match self.alg {
                    "RS384" => &RSA_PKCS1_SHA384,
                    "RS512" => &RSA_PKCS1_SHA512,
                    "PS256" => &RSA_PSS_SHA256,
                    "PS384" => &RSA_PSS_SHA384,
                    "PS512" => &RSA_PSS_SHA512,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(scheme, &random, message, &mut signature).unwrap();
                signature
            }
            Pair::Ec(pair, _) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }

    pub fn header(&self) -> Value {
        let mut header = json!({ "alg": self.alg });
        if let Some(kid) = self.kid {
            header["kid"] = kid.into();
        }
        header
    }

    /// An assertion with these claims.
    pub fn assert(&self, claims: &Value) -> String {
        self.sign(&self.header(), claims)
    }
}

impl PublicKeyData for TestKey {
    fn der_bytes(&self) -> &[u8] {
        match &self.pair {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::Ec(pair, _) => pair.public_key().as_ref(),
            Pair::Ed25519(pair) => pair.public_key().as_ref(),
        }
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match &self.pair {
            Pair::Rsa(_) => &PKCS_RSA_SHA256,
            Pair::Ec(_, "P-256") => &PKCS_ECDSA_P256_SHA256,
            Pair::Ec(..) => &PKCS_ECDSA_P384_SHA384,
            Pair::Ed25519(_) => &PKCS_ED25519,
        }
    }
}

/// A PEM block, in lines of 64 characters (RFC 7468 §2).
fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Claims of a client assertion (RFC 7523 §3), valid for a minute, with a unique `jti`.
pub fn claims(client_id: &str, audience: &str, now: i64) -> Value {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    json!({
        "iss": client_id, "sub": client_id, "aud": audience, "iat": now, "exp": now + 60,
        "jti": format!("j{}", NUMBER.fetch_add(1, Ordering::Relaxed)),
    })
}

/// The form of a token request with this assertion.
pub fn form(assertion: &str) -> String {
    format!(
        "grant_type=client_credentials&client_assertion={assertion}\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
    )
}
