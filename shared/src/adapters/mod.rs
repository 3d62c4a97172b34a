//! What stands between Latchkey's rules and the world: SDK types stop here.

pub mod authentication;
pub mod aws;
pub mod cache;
pub mod custom_resource;
pub mod digest;
pub mod entropy;
pub mod events;
pub mod fault;
pub mod grant_secrets;
pub mod jws;
pub mod lambda;
pub mod letter;
pub mod mailer;
pub mod metrics;
pub mod outside;
pub mod own_secret;
pub mod peppers;
pub mod provisioning;
pub mod sealed;
pub mod secret_reader;
pub mod signing;
pub mod store;
pub mod telemetry;
pub mod uploaded_key;
pub mod upstream;
pub mod vault;
