//! Redirect URIs: as they are registered, and as requests present them (RFC 6749 §3.1.2).

mod matching;
mod normal_form;
mod parts;
pub mod registered;
pub mod resolved;
pub mod response_params;

pub use normal_form::normalized;
pub use registered::{InvalidRedirectUri, MAX_REDIRECT_URIS, RedirectUri};
pub use resolved::{MAX_PRESENTED_BYTES, RedirectUriError, ResolvedRedirectUri};

#[cfg(test)]
mod tests;
