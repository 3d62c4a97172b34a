//! Token revocation (RFC 7009): a client ends a token of its own before its time. With a token of an authorization all
//! of it ends: every refresh token, current or old, and every access token (RFC 7009 §2.1).

use crate::caller::{Caller, Heard};
use crate::presented_token::{PresentedToken, recognise};
use crate::respond;
use crate::stopped::Stopped;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use shared::adapters::fault::Fault;
use shared::adapters::grant_secrets::family_of;
use shared::adapters::signing::InvalidToken;
use shared::assembly::App;
use shared::domain::family::FamilyId;
use std::sync::Arc;

/// `POST /oauth/revoke`
pub async fn revoke(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let mut client_id = None;
    match answer(&app, request, &mut client_id).await {
        Ok(Revocation::Revoked { jti, grant_id }) => {
            let grant_id = grant_id.as_ref().map(FamilyId::as_str);
            tracing::info!(client_id, jti, grant_id, "token revoked");
            respond::nothing()
        }
        // The same answer: there is nothing that the client could do about it (RFC 7009 §2.2).
        Ok(Revocation::NothingToRevoke(why)) => {
            tracing::info!(client_id, reason = why.as_str(), "nothing to revoke");
            respond::nothing()
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
    NothingToRevoke(Why),
}

/// Why nothing was revoked. For the log only.
enum Why {
    Void(InvalidToken),
    OtherClient,
    UnknownFamily,
}

impl Why {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Void(invalid) => invalid.as_str(),
            Self::OtherClient => "other_client",
            Self::UnknownFamily => "unknown_family",
        }
    }
}

async fn answer(
    app: &App,
    request: Request<Body>,
    client_id: &mut Option<String>,
) -> Result<Revocation, Stopped> {
    let caller = Caller::admit(app, request, Heard::All, app.clock.now(), client_id).await?;
    Ok(caller.noting_use(app, carry_out(app, &caller)).await?)
}

async fn carry_out(app: &App, caller: &Caller) -> Result<Revocation, Fault> {
    let (client_id, now) = (&caller.client().client_id, caller.now());
    match recognise(app, caller.token(), now).await? {
        PresentedToken::Access(claims) if claims.client_id == *client_id => {
            let family = async {
                match &claims.grant_id {
                    Some(id) => app.store.revoke_family(id, now).await,
                    None => Ok(()),
                }
            };
            tokio::try_join!(app.store.revoke_token(&claims), family)?;
            Ok(Revocation::Revoked { jti: Some(claims.jti), grant_id: claims.grant_id })
        }
        PresentedToken::Access(_) => Ok(Revocation::NothingToRevoke(Why::OtherClient)),
        PresentedToken::Refresh(token) => {
            let id = family_of(&token);
            match app.store.load_family(&id).await? {
                Some(family) if family.authorization.client_id == *client_id => {
                    app.store.revoke_family(&id, now).await?;
                    Ok(Revocation::Revoked { jti: None, grant_id: Some(id) })
                }
                Some(_) => Ok(Revocation::NothingToRevoke(Why::OtherClient)),
                None => Ok(Revocation::NothingToRevoke(Why::UnknownFamily)),
            }
        }
        PresentedToken::Void(invalid) => Ok(Revocation::NothingToRevoke(Why::Void(invalid))),
    }
}
