//! A posted form.

pub mod draft;
pub mod filled_form;
pub mod form_target;
pub mod kept;
pub mod lifetime;
mod multipart;
pub mod new_client_link;
pub mod restored;
pub mod retry;
pub mod too_long;

use crate::error::{ConsoleError, LongForm};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use http::request::Parts;
use http::{HeaderMap, header};
use shared::adapters::crypto::console_cookie::ConsoleCookie;
use shared::web::cross_site::{CSRF_FIELD, is_cross_site};

/// The longest form, in bytes of the names and values of its fields.
pub const MAX_FORM: usize = 128 * 1024;

/// The longest body that is read, in bytes. It is more than a form needs whose every character is encoded, so that what is too
/// long is said at its field.
pub const MAX_BODY: usize = 2 * 1024 * 1024;

/// How long forms of a route may be, if not [`MAX_FORM`]: an extension of its requests.
#[derive(Clone, Copy)]
pub struct FormLimit(pub usize);

/// Parameter of the page, and hidden field of its form, that names the form that was kept.
pub const DRAFT_FIELD: &str = "draft";

const URLENCODED: &[u8] = b"application/x-www-form-urlencoded";

/// The fields of a form, in their order. A field of several boxes or lines may be there several times.
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body of a request that one of our pages sent: not of another site, and with the token of the session and of
    /// the path.
    pub async fn read(
        request: Request,
        own_origin: &str,
        cookie: &ConsoleCookie,
    ) -> Result<Self, ConsoleError> {
        let (head, body) = request.into_parts();
        let body = read_body(body).await?;
        Self::parse(&head, body, own_origin, cookie).await
    }

    async fn parse(
        head: &Parts,
        body: Bytes,
        own_origin: &str,
        cookie: &ConsoleCookie,
    ) -> Result<Self, ConsoleError> {
        Self::reject_cross_site(&head.headers, own_origin)?;
        let form = Self::of_body(&head.headers, body).await?;
        if !cookie.verify_csrf_token(head.uri.path(), form.get(CSRF_FIELD).unwrap_or_default()) {
            return Err(ConsoleError::CrossSite("wrong_form_token"));
        }
        let limit = head.extensions.get::<FormLimit>().map_or(MAX_FORM, |limit| limit.0);
        if form.bytes() > limit {
            let long = LongForm { path: head.uri.path().to_owned(), fields: form.0, limit };
            return Err(ConsoleError::FormTooLong(Box::new(long)));
        }
        Ok(form)
    }

    /// The bytes of its names and values.
    fn bytes(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.len()).sum()
    }

    /// The fields of a body of either kind. Who sent it is not checked.
    pub async fn of_body(headers: &HeaderMap, body: Bytes) -> Result<Self, ConsoleError> {
        Ok(Self(match multipart::boundary(headers) {
            Some(boundary) => multipart::fields(body, boundary).await?,
            None if is_urlencoded(headers) => form_urlencoded::parse(&body).into_owned().collect(),
            None => return Err(ConsoleError::InvalidForm),
        }))
    }

    /// Fails if the browser reports that another site sent the form.
    pub fn reject_cross_site(headers: &HeaderMap, own_origin: &str) -> Result<(), ConsoleError> {
        if is_cross_site(headers, own_origin) { Err(ConsoleError::CrossSite("cross_site")) } else { Ok(()) }
    }

    /// The value of a field; `None` if it is absent or empty. Of several, the first.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(field, value)| field == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// What was filled in, as bytes: all but the token, and the name under which the form was kept.
    pub fn canonical(&self) -> Vec<u8> {
        let filled = self.0.iter().filter(|(name, _)| name != CSRF_FIELD && name != DRAFT_FIELD);
        form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish().into_bytes()
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// These fields, each with its value. Several are in one line.
    pub fn listed(&self, fields: &[&'static str]) -> Vec<(&'static str, String)> {
        let value = |field: &str| self.all(field).collect::<Vec<_>>().join(", ");
        fields.iter().map(|field| (*field, value(field))).collect()
    }

    /// All fields, in their order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same form without a field.
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(field, _)| field != name);
        self
    }
}

impl Form {
    /// The same form with more values of a field.
    pub fn with_all(mut self, name: &str, values: Vec<String>) -> Self {
        self.0.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        self
    }
}

/// A form that is filled in before it is shown.
impl FromIterator<(String, String)> for Form {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(fields: T) -> Self {
        Self(fields.into_iter().collect())
    }
}

/// The body of a form. One that is too long to be read is an error.
pub async fn read_body(body: Body) -> Result<Bytes, ConsoleError> {
    to_bytes(body, MAX_BODY).await.map_err(|_| {
        let unread = LongForm { path: String::new(), fields: Vec::new(), limit: MAX_FORM };
        ConsoleError::FormTooLong(Box::new(unread))
    })
}

fn is_urlencoded(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().to_ascii_lowercase().starts_with(URLENCODED))
}
