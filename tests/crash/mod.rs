//! Requests that are killed at each of their steps.

mod every_step;
mod invariants;
mod parallel;
