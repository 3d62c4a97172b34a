//! Sign-in at an OpenID Connect provider that the operator configures (OpenID Connect Core 1.0): the relying party.
//!
//! Always the authorization code flow with PKCE (RFC 7636) and a nonce, as a confidential client. Only claims of a
//! verified ID token, or of the userinfo endpoint for the same subject, are used. The provider's metadata and keys are
//! fetched when they are first needed, and cached.
//!
//! The crate `openidconnect` is not used: it would add a second implementation of cryptography beside aws-lc, `rsa` among
//! it (RUSTSEC-2023-0071), and signatures, keys and fetching are verified and limited here already.

mod callback;
mod client;
mod config;
mod error;
mod fetching;
mod metadata;
mod pending;
mod response;
mod secret;
mod tokens;

pub use callback::ExternalIdentity;
pub use client::{AuthorizationRedirect, METADATA_TTL, OidcClient, Prompt};
pub use config::OidcConfig;
pub use error::CallbackError;
pub use pending::PendingAuthorization;
pub use response::{AuthorizationResponse, CodeOrError};
