//! Token revocation (RFC 7009): a client ends a token of its own before its time.

use crate::caller::Caller;
use crate::presented_token::{PresentedToken, recognise};
use crate::respond;
use crate::stopped::Stopped;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use shared::adapters::fault::Fault;
use shared::adapters::signing::InvalidToken;
use shared::assembly::App;
use std::sync::Arc;

/// `POST /oauth/revoke`
pub async fn revoke(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let mut client_id = None;
    match answer(&app, request, &mut client_id).await {
        Ok(Revocation::Revoked { jti }) => {
            tracing::info!(client_id, jti, "token revoked");
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
        jti: String,
    },
    NothingToRevoke(Why),
}

/// Why nothing was revoked. For the log only.
enum Why {
    Void(InvalidToken),
    OtherClient,
}

impl Why {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Void(invalid) => invalid.as_str(),
            Self::OtherClient => "other_client",
        }
    }
}

async fn answer(
    app: &App,
    request: Request<Body>,
    client_id: &mut Option<String>,
) -> Result<Revocation, Stopped> {
    let caller = Caller::admit(app, request, app.clock.now(), client_id).await?;
    Ok(caller.noting_use(app, carry_out(app, &caller)).await?)
}

async fn carry_out(app: &App, caller: &Caller) -> Result<Revocation, Fault> {
    match recognise(app, caller.token(), caller.now()).await? {
        PresentedToken::Access(claims) if claims.client_id == caller.client().client_id => {
            app.store.revoke_token(&claims).await?;
            Ok(Revocation::Revoked { jti: claims.jti })
        }
        PresentedToken::Access(_) => Ok(Revocation::NothingToRevoke(Why::OtherClient)),
        PresentedToken::Void(invalid) => Ok(Revocation::NothingToRevoke(Why::Void(invalid))),
    }
}
