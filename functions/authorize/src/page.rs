//! The page of a sign-in's present step.

use crate::desk::Desk;
use crate::form::{self, PathId};
use crate::halt::{Halt, Trace, answer};
use crate::look::{Ask, Code, Frame, Identify, Line, Stranger, shown};
use crate::problem::{Problem, Trouble};
use crate::respond;
use crate::scene::Scene;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use shared::domain::person::Person;
use shared::domain::sign_in::{CODE_LIFETIME, EmailCode, SignInId, Step};
use shared::wire::parameters::Parameters;
use shared::wire::source::SourceAddress;
use std::sync::Arc;

/// `GET /oauth/authorize/{sign_in_id}`
pub async fn show(State(desk): State<Arc<Desk>>, id: PathId, head: Parts) -> Response {
    let (mut trace, id) = (Trace::default(), form::text(id));
    let result = page(&desk, &id, &head, &mut trace).await;
    let result = match SignInId::parse(&id) {
        Ok(id) => result.map_err(|halt| halt.on_page_of(&id)),
        Err(_) => result,
    };
    answer(&desk, "showing a page", &trace, result)
}

async fn page(desk: &Desk, id: &str, head: &Parts, trace: &mut Trace) -> Result<Response, Halt> {
    let source = head.extensions.get::<SourceAddress>().map(|source| source.0);
    let scene = Scene::enter(desk, id, &head.headers, source, trace).await?;
    let trouble = Parameters::from_form(head.uri.query().unwrap_or_default().as_bytes())
        .ok()
        .and_then(|query| query.get(Trouble::PARAMETER).and_then(Trouble::parse));
    match &scene.sign_in.step {
        Step::Identify | Step::Upstream { .. } => {
            let problem = trouble.filter(|trouble| *trouble == Trouble::Address).map(Problem::of);
            Ok(identify(desk, &scene, problem))
        }
        Step::UpstreamFailed => Ok(identify(desk, &scene, Some(Problem::upstream(desk.provider())))),
        Step::EmailCode(kept) => Ok(code(desk, &scene, kept, trouble)),
        Step::Stranger { email } => {
            let account = desk.app.store.load_account(&scene.client.account_id).await?;
            let account = account.map(|account| shown(&account.account_name)).unwrap_or_default();
            let page = Stranger { frame: frame(desk, &scene), email: email.as_str(), account: &account };
            Ok(respond::page(StatusCode::OK, &page, &scene.forms(desk)))
        }
        Step::Consent { person } => consent(desk, &scene, person).await,
        Step::Over => Err(Halt::Over),
    }
}

fn frame<'a>(desk: &'a Desk, scene: &'a Scene) -> Frame<'a> {
    Frame {
        host: desk.host(),
        id: &scene.id,
        token: scene.form_token(),
        client: shown(&scene.client.client_name),
        by_mail: desk.post.is_some(),
        provider: desk.provider(),
    }
}

fn identify(desk: &Desk, scene: &Scene, problem: Option<Problem>) -> Response {
    let page = Identify { frame: frame(desk, scene), problem };
    respond::page(StatusCode::OK, &page, &scene.forms(desk))
}

fn code(desk: &Desk, scene: &Scene, kept: &EmailCode, trouble: Option<Trouble>) -> Response {
    let left = kept.tries_left(scene.now);
    let problem = if !kept.is_live(scene.now) {
        Some(Problem::expired())
    } else if left == 0 {
        Some(Problem::spent())
    } else if trouble == Some(Trouble::Code) {
        Some(Problem::of(Trouble::Code))
    } else {
        (kept.tries > 0).then(|| Problem::wrong(left))
    };
    let page = Code {
        frame: frame(desk, scene),
        problem,
        email: kept.email.as_str(),
        usable: left > 0,
        minutes: CODE_LIFETIME.as_mins(),
    };
    respond::page(StatusCode::OK, &page, &scene.forms(desk))
}

async fn consent(desk: &Desk, scene: &Scene, person: &Person) -> Result<Response, Halt> {
    let request = &scene.sign_in.request;
    let account = desk.app.store.load_account(&request.account_id).await?;
    let account = account.ok_or(Halt::Client("account_gone"))?;
    let resource = scene.catalogue.value.resources.get(&request.resource);
    let resource = resource.ok_or(Halt::Client("resource_gone"))?;
    let offered = resource.scopes.iter().filter(|offered| request.scopes.contains(offered.name.as_str()));
    let lines: Vec<Line<'_>> = offered
        .map(|offered| Line { words: offered.description.as_str(), name: offered.name.as_str() })
        .collect();
    let page = Ask {
        frame: frame(desk, scene),
        account: shown(&account.account_name),
        resource: shown(&resource.resource_name),
        email: person.email.as_str(),
        lines,
        place: request.redirect.place(),
        public: scene.client.token_endpoint_auth_method.is_public(),
    };
    Ok(respond::page(StatusCode::OK, &page, &scene.forms(desk)))
}
