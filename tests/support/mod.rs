//! The test harness.

pub mod app;
pub mod aws;
pub mod crypto;
pub mod emails;
pub mod event_bus;
pub mod fake_internet;
pub mod fault_injection;
pub mod fixtures;
pub mod http;
pub mod http_server;
pub mod inspect;
pub mod log_capture;
pub mod schema;
pub mod sign_in;
