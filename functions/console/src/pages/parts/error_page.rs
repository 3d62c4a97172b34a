//! The page of an error: what happened, and what to do.

use crate::error::ConsoleError;
use crate::forms::kept::AfterSignIn;
use crate::forms::retry::RetryForm;
use crate::forms::too_long::{LongField, TooLongForm};
use crate::frame::{Frame, Link};
use crate::pages::sign_in::sign_in_url;
use askama::Template;
use shared::domain::account::SignInMethod;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::validation::FieldError;
use shared::services::principal::AccessError;
use shared::texts::{Complaint, Texts};

/// Texts of an error's page.
pub struct ErrorPage {
    /// Its heading.
    pub title: String,
    /// What happened, and what to do.
    pub message: String,
    details: Vec<Complaint>,
    /// Who can give the right that is missing.
    administrators: Vec<EmailAddress>,
    /// The form, if it can be sent again.
    retry: Option<RetryForm>,
    /// Where the person gets on, if not to the first page.
    next: Option<Link>,
    /// The field that is too long, with its complaint.
    long_field: Option<LongFieldView>,
}

/// A field that is too long, to be shortened in the form that keeps the others.
struct LongFieldView {
    name: String,
    label: String,
    value: String,
    complaint: String,
}

/// Template of an error's page.
#[derive(Template)]
#[template(path = "frame/error.html")]
pub struct ErrorTemplate<'a> {
    frame: Frame<'a>,
    page: ErrorPage,
}

impl ErrorPage {
    /// The page of an error.
    pub fn new(error: &ConsoleError, texts: Texts) -> Self {
        let (title, message) = text_ids(error);
        let long = match error {
            ConsoleError::FormTooLong(form) => Some(TooLongForm::of(form)),
            _ => None,
        };
        let message = match error {
            ConsoleError::Access(AccessError::InsufficientScope(scope)) => {
                texts.with("error-scope-message", [("scope", scope.as_str())])
            }
            ConsoleError::LimitReached(reached) => {
                texts.with("error-limit-message", [("limit", &reached.to_string())])
            }
            ConsoleError::RateLimited(seconds) => {
                let minutes = (seconds.max(&1) + 59) / 60;
                texts.count("error-rate-message", u64::try_from(minutes).unwrap_or(1))
            }
            ConsoleError::FormTooLong(form) => {
                texts.with("error-too-long-message", [("limit", (form.limit / 1024).to_string())])
            }
            _ => texts.get(message),
        };
        let details = match error {
            ConsoleError::Invalid(errors) => {
                let complaint = |error: &FieldError| {
                    let Complaint { text, lang } = texts.complaint(&error.detail);
                    Complaint { text: format!("{}: {text}", error.path), lang }
                };
                errors.iter().map(complaint).collect()
            }
            ConsoleError::FormTooLong(_) if long.as_ref().is_some_and(|form| form.others.is_none()) => {
                let complaint = |field: &LongField| {
                    let LongFieldView { label, complaint, .. } = long_field(texts, field);
                    Complaint { text: format!("{label}: {complaint}"), lang: texts.language().tag() }
                };
                long.iter().flat_map(|form| &form.longest).map(complaint).collect()
            }
            ConsoleError::Access(error) if !matches!(error, AccessError::InsufficientScope(_)) => {
                vec![texts.complaint(&error.to_string())]
            }
            _ => Vec::new(),
        };
        let next = match error {
            ConsoleError::OtherSignIn(methods, to) => {
                Some(Link { href: sign_in_url(methods, to.as_str()), text: texts.get("sign-in-otherwise") })
            }
            _ => None,
        };
        let (mut retry, mut shown_field) = (None, None);
        if let Some(TooLongForm { others: Some(others), longest: Some(field), .. }) = &long {
            retry = Some(others.clone());
            shown_field = Some(long_field(texts, field));
        }
        let title = texts.get(title);
        Self { title, message, details, administrators: Vec::new(), retry, next, long_field: shown_field }
    }

