//! The stack's template and the code say the same: nothing here lists functions, routes or variables, both
//! sides are asked.

pub mod document;
mod env_vars;
mod monitoring;
pub mod resolved;
mod roles;
mod routes;
mod sam_events;
mod tables;
mod timeouts;
