//! What holds for every route of the management API.

mod input;
mod preconditions;
mod round_trip;
