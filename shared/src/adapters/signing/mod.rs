//! The signing keys; signing and verification of access tokens.

mod document;
mod key;
mod ring;
mod rsa;
mod verifier;

pub use document::{KeyPairSet, KeyRingDocument, RetiredKeys};
pub use key::{PrivateKey, SigningKey};
pub use ring::KeyRing;
pub use verifier::{ExpectedAudience, InvalidToken, verify};
