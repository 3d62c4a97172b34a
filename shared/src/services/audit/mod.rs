//! What the audit trail has: the values that changes replace, events of security, and reading it.

pub mod changes;
mod context;
pub mod security_events;
pub mod trail;

pub use context::AuditContext;
