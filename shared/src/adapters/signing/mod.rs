//! The signing keys; signing and verification of access tokens.

mod document;
mod key;
mod ring;
mod rsa;
mod verification_keys;
mod verifier;

pub use document::{KeyPairSet, KeyRingDocument, RetiredKeys};
pub use key::{PrivateKey, SigningKey};
pub use ring::KeyRing;
pub use verification_keys::{VerificationKeys, VerificationKeysDocument};
pub use verifier::{ExpectedAudience, InvalidToken, verify};
