//! Errors of starting the local server.

use shared::adapters::error::BackendError;
use shared::app::ConfigError;

/// Error of building a [`LocalServer`](crate::server::LocalServer).
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A table could not be created.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The configuration lacks something.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// AWS, or its emulator, failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

/// Error of creating a table.
#[derive(Debug, thiserror::Error)]
#[error("table {table}: {source}")]
pub struct TableError {
    /// The table's name.
    pub table: String,
    /// The failed request.
    pub source: BackendError,
}

/// The emulator's mailbox could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the emulator's mailbox cannot be read: {0}")]
pub struct MailboxError(#[from] reqwest::Error);

/// Error of a rotation that the runner drives.
#[derive(Debug, thiserror::Error)]
pub enum RotationDriverError {
    /// No version could be staged.
    #[error(transparent)]
    Stage(#[from] BackendError),
    /// A step failed.
    #[error("{step}: {source}")]
    Step {
        /// The step's name.
        step: &'static str,
        /// The error of the rotation function.
        source: rotate_keys::RotationError,
    },
}

/// The sample account could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the sample account: {path}: {reason}")]
pub struct SampleError {
    /// The request that failed.
    pub path: String,
    /// Its response, or why there is none.
    pub reason: String,
}
