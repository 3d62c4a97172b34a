//! Typing in a one-time code. The try is counted before the code is looked at, by a conditional write: of any number at
//! once, no more are compared than may be tried.

use crate::desk::Desk;
use crate::form::{self, PathId};
use crate::give;
use crate::halt::{Halt, Trace, answer};
use crate::problem::Trouble;
use crate::respond;
use crate::scene::Scene;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use shared::adapters::grant_secrets::person_of;
use shared::adapters::sign_in_secrets::{digest_of_one_time_code, equal};
use shared::domain::one_time_code::OneTimeCode;
use shared::domain::sign_in::{EmailCode, Step};
use shared::wire::parameters::Parameters;
use std::sync::Arc;

/// `POST /oauth/authorize/{sign_in_id}/code`
pub async fn post(State(desk): State<Arc<Desk>>, id: PathId, request: Request<Body>) -> Response {
    let (mut trace, id) = (Trace::default(), form::text(id));
    let result = async {
        let (mut scene, form) = form::posted(&desk, &id, request, &mut trace).await?;
        let id = scene.id.clone();
        check(&desk, &mut scene, &form).await.map_err(|halt| halt.on_page_of(&id))
    };
    let result = result.await;
    answer(&desk, "typing in a code", &trace, result)
}

async fn check(desk: &Desk, scene: &mut Scene, form: &Parameters) -> Result<Response, Halt> {
    let Step::EmailCode(kept) = scene.sign_in.step.clone() else {
        return Err(Halt::MovedOn(scene.id.clone()));
    };
    // What is no code was a slip, and is no try.
    let Ok(typed) = OneTimeCode::parse(form.get("code").unwrap_or_default()) else {
        return Ok(respond::to_page(&scene.id, Some(Trouble::Code)));
    };
    if kept.tries_left(scene.now) == 0 {
        return Ok(respond::to_page(&scene.id, None));
    }
    let peppers = desk.app.peppers(scene.now).await?;
    let tried = EmailCode { tries: kept.tries + 1, ..kept.clone() };
    scene.advance(desk, Step::EmailCode(tried)).await?;
    // The member is read either way: an address that is nobody's fails as a wrong code does.
    let member = desk.app.store.load_member(&scene.client.account_id, &kept.email).await?;
    let is_right = equal(&digest_of_one_time_code(&peppers, &scene.id, &kept.email, &typed), &kept.digest);
    if let Some(member) = member.filter(|_| is_right) {
        return give::signed_in(desk, scene, person_of(&member)).await;
    }
    tracing::info!(
        client_id = scene.client.client_id.as_str(),
        account_id = scene.client.account_id.as_str(),
        tries = kept.tries + 1,
        "wrong code"
    );
    Ok(respond::to_page(&scene.id, None))
}
