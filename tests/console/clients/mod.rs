//! The pages about clients.

mod credentials;
mod list;
mod rotate;
mod status;
