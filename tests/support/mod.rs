//! What the tests stand on.

pub mod answer;
pub mod aws_proxy;
pub mod emulator;
pub mod house;
pub mod kept_log;
pub mod outbox;
pub mod schema;
pub mod served;
pub mod things;
