//! Changes of a client and its secrets in DynamoDB and Secrets Manager, which have no common transaction.
//!
//! The order is always the same: an intent; the value in Secrets Manager, under a label that no workload reads; one
//! transaction in DynamoDB, which decides; then [`Reconciler::reconcile`] moves the labels in Secrets Manager to what
//! DynamoDB says, and the intent is removed. If the function ends at any step, the sweep completes or undoes the rest.

mod add_secret;
mod create;
mod new_secret;
mod provisioner;
mod reconcile;
mod remove;
mod stage_plan;
mod sweep;
mod update_secret;
mod value_source;

pub use add_secret::{AddSecretError, AddSecretInput, AddSecretOutput};
pub use create::CreateClientError;
pub use new_secret::{NewSecret, SecretOptions, generate_secret};
pub use provisioner::ClientProvisioner;
pub use reconcile::{ABANDONED_AFTER, IfClientMissing, Reconciler};
pub use remove::DeleteError;
pub use sweep::{MissingValues, SweepSummary};
