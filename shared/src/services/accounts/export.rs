//! Exporting an account: everything that is stored of it but secrets and the audit trail, a page at a time.

use super::{AccountError, Accounts, load};
use crate::adapters::error::BackendError;
use crate::adapters::store::{AccountMail, Cursor, Store};
use crate::domain::account::{Account, Member};
use crate::domain::audit::{Action, Target};
use crate::domain::client::Client;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::ids::ClientId;
use crate::domain::sign_in::consent::Consent;
use crate::services::clients::AttentionInputs;
use std::sync::Arc;

/// Prefixes of the positions among members and among clients.
const MEMBERS: &str = "members ";
const CLIENTS: &str = "clients ";
const CONSENTS_PAGE: i32 = 200;

/// A client with what belongs to it.
#[derive(Debug)]
pub struct ExportedClient {
    /// The client.
    pub client: Client,
    /// Its secrets, without their values.
    pub secrets: Vec<Secret>,
    /// The consents given to it.
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
    /// Some of its clients.
    pub clients: Vec<ExportedClient>,
    /// What their attention is computed from, if there are any.
    pub inputs: Option<AttentionInputs>,
    /// The position of the next page; `None` on the last one.
    pub next: Option<Cursor>,
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
        let store = self.ctx.store();
        let position = after.map_or(MEMBERS, Cursor::as_str);
        if let Some(position) = position.strip_prefix(MEMBERS) {
            let is_first = position.is_empty();
            if is_first {
                let audit_context = self.ctx.audit_context;
                let entry = audit_context.audit(&id, Action::AccountExported, Target::default(), &[]);
                store.append_audit(&entry).await?;
                self.ctx.publish(&entry).await;
            }
            let page = store.list_members(&id, limit.into(), continued(position).as_ref()).await?;
            let next =
                page.next.map_or_else(|| CLIENTS.to_owned(), |next| format!("{MEMBERS}{}", next.as_str()));
            return Ok(ExportPage {
                account: is_first.then_some(account),
                members: page.items,
                mail: store.load_account_mail(&id).await?,
                clients: Vec::new(),
                inputs: None,
                next: Some(Cursor::from_text(next)),
            });
        }
        let position = position.strip_prefix(CLIENTS).unwrap_or_default();
        let page = store.list_clients(&id, limit.into(), continued(position).as_ref(), |_| true).await?;
        let mut clients = Vec::new();
        for client in page.items {
            clients.extend(exported(store, &client.client_id).await?);
        }
        let next = page.next.map(|next| Cursor::from_text(format!("{CLIENTS}{}", next.as_str())));
        let inputs = AttentionInputs::load(&self.ctx, Arc::new(account)).await?;
        Ok(ExportPage { clients, inputs: Some(inputs), next, ..ExportPage::default() })
    }
}

/// A position within a list; `None` at its beginning.
fn continued(position: &str) -> Option<Cursor> {
    (!position.is_empty()).then(|| Cursor::from_text(position.to_owned()))
}

/// A client as it is now; `None` if it was deleted since it was listed.
async fn exported(store: &Store, id: &ClientId) -> Result<Option<ExportedClient>, BackendError> {
    let Some(known) = store.load_client(id).await? else { return Ok(None) };
    let (mut consents, mut after) = (Vec::new(), None);
    loop {
        let page = store.list_consents(id, CONSENTS_PAGE, after.as_ref()).await?;
        consents.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(Some(ExportedClient { client: known.client, secrets: known.secrets, consents }));
        }
    }
}
