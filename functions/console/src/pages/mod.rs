//! The pages, by what they are about.

pub mod account_settings;
pub mod accounts;
pub mod apis;
pub mod audit;
pub mod clients;
pub mod expiry;
pub mod help;
pub mod me;
pub mod members;
pub mod operator;
pub mod overview;
pub mod parts;
pub mod sign_in;
