//! Token revocation (RFC 7009): a client ends a token of its own before its time. With a token of an authorization all
//! of it ends: every refresh token, current or old, and every access token (RFC 7009 §2.1).

use crate::authenticated_request::{AuthenticatedRequest, ClientAuthPolicy};
use crate::error::TokenEndpointError;
use crate::response;
use crate::token_kind::{TokenKind, classify};
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use shared::adapters::crypto::token_crypto::family_id_of;
use shared::adapters::error::BackendError;
use shared::adapters::signing::InvalidToken;
use shared::app::App;
use shared::domain::oauth::refresh_token_family::FamilyId;
use std::sync::Arc;

/// `POST /oauth/revoke`
pub async fn revoke(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let mut client_id = None;
    match answer(&app, request, &mut client_id).await {
        Ok(Revocation::Revoked { jti, grant_id }) => {
            let grant_id = grant_id.as_ref().map(FamilyId::as_str);
            tracing::info!(client_id, jti, grant_id, "token revoked");
            response::empty()
        }
        // The same answer: there is nothing that the client could do about it (RFC 7009 §2.2).
        Ok(Revocation::NothingToRevoke(why)) => {
            tracing::info!(client_id, reason = why.as_str(), "nothing to revoke");
            response::empty()
        }
        Err(stopped) => stopped.answer("revocation", client_id.as_deref()),
    }
}

enum Revocation {
    /// Now, or before.
    Revoked {
        jti: Option<String>,
        grant_id: Option<FamilyId>,
    },
    NothingToRevoke(NotRevokedReason),
}

/// Why nothing was revoked. For the log only.
enum NotRevokedReason {
    InvalidToken(InvalidToken),
    OtherClient,
    UnknownFamily,
}

impl NotRevokedReason {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::InvalidToken(invalid) => invalid.as_str(),
            Self::OtherClient => "other_client",
            Self::UnknownFamily => "unknown_family",
        }
    }
}

async fn answer(
    app: &App,
    request: Request<Body>,
    client_id: &mut Option<String>,
) -> Result<Revocation, TokenEndpointError> {
    let caller = AuthenticatedRequest::authenticate(
        app,
        request,
        ClientAuthPolicy::AllowPublic,
        app.clock.now(),
        client_id,
    )
    .await?;
    Ok(caller.recording_use(app, revoke_token(app, &caller)).await?)
}

async fn revoke_token(app: &App, caller: &AuthenticatedRequest) -> Result<Revocation, BackendError> {
    let (client_id, now) = (&caller.client().client_id, caller.now());
    match classify(app, caller.token(), now).await? {
        TokenKind::Access(claims) if claims.client_id == *client_id => {
            let family = async {
                match &claims.grant_id {
                    Some(id) => app.store.revoke_family(id, now).await,
                    None => Ok(()),
                }
            };
            tokio::try_join!(app.store.revoke_token(&claims), family)?;
            Ok(Revocation::Revoked { jti: Some(claims.jti), grant_id: claims.grant_id })
        }
        TokenKind::Access(_) => Ok(Revocation::NothingToRevoke(NotRevokedReason::OtherClient)),
        TokenKind::RefreshTokenRequest(token) => {
            let id = family_id_of(&token);
            match app.store.load_family(&id).await? {
                Some(family) if family.authorization.client_id == *client_id => {
                    app.store.revoke_family(&id, now).await?;
                    Ok(Revocation::Revoked { jti: None, grant_id: Some(id) })
                }
                Some(_) => Ok(Revocation::NothingToRevoke(NotRevokedReason::OtherClient)),
                None => Ok(Revocation::NothingToRevoke(NotRevokedReason::UnknownFamily)),
            }
        }
        TokenKind::Invalid(invalid) => {
            Ok(Revocation::NothingToRevoke(NotRevokedReason::InvalidToken(invalid)))
        }
    }
}
