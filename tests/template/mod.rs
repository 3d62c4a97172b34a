//! The stack's template and the code say the same: nothing here lists functions, routes or variables, both
//! sides are asked.

pub mod document;
pub mod resolved;
mod roles;
mod routes;
mod samples;
mod tables;
mod timeouts;
mod variables;
mod watching;
