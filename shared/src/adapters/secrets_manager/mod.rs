//! What is stored in AWS Secrets Manager: the deployment's own secrets, and client secrets.

mod client_secret_error;
pub mod client_secret_store;
pub mod deployment_secret;
mod replaced_expiry;
mod scheduled_deletion;
pub mod tags;
mod versions;
