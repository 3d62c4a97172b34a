//! What the attention of clients depends on besides the clients.

use crate::adapters::error::BackendError;
use crate::adapters::store::{AccountMail, ResourceCatalog};
use crate::domain::account::Account;
use crate::domain::account::mail::Suppression;
use crate::domain::client::Client;
use crate::domain::client::attention::{Attention, AttentionContext, attention};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::validation::Field;
use crate::services::clients::{ClientError, ClientManager, CreateClient};
use crate::services::context::ManagementContext;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The account and the resources of clients, to compute their attention.
#[derive(Debug)]
pub struct AttentionInputs {
    account: Arc<Account>,
    catalog: Arc<ResourceCatalog>,
    shared_audiences: BTreeSet<ResourceId>,
    mail: AccountMail,
    now: Timestamp,
}

impl AttentionInputs {
    /// Those of an account that was read by this request.
    pub(crate) async fn load(
        ctx: &ManagementContext<'_>,
        account: Arc<Account>,
    ) -> Result<Self, BackendError> {
        let mail = ctx.store().load_account_mail(&account.account_id).await?;
        Self::with_mail(ctx, account, mail).await
    }

    pub(super) async fn with_mail(
        ctx: &ManagementContext<'_>,
        account: Arc<Account>,
        mail: AccountMail,
    ) -> Result<Self, BackendError> {
        let now = ctx.now();
        let catalog = ctx.backend.catalog.get(now).await?.value;
        Ok(Self { shared_audiences: shared_audiences(&catalog), account, catalog, mail, now })
    }

    /// The time of the request.
    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Why a client of the account needs attention.
    #[must_use]
    pub fn of(&self, client: &Client) -> Vec<Attention> {
        let context = AttentionContext {
            now: self.now,
            entitlements: &self.account.entitlements,
            resources: &self.catalog.resources,
            shared_audiences: &self.shared_audiences,
            is_mail_deferred: self.mail.is_deferred(&client.client_id, self.now),
        };
        attention(client, &context)
    }

    /// The contacts of a client that get no reminders, and why.
    #[must_use]
    pub fn suppressed_contacts(&self, client: &Client) -> Vec<(EmailAddress, Suppression)> {
        let suppressed =
            |email: &EmailAddress| Some((email.clone(), self.mail.suppression(email, self.now)?));
        client.contacts.iter().filter_map(suppressed).collect()
    }
}

/// The resources with an audience that another one has too, which only resources of version 0.1.0 can.
fn shared_audiences(catalog: &ResourceCatalog) -> BTreeSet<ResourceId> {
    let mut by_audience: BTreeMap<String, Vec<&ResourceId>> = BTreeMap::new();
    for resource in catalog.resources.values() {
        by_audience.entry(resource.audience.normalized()).or_default().push(&resource.resource_id);
    }
    by_audience.into_values().filter(|ids| ids.len() > 1).flatten().cloned().collect()
}

impl ClientManager<'_> {
    /// What the attention of the account's clients depends on. To be read before a change: after it, a fault would hide
    /// what was done.
    pub async fn attention_inputs(&self) -> Result<AttentionInputs, ClientError> {
        Ok(AttentionInputs::load(&self.ctx, self.account().await?).await?)
    }

    /// The same for a client that is about to be created. Reminders about it cannot wait yet, so that without contacts it
    /// does not depend on the mails of the account.
    pub async fn attention_inputs_of_new(&self, new: &CreateClient) -> Result<AttentionInputs, ClientError> {
        if !matches!(new.metadata.contacts, Field::Missing) {
            return self.attention_inputs().await;
        }
        Ok(AttentionInputs::with_mail(&self.ctx, self.account().await?, AccountMail::default()).await?)
    }
}
