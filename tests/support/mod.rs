//! What the tests stand on.

pub mod answer;
pub mod assertions;
pub mod aws_proxy;
pub mod browser;
pub mod bus;
pub mod canned;
pub mod certified;
pub mod codes;
pub mod emulator;
pub mod holding_proxy;
pub mod house;
pub mod kept_log;
pub mod outbox;
pub mod outside;
pub mod people;
pub mod relying_party;
pub mod schema;
pub mod second_opinion;
pub mod served;
pub mod things;
pub mod trouble;
