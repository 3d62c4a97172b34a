//! Finding the client's credentials in a request, and the client that they belong to.

use crate::last_used;
use http::{HeaderMap, header};
use jiff::Timestamp;
use shared::adapters::error::BackendError;
use shared::adapters::store::ResourceCatalog;
use shared::app::App;
use shared::domain::client::client_secret::ClientSecret;
use shared::domain::oauth::client_assertion::{Assertion, JWT_BEARER};
use shared::domain::oauth::error::{ClientAuthFailure, OAuthError};
use shared::domain::primitives::ids::ClientId;
use shared::services::client_auth::{
    AssertionVerifier, AuthContext, AuthenticatedClient, ClientCredential, PresentedAssertion,
    PresentedSecret, SecretAuthError, authenticate_by_secret, authenticate_public,
};
use shared::wire::basic_auth;
use shared::wire::params::OAuthParams;
use shared::wire::strict_json;
use std::net::IpAddr;

/// The credentials of a request: in its Basic header, as a secret in its body, or as an assertion there; never in
/// two ways at once (RFC 6749 §2.3). A `client_id` alone is all that a public client has.
pub fn extract_credentials(
    headers: &HeaderMap,
    parameters: &OAuthParams,
) -> Result<ClientCredential, OAuthError> {
    let (in_body, secret_in_body) = (parameters.get("client_id"), parameters.get("client_secret"));
    let asserted =
        parameters.get("client_assertion").is_some() || parameters.get("client_assertion_type").is_some();
    let mut authorizations = headers.get_all(header::AUTHORIZATION).iter();
    match (authorizations.next(), authorizations.next()) {
        (Some(_), Some(_)) => Err(OAuthError::InvalidRequest("there are two Authorization headers")),
        (Some(_), None) if secret_in_body.is_some() || asserted => Err(MULTIPLE_AUTH_METHODS),
        (None, _) if secret_in_body.is_some() && asserted => Err(MULTIPLE_AUTH_METHODS),
        (Some(value), None) => {
            let basic = basic_auth::parse(value.as_bytes()).map_err(|_| malformed())?;
            if in_body.is_some_and(|id| id != basic.client_id) {
                return Err(OAuthError::InvalidRequest("client_id differs from the one in the Basic header"));
            }
            secret(&basic.client_id, &basic.client_secret)
        }
        (None, _) if asserted => assertion(parameters).map_err(OAuthError::InvalidClient),
        (None, _) => match (in_body, secret_in_body) {
            (Some(id), Some(value)) => secret(id, value),
            (Some(id), None) => ClientId::parse(id).map(ClientCredential::Public).map_err(|_| malformed()),
            (None, _) => Err(OAuthError::InvalidClient(ClientAuthFailure::NoCredentials)),
        },
    }
}

const MULTIPLE_AUTH_METHODS: OAuthError =
    OAuthError::InvalidRequest("the client authenticates in two ways at once");

fn secret(id: &str, secret: &str) -> Result<ClientCredential, OAuthError> {
    Ok(ClientCredential::Secret(PresentedSecret {
        client_id: ClientId::parse(id).map_err(|_| malformed())?,
        secret: ClientSecret::parse(secret).map_err(|_| malformed())?,
    }))
}

fn malformed() -> OAuthError {
    OAuthError::InvalidClient(ClientAuthFailure::InvalidCredentials)
}

/// RFC 7523 §2.2.
fn assertion(parameters: &OAuthParams) -> Result<ClientCredential, ClientAuthFailure> {
    if parameters.get("client_assertion_type") != Some(JWT_BEARER) {
        return Err(ClientAuthFailure::UnsupportedMethod);
    }
    let text = parameters.get("client_assertion").ok_or(ClientAuthFailure::NoCredentials)?;
    let assertion = Assertion::parse(text, |bytes| strict_json::parse(bytes).ok())
        .map_err(|_| ClientAuthFailure::InvalidAssertion)?;
    PresentedAssertion::new(assertion, parameters.get("client_id")).map(ClientCredential::Assertion)
}

/// Where a request came from.
#[derive(Clone, Copy)]
pub struct RequestOrigin<'a> {
    pub source: Option<IpAddr>,
    pub path_account: Option<&'a str>,
}

/// Looks the client up, with one read, and decides.
pub async fn client(
    app: &App,
    extract_credentials: &ClientCredential,
    origin: RequestOrigin<'_>,
    catalogue: &ResourceCatalog,
    now: Timestamp,
) -> Result<Result<AuthenticatedClient, ClientAuthFailure>, BackendError> {
    let circumstances = AuthContext {
        source: origin.source,
        path_account: origin.path_account,
        disabled_accounts: &catalogue.disabled_accounts,
        now,
    };
    match extract_credentials {
        ClientCredential::Secret(extract_credentials) => {
            authenticate_secret(app, extract_credentials, &circumstances).await
        }
        ClientCredential::Assertion(extract_credentials) => {
            let known = app.store.load_client(extract_credentials.client_id()).await?;
            let desk = AssertionVerifier {
                store: &app.store,
                jwks_cache: &app.jwks_cache,
                issuer: &app.config.issuer,
            };
            desk.authenticate(extract_credentials, known, &circumstances).await
        }
        ClientCredential::Public(id) => {
            Ok(authenticate_public(app.store.load_client(id).await?, &circumstances))
        }
    }
}

async fn authenticate_secret(
    app: &App,
    extract_credentials: &PresentedSecret,
    circumstances: &AuthContext<'_>,
) -> Result<Result<AuthenticatedClient, ClientAuthFailure>, BackendError> {
    let now = circumstances.now;
    let (known, peppers) =
        tokio::join!(app.store.load_client(&extract_credentials.client_id), app.peppers(now));
    match authenticate_by_secret(extract_credentials, known?, peppers?.as_ref(), circumstances) {
        Ok(client) => Ok(Ok(client)),
        Err(SecretAuthError { failure, tried }) => {
            if let Some(secret) = tried {
                last_used::record_expired_attempt(app, &extract_credentials.client_id, &secret, now).await;
            }
            Ok(Err(failure))
        }
    }
}
