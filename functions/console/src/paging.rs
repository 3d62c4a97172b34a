//! Pages of a list. A position is encrypted and authenticated, and valid only for the list and the filter that it was made for.

use crate::account_request::AccountRequest;
use crate::respond::with_query;
use crate::state::ConsoleState;
use form_urlencoded::Serializer;
use jiff::Timestamp;
use shared::adapters::crypto::aead;
use shared::adapters::error::BackendError;
use shared::adapters::store::Cursor;
use shared::app::App;

/// Entries of one page.
pub const PAGE_SIZE: usize = 50;

/// Query parameter that holds a position.
pub const PARAMETER: &str = "after";

/// The position in a query; `None` if it is absent, or of another list.
pub async fn open(
    app: &App,
    purpose: &str,
    sealed: Option<&str>,
    now: Timestamp,
) -> Result<Option<Cursor>, BackendError> {
    let Some(sealed) = sealed else { return Ok(None) };
    let peppers = app.peppers(now).await?;
    let opened = aead::open(peppers.sealing_key(), purpose, sealed);
    Ok(opened.and_then(|bytes| String::from_utf8(bytes).ok()).map(Cursor::from_text))
}

/// The position as text.
pub async fn seal(
    app: &App,
    purpose: &str,
    position: Option<Cursor>,
    now: Timestamp,
) -> Result<Option<String>, BackendError> {
    let Some(position) = position else { return Ok(None) };
    let peppers = app.peppers(now).await?;
    Ok(Some(aead::seal(peppers.sealing_key(), purpose, position.as_str().as_bytes())))
}

/// A list that is shown in pages: its URL, with what it is filtered by, and the position in the request.
pub struct PagedList<'a> {
    state: &'a ConsoleState,
    now: Timestamp,
    first: String,
    /// The position; none on the first page.
    pub after: Option<Cursor>,
}

/// The links from a page of a list to the others.
pub struct Pager {
    /// To the first page, from all others.
    pub first: Option<String>,
    /// To the next page, from all but the last.
    pub next: Option<String>,
}

impl<'a> PagedList<'a> {
    /// The list of a request, of which a page has what these parameters let pass.
    pub async fn open(
        state: &'a ConsoleState,
        request: &AccountRequest,
        filter: &[(&str, &str)],
    ) -> Result<Self, BackendError> {
        let now = request.audit_context.now;
        let query = Serializer::new(String::new()).extend_pairs(filter.iter().copied()).finish();
        let first = with_query(&request.path, &query);
        let sealed = form_urlencoded::parse(request.query.as_bytes()).find(|(name, _)| name == PARAMETER);
        let after = open(state.app(), &first, sealed.as_ref().map(|(_, value)| &**value), now).await?;
        Ok(Self { state, now, first, after })
    }

    /// The links of the page before `next`.
    pub async fn pager(self, next: Option<Cursor>) -> Result<Pager, BackendError> {
        let next = seal(self.state.app(), &self.first, next, self.now).await?;
        let separator = if self.first.contains('?') { '&' } else { '?' };
        let next = next.map(|position| {
            let position = Serializer::new(String::new()).append_pair(PARAMETER, &position).finish();
            format!("{}{separator}{position}", self.first)
        });
        Ok(Pager { first: self.after.map(|_| self.first), next })
    }
}
