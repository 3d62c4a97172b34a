//! What is fetched from hosts that customers name. Nothing of it is trusted further than the client that named
//! it.

mod dial;
mod discovery;
mod fetch;
mod key_sets;

pub use dial::{Internet, Rehearsal};
pub use fetch::{FetchError, Fetcher, MAX_BYTES};
pub use key_sets::{COOL_DOWN, FRESH_FOR, KEPT_WHILE_DOWN, KeySets, Publisher};