    /// The same page with who can give the right that is missing.
    pub fn with_administrators(self, administrators: Vec<EmailAddress>) -> Self {
        Self { administrators, ..self }
    }

    /// The same page with a form that can be sent again.
    pub fn with_retry(self, retry: Option<RetryForm>) -> Self {
        Self { retry, ..self }
    }

    /// The same page with the way through the sign-in.
    pub fn with_sign_in(self, texts: Texts, after: &AfterSignIn) -> Self {
        let to =
            form_urlencoded::Serializer::new(String::new()).append_pair("to", after.to.as_str()).finish();
        let next =
            Link { href: format!("/console/sign-in?{to}"), text: texts.get("error-session-ended-button") };
        let message = if after.is_kept { texts.get("error-session-ended-kept") } else { self.message };
        Self { message, next: Some(next), ..self }
    }

    /// The template of the page.
    pub fn template(self, frame: Frame<'_>) -> ErrorTemplate<'_> {
        ErrorTemplate { frame, page: self }
    }
}

fn long_field(texts: Texts, field: &LongField) -> LongFieldView {
    let size = [("size", kilobytes(field.value.len())), ("room", (field.room / 1024).to_string())];
    LongFieldView {
        name: field.name.clone(),
        label: field.label.map_or_else(|| field.name.clone(), |id| texts.get(id)),
        value: field.value.clone(),
        complaint: texts.with("error-too-long-field", size),
    }
}

/// Bytes as kilobytes, rounded up.
fn kilobytes(bytes: usize) -> String {
    bytes.div_ceil(1024).to_string()
}

/// The ids of an error's title and message.
fn text_ids(error: &ConsoleError) -> (&'static str, &'static str) {
    match error {
        ConsoleError::SignedOut(_) | ConsoleError::SessionEnded => {
            ("error-session-ended-title", "error-session-ended-message")
        }
        ConsoleError::ChooseAccount(_) | ConsoleError::NoAccount => {
            ("error-no-account-title", "error-no-account-message")
        }
        ConsoleError::ConfirmationRequired(..) => ("error-confirm-title", "error-confirm-message"),
        ConsoleError::AccountDisabled => ("error-account-disabled-title", "error-account-disabled-message"),
        ConsoleError::OtherSignIn(methods, _) if methods.contains(SignInMethod::Provider) => {
            ("error-other-sign-in-title", "error-provider-only-message")
        }
        ConsoleError::OtherSignIn(..) => ("error-other-sign-in-title", "error-code-only-message"),
        ConsoleError::LinkUnusable => ("error-link-title", "error-link-message"),
        ConsoleError::NotFound => ("error-not-found-title", "error-not-found-message"),
        ConsoleError::MethodNotAllowed(_) => ("error-method-title", "error-method-message"),
        ConsoleError::Access(AccessError::InsufficientScope(_)) => {
            ("error-scope-title", "error-scope-message")
        }
        ConsoleError::Access(_) => ("error-forbidden-title", "error-forbidden-message"),
        ConsoleError::CrossSite(_) | ConsoleError::InvalidForm => {
            ("error-cross-site-title", "error-cross-site-message")
        }
        ConsoleError::FormTooLong(_) => ("error-too-long-title", "error-too-long-message"),
        ConsoleError::Invalid(_) => ("error-invalid-title", "error-invalid-message"),
        ConsoleError::Changed => ("error-changed-title", "error-changed-message"),
        ConsoleError::Conflict(_) => ("error-conflict-title", "error-conflict-message"),
        ConsoleError::LimitReached(_) => ("error-limit-title", "error-limit-message"),
        ConsoleError::RateLimited(_) => ("error-rate-title", "error-rate-message"),
        ConsoleError::Unavailable(_) => ("error-unavailable-title", "error-unavailable-message"),
    }
}
