//! OAuth 2.0: grants, tokens, codes, client assertions, errors.

pub mod access_token;
pub mod authorization;
pub mod authorization_grant;
pub mod client_assertion;
pub mod effective_grant;
pub mod error;
pub mod invalid_grant;
pub mod lifetime;
pub mod openid_scopes;
pub mod refresh_token;
pub mod refresh_token_family;
pub mod refusal;
pub mod token_generation;
pub mod token_status;
