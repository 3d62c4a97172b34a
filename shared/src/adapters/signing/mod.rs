//! Signing access tokens, and verifying our own.

mod document;
mod key;
mod ring;
mod rsa;
mod verifier;

pub use document::{KeyPairSet, KeyRingDocument, RetiredKeys};
pub use key::{PrivateKey, SigningKey};
pub use ring::KeyRing;
pub use verifier::{ExpectedAudience, InvalidToken, verify};
