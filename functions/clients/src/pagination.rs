//! Lists: `?limit=&cursor=`, and `{"items": […], "next_cursor": "…"}` in the response. A cursor is encrypted and
//! authenticated, and valid only for the list, the filter and the account that it was created for.

use crate::json_body::pointer_token;
use crate::problem::Problem;
use crate::request_context::RequestContext;
use serde::Serialize;
use shared::adapters::crypto::aead;
use shared::adapters::store::{Cursor, Page};
use shared::app::App;
use shared::domain::primitives::validation::FieldError;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

const DEFAULT_LIMIT: u16 = 50;
const MAX_LIMIT: u16 = 200;

/// Query parameters of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query in the OpenAPI document; `PageRequest` reads it")]
pub struct PageParams {
    /// The most items to return, from 1 to 200; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageResponse<T> {
    /// A page can have fewer items than `limit`, even none.
    items: Vec<T>,
    /// `cursor` of the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// A requested page.
pub struct PageRequest {
    /// The most items to return.
    pub limit: u16,
    /// The position after which it begins.
    pub after: Option<Cursor>,
    /// Values of the filters that the list knows.
    pub filters: BTreeMap<&'static str, String>,
    purpose: String,
}

impl PageRequest {
    /// Reads the query of a list that knows these filters.
    pub async fn read(
        app: &App,
        ctx: &RequestContext,
        known_filters: &[&'static str],
    ) -> Result<Self, Problem> {
        let query = Query::parse(&ctx.query, known_filters)?;
        let purpose = format!("{} {:?}", ctx.path, query.filters);
        let after = match &query.cursor {
            None => None,
            Some(cursor) => {
                let peppers = app.peppers(ctx.now).await?;
                let opened = aead::open(peppers.sealing_key(), &purpose, cursor);
                let text = opened.and_then(|bytes| String::from_utf8(bytes).ok());
                let text = text.ok_or_else(|| {
                    Problem::field("cursor", "is not a next_cursor of this list; start again without it")
                })?;
                Some(Cursor::from_text(text))
            }
        };
        Ok(Self { limit: query.limit, after, filters: query.filters, purpose })
    }

    /// The response of a page.
    pub async fn response<T, V>(
        &self,
        app: &App,
        ctx: &RequestContext,
        page: Page<T>,
        view: impl Fn(T) -> V,
    ) -> Result<PageResponse<V>, Problem> {
        let next_cursor = self.seal(app, ctx, page.next).await?;
        Ok(PageResponse { items: page.items.into_iter().map(view).collect(), next_cursor })
    }

    /// The cursor of a position in this list.
    pub async fn seal(
        &self,
        app: &App,
        ctx: &RequestContext,
        position: Option<Cursor>,
    ) -> Result<Option<String>, Problem> {
        let Some(position) = position else { return Ok(None) };
        let peppers = app.peppers(ctx.now).await?;
        Ok(Some(aead::seal(peppers.sealing_key(), &self.purpose, position.as_str().as_bytes())))
    }
}

impl<T> PageResponse<T> {
    /// The items, and the cursor of the next page.
    pub fn into_parts(self) -> (Vec<T>, Option<String>) {
        (self.items, self.next_cursor)
    }

    /// A list that is always on one page.
    pub fn unpaged(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

/// Path and query of the next page.
pub fn next_page(ctx: &RequestContext, cursor: &str) -> String {
    let parameters = form_urlencoded::parse(ctx.query.as_bytes()).filter(|(name, _)| name != "cursor");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters).append_pair("cursor", cursor);
    format!("{}?{}", ctx.path, query.finish())
}

struct Query {
    limit: u16,
    cursor: Option<String>,
    filters: BTreeMap<&'static str, String>,
}

impl Query {
    fn parse(text: &str, known_filters: &[&'static str]) -> Result<Self, Problem> {
        let mut query = Self { limit: DEFAULT_LIMIT, cursor: None, filters: BTreeMap::new() };
        let mut errors = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match known_filters.iter().find(|known| **known == name) {
                Some(filter) => {
                    query.filters.insert(filter, value.into_owned());
                }
                None if name == "limit" => match value.parse() {
                    Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => query.limit = limit,
                    _ => errors.push(FieldError::new("limit", format!("must be from 1 to {MAX_LIMIT}"))),
                },
                None if name == "cursor" => query.cursor = Some(value.into_owned()),
                None => errors.push(FieldError::new(pointer_token(&name), "is not a parameter of this list")),
            }
        }
        if errors.is_empty() { Ok(query) } else { Err(Problem::Invalid(errors)) }
    }
}
