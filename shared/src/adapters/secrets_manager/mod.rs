//! What is stored in AWS Secrets Manager: the deployment's own secrets, and client secrets.

pub mod client_secret_store;
pub mod deployment_secret;
mod versions;
