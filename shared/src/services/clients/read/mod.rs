//! Reading clients: one, or a filtered list.

mod expiries;
mod filter;
mod list;
mod recipients;

pub use expiries::{
    EXPIRY_COLUMNS, Expiries, Expiry, ExpiryQuery, ExpiryState, InvalidLastDate, MAX_EXPIRY_CLIENTS,
    NextReminder, last_date,
};
pub use filter::{AttentionFilter, ClientFilter, LastUsedFilter, SignInMeans};
pub use list::{ClientList, ClientOrder, MAX_SORTED};

use crate::adapters::store::{ClientWithSecrets, Cursor, Page};
use crate::domain::account::{Account, Member};
use crate::domain::client::Client;
use crate::domain::client::secret::Secret;
use crate::domain::management::ManagementScope;
use crate::domain::oauth::error::ClientAuthFailure;
use crate::domain::oauth::refusal::{self, ClientRefusal, Refusal};
use crate::domain::primitives::ids::AccountId;
use crate::domain::sign_in::consent::Consent;
use crate::domain::sign_in::end_user::Subject;
use crate::services::clients::{AttentionInputs, ClientError, load};
use crate::services::context::ManagementContext;
use crate::services::members::recipients::MailRecipients;
use crate::services::principal::AccessError;
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;

/// The clients of one account, for a caller that is allowed to read them.
pub struct ClientReader<'a> {
    pub(super) ctx: ManagementContext<'a>,
    account_id: AccountId,
}

impl<'a> ClientReader<'a> {
    /// For holders of `clients:read` in the account.
    pub fn authorize(ctx: ManagementContext<'a>, account_id: &str) -> Result<Self, AccessError> {
        let account_id = ctx.authorize_account(ManagementScope::ClientsRead, account_id)?;
        Ok(Self { ctx, account_id })
    }

    /// The account.
    pub async fn account(&self) -> Result<Arc<Account>, ClientError> {
        self.ctx.account(&self.account_id).await?.ok_or(ClientError::NotFound)
    }

    /// What the attention of the account's clients depends on.
    pub async fn attention_inputs(&self) -> Result<AttentionInputs, ClientError> {
        Ok(AttentionInputs::load(&self.ctx, self.account().await?).await?)
    }

    /// The same where the recipients of the account's e-mails were read.
    pub async fn attention_inputs_of(
        &self,
        recipients: &MailRecipients,
    ) -> Result<AttentionInputs, ClientError> {
        Ok(AttentionInputs::of_recipients(&self.ctx, self.account().await?, recipients).await?)
    }

    /// The same without what depends on mails, which pages about many clients do without to save reads.
    pub async fn attention_inputs_without_mail(
        &self,
        reader: &Member,
    ) -> Result<AttentionInputs, ClientError> {
        Ok(AttentionInputs::without_mail(&self.ctx, self.account().await?, reader).await?)
    }

    /// One client.
    pub async fn get(&self, client_id: &str) -> Result<Client, ClientError> {
        Ok(load(self.ctx.store(), &self.account_id, client_id).await?.client)
    }

    /// A client and its secrets.
    pub async fn with_secrets(&self, client_id: &str) -> Result<ClientWithSecrets, ClientError> {
        load(self.ctx.store(), &self.account_id, client_id).await
    }

    /// Begin of the last hour of the last seven days in which a paused one of these secrets was refused. Without a paused one
    /// nothing is read.
    pub async fn tried_while_paused(
        &self,
        known: &ClientWithSecrets,
    ) -> Result<Option<Timestamp>, ClientError> {
        if known.secrets.iter().all(|secret| secret.status.is_active()) {
            return Ok(None);
        }
        let notes = self.ctx.store().load_refusals(&known.client.client_id).await?;
        let paused = ClientAuthFailure::PausedSecret.as_str();
        let mut refusals = refusal::summarize(notes, self.ctx.now()).into_iter();
        Ok(refusals.find(|refusal| refusal.reason == paused).map(|refusal| refusal.last_hour))
    }

    /// The secrets of a client, oldest first.
    pub async fn secrets(&self, client_id: &str) -> Result<Vec<Secret>, ClientError> {
        Ok(load(self.ctx.store(), &self.account_id, client_id).await?.secrets)
    }

    /// One secret of a client, and the client.
    pub async fn secret(&self, client_id: &str, secret_id: &str) -> Result<(Client, Secret), ClientError> {
        let known = load(self.ctx.store(), &self.account_id, client_id).await?;
        known.into_secret(secret_id).ok_or(ClientError::NotFound)
    }

    /// Why a client was refused in the last seven days, the latest reason first.
    pub async fn refusals(&self, client_id: &str) -> Result<Vec<Refusal>, ClientError> {
        Ok(self.with_refusals(client_id).await?.1)
    }

    /// A client, and why it was refused in the last seven days, the latest reason first.
    pub async fn with_refusals(&self, client_id: &str) -> Result<(Client, Vec<Refusal>), ClientError> {
        let client = self.get(client_id).await?;
        let notes = self.ctx.store().load_refusals(&client.client_id).await?;
        Ok((client, refusal::summarize(notes, self.ctx.now())))
    }

    /// Why clients of the account were refused in the last 24 hours, the latest first; of the latest thousand notes.
    pub async fn account_refusals(&self) -> Result<Vec<ClientRefusal>, ClientError> {
        let notes = self.ctx.store().load_account_refusals(&self.account_id).await?;
        Ok(refusal::summarize_account(notes, self.ctx.now()))
    }

    /// Addresses that are not among the allowed ones and were refused in the last seven days, each with the begin of the last
    /// hour in which it was the first one, the latest first.
    pub async fn refused_addresses(&self, client_id: &str) -> Result<Vec<(IpAddr, Timestamp)>, ClientError> {
        let client = self.get(client_id).await?;
        let notes = self.ctx.store().load_refusals(&client.client_id).await?;
        Ok(refusal::addresses(notes, ClientAuthFailure::AddressNotAllowed, self.ctx.now()))
    }

    /// The consents given to a client that are not expired, a page at a time.
    pub async fn consents(
        &self,
        client_id: &str,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<Consent>, ClientError> {
        Ok(self.with_consents(client_id, limit, after).await?.1)
    }

    /// A client, and the consents given to it that are not expired, a page at a time.
    pub async fn with_consents(
        &self,
        client_id: &str,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<(Client, Page<Consent>), ClientError> {
        let client = self.get(client_id).await?;
        let Page { items, next } = self.ctx.store().list_consents(&client.client_id, limit, after).await?;
        let now = self.ctx.now();
        let items = items.into_iter().filter(|consent| consent.is_live(now)).collect();
        Ok((client, Page { items, next }))
    }

    /// A client, and the consent that a person has given to it, if there is one.
    pub async fn consent(
        &self,
        client_id: &str,
        sub: &str,
    ) -> Result<(Client, Option<Consent>), ClientError> {
        let client = self.get(client_id).await?;
        let Ok(sub) = Subject::parse(sub) else { return Ok((client, None)) };
        let consent = self.ctx.store().load_consent(&client.client_id, &sub).await?;
        Ok((client, consent.filter(|consent| consent.is_live(self.ctx.now()))))
    }
}
