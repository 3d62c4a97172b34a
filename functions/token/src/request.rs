//! A token request (RFC 6749 §3.2): from an HTTP request to values, before anything is looked up.

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, header};
use shared::domain::oauth_error::OAuthError;
use shared::domain::scope::ScopeSet;
use shared::wire::parameters::Parameters;

/// The longest body that is read, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// What is asked for, one variant per grant.
#[derive(Debug, PartialEq, Eq)]
pub enum TokenRequest {
    /// RFC 6749 §4.4.
    ClientCredentials {
        /// `resource` (RFC 8707) or `audience`: a resource by its audience or its id.
        target: Option<String>,
        /// `scope`.
        scope: Option<ScopeSet>,
    },
}

impl TokenRequest {
    /// The grant's name in the log.
    pub const fn grant_type(&self) -> &'static str {
        match self {
            Self::ClientCredentials { .. } => "client_credentials",
        }
    }
}

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
        "refresh_token",
        "token",
        "token_type_hint",
    ];
    Parameters::from_form(query.as_bytes())
        .map_or(true, |parameters| PARAMETERS.iter().any(|name| parameters.get(name).is_some()))
}

impl TryFrom<&Parameters> for TokenRequest {
    type Error = OAuthError;

    fn try_from(parameters: &Parameters) -> Result<Self, OAuthError> {
        match parameters.get("grant_type") {
            None => Err(OAuthError::InvalidRequest("grant_type is missing")),
            Some("client_credentials") => {
                Ok(Self::ClientCredentials { target: target(parameters)?, scope: scope(parameters)? })
            }
            Some(_) => Err(OAuthError::UnsupportedGrantType),
        }
    }
}

fn target(parameters: &Parameters) -> Result<Option<String>, OAuthError> {
    match (parameters.get("resource"), parameters.get("audience")) {
        (Some(resource), Some(audience)) if resource != audience => {
            Err(OAuthError::InvalidTarget("resource and audience name different resources"))
        }
        (resource, audience) => Ok(resource.or(audience).map(str::to_owned)),
    }
}

fn scope(parameters: &Parameters) -> Result<Option<ScopeSet>, OAuthError> {
    let parse = |text| ScopeSet::parse(text).map_err(|_| OAuthError::InvalidScope("scope is malformed"));
    parameters.get("scope").map(parse).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(form: &str) -> Result<TokenRequest, OAuthError> {
        TokenRequest::try_from(&Parameters::from_form(form.as_bytes()).expect("a form"))
    }

    #[test]
    fn client_credentials_with_and_without_options() {
        let bare = parse("grant_type=client_credentials").expect("good");
        assert_eq!(bare, TokenRequest::ClientCredentials { target: None, scope: None });
        let full = parse("grant_type=client_credentials&scope=b+a&resource=r&audience=r").expect("good");
        let scope = ScopeSet::parse("a b").expect("good");
        assert_eq!(full, TokenRequest::ClientCredentials { target: Some("r".into()), scope: Some(scope) });
    }

    #[test]
    fn what_is_wrong_is_said_with_the_code_of_the_rfc() {
        for (form, code) in [
            ("", "invalid_request"),
            ("grant_type=", "invalid_request"),
            ("grant_type=password", "unsupported_grant_type"),
            ("grant_type=client_credentials&scope=a++b", "invalid_scope"),
            ("grant_type=client_credentials&resource=a&audience=b", "invalid_target"),
        ] {
            assert_eq!(parse(form).expect_err(form).code(), code);
        }
    }

    #[test]
    fn credentials_in_a_query_are_noticed_however_they_are_written() {
        for query in
            ["client_id=a", "a=b&client_secret=x", "client%5Fsecret=x", "scope=a", "token=x", "x=1&x=2"]
        {
            assert!(names_a_parameter(query), "{query}");
        }
        assert!(!names_a_parameter("") && !names_a_parameter("trace=1"));
    }
}
