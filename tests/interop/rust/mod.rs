//! Crates of others in this process, and assertions of the key that a client registered.

pub mod oauth2_crate;
pub mod private_key_jwt;
pub mod verify_jsonwebtoken;
