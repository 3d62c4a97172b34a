//! The pages about clients.

mod credentials;
mod list;
mod permissions;
mod rotate;
mod status;
