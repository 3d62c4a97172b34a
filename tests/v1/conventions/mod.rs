//! What holds for every route of the management API.

mod calls;
mod input;
mod preconditions;
mod round_trip;
