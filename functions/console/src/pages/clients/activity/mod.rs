//! What happened to a client lately: why it was refused, and who changed it.

pub mod people;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, Link};
use crate::pages::audit::{AuditRow, rows};
use crate::pages::clients::client_frame;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use shared::domain::audit::filter::AuditFilter;
use shared::domain::client::Client;
use shared::domain::management::ManagementScope;
use shared::domain::oauth::error::ClientAuthFailure;
use shared::domain::oauth::refusal::{Refusal, RefusalReason};
use shared::services::audit::trail::AuditTrail;
use shared::texts::Texts;
use std::sync::Arc;

/// Changes that are shown.
const MAX_CHANGES: usize = 20;

/// Refusals for one reason.
struct RefusalRow {
    reason: String,
    /// Its name in the API.
    code: String,
    remedy: Option<Link>,
    what_to_do: String,
    last: Instant,
    address: String,
    hours: String,
}

#[derive(Template)]
#[template(path = "clients/activity.html")]
struct ActivityPage<'a> {
    frame: Frame<'a>,
    refusals: Vec<RefusalRow>,
    /// Changes; `None` for persons who may not read the audit trail.
    changes: Option<Vec<AuditRow>>,
    /// URL of all changes.
    all_changes: String,
}

/// `GET …/clients/{client_id}/activity`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let (client, refusals) = clients.with_refusals(&client_id).await?;
    let page = ActivityPage {
        frame: client_frame(&state, &request, &client, request.texts.get("activity-title")),
        refusals: refusals.into_iter().map(|refusal| row(&request, &client, refusal)).collect(),
        changes: changes(&state, &request, &client).await?,
        all_changes: request.url(&format!("/audit?client={}", client.client_id)),
    };
    Ok(respond::page(&page))
}

async fn changes(
    state: &ConsoleState,
    request: &AccountRequest,
    client: &Client,
) -> Result<Option<Vec<AuditRow>>, ConsoleError> {
    if !request.may(ManagementScope::AuditRead) {
        return Ok(None);
    }
    let trail = AuditTrail::authorize(request.management(state), request.account.account_id.as_str())?;
    let filter = AuditFilter { client_id: Some(client.client_id.clone()), ..AuditFilter::default() };
    let page = trail.list(&filter, MAX_CHANGES, None).await?;
    Ok(Some(rows(state, request, &trail, page.items).await?.rows))
}

fn row(request: &AccountRequest, client: &Client, refusal: Refusal) -> RefusalRow {
    let texts = request.texts;
    let words = known(&refusal.reason).map(words);
    let link = |(page, id): (&str, &str)| Link {
        href: request.url(&format!("/clients/{}/{page}", client.client_id)),
        text: texts.get(id),
    };
    let remedy = words.and_then(|words| words.page).filter(|_| request.may(ManagementScope::ClientsManage));
    RefusalRow {
        reason: reason_in_words(texts, &refusal.reason),
        what_to_do: words.map(|words| texts.get(words.remedy)).unwrap_or_default(),
        remedy: remedy.map(link),
        last: Instant::new(texts, refusal.last_hour, request.audit_context.now),
        address: refusal.first_address.map(|address| address.to_string()).unwrap_or_default(),
        hours: texts.count("refusal-hours", u64::from(refusal.hours)),
        code: refusal.reason.into_owned(),
    }
}

/// Why a client was refused; a reason of a later version by its name.
pub fn reason_in_words(texts: Texts, name: &str) -> String {
    known(name).map_or_else(|| name.to_owned(), |reason| texts.get(words(reason).reason))
}

/// A reason by its name; `None` if it is one of a later version.
fn known(name: &str) -> Option<RefusalReason> {
    RefusalReason::parse(name)
}

/// The ids of a reason's texts: what happened, and what to do; and the page on which to do it, below the client's.
#[derive(Clone, Copy)]
struct Words {
    reason: &'static str,
    remedy: &'static str,
    page: Option<(&'static str, &'static str)>,
}

