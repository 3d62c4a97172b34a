//! The stack's template matches the code: no test lists functions, routes or variables, both sides are read.

mod api;
mod deploy_role;
pub mod document;
mod env_vars;
mod metrics;
mod monitoring;
pub mod parameters;
pub mod resolved;
pub mod roles;
mod sam_events;
mod storage;
mod timeouts;
mod traffic;
mod versions;
