//! What every endpoint takes: a form, or JSON, from an HTTP request to its parameters (RFC 6749 §3.2).

pub mod token_request;

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, header};
use shared::domain::oauth::error::OAuthError;
use shared::wire::params::OAuthParams;

/// The longest body that is read, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// A request whose body was read.
pub struct ParsedRequest {
    pub headers: HeaderMap,
    pub parameters: OAuthParams,
}

/// Reads the body: a form, or JSON as some vendors' clients send it.
pub async fn read(request: Request<Body>) -> Result<ParsedRequest, OAuthError> {
    let (head, body) = request.into_parts();
    if has_oauth_parameter(head.uri.query().unwrap_or_default()) {
        return Err(OAuthError::InvalidRequest("parameters belong into the body, never into the URL"));
    }
    let body = to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| OAuthError::InvalidRequest("the body is longer than 64 KiB or was cut off"))?;
    let parameters = match media_type(&head.headers).as_deref() {
        Some("application/x-www-form-urlencoded") => OAuthParams::from_form(&body),
        Some("application/json") => OAuthParams::from_json(&body),
        _ => {
            return Err(OAuthError::InvalidRequest(
                "Content-Type must be application/x-www-form-urlencoded or application/json",
            ));
        }
    };
    let parameters = parameters.map_err(|malformed| OAuthError::InvalidRequest(malformed.description()))?;
    Ok(ParsedRequest { headers: head.headers, parameters })
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let essence = value.to_str().ok()?.split(';').next()?;
    Some(essence.trim().to_ascii_lowercase())
}

/// Whether a query holds one of the request's own parameters, which would end up in logs.
fn has_oauth_parameter(query: &str) -> bool {
    const PARAMETERS: &[&str] = &[
        "grant_type",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "scope",
        "resource",
        "audience",
        "code",
        "code_verifier",
        "redirect_uri",
        "refresh_token",
        "token",
        "token_type_hint",
    ];
    OAuthParams::from_form(query.as_bytes())
        .map_or(true, |parameters| PARAMETERS.iter().any(|name| parameters.get(name).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_a_query_are_noticed_however_they_are_written() {
        for query in [
            "client_id=a",
            "a=b&client_secret=x",
            "client%5Fsecret=x",
            "scope=a",
            "token=x",
            "code_verifier=x",
            "x=1&x=2",
        ] {
            assert!(has_oauth_parameter(query), "{query}");
        }
        assert!(!has_oauth_parameter("") && !has_oauth_parameter("trace=1"));
    }
}
