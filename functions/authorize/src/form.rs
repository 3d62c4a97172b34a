//! A form that a page of ours sends.

use crate::browser;
use crate::desk::Desk;
use crate::halt::{Halt, Trace};
use crate::scene::Scene;
use axum::body::{Body, to_bytes};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use http::{Request, header};
use shared::adapters::sign_in_secrets::BrowserSecret;
use shared::domain::sign_in::SignInId;
use shared::wire::parameters::Parameters;
use shared::wire::source::SourceAddress;

/// The longest form that is read, in bytes.
const MAX_BODY: usize = 8 * 1024;

/// The member of every form that says which page it is on.
pub const TOKEN: &str = "token";

/// The id in the path of a page or a form.
pub type PathId = Result<Path<String>, PathRejection>;

/// The id as text; what cannot be decoded is no id.
pub fn text(id: PathId) -> String {
    id.map_or_else(|_| String::new(), |Path(id)| id)
}

/// Reads a form, sees to it that a page of ours sent it, in the browser of that sign-in, and finds the sign-in.
pub async fn posted(
    desk: &Desk,
    id: &str,
    request: Request<Body>,
    trace: &mut Trace,
) -> Result<(Scene, Parameters), Halt> {
    let (head, body) = request.into_parts();
    if browser::is_foreign(desk, &head.headers) {
        return Err(Halt::Foreign("cross_site"));
    }
    let source = head.extensions.get::<SourceAddress>().map(|source| source.0);
    let is_form = head.headers.get(header::CONTENT_TYPE).is_some_and(|value| {
        value.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
    });
    let body = to_bytes(body, MAX_BODY).await.map_err(|_| Halt::NoForm)?;
    let form = Parameters::from_form(&body).ok().filter(|_| is_form).ok_or(Halt::NoForm)?;
    let sign_in = SignInId::parse(id).map_err(|_| Halt::NotHere("malformed_sign_in_id"))?;
    let browser: BrowserSecret = browser::secret(desk, &head.headers).ok_or(Halt::NotHere("no_cookie"))?;
    if !browser.takes(&sign_in, form.get(TOKEN).unwrap_or_default()) {
        return Err(Halt::Foreign("wrong_form_token"));
    }
    match Scene::enter(desk, id, &head.headers, source, trace).await {
        Ok(scene) => Ok((scene, form)),
        Err(Halt::Over) => Err(Halt::MovedOn(sign_in)),
        Err(halt) => Err(halt.on_page_of(&sign_in)),
    }
}
