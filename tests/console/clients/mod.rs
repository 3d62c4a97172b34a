//! The pages about clients.

mod credentials;
mod edit;
mod list;
mod permissions;
mod rotate;
mod status;
