//! Digests, keyed digests, signatures and encryption, over aws-lc-rs.

pub mod aead;
pub mod console_cookie;
pub mod digest;
pub mod end_user_subject;
pub mod jws;
pub mod key_reader;
pub mod known_browser;
pub mod mail_link;
pub mod peppers;
pub mod random;
pub mod session_secret;
pub mod token_crypto;
