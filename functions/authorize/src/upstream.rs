//! Signing in at the upstream OpenID Connect provider: leaving for it, and coming back.

use crate::desk::Desk;
use crate::form::{self, PathId};
use crate::give;
use crate::halt::{Halt, Trace, answer};
use crate::respond;
use crate::scene::Scene;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use http::request::Parts;
use jiff::Timestamp;
use shared::adapters::fault::Fault;
use shared::adapters::grant_secrets::person_of;
use shared::adapters::sealed;
use shared::adapters::upstream::{PendingSignIn, UpstreamAnswer, Whom};
use shared::domain::sign_in::{SignIn, SignInId, Step};
use shared::domain::upstream_refused::UpstreamRefused;
use shared::wire::parameters::Parameters;
use shared::wire::source::SourceAddress;
use std::sync::Arc;

/// What is kept of a departure, sealed for this and for one sign-in.
fn purpose(id: &SignInId) -> String {
    format!("upstream sign-in {id}")
}

/// A departure: where to, and what the sign-in waits for.
pub struct Leaving {
    pub url: String,
    pub step: Step,
}

/// Prepares to leave. `state` is the sign-in's own id, which is of use to nobody but the browser that began it.
pub async fn depart(desk: &Desk, id: &SignInId, whom: Whom, now: Timestamp) -> Result<Leaving, Halt> {
    const DOING: &str = "leaving for the sign-in provider";
    let upstream = desk.app.upstream.as_ref().ok_or(Halt::NotHere("no_upstream"))?;
    let callback = desk.callback();
    let (departure, peppers) =
        tokio::join!(upstream.depart(id.as_str(), &callback, whom, now), desk.app.peppers(now));
    let (departure, peppers) = (departure?, peppers?);
    let pending = serde_json::to_vec(&departure.pending).map_err(|error| Fault::new(DOING, error))?;
    let sealed = sealed::seal(peppers.sealing_key(), &purpose(id), &pending);
    Ok(Leaving { url: departure.url, step: Step::Upstream { sealed } })
}

/// `POST /oauth/authorize/{sign_in_id}/upstream`
pub async fn leave(State(desk): State<Arc<Desk>>, id: PathId, request: Request<Body>) -> Response {
    let (mut trace, id) = (Trace::default(), form::text(id));
    let result = async {
        let (mut scene, _) = form::posted(&desk, &id, request, &mut trace).await?;
        let leaving = depart(&desk, &scene.id, whom(&scene.sign_in), scene.now)
            .await
            .map_err(|halt| halt.on_page_of(&scene.id))?;
        scene.advance(&desk, leaving.step).await?;
        Ok(respond::see_other(&leaving.url))
    };
    let result = result.await;
    answer(&desk, "leaving for the provider", &trace, result)
}

/// Who is wanted: the provider still knows whoever was sent away, and would send them back at once.
fn whom(sign_in: &SignIn) -> Whom {
    match (&sign_in.step, sign_in.gave_way) {
        (Step::UpstreamFailed, true) => Whom::AnotherByLogin,
        (Step::Stranger { .. }, _) | (_, true) => Whom::Another,
        (_, false) => Whom::Anybody,
    }
}

/// `GET /oauth/callback`
pub async fn come_back(State(desk): State<Arc<Desk>>, head: Parts) -> Response {
    let mut trace = Trace::default();
    let result = arrive(&desk, &head, &mut trace).await;
    answer(&desk, "coming back from the provider", &trace, result)
}

async fn arrive(desk: &Desk, head: &Parts, trace: &mut Trace) -> Result<Response, Halt> {
    let query = Parameters::from_form(head.uri.query().unwrap_or_default().as_bytes());
    let query = query.map_err(|_| Halt::NotHere("malformed_answer"))?;
    let state = query.get("state").ok_or(Halt::NotHere("no_state"))?;
    let source = head.extensions.get::<SourceAddress>().map(|source| source.0);
    let mut scene = Scene::enter(desk, state, &head.headers, source, trace).await?;
    let id = scene.id.clone();
    identify(desk, &mut scene, &query).await.map_err(|halt| halt.on_page_of(&id))
}

async fn identify(desk: &Desk, scene: &mut Scene, query: &Parameters) -> Result<Response, Halt> {
    let upstream = desk.app.upstream.as_ref().ok_or(Halt::NotHere("no_upstream"))?;
    let Step::Upstream { sealed } = &scene.sign_in.step else {
        return Err(Halt::MovedOn(scene.id.clone()));
    };
    let peppers = desk.app.peppers(scene.now).await?;
    let pending = sealed::open(peppers.sealing_key(), &purpose(&scene.id), sealed)
        .and_then(|plain| serde_json::from_slice::<PendingSignIn>(&plain).ok());
    // Whatever comes of this answer, there will be no second one.
    scene.advance(desk, Step::UpstreamFailed).await?;
    let identity = match (pending, read(query)) {
        (Some(pending), Ok(answer)) => upstream.arrive(answer, &pending, &desk.callback(), scene.now).await?,
        (_, Err(refused)) => Err(refused),
        // The pepper was replaced meanwhile.
        (None, Ok(_)) => Err(UpstreamRefused::MalformedAnswer),
    };
    let (client_id, account_id) = (scene.client.client_id.as_str(), scene.client.account_id.as_str());
    let identity = match identity {
        Ok(identity) => identity,
        Err(refused) => {
            tracing::info!(client_id, account_id, reason = refused.as_str(), "nobody signed in upstream");
            return Ok(respond::to_page(&scene.id, None));
        }
    };
    let member = desk.app.store.load_member(&scene.client.account_id, &identity.email).await?;
    if let Some(member) = member {
        return give::signed_in(desk, scene, person_of(&member)).await;
    }
    tracing::info!(client_id, account_id, reason = "not_a_member", "nobody signed in upstream");
    scene.advance(desk, Step::Stranger { email: identity.email }).await?;
    Ok(respond::to_page(&scene.id, None))
}

fn read(query: &Parameters) -> Result<UpstreamAnswer<'_>, UpstreamRefused> {
    UpstreamAnswer::read(query.get("code"), query.get("error"), query.get("iss"))
}
