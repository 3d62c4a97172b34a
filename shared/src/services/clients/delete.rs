//! Deleting a client.

use crate::services::clients::{ClientError, ClientManager, DeleteError};
use crate::services::modify::VersionPredicate;

impl From<DeleteError> for ClientError {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::NotFound => Self::NotFound,
            DeleteError::VersionMismatch(mismatch) => Self::VersionMismatch(mismatch),
            DeleteError::Contention(contention) => Self::Contention(contention),
            DeleteError::Backend(fault) => Self::Backend(fault),
        }
    }
}

impl ClientManager<'_> {
    /// Deletes a client with all its secrets, if it is at an expected version. Its id is never used again.
    pub async fn delete(&self, client_id: &str, expected: VersionPredicate<'_>) -> Result<(), ClientError> {
        let client = self.load_changeable(client_id).await?;
        Self::ensure_not_operators(&client)?;
        let audit = self.provisioner().delete_client(&self.account_id, &client.client_id, expected).await?;
        self.ctx.publish(&audit).await;
        Ok(())
    }
}
