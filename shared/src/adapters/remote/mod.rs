//! What is fetched from hosts that customers name, and from the provider that the operator names. Nothing of it is
//! trusted further than whoever named it.

pub mod connector;
mod discovery;
mod fetch;
mod jwks_cache;
pub mod oidc_http;

pub use connector::{FakeNetwork, Network};
pub use fetch::{FetchError, Fetcher, MAX_BYTES};
pub use jwks_cache::{FETCH_TIMEOUT, JwksCache, JwksSource, NEGATIVE_TTL, STALE_IF_ERROR, TTL};
