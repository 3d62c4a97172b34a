//! Token revocation (RFC 7009): a client revokes a token of its own. With a token of a family the whole family is revoked:
//! every refresh token, current or rotated, and every access token (RFC 7009 §2.1).

use crate::authenticated_request::AuthenticatedRequest;
use crate::grants::subject_type;
use crate::openapi::schemas::{ClientAuthErrors, TokenParams};
use crate::response::{TokenEndpointError, empty};
use crate::token_kind::{TokenKind, classify};
use axum::extract::State;
use axum::response::Response;
use shared::adapters::crypto::token_crypto::family_id_of;
use shared::adapters::error::BackendError;
use shared::adapters::signing::InvalidToken;
use shared::app::App;
use shared::domain::audit::{Action, Actor, Target};
use shared::domain::oauth::refresh_token_family::FamilyId;
use shared::domain::sign_in::end_user::{Subject, SubjectType};
use shared::services::audit::AuditContext;
use shared::services::audit::security_events::SecurityEvents;
use std::sync::Arc;

/// Revoke a token of the caller.
#[utoipa::path(
    post, path = "/oauth/revoke", tag = "oauth", operation_id = "oauth_revoke",
    request_body(content(
        (TokenParams = "application/x-www-form-urlencoded"), (TokenParams = "application/json")
    )),
    security(("client_secret_basic" = []), ()),
    responses((status = 200, description = "The token is revoked, or is no token of the caller"), ClientAuthErrors)
)]
pub async fn revoke(
    State(app): State<Arc<App>>,
    request: AuthenticatedRequest,
) -> Result<Response, TokenEndpointError> {
    let revocation = request.recording_use(&app, revoke_token(&app, &request)).await?;
    request.log().record(|fields| match &revocation {
        Revocation::Revoked { jti, family_id, subject_type: _ } => {
            fields.jti.clone_from(jti);
            fields.grant_id = family_id.as_ref().map(FamilyId::to_string);
        }
        Revocation::NotRevoked(reason) => fields.reason = Some(reason.as_str()),
    });
    if let Revocation::Revoked { family_id, subject_type, .. } = revocation {
        record_revocation(&app, &request, family_id, subject_type).await;
    }
    // The same response for both: there is nothing that the client could do about an invalid token (RFC 7009 §2.2).
    Ok(empty())
}

/// Records the revocation in the audit trail.
async fn record_revocation(
    app: &App,
    request: &AuthenticatedRequest,
    grant_id: Option<FamilyId>,
    subject_type: Option<SubjectType>,
) {
    let client = request.client();
    let client_id = Some(client.client_id.clone());
    let target = Target { client_id, grant_id, subject_type, ..Target::default() };
    let (client_id, account_id) = (client.client_id.clone(), client.account_id.clone());
    let actor = Actor::of_client(client_id, account_id, request.client_ip());
    let context = AuditContext { actor, now: request.now(), request: None };
    let entry = context.audit(&client.account_id, Action::TokenRevoked, target, &[]);
    SecurityEvents { store: &app.store, events: &app.events }.record(&entry).await;
}

enum Revocation {
    /// Revoked by this request or an earlier one.
    Revoked { jti: Option<String>, family_id: Option<FamilyId>, subject_type: Option<SubjectType> },
    /// There is nothing to revoke.
    NotRevoked(NotRevokedReason),
}

/// Reason for which nothing was revoked, for the log.
enum NotRevokedReason {
    InvalidToken(InvalidToken),
    OtherClient,
    UnknownFamily,
}

impl NotRevokedReason {
    /// The reason's name in the log.
    const fn as_str(&self) -> &'static str {
        match self {
            Self::InvalidToken(invalid) => invalid.as_str(),
            Self::OtherClient => "other_client",
            Self::UnknownFamily => "unknown_family",
        }
    }
}

async fn revoke_token(app: &App, request: &AuthenticatedRequest) -> Result<Revocation, BackendError> {
    let (client_id, now) = (&request.client().client_id, request.now());
    match classify(app, request.token(), now).await? {
        TokenKind::Access(claims) if claims.client_id == *client_id => {
            let revoke_family = async {
                match &claims.grant_id {
                    Some(family_id) => app.store.revoke_family(family_id, now).await,
                    None => Ok(false),
                }
            };
            tokio::try_join!(app.store.revoke_token(&claims), revoke_family)?;
            let subject_type = Subject::parse(&claims.sub).ok().map(|subject| subject.subject_type());
            let (jti, family_id) = (Some(claims.jti), claims.grant_id);
            Ok(Revocation::Revoked { jti, family_id, subject_type })
        }
        TokenKind::Access(_) => Ok(Revocation::NotRevoked(NotRevokedReason::OtherClient)),
        TokenKind::Refresh(token) => {
            let family_id = family_id_of(&token);
            match app.store.load_family(&family_id).await? {
                Some(family) if family.authorization.client_id == *client_id => {
                    app.store.revoke_family(&family_id, now).await?;
                    let subject_type = subject_type(&family.authorization);
                    Ok(Revocation::Revoked { jti: None, family_id: Some(family_id), subject_type })
                }
                Some(_) => Ok(Revocation::NotRevoked(NotRevokedReason::OtherClient)),
                None => Ok(Revocation::NotRevoked(NotRevokedReason::UnknownFamily)),
            }
        }
        TokenKind::Invalid(invalid) => Ok(Revocation::NotRevoked(NotRevokedReason::InvalidToken(invalid))),
    }
}
