//! What holds for every route of the management API.

mod calls;
mod idempotency;
mod input;
mod pagination;
mod preconditions;
mod round_trip;
