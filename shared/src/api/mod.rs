//! JSON of the management API that more than one function writes: what it shows of an account, of a member, of a client, of a
//! secret and of a consent, and all of these as an export.

pub mod account;
pub mod client;
pub mod consent;
mod credential;
pub mod export;
pub mod member;
pub mod secret;
mod suppressed_contact;
