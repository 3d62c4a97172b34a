//! What every endpoint takes: a form, or JSON, from an HTTP request to its parameters (RFC 6749 §3.2).

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, header};
use shared::domain::oauth_error::OAuthError;
use shared::wire::parameters::Parameters;

/// The longest body that is read, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// A request whose body was read.
pub struct ReadRequest {
    pub headers: HeaderMap,
    pub parameters: Parameters,
}

/// Reads the body: a form, or JSON as some vendors' clients send it.
pub async fn read(request: Request<Body>) -> Result<ReadRequest, OAuthError> {
    let (head, body) = request.into_parts();
    if names_a_parameter(head.uri.query().unwrap_or_default()) {
        return Err(OAuthError::InvalidRequest("parameters belong into the body, never into the URL"));
    }
    let body = to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| OAuthError::InvalidRequest("the body is longer than 64 KiB or was cut off"))?;
    let parameters = match media_type(&head.headers).as_deref() {
        Some("application/x-www-form-urlencoded") => Parameters::from_form(&body),
        Some("application/json") => Parameters::from_json(&body),
        _ => {
            return Err(OAuthError::InvalidRequest(
                "Content-Type must be application/x-www-form-urlencoded or application/json",
            ));
        }
    };
    let parameters = parameters.map_err(|malformed| OAuthError::InvalidRequest(malformed.description()))?;
    Ok(ReadRequest { headers: head.headers, parameters })
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
fn names_a_parameter(query: &str) -> bool {
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
    Parameters::from_form(query.as_bytes())
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
            assert!(names_a_parameter(query), "{query}");
        }
        assert!(!names_a_parameter("") && !names_a_parameter("trace=1"));
    }
}
