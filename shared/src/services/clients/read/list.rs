//! Lists of an account's clients: newest first, or in another order as long as all of them can be read at once.

use crate::adapters::error::BackendError;
use crate::adapters::store::{Cursor, Page};
use crate::domain::client::Client;
use crate::domain::primitives::folded::folded;
use crate::services::clients::read::filter::ClientFilter;
use crate::services::clients::{AttentionInputs, ClientError, ClientReader};
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The most clients that are put in an order other than the index's.
pub const MAX_SORTED: usize = 1_000;

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientOrder {
    /// The newest first, as they are stored.
    #[default]
    Newest,
    /// By name, without regard to case.
    Name,
    /// The credential that ends next first; clients whose credentials do not end come last.
    NextEnd,
    /// The last used first; those that were never used come last.
    LastUsed,
}

/// A page of a list.
#[derive(Debug)]
pub struct ClientList {
    /// The clients, and the position of the next page.
    pub page: Page<Client>,
    /// How many clients only their status hides, among those that were read.
    pub hidden: usize,
    /// Whether they are in the requested order: with more than [`MAX_SORTED`] clients they are the newest first.
    pub is_sorted: bool,
}

impl ClientReader<'_> {
    /// The clients that pass the filter, newest first, a page at a time.
    pub async fn list(
        &self,
        filter: &ClientFilter,
        inputs: &AttentionInputs,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Page<Client>, ClientError> {
        let matches = |client: &Client| filter.matches(client, inputs);
        Ok(self.ctx.store().list_clients(&self.account_id, limit, after, matches).await?)
    }

    /// All clients, the newest first, up to a number.
    pub async fn newest(&self, limit: usize) -> Result<Page<Client>, ClientError> {
        Ok(self.ctx.store().list_clients(&self.account_id, limit, None, |_| true).await?)
    }

    /// The clients that pass the filter in an order, a page at a time. A position is valid for its filter and order only.
    pub async fn list_in_order(
        &self,
        filter: &ClientFilter,
        inputs: &AttentionInputs,
        order: ClientOrder,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<ClientList, ClientError> {
        if order == ClientOrder::Newest {
            let (page, hidden) = self.list_counting_hidden(filter, inputs, limit, after).await?;
            return Ok(ClientList { page, hidden, is_sorted: true });
        }
        let (all, hidden) = self.list_counting_hidden(filter, inputs, MAX_SORTED, None).await?;
        if all.next.is_some() {
            let (page, hidden) = self.list_counting_hidden(filter, inputs, limit, after).await?;
            return Ok(ClientList { page, hidden, is_sorted: false });
        }
        let page = order.page(all.items, inputs.now(), limit, after.map(Cursor::as_str));
        Ok(ClientList { page, hidden, is_sorted: true })
    }

    async fn list_counting_hidden(
        &self,
        filter: &ClientFilter,
        inputs: &AttentionInputs,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<(Page<Client>, usize), BackendError> {
        let hidden = AtomicUsize::new(0);
        let matches = |client: &Client| {
            let (is_found, is_shown) = (filter.matches_but_status(client, inputs), filter.has_status(client));
            hidden.fetch_add(usize::from(is_found && !is_shown), Ordering::Relaxed);
            is_found && is_shown
        };
        let page = self.ctx.store().list_clients(&self.account_id, limit, after, matches).await?;
        Ok((page, hidden.into_inner()))
    }
}

impl ClientOrder {
    /// The page after a position, which is the key of the last client before it.
    fn page(self, clients: Vec<Client>, now: Timestamp, limit: usize, after: Option<&str>) -> Page<Client> {
        let mut keyed: Vec<(String, Client)> =
            clients.into_iter().map(|client| (self.key(&client, now), client)).collect();
        keyed.retain(|(key, _)| after.is_none_or(|after| key.as_str() > after));
        keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
        let next = (keyed.len() > limit).then(|| Cursor::from_text(keyed[limit - 1].0.clone()));
        keyed.truncate(limit);
        Page { items: keyed.into_iter().map(|(_, client)| client).collect(), next }
    }

    /// What clients are compared by, as text. Their ids make it unique.
    fn key(self, client: &Client, now: Timestamp) -> String {
        /// After every number.
        const LAST: &str = "~";
        let part = match self {
            Self::Newest => String::new(),
            Self::Name => folded(client.client_name.as_str()),
            Self::NextEnd => {
                client.next_end(now).map_or_else(|| LAST.to_owned(), |end| format!("{:012}", end.as_second()))
            }
            Self::LastUsed => client.last_used_on().map_or_else(
                || LAST.to_owned(),
                |day| format!("{:08}", Date::MAX.since(day).map_or(0, |span| span.get_days())),
            ),
        };
        format!("{part}\n{}", client.client_id)
    }
}
