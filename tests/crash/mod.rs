//! Requests that are killed at each of their steps.

mod every_step;
mod interrupted;
mod invariants;
mod parallel;
