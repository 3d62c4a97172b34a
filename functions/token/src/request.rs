//! What the endpoints read from an HTTP request: its origin, its parameters (RFC 6749 §3.2), the client's credentials.

use crate::response::TokenEndpointError;
use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::request::Parts;
use http::{HeaderMap, header};
use jiff::Timestamp;
use shared::app::App;
use shared::domain::client::client_secret::ClientSecret;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::oauth::client_assertion::{Assertion, JWT_BEARER};
use shared::domain::oauth::error::{ClientAuthFailure, OAuthError};
use shared::domain::primitives::ids::ClientId;
use shared::services::client_auth::{
    AuthContext, ClientAuthenticator, ClientCredential, PresentedAssertion, PresentedSecret,
};
use shared::wire::params::OAuthParams;
use shared::wire::{basic_auth, strict_json};
use std::convert::Infallible;
use std::net::IpAddr;

/// Limit on the length of a body, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Headers and parameters of a request.
pub struct ParsedRequest {
    pub headers: HeaderMap,
    pub params: OAuthParams,
}

impl<S: Send + Sync> FromRequest<S> for ParsedRequest {
    type Rejection = TokenEndpointError;

    /// Reads the body: a form, or JSON as some vendors' clients send it.
    async fn from_request(request: Request, _: &S) -> Result<Self, TokenEndpointError> {
        let (parts, body) = request.into_parts();
        if has_oauth_parameter(parts.uri.query().unwrap_or_default()) {
            return Err(invalid_request("parameters belong into the body, never into the URL").into());
        }
        let body = to_bytes(body, MAX_BODY)
            .await
            .map_err(|_| invalid_request("the body is longer than 64 KiB or was cut off"))?;
        let params = match media_type(&parts.headers).as_deref() {
            Some("application/x-www-form-urlencoded") => OAuthParams::from_form(&body),
            Some("application/json") => OAuthParams::from_json(&body, PARAMETERS),
            _ => {
                return Err(invalid_request(
                    "Content-Type must be application/x-www-form-urlencoded or application/json",
                )
                .into());
            }
        };
        let params = params.map_err(|invalid| invalid_request(invalid.description()))?;
        Ok(Self { headers: parts.headers, params })
    }
}

fn invalid_request(description: &'static str) -> OAuthError {
    OAuthError::InvalidRequest(description)
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let essence = value.to_str().ok()?.split(';').next()?;
    Some(essence.trim().to_ascii_lowercase())
}

/// The parameters that are read. Others are ignored (RFC 6749 §3.2).
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

/// Whether a query string has one of the request's own parameters, which would end up in logs.
fn has_oauth_parameter(query: &str) -> bool {
    OAuthParams::from_form(query.as_bytes())
        .map_or(true, |params| PARAMETERS.iter().any(|name| params.get(name).is_some()))
}

/// Address and path of a request.
#[derive(Debug)]
pub struct RequestOrigin {
    /// Address of the caller, if known.
    pub client_ip: Option<IpAddr>,
    /// The account in the path, of which the client must be.
    pub path_account: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for RequestOrigin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let path_account = match Option::<Path<String>>::from_request_parts(parts, state).await {
            Ok(segment) => segment.map(|Path(id)| id),
            // A segment that cannot be decoded is the id of no account.
            Err(_) => Some(String::new()),
        };
        Ok(Self { client_ip: parts.extensions.get::<ClientIp>().map(|ip| ip.0), path_account })
    }
}

impl RequestOrigin {
    /// Inputs of the client's authentication other than its credentials.
    pub fn auth_context(&self, now: Timestamp) -> AuthContext<'_> {
        AuthContext { client_ip: self.client_ip, path_account: self.path_account.as_deref(), now }
    }
}

/// Authenticates the clients of this deployment.
pub fn client_authenticator(app: &App) -> ClientAuthenticator<'_> {
    ClientAuthenticator {
        store: &app.store,
        accounts: &app.accounts,
        refusals: &app.refusals,
        jwks_cache: &app.jwks_cache,
        issuer: &app.config.issuer,
        stage: &app.config.stage,
    }
}

