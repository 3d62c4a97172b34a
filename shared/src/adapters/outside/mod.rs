//! What is fetched from hosts that customers name, and from the provider that the operator names. Nothing of it is
//! trusted further than whoever named it.

mod asking;
mod dial;
mod discovery;
mod fetch;
mod key_sets;

pub use dial::{Internet, Rehearsal};
pub use fetch::{FetchError, Fetcher, MAX_BYTES};
pub use key_sets::{COOL_DOWN, FRESH_FOR, KEPT_WHILE_DOWN, KeySets, Publisher, WITHIN};
