//! Requests that crash at each of their AWS calls.

mod concurrency;
mod interrupted;
mod invariants;
mod kill_at_each_call;
