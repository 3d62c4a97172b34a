//! Use cases, without HTTP and without SDK types. Every function calls the same ones.

pub mod accounts;
pub mod audit;
pub mod brand;
pub mod caches;
pub mod client_auth;
pub mod clients;
pub mod console;
pub mod context;
pub mod idempotency;
pub mod members;
pub mod modify;
pub mod principal;
pub mod resources;
pub mod sign_in;
pub mod verification_keys;