const fn words(reason: RefusalReason) -> Words {
    const PERMISSIONS: Option<(&str, &str)> = Some(("permissions", "remedy-permissions"));
    const SETTINGS: Option<(&str, &str)> = Some(("settings", "tab-settings"));
    let (reason, remedy, page) = match reason {
        RefusalReason::Authentication(failure) => return words_of_failure(failure),
        RefusalReason::ScopeNotGranted => ("refusal-scope", "refusal-scope-remedy", PERMISSIONS),
        RefusalReason::ResourceNotGranted => ("refusal-resource", "refusal-resource-remedy", PERMISSIONS),
        RefusalReason::GrantNotAllowed => ("refusal-grant", "refusal-grant-remedy", SETTINGS),
        RefusalReason::WrongRedirectUri => ("refusal-redirect", "refusal-redirect-remedy", SETTINGS),
    };
    Words { reason, remedy, page }
}

const fn words_of_failure(reason: ClientAuthFailure) -> Words {
    const ROTATE: Option<(&str, &str)> = Some(("credentials/rotate", "rotate-link"));
    const SECRETS: Option<(&str, &str)> = Some(("credentials", "tab-credentials"));
    const KEYS: Option<(&str, &str)> = Some(("credentials/keys", "change-keys"));
    const METHOD: Option<(&str, &str)> = Some(("credentials/method", "change-method"));
    const ADDRESSES: Option<(&str, &str)> = Some(("settings", "remedy-addresses"));
    const ENABLE: Option<(&str, &str)> = Some(("enable", "enable-link"));
    let (reason, remedy, page) = match reason {
        ClientAuthFailure::WrongSecret => ("refusal-wrong-secret", "refusal-wrong-secret-remedy", ROTATE),
        ClientAuthFailure::MalformedSecret => {
            ("refusal-malformed-secret", "refusal-malformed-secret-remedy", ROTATE)
        }
        ClientAuthFailure::ExpiredSecret => {
            ("refusal-expired-secret", "refusal-expired-secret-remedy", ROTATE)
        }
        ClientAuthFailure::PausedSecret => ("refusal-paused-secret", "refusal-paused-secret-remedy", SECRETS),
        ClientAuthFailure::ClientDisabled => ("refusal-disabled", "refusal-disabled-remedy", ENABLE),
        ClientAuthFailure::AccountDisabled => ("refusal-account", "refusal-account-remedy", None),
        ClientAuthFailure::AddressNotAllowed => ("refusal-address", "refusal-address-remedy", ADDRESSES),
        ClientAuthFailure::AccountMismatch => ("refusal-path", "refusal-path-remedy", None),
        ClientAuthFailure::MethodNotAllowed | ClientAuthFailure::UnsupportedMethod => {
            ("refusal-method", "refusal-method-remedy", METHOD)
        }
        ClientAuthFailure::NoMatchingKeys => ("refusal-no-keys", "refusal-no-keys-remedy", KEYS),
        ClientAuthFailure::KeysUnavailable => ("refusal-unavailable", "refusal-unavailable-remedy", KEYS),
        ClientAuthFailure::WrongSignature => ("refusal-signature", "refusal-signature-remedy", KEYS),
        ClientAuthFailure::ExpiredCertificate => ("refusal-certificate", "refusal-certificate-remedy", KEYS),
        ClientAuthFailure::WrongSubject => ("refusal-subject", "refusal-subject-remedy", None),
        ClientAuthFailure::WrongAudience => ("refusal-audience", "refusal-audience-remedy", None),
        ClientAuthFailure::ExpiredAssertion => {
            ("refusal-assertion-over", "refusal-assertion-over-remedy", None)
        }
        ClientAuthFailure::AssertionTooLong => {
            ("refusal-assertion-long", "refusal-assertion-long-remedy", None)
        }
        ClientAuthFailure::AssertionNotYetValid => {
            ("refusal-assertion-early", "refusal-assertion-early-remedy", None)
        }
        ClientAuthFailure::NoAssertionId => ("refusal-no-id", "refusal-no-id-remedy", None),
        ClientAuthFailure::Replayed => ("refusal-replayed", "refusal-replayed-remedy", None),
        ClientAuthFailure::PublicClient => ("refusal-public", "refusal-public-remedy", METHOD),
        ClientAuthFailure::NoCredentials
        | ClientAuthFailure::InvalidCredentials
        | ClientAuthFailure::InvalidAssertion
        | ClientAuthFailure::UnknownClient => ("refusal-malformed", "refusal-malformed-remedy", None),
    };
    Words { reason, remedy, page }
}
