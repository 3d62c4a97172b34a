//! The stage of a deployment, which cannot change: its secrets have it in their names, and the directory is worthless with
//! another pepper.

use crate::adapters::error::BackendError;
use crate::app::management_state::ManagementState;

/// Error of checking the stage.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The directory belongs to another stage.
    #[error(
        "Stage cannot change: the directory belongs to the stage {owner}, whose pepper and signing keys the stage {stage} \
         does not have. Set Stage={owner} again, or deploy {stage} as a stack of its own"
    )]
    Changed {
        /// The stage that the directory belongs to.
        owner: String,
        /// The configured stage.
        stage: String,
    },
    /// DynamoDB failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

/// Checks that the directory belongs to the configured stage. One that belongs to none, of a version that recorded none,
/// belongs to the stage that the stack had before this update, `previous`, or to the configured one.
pub async fn check_stage(management: &ManagementState, previous: Option<&str>) -> Result<(), StageError> {
    let stage = &management.app.config.stage;
    let owner = management.app.store.claim_stage(previous.unwrap_or(stage)).await?;
    if owner == *stage { Ok(()) } else { Err(StageError::Changed { owner, stage: stage.clone() }) }
}
