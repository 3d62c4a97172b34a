//! What the attention of clients depends on besides the clients.

use crate::adapters::error::BackendError;
use crate::adapters::store::{AccountMail, ResourceCatalog, Store};
use crate::domain::account::mail::Suppression;
use crate::domain::account::{Account, Member};
use crate::domain::client::Client;
use crate::domain::client::attention::{Attention, AttentionContext, attention};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::ResourceId;
use crate::services::clients::{ClientError, ClientManager};
use crate::services::context::ManagementContext;
use crate::services::members::recipients::{MailRecipients, ReminderReach, is_reminded};
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
    reach: ReminderReach,
    now: Timestamp,
}

impl AttentionInputs {
    /// Those of an account that was read by this request.
    pub(crate) async fn load(
        ctx: &ManagementContext<'_>,
        account: Arc<Account>,
    ) -> Result<Self, BackendError> {
        let (reach, mail) = ReminderReach::load(ctx.store(), &account, ctx.now()).await?;
        Self::with_reach(ctx, account, mail, reach).await
    }

    /// Those of an account whose recipients were read.
    pub(super) async fn of_recipients(
        ctx: &ManagementContext<'_>,
        account: Arc<Account>,
        recipients: &MailRecipients,
    ) -> Result<Self, BackendError> {
        let reach = ReminderReach::of(recipients, ctx.now());
        Self::with_reach(ctx, account, recipients.mail.clone(), reach).await
    }

    /// Without what depends on mails, for a person who reads about an account. If they get reminders about all of its clients
    /// themself, no member is read.
    pub(super) async fn without_mail(
        ctx: &ManagementContext<'_>,
        account: Arc<Account>,
        reader: &Member,
    ) -> Result<Self, BackendError> {
        let reach = if reader.account_id == account.account_id && is_reminded(reader) {
            ReminderReach::of_manager()
        } else {
            ReminderReach::without_mail(ctx.store(), &account, ctx.now()).await?
        };
        Self::with_reach(ctx, account, AccountMail::default(), reach).await
    }

    async fn with_reach(
        ctx: &ManagementContext<'_>,
        account: Arc<Account>,
        mail: AccountMail,
        reach: ReminderReach,
    ) -> Result<Self, BackendError> {
        let now = ctx.now();
        let catalog = ctx.backend.catalog.get(now).await?.value;
        Ok(Self::new(account, catalog, mail, reach, now))
    }

    /// Those of an account, for a part of Latchkey that acts by itself.
    pub async fn of_account(
        store: &Store,
        account: Arc<Account>,
        catalog: Arc<ResourceCatalog>,
        now: Timestamp,
    ) -> Result<Self, BackendError> {
        let (reach, mail) = ReminderReach::load(store, &account, now).await?;
        Ok(Self::new(account, catalog, mail, reach, now))
    }

    fn new(
        account: Arc<Account>,
        catalog: Arc<ResourceCatalog>,
        mail: AccountMail,
        reach: ReminderReach,
        now: Timestamp,
    ) -> Self {
        Self { shared_audiences: shared_audiences(&catalog), account, catalog, mail, reach, now }
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
            has_recipients: self.has_recipients(client),
        };
        attention(client, &context)
    }

    /// Whether someone gets the reminders about a client.
    #[must_use]
    pub fn has_recipients(&self, client: &Client) -> bool {
        self.reach.reaches(&client.contacts, &self.mail, self.now)
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
}
