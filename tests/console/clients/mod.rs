//! The pages about clients.

mod create;
mod credentials;
mod credentials_once;
mod duplicate;
mod edit;
mod list;
mod permissions;
mod programs;
mod rotate;
mod status;
