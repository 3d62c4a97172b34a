//! Extractor of a posted form.

use crate::error::AuthorizeError;
use crate::sign_in::browser::SigningInBrowser;
use crate::sign_in::form_fields::FormFields;
use crate::sign_in::session::{self, PathId};
use crate::state::AuthorizeState;
use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::header;
use shared::services::sign_in::SignInSession;
use shared::web::cross_site::is_cross_site;
use std::sync::Arc;

/// Longest form that is read, in bytes.
const MAX_BODY: usize = 8 * 1024;

const CONTENT_TYPE: &[u8] = b"application/x-www-form-urlencoded";

/// A form that one of our pages sent, in the browser that started the sign-in.
pub struct SignInForm {
    pub session: SignInSession,
    pub fields: FormFields,
    /// The browser.
    pub browser: SigningInBrowser,
}

impl FromRequest<Arc<AuthorizeState>> for SignInForm {
    type Rejection = AuthorizeError;

    async fn from_request(request: Request, state: &Arc<AuthorizeState>) -> Result<Self, AuthorizeError> {
        let (mut head, body) = request.into_parts();
        if is_cross_site(&head.headers, &state.app.config.issuer) {
            return Err(AuthorizeError::CrossSite("cross_site"));
        }
        let content_type = head.headers.get(header::CONTENT_TYPE);
        let is_form =
            content_type.is_some_and(|value| value.as_bytes().to_ascii_lowercase().starts_with(CONTENT_TYPE));
        let body = to_bytes(body, MAX_BODY).await.map_err(|_| AuthorizeError::InvalidForm)?;
        let fields = FormFields::parse(&body).filter(|_| is_form).ok_or(AuthorizeError::InvalidForm)?;
        let path: PathId = Path::from_request_parts(&mut head, state).await;
        let id = session::path_id(path)?;
        let browser = session::browser_secret(state, &head.headers)?;
        if !browser.verify_csrf_token(&id, fields.csrf_token()) {
            return Err(AuthorizeError::CrossSite("wrong_form_token"));
        }
        match session::load(state, id.clone(), &head).await {
            // The page of the sign-in gives the same response again, or says that it is completed.
            Ok(session) if session.is_completed() => Err(AuthorizeError::StaleStep(id)),
            Err(AuthorizeError::AlreadyCompleted) => Err(AuthorizeError::StaleStep(id)),
            Ok(session) => {
                let browser = SigningInBrowser::of(state, &head, session.now).await;
                let browser = browser.map_err(|error| AuthorizeError::from(error).with_sign_in(&id))?;
                Ok(Self { session, fields, browser })
            }
            Err(error) => Err(error.with_sign_in(&id)),
        }
    }
}
