//! Duplicating a client.

use crate::adapters::crypto::random::random;
use crate::domain::client::Client;
use crate::domain::client::credential::LastUses;
use crate::domain::client::permission::RequestedPermission;
use crate::domain::primitives::ids::ClientId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::Field;
use crate::services::clients::{ClientError, ClientManager, CreateClient, CreateClientOutput};

impl ClientManager<'_> {
    /// Creates a client like another one, with an identity, dates and a secret of its own. `change` overrides the rest.
    pub async fn duplicate(
        &self,
        client_id: &str,
        mut change: CreateClient,
    ) -> Result<CreateClientOutput, ClientError> {
        if let Some(replayed) = self.find_replayed().await? {
            return Ok(replayed);
        }
        let original = self.load(client_id).await?.client;
        self.ctx.principal.ensure_scopes_cover(&original)?;
        let now = self.ctx.now();
        let base = Client {
            client_id: ClientId::from_random_bytes(random()),
            created_at: now,
            updated_at: now,
            version: 1,
            token_generation: 0,
            secrets: Vec::new(),
            last_uses: LastUses::new(),
            certificate_said: None,
            longer_tokens_end: None,
            unknown: UnknownAttributes::default(),
            secret_storage: self.storage_of_duplicate(original.secret_storage),
            ..original
        };
        // The account may have lost entitlements since the original got its permissions.
        if matches!(change.permissions, Field::Missing) {
            change.permissions =
                Field::Present(Ok(base.permissions.iter().map(RequestedPermission::from).collect()));
        }
        let (client, options) = self.validate(change, base).await?;
        self.ctx.principal.ensure_may_grant(&[], &client.permissions)?;
        self.ctx.principal.ensure_networks_cover(&client)?;
        self.insert(client, options).await
    }
}
