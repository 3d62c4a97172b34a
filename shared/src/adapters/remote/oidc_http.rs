//! Requests to the sign-in provider, with the same limits as all others.

use crate::adapters::remote::error::FetchError;
use crate::adapters::remote::fetch::{Fetcher, target};
use crate::domain::net::provider_url::ProviderUrl;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::request::Builder;
use http::{HeaderValue, Request, StatusCode};
use serde_json::Value;
use url::Url;

impl Fetcher {
    /// The document at this URL, with an `Authorization` header if one is needed. The caller limits the time.
    pub async fn get_from(
        &self,
        url: &ProviderUrl,
        authorization: Option<&str>,
    ) -> Result<Value, FetchError> {
        let parsed = parse(url)?;
        let request = authorized(Request::get(target(&parsed)), authorization)?;
        self.ask(&parsed, url.scope(), request, Bytes::new()).await?.good()
    }

    /// Sends a form, and returns the status, which is 200, 400 or 401, and the JSON of the response. The caller limits
    /// the time.
    pub async fn post_form(
        &self,
        url: &ProviderUrl,
        authorization: Option<&str>,
        form: &str,
    ) -> Result<(StatusCode, Value), FetchError> {
        let parsed = parse(url)?;
        let request = authorized(Request::post(target(&parsed)), authorization)?
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let body = Bytes::copy_from_slice(form.as_bytes());
        self.ask(&parsed, url.scope(), request, body).await?.with_status()
    }
}

fn parse(url: &ProviderUrl) -> Result<Url, FetchError> {
    Url::parse(url.as_str()).map_err(|_| FetchError::Url)
}

fn authorized(request: Builder, authorization: Option<&str>) -> Result<Builder, FetchError> {
    let Some(authorization) = authorization else { return Ok(request) };
    let mut value = HeaderValue::from_str(authorization).map_err(|_| FetchError::Unexpected)?;
    value.set_sensitive(true);
    Ok(request.header(AUTHORIZATION, value))
}