/// The client's credentials: in the Basic header, as a secret in the body, or as an assertion there; by one method only
/// (RFC 6749 §2.3). A public client sends its `client_id` alone; many libraries send it as Basic with an empty password, which
/// says no more.
pub fn extract_credentials(
    headers: &HeaderMap,
    params: &OAuthParams,
) -> Result<ClientCredential, OAuthError> {
    let (client_id, client_secret) = (params.get("client_id"), params.get("client_secret"));
    let has_assertion =
        params.get("client_assertion").is_some() || params.get("client_assertion_type").is_some();
    let mut authorizations = headers.get_all(header::AUTHORIZATION).iter();
    match (authorizations.next(), authorizations.next()) {
        (Some(_), Some(_)) => Err(invalid_request("there are two Authorization headers")),
        (Some(_), None) if client_secret.is_some() || has_assertion => Err(MULTIPLE_AUTH_METHODS),
        (None, _) if client_secret.is_some() && has_assertion => Err(MULTIPLE_AUTH_METHODS),
        (Some(value), None) => {
            let basic = basic_auth::parse(value.as_bytes()).map_err(|_| invalid_credentials())?;
            if client_id.is_some_and(|id| id != basic.client_id) {
                return Err(invalid_request("client_id differs from the one in the Basic header"));
            }
            if basic.client_secret.is_empty() {
                parse_public(&basic.client_id)
            } else {
                parse_secret(&basic.client_id, &basic.client_secret)
            }
        }
        (None, _) if has_assertion => parse_assertion(params).map_err(OAuthError::InvalidClient),
        (None, _) => match (client_id, client_secret) {
            (Some(id), Some(secret)) => parse_secret(id, secret),
            (Some(id), None) => parse_public(id),
            (None, _) => Err(OAuthError::InvalidClient(ClientAuthFailure::NoCredentials)),
        },
    }
}

const MULTIPLE_AUTH_METHODS: OAuthError =
    OAuthError::InvalidRequest("the client authenticates in two ways at once");

fn invalid_credentials() -> OAuthError {
    OAuthError::InvalidClient(ClientAuthFailure::InvalidCredentials)
}

fn parse_public(client_id: &str) -> Result<ClientCredential, OAuthError> {
    ClientId::parse(client_id).map(ClientCredential::Public).map_err(|_| invalid_credentials())
}

fn parse_secret(client_id: &str, secret: &str) -> Result<ClientCredential, OAuthError> {
    let client_id = ClientId::parse(client_id).map_err(|_| invalid_credentials())?;
    Ok(match ClientSecret::parse(secret) {
        Ok(secret) => ClientCredential::Secret(PresentedSecret { client_id, secret }),
        Err(_) => ClientCredential::MalformedSecret(client_id),
    })
}

/// RFC 7523 §2.2.
fn parse_assertion(params: &OAuthParams) -> Result<ClientCredential, ClientAuthFailure> {
    if params.get("client_assertion_type") != Some(JWT_BEARER) {
        return Err(ClientAuthFailure::UnsupportedMethod);
    }
    let text = params.get("client_assertion").ok_or(ClientAuthFailure::NoCredentials)?;
    let assertion = Assertion::parse(text, |bytes| strict_json::parse(bytes).ok())
        .map_err(|_| ClientAuthFailure::InvalidAssertion)?;
    PresentedAssertion::new(assertion, params.get("client_id")).map(Box::new).map(ClientCredential::Assertion)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn oauth_parameters_in_the_query_are_found_in_any_encoding() {
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

    #[test]
    fn media_type_ignores_parameters_and_needs_one_header() {
        let mut headers = HeaderMap::new();
        assert_eq!(media_type(&headers), None);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("Application/JSON; charset=utf-8"));
        assert_eq!(media_type(&headers).as_deref(), Some("application/json"));
        headers.append(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        assert_eq!(media_type(&headers), None, "two of them");
    }
}
