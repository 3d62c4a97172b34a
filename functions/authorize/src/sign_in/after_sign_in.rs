//! What follows once a person is identified.

use crate::pages::response;
use crate::sign_in::browser::SigningInBrowser;
use crate::state::AuthorizeState;
use axum::response::Response;
use http::header;
use shared::adapters::crypto::peppers::Peppers;
use shared::services::console::NewSession;
use shared::services::sign_in::known_browser::note_sign_in;
use shared::services::sign_in::{ConsolePerson, IdentifiedPerson, SignInError, SignInOutcome, SignInSession};
use shared::web::response::see_other;

/// Redirects to the client with a code, to the consent page, or to the console with a session. The browser and its source are
/// known from now on.
pub async fn respond(
    state: &AuthorizeState,
    session: &mut SignInSession,
    peppers: &Peppers,
    person: IdentifiedPerson,
    browser: SigningInBrowser,
) -> Result<Response, SignInError> {
    let SigningInBrowser { known, user_agent } = browser;
    let email = match &person {
        IdentifiedPerson::EndUser(person) => person.email.clone(),
        IdentifiedPerson::Members(person) => person.email.clone(),
    };
    let (client_ip, now) = (session.client_ip, session.now);
    let next = async {
        match person {
            IdentifiedPerson::EndUser(person) => {
                match session.after_sign_in(&state.app.store, &state.events, person).await? {
                    SignInOutcome::CodeIssued(code) => response::redirect_with_code(state, session, &code),
                    SignInOutcome::ConsentRequired => Ok(response::redirect_to_sign_in(&session.id, None)),
                }
            }
            IdentifiedPerson::Members(person) => {
                let is_seen = known.as_ref().is_some_and(|browser| browser.knows(&person.email, now));
                let response = enter_console(state, session, &person, user_agent).await?;
                if let Some(sender) = state.email.as_ref().filter(|_| !is_seen) {
                    let issuer = &state.app.config.issuer;
                    sender.send_new_sign_in(&person, issuer, client_ip, now).await;
                }
                Ok(response)
            }
        }
    };
    let (next, cookie) =
        tokio::join!(next, note_sign_in(&state.app.store, peppers, &email, client_ip, known.clone(), now));
    let mut response = next?;
    response.headers_mut().append(header::SET_COOKIE, state.known_browser_cookie().set(&cookie));
    Ok(response)
}

/// Completes the sign-in, so that it starts one session, and starts that.
async fn enter_console(
    state: &AuthorizeState,
    session: &mut SignInSession,
    person: &ConsolePerson,
    user_agent: String,
) -> Result<Response, SignInError> {
    let request = session.complete_for_console(&state.app.store).await?;
    let cookie = state
        .console_sessions(session.now)
        .start(NewSession {
            person,
            wanted: request.to.account(),
            replaces: request.confirms.as_ref().map(|confirmed| confirmed.digest.as_str()),
            scopes: None,
            source_ip: session.client_ip,
            user_agent,
        })
        .await?;
    let mut response = see_other(request.to.as_str());
    response.headers_mut().append(header::SET_COOKIE, state.console_cookie().set(&cookie.expose()));
    Ok(response)
}
