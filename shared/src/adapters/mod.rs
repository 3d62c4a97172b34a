//! Access to everything outside the process: AWS, hosts on the Internet, cryptography. SDK types stop here.

pub mod cache;
pub mod cooldown;
pub mod crypto;
pub mod email;
pub mod error;
pub mod event_bus;
pub mod lambda;
pub mod oidc;
pub mod remote;
pub mod retry;
pub mod secrets_manager;
pub mod signing;
pub mod store;
pub mod telemetry;
