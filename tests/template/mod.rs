//! The stack's template matches the code: no test lists functions, routes or variables, both sides are read.

mod deploy_role;
pub mod document;
mod edge;
mod env_vars;
mod metrics;
mod monitoring;
pub mod parameters;
pub mod resolved;
pub mod roles;
mod routes;
mod sam_events;
mod tables;
mod timeouts;
mod traffic;
mod versions;
