//! The pages, by what they are about.

pub mod account_settings;
pub mod accounts;
pub mod apis;
pub mod audit;
mod by_api;
pub mod clients;
pub mod confirm_email;
pub mod error_page;
pub mod expiry;
pub mod help;
pub mod link;
pub mod me;
pub mod me_mail;
pub mod members;
pub mod notice;
pub mod operator;
pub mod overview;
pub mod sign_in;
mod time;
