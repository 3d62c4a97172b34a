//! The client (RFC 6749 §2, field names of RFC 7591 §2).

pub mod active_credentials;
pub mod attention;
pub mod client_keys;
pub mod client_secret;
pub mod credential;
pub mod federated_identity;
pub mod last_notice;
pub mod metadata;
pub mod permission;
pub mod registration;
pub mod rotation_progress;
pub mod secret;
pub mod secret_expiry;
pub mod secret_rotation;
pub mod validation;

pub use metadata::{AuthMethod, GrantType, SecretDisplay, SecretStorage, SecretStorageChoice};
pub use registration::{Client, SecretSummary, StoredValue};
pub use validation::{MAX_CONTACTS, MAX_METADATA_BYTES};
