//! The authorization endpoint (RFC 6749 §4.1.1): checks what a client asks, and begins a sign-in.

use crate::browser;
use crate::desk::Desk;
use crate::halt::{Halt, Trace, WayBack, answer};
use crate::query::{Query, Twice};
use crate::respond;
use crate::scene;
use crate::upstream;
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, header};
use shared::adapters::entropy::random;
use shared::adapters::sign_in_secrets::{BrowserSecret, digest_of_sign_in};
use shared::domain::authorization_error::AuthorizationError;
use shared::domain::ids::ClientId;
use shared::domain::redirect_uri::RedirectTarget;
use shared::domain::sign_in::{SignIn, SignInId, Step};
use std::sync::Arc;

/// `GET /oauth/authorize`
pub async fn begin(State(desk): State<Arc<Desk>>, head: Parts) -> Response {
    let mut trace = Trace::default();
    let query = Query::read(head.uri.query().unwrap_or_default());
    let result = start(&desk, &query, &head.headers, &mut trace).await;
    answer(&desk, "beginning", &trace, result)
}

/// The client and its redirect URI come first: without them there is nobody to tell anything but the person
/// (RFC 6749 §4.1.2.1).
async fn start(desk: &Desk, query: &Query, headers: &HeaderMap, trace: &mut Trace) -> Result<Response, Halt> {
    let now = desk.app.clock.now();
    let client_id = match query.get("client_id") {
        Ok(Some(text)) => ClientId::parse(text).map_err(|_| Halt::NoClientId)?,
        Ok(None) | Err(Twice) => return Err(Halt::NoClientId),
    };
    trace.client_id = Some(client_id.to_string());
    let (client, catalogue) = scene::client(desk, &client_id, now).await?;
    trace.account_id = Some(client.account_id.to_string());
    let presented = query.get("redirect_uri").map_err(|Twice| Halt::RedirectTwice)?;
    let redirect = RedirectTarget::choose(&client.redirect_uris, presented).map_err(Halt::Redirect)?;

    let back = |error| {
        let way = WayBack { redirect: redirect.clone(), state: query.state().map(str::to_owned) };
        Halt::Back(way, error)
    };
    let find = |id: &_| catalogue.value.resources.get(id);
    let request = query.request(&client, &redirect, find).map_err(back)?;
    let by_mail = desk.post.is_some();
    if !by_mail && desk.app.upstream.is_none() {
        return Err(back(AuthorizationError::TemporarilyUnavailable(
            "the operator has set up no way for people to sign in",
        )));
    }

    // Tabs of one browser share its secret, and each has a sign-in of its own.
    let known = browser::secret(desk, headers);
    let browser = known.unwrap_or_else(BrowserSecret::generate);
    let id = SignInId::from_entropy(random());
    let departure = if by_mail { None } else { Some(upstream::depart(desk, &id, now).await?) };
    let (step, location) = match departure {
        Some(departure) => (departure.step, Some(departure.url)),
        None => (Step::Identify, None),
    };
    let sign_in = SignIn::begin(browser.digest(), request, step, now);
    desk.app.store.begin_sign_in(&digest_of_sign_in(&id), &sign_in).await?;
    tracing::info!(
        client_id = client.client_id.as_str(),
        account_id = client.account_id.as_str(),
        resource = sign_in.request.resource.as_str(),
        "sign-in begun"
    );
    let mut response =
        location.map_or_else(|| respond::to_page(&id, None), |location| respond::see_other(&location));
    response.headers_mut().insert(header::SET_COOKIE, browser::cookie(desk, &browser));
    Ok(response)
}
