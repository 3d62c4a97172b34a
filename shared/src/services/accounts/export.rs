//! Exporting an account: everything that is stored of it but secrets and the audit trail, a page at a time.

use super::{AccountError, Accounts, load};
use crate::adapters::error::BackendError;
use crate::adapters::store::{AccountMail, Cursor, Store, position_after_client};
use crate::domain::account::{Account, Member};
use crate::domain::audit::{Action, Target};
use crate::domain::client::Client;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::domain::sign_in::consent::Consent;
use crate::services::clients::AttentionInputs;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most consents of a page, but for the rest of a read: a client may have any number.
const MAX_CONSENTS: usize = 1_000;
/// Consents of one read.
const CONSENTS_READ: i32 = 200;

/// A client with what belongs to it.
#[derive(Debug)]
pub struct ExportedClient {
    /// The client.
    pub client: Client,
    /// Its secrets, without their values.
    pub secrets: Vec<Secret>,
    /// The consents given to it. Those that the page has no room for are on the next one.
    pub consents: Vec<Consent>,
}

/// A part of an export.
#[derive(Debug, Default)]
pub struct ExportPage {
    /// The account, on the first page.
    pub account: Option<Account>,
    /// Some of its members.
    pub members: Vec<Member>,
    /// Which of them the account's reminders do not reach.
    pub mail: AccountMail,
    /// More consents of the last client of the page before.
    pub more_consents: Option<(ClientId, Vec<Consent>)>,
    /// Some of its clients.
    pub clients: Vec<ExportedClient>,
    /// What their attention is computed from, if there are any.
    pub inputs: Option<AttentionInputs>,
    /// The position of the next page; `None` on the last one.
    pub next: Option<Cursor>,
}

/// Where an export goes on.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Position {
    /// Among the members, after one of them.
    Members(Option<String>),
    /// Among the clients, after one of them.
    Clients(Option<String>),
    /// Among the consents of a client; then after that client, unless it is the last one.
    Consents { client_id: ClientId, after: String, then: Option<String> },
}

impl Position {
    /// A position that cannot be read is the beginning.
    fn read(after: Option<&Cursor>) -> Self {
        let read = after.and_then(|cursor| serde_json::from_str(cursor.as_str()).ok());
        read.unwrap_or(Self::Members(None))
    }

    fn cursor(&self) -> Option<Cursor> {
        serde_json::to_string(self).ok().map(Cursor::from_text)
    }
}

impl Accounts<'_> {
    /// A page of an export: first the account and its members, then its clients. The first page is audited.
    pub async fn export(
        &self,
        id: &str,
        limit: u16,
        after: Option<&Cursor>,
    ) -> Result<ExportPage, AccountError> {
        let id = self.ctx.principal.resolve_account(id)?;
        let account = load(self.ctx.store(), &id).await?;
        match Position::read(after) {
            Position::Members(after) => self.export_members(account, limit, after).await,
            Position::Clients(after) => self.export_clients(account, limit, after).await,
            Position::Consents { client_id, after, then } => {
                let read = consents(self.ctx.store(), &client_id, Some(after), MAX_CONSENTS).await?;
                let next = match read.after {
                    Some(after) => Some(Position::Consents { client_id: client_id.clone(), after, then }),
                    None => then.map(|after| Position::Clients(Some(after))),
                };
                Ok(ExportPage {
                    more_consents: Some((client_id, read.consents)),
                    next: next.as_ref().and_then(Position::cursor),
                    ..ExportPage::default()
                })
            }
        }
    }

    async fn export_members(
        &self,
        account: Account,
        limit: u16,
        after: Option<String>,
    ) -> Result<ExportPage, AccountError> {
        let (store, id) = (self.ctx.store(), account.account_id.clone());
        let is_first = after.is_none();
        if is_first {
            self.record_export(&id).await?;
        }
        let page = store.list_members(&id, limit.into(), after.map(Cursor::from_text).as_ref()).await?;
        let next = match page.next {
            Some(next) => Position::Members(Some(next.as_str().to_owned())),
            None => Position::Clients(None),
        };
        Ok(ExportPage {
            account: is_first.then_some(account),
            members: page.items,
            mail: store.load_account_mail(&id).await?,
            next: next.cursor(),
            ..ExportPage::default()
        })
    }

    async fn record_export(&self, id: &AccountId) -> Result<(), AccountError> {
        let entry = self.ctx.audit_context.audit(id, Action::AccountExported, Target::default(), &[]);
        self.ctx.store().append_audit(&entry).await?;
        self.ctx.publish(&entry).await;
        Ok(())
    }

    async fn export_clients(
        &self,
        account: Account,
        limit: u16,
        after: Option<String>,
    ) -> Result<ExportPage, AccountError> {
        let (store, id) = (self.ctx.store(), &account.account_id);
        let after = after.map(Cursor::from_text);
        let page = store.list_clients(id, limit.into(), after.as_ref(), |_| true).await?;
        let last = page.items.last().map(|client| client.client_id.clone());
        // As they are now: those that were deleted since they were listed are left out.
        let ids: Vec<ClientId> = page.items.iter().map(|client| client.client_id.clone()).collect();
        let mut known = store.load_secrets_of(store.load_clients(&ids).await?).await?;
        known.sort_by_key(|known| ids.iter().position(|id| *id == known.client.client_id));
        let mut next = page.next.map(|next| Position::Clients(Some(next.as_str().to_owned())));
        let (mut clients, mut room) = (Vec::new(), MAX_CONSENTS);
        for known in known {
            let (client, secrets) = (known.client, known.secrets);
            let read = consents(store, &client.client_id, None, room).await?;
            room = room.saturating_sub(read.consents.len());
            let client_id = client.client_id.clone();
            let is_last = last.as_ref() == Some(&client_id);
            let after_client = || position_after_client(&client).as_str().to_owned();
            let then = if is_last && next.is_none() { None } else { Some(after_client()) };
            let is_full = room == 0;
            clients.push(ExportedClient { client, secrets, consents: read.consents });
            if let Some(after) = read.after {
                next = Some(Position::Consents { client_id, after, then });
                break;
            }
            if is_full {
                next = then.map(|after| Position::Clients(Some(after)));
                break;
            }
        }
        let inputs = AttentionInputs::load(&self.ctx, Arc::new(account)).await?;
        let next = next.as_ref().and_then(Position::cursor);
        Ok(ExportPage { clients, inputs: Some(inputs), next, ..ExportPage::default() })
    }
}

/// Some consents of a client.
struct ConsentsRead {
    consents: Vec<Consent>,
    /// The position of those that were not read; `None` if all were.
    after: Option<String>,
}

/// The consents of a client after a position. Reads no more once there are `most`.
async fn consents(
    store: &Store,
    id: &ClientId,
    after: Option<String>,
    most: usize,
) -> Result<ConsentsRead, BackendError> {
    let (mut consents, mut after) = (Vec::new(), after.map(Cursor::from_text));
    loop {
        let page = store.list_consents(id, CONSENTS_READ, after.as_ref()).await?;
        consents.extend(page.items);
        after = page.next;
        if after.is_none() || consents.len() >= most {
            return Ok(ConsentsRead { consents, after: after.map(|after| after.as_str().to_owned()) });
        }
    }
}
