//! Pages of a list. A position is encrypted and authenticated, and valid only for the list and the filter that it was made for.

use crate::account_request::AccountRequest;
use crate::respond::with_query;
use crate::state::ConsoleState;
use form_urlencoded::Serializer;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
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

/// The most beginnings of pages that a position has.
const MAX_STARTS: usize = 5;

/// Where a page of a list begins, and where those before it do, so that there is a way back: a list of clients is read in one
/// direction only. Of more than [`MAX_STARTS`] pages, the earliest are forgotten; before them there is only the first page.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail(Vec<Start>);

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Start {
    /// The position in the list.
    after: String,
    /// How many entries the pages before it have.
    entries: usize,
}

impl Trail {
    /// That of a query. Without one, or with that of another list, it is the first page.
    pub async fn open(
        app: &App,
        purpose: &str,
        sealed: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, BackendError> {
        let opened = open(app, purpose, sealed, now).await?;
        Ok(opened.and_then(|trail| serde_json::from_str(trail.as_str()).ok()).unwrap_or_default())
    }

    /// The position of the page; none on the first one.
    pub fn after(&self) -> Option<Cursor> {
        self.0.last().map(|start| Cursor::from_text(start.after.clone()))
    }

    /// How many entries the pages before have.
    pub fn entries_before(&self) -> usize {
        self.0.last().map_or(0, |start| start.entries)
    }

    /// That of the page before this one: empty for the first page.
    pub fn back(&self) -> Self {
        Self(self.0.split_last().map_or_else(Vec::new, |(_, before)| before.to_vec()))
    }

    /// That of the page after this one, which has so many entries.
    pub fn on(&self, next: &Cursor, entries: usize) -> Self {
        let start = Start { after: next.as_str().to_owned(), entries: self.entries_before() + entries };
        let forgotten = (self.0.len() + 1).saturating_sub(MAX_STARTS);
        Self(self.0.iter().skip(forgotten).cloned().chain([start]).collect())
    }

    /// The position as text; `None` for the first page.
    pub async fn seal(
        &self,
        app: &App,
        purpose: &str,
        now: Timestamp,
    ) -> Result<Option<String>, BackendError> {
        let is_first = self.0.is_empty();
        let text = (!is_first).then(|| Cursor::from_text(serde_json::json!(self).to_string()));
        seal(app, purpose, text, now).await
    }
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

#[cfg(test)]
mod tests {
    use super::{Cursor, MAX_STARTS, Trail};

    #[test]
    fn way_back_leads_through_the_pages_before_and_from_the_earliest_known_one_to_the_first() {
        let mut trails = vec![Trail::default()];
        for page in 1..=8 {
            trails.push(trails[page - 1].on(&Cursor::from_text(page.to_string()), 50));
        }
        let last = &trails[8];
        assert_eq!(last.after().unwrap().as_str(), "8");
        assert_eq!(last.entries_before(), 400);
        let mut back = last.back();
        for page in (8 - MAX_STARTS + 1..8).rev() {
            assert_eq!(
                (back.after().unwrap().as_str(), back.entries_before()),
                (&*page.to_string(), 50 * page)
            );
            back = back.back();
        }
        assert_eq!((back.after(), back.entries_before()), (None, 0));
    }
}
