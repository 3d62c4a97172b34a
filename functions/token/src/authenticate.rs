//! Finding the client's credentials in a request, and the client that they belong to.

use crate::usage;
use http::{HeaderMap, header};
use jiff::Timestamp;
use shared::adapters::authentication::{
    AuthenticatedClient, Circumstances, PresentedSecret, Unauthenticated, authenticate,
};
use shared::adapters::fault::Fault;
use shared::adapters::store::Catalogue;
use shared::assembly::App;
use shared::domain::client_secret::ClientSecret;
use shared::domain::ids::ClientId;
use shared::domain::oauth_error::{AuthenticationFailure, OAuthError};
use shared::wire::basic;
use shared::wire::parameters::Parameters;
use std::net::IpAddr;

/// The credentials of a request: in its Basic header or in its body, never in both (RFC 6749 §2.3).
pub fn presented(headers: &HeaderMap, parameters: &Parameters) -> Result<PresentedSecret, OAuthError> {
    let (in_body, secret_in_body) = (parameters.get("client_id"), parameters.get("client_secret"));
    if parameters.get("client_assertion").is_some() || parameters.get("client_assertion_type").is_some() {
        return Err(OAuthError::InvalidClient(AuthenticationFailure::UnsupportedMethod));
    }
    let mut authorizations = headers.get_all(header::AUTHORIZATION).iter();
    match (authorizations.next(), authorizations.next()) {
        (Some(_), Some(_)) => Err(OAuthError::InvalidRequest("there are two Authorization headers")),
        (Some(_), None) if secret_in_body.is_some() => {
            Err(OAuthError::InvalidRequest("the client authenticates in two ways at once"))
        }
        (Some(value), None) => {
            let basic = basic::parse(value.as_bytes()).map_err(|_| malformed())?;
            if in_body.is_some_and(|id| id != basic.client_id) {
                return Err(OAuthError::InvalidRequest("client_id differs from the one in the Basic header"));
            }
            take(&basic.client_id, &basic.client_secret)
        }
        (None, _) => match (in_body, secret_in_body) {
            (Some(id), Some(secret)) => take(id, secret),
            _ => Err(OAuthError::InvalidClient(AuthenticationFailure::NoCredentials)),
        },
    }
}

fn take(id: &str, secret: &str) -> Result<PresentedSecret, OAuthError> {
    Ok(PresentedSecret {
        client_id: ClientId::parse(id).map_err(|_| malformed())?,
        secret: ClientSecret::parse(secret).map_err(|_| malformed())?,
    })
}

fn malformed() -> OAuthError {
    OAuthError::InvalidClient(AuthenticationFailure::MalformedCredentials)
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
    presented: &PresentedSecret,
    origin: Origin<'_>,
    catalogue: &Catalogue,
    now: Timestamp,
) -> Result<Result<AuthenticatedClient, AuthenticationFailure>, Fault> {
    let (known, peppers) = tokio::join!(app.store.load_client(&presented.client_id), app.peppers(now));
    let circumstances = Circumstances {
        source: origin.source,
        account_path: origin.account_path,
        suspended_accounts: &catalogue.suspended_accounts,
        now,
    };
    match authenticate(presented, known?, peppers?.as_ref(), &circumstances) {
        Ok(client) => Ok(Ok(client)),
        Err(Unauthenticated { failure, tried }) => {
            if let Some(secret) = tried {
                usage::note_try(app, &presented.client_id, &secret, now).await;
            }
            Ok(Err(failure))
        }
    }
}
