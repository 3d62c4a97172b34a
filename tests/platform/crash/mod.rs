//! Requests that are killed at each of their steps.

mod concurrency;
mod interrupted;
mod invariants;
mod kill_at_each_call;
