//! The person's answer.

use crate::desk::Desk;
use crate::form::{self, PathId};
use crate::give::{self, Word};
use crate::halt::{Halt, Trace, answer};
use crate::respond;
use crate::scene::Scene;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use shared::adapters::fault::Fault;
use shared::adapters::grant_secrets::person_of;
use shared::domain::authorization_error::AuthorizationError;
use shared::domain::sign_in::Step;
use shared::wire::parameters::Parameters;
use std::sync::Arc;

/// `POST /oauth/authorize/{sign_in_id}/consent`
pub async fn post(State(desk): State<Arc<Desk>>, id: PathId, request: Request<Body>) -> Response {
    let (mut trace, id) = (Trace::default(), form::text(id));
    let result = async {
        let (mut scene, form) = form::posted(&desk, &id, request, &mut trace).await?;
        let id = scene.id.clone();
        decide(&desk, &mut scene, &form).await.map_err(|halt| halt.on_page_of(&id))
    };
    let result = result.await;
    answer(&desk, "deciding", &trace, result)
}

/// Saying no is possible at every step; saying yes, once somebody has signed in.
async fn decide(desk: &Desk, scene: &mut Scene, form: &Parameters) -> Result<Response, Halt> {
    match form.get("decision") {
        Some("refuse") => {
            Err(scene.end(desk, AuthorizationError::AccessDenied("the person said no")).await?)
        }
        Some("other") => {
            scene.advance(desk, Step::Identify).await?;
            Ok(respond::to_page(&scene.id, None))
        }
        Some("allow") => allow(desk, scene).await,
        Some(_) | None => Ok(respond::to_page(&scene.id, None)),
    }
}

async fn allow(desk: &Desk, scene: &mut Scene) -> Result<Response, Halt> {
    let Step::Consent { person } = scene.sign_in.step.clone() else {
        return Err(Halt::MovedOn(scene.id.clone()));
    };
    let member = desk.app.store.load_member(&scene.client.account_id, &person.email).await?;
    if member.is_none_or(|member| person_of(&member) != person) {
        let gone =
            AuthorizationError::AccessDenied("the person is no member of the client's account any more");
        return Err(scene.end(desk, gone).await?);
    }
    let given = give::code(desk, scene, &person, Word::Now).await?;
    given.ok_or_else(|| Fault::new("issuing an authorization code", "it rests on no consent").into())
}
