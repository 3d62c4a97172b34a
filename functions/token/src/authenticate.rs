//! Finding the client's credentials in a request, and the client that they belong to.

use crate::usage;
use http::{HeaderMap, header};
use jiff::Timestamp;
use shared::adapters::authentication::{
    AuthenticatedClient, Circumstances, Desk, Presented, PresentedAssertion, PresentedSecret,
    Unauthenticated, authenticate_by_secret, authenticate_public,
};
use shared::adapters::fault::Fault;
use shared::adapters::store::Catalogue;
use shared::assembly::App;
use shared::domain::assertion::{Assertion, JWT_BEARER};
use shared::domain::client_secret::ClientSecret;
use shared::domain::ids::ClientId;
use shared::domain::oauth_error::{AuthenticationFailure, OAuthError};
use shared::wire::parameters::Parameters;
use shared::wire::{basic, strict_json};
use std::net::IpAddr;

/// The credentials of a request: in its Basic header, as a secret in its body, or as an assertion there; never in
/// two ways at once (RFC 6749 §2.3). A `client_id` alone is all that a public client has.
pub fn presented(headers: &HeaderMap, parameters: &Parameters) -> Result<Presented, OAuthError> {
    let (in_body, secret_in_body) = (parameters.get("client_id"), parameters.get("client_secret"));
    let asserted =
        parameters.get("client_assertion").is_some() || parameters.get("client_assertion_type").is_some();
    let mut authorizations = headers.get_all(header::AUTHORIZATION).iter();
    match (authorizations.next(), authorizations.next()) {
        (Some(_), Some(_)) => Err(OAuthError::InvalidRequest("there are two Authorization headers")),
        (Some(_), None) if secret_in_body.is_some() || asserted => Err(TWO_WAYS),
        (None, _) if secret_in_body.is_some() && asserted => Err(TWO_WAYS),
        (Some(value), None) => {
            let basic = basic::parse(value.as_bytes()).map_err(|_| malformed())?;
            if in_body.is_some_and(|id| id != basic.client_id) {
                return Err(OAuthError::InvalidRequest("client_id differs from the one in the Basic header"));
            }
            secret(&basic.client_id, &basic.client_secret)
        }
        (None, _) if asserted => assertion(parameters).map_err(OAuthError::InvalidClient),
        (None, _) => match (in_body, secret_in_body) {
            (Some(id), Some(value)) => secret(id, value),
            (Some(id), None) => ClientId::parse(id).map(Presented::Public).map_err(|_| malformed()),
            (None, _) => Err(OAuthError::InvalidClient(AuthenticationFailure::NoCredentials)),
        },
    }
}

const TWO_WAYS: OAuthError = OAuthError::InvalidRequest("the client authenticates in two ways at once");

fn secret(id: &str, secret: &str) -> Result<Presented, OAuthError> {
    Ok(Presented::Secret(PresentedSecret {
        client_id: ClientId::parse(id).map_err(|_| malformed())?,
        secret: ClientSecret::parse(secret).map_err(|_| malformed())?,
    }))
}

fn malformed() -> OAuthError {
    OAuthError::InvalidClient(AuthenticationFailure::MalformedCredentials)
}

/// RFC 7523 §2.2.
fn assertion(parameters: &Parameters) -> Result<Presented, AuthenticationFailure> {
    if parameters.get("client_assertion_type") != Some(JWT_BEARER) {
        return Err(AuthenticationFailure::UnsupportedMethod);
    }
    let text = parameters.get("client_assertion").ok_or(AuthenticationFailure::NoCredentials)?;
    let assertion = Assertion::parse(text, |bytes| strict_json::parse(bytes).ok())
        .map_err(|_| AuthenticationFailure::MalformedAssertion)?;
    PresentedAssertion::new(assertion, parameters.get("client_id")).map(Presented::Assertion)
}

/// Where a request came from.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    pub source: Option<IpAddr>,
    pub account_path: Option<&'a str>,
}

/// Looks the client up, with one read, and decides.
pub async fn client(
    app: &App,
    presented: &Presented,
    origin: Origin<'_>,
    catalogue: &Catalogue,
    now: Timestamp,
) -> Result<Result<AuthenticatedClient, AuthenticationFailure>, Fault> {
    let circumstances = Circumstances {
        source: origin.source,
        account_path: origin.account_path,
        suspended_accounts: &catalogue.suspended_accounts,
        now,
    };
    match presented {
        Presented::Secret(presented) => by_secret(app, presented, &circumstances).await,
        Presented::Assertion(presented) => {
            let known = app.store.load_client(presented.client_id()).await?;
            let desk = Desk { store: &app.store, key_sets: &app.key_sets, issuer: &app.config.issuer };
            desk.authenticate(presented, known, &circumstances).await
        }
        Presented::Public(id) => Ok(authenticate_public(app.store.load_client(id).await?, &circumstances)),
    }
}

async fn by_secret(
    app: &App,
    presented: &PresentedSecret,
    circumstances: &Circumstances<'_>,
) -> Result<Result<AuthenticatedClient, AuthenticationFailure>, Fault> {
    let now = circumstances.now;
    let (known, peppers) = tokio::join!(app.store.load_client(&presented.client_id), app.peppers(now));
    match authenticate_by_secret(presented, known?, peppers?.as_ref(), circumstances) {
        Ok(client) => Ok(Ok(client)),
        Err(Unauthenticated { failure, tried }) => {
            if let Some(secret) = tried {
                usage::note_try(app, &presented.client_id, &secret, now).await;
            }
            Ok(Err(failure))
        }
    }
}
