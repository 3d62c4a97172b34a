//! Failures that all instances of a function know of.

mod fetches;
mod refusals;
