//! Signing access tokens, and verifying our own.

mod key;
mod ring;
mod verifier;

pub use key::{PrivateKey, SigningKey};
pub use ring::{KeyRing, RingDocument};
pub use verifier::{ExpectedAudience, InvalidToken, verify};
