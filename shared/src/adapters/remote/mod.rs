//! Documents fetched from hosts that customers name, and from the sign-in provider that the operator names. They are
//! trusted no further than the party that named the host.

mod connector;
mod discovery;
mod error;
mod fetch;
mod jwks_cache;
mod jwks_source;
mod oidc_http;
mod shared_failures;

pub use connector::{FakeNetwork, Network};
pub use error::{FetchError, MAX_BYTES};
pub use fetch::{Fetcher, HEAD_TIMEOUT};
pub use jwks_cache::{FETCH_TIMEOUT, JwksCache, KeyLookup, NEGATIVE_TTL, STALE_IF_ERROR, TTL};
pub use jwks_source::JwksSource;
