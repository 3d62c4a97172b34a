//! The pages about clients.

mod create;
mod credentials;
mod duplicate;
mod edit;
mod keys;
mod list;
mod overview;
mod permissions;
mod platforms;
mod programs;
mod rotate;
mod settings;
mod status;
mod templates;
