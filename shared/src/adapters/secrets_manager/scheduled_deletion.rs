//! Secrets that are being deleted. `DeleteSecret` keeps a secret for days, in which it can be restored and its name cannot be
//! used; where it is forced, the deletion is still asynchronous.

use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;

/// How often a secret is tried to be made whose name is still being deleted: some three seconds.
pub(super) const DELETION_ATTEMPTS: usize = 14;

/// Whether an operation failed because the secret is scheduled for deletion. The service has no code of its own for that.
pub(super) fn is_scheduled_for_deletion<E: ProvideErrorMetadata>(error: &E) -> bool {
    let message = error.meta().message().unwrap_or_default();
    error.meta().code() == Some("InvalidRequestException")
        && ["scheduled for deletion", "marked for deletion"].iter().any(|text| message.contains(text))
}

/// A secret is scheduled for deletion, or being deleted without recovery, and cannot be restored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret {0} is being deleted, and its name cannot be used before that is done: try again in a few minutes"
)]
pub struct BeingDeleted(pub(super) String);

/// Why a value cannot be stored now.
#[derive(Clone, Copy, Debug)]
pub(super) enum PutConflict {
    /// All labels that a secret may have.
    LabelsInUse,
    /// The secret.
    ScheduledForDeletion,
}

impl PutConflict {
    pub(super) fn of(error: &PutSecretValueError) -> Option<Self> {
        if error.is_limit_exceeded_exception() {
            Some(Self::LabelsInUse)
        } else {
            is_scheduled_for_deletion(error).then_some(Self::ScheduledForDeletion)
        }
    }
}
