//! What happens once somebody has signed in: a code at once if they have allowed all of it before, else a question;
//! and the code itself.

use crate::error::AuthorizeError;
use crate::pages::response;
use crate::sign_in::session::SignInSession;
use crate::state::AuthorizeState;
use axum::response::Response;
use shared::adapters::crypto::random::random;
use shared::adapters::crypto::token_crypto::hash_code;
use shared::adapters::error::BackendError;
use shared::adapters::store::{AuditContext, AuditRecord, NewCode, SignInStep, WriteConflict, WriteOutcome};
use shared::domain::audit::event::DomainEvent;
use shared::domain::audit::{Action, Actor, Target};
use shared::domain::oauth::authorization::code::{AuthorizationCode, IssuedCode, LIFETIME};
use shared::domain::oauth::authorization_grant::{AuthorizationGrant, UserConsent};
use shared::domain::sign_in::Step;
use shared::domain::sign_in::consent::{Consent, ConsentId};
use shared::domain::sign_in::end_user::EndUser;

/// How often it is tried while others write the same consent.
const ATTEMPTS: usize = 5;

/// On what word a code rests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ConsentBasis {
    /// The person has just said yes.
    Explicit,
    /// They said yes to all of it before.
    Remembered,
}

/// Goes on for this person. A public client is never let through on a yes of before: nothing proves that it is the
/// program that was meant then (RFC 8252 §8.6).
pub async fn after_sign_in(
    state: &AuthorizeState,
    session: &mut SignInSession,
    person: EndUser,
) -> Result<Response, AuthorizeError> {
    if !session.client.token_endpoint_auth_method.is_public()
        && let Some(response) = issue_code(state, session, &person, ConsentBasis::Remembered).await?
    {
        return Ok(response);
    }
    session.advance(state, Step::Consent { person }).await?;
    Ok(response::redirect_to_sign_in(&session.id, None))
}

/// Issues a code and sends the browser to the client with it: all at once, so that of several yeses one gives a code.
/// `None` if the code was to rest on a consent that does not cover it, or not any more.
pub async fn issue_code(
    state: &AuthorizeState,
    session: &SignInSession,
    person: &EndUser,
    basis: ConsentBasis,
) -> Result<Option<Response>, AuthorizeError> {
    let (request, now, store) = (&session.sign_in.request, session.now, &state.app.store);
    for _ in 0..ATTEMPTS {
        let known = store.load_consent(&request.client_id, &person.sub).await?;
        let known = known.filter(|known| known.is_live(now));
        let covers = known.as_ref().is_some_and(|known| known.covers(&request.resource, &request.scopes));
        if basis == ConsentBasis::Remembered && !covers {
            return Ok(None);
        }
        let first_consent = known.is_none();
        let consent = known.unwrap_or_else(|| new_consent(session, person)).with(
            &request.resource,
            &request.scopes,
            now,
        );
        let (code, issued) = build_code(session, person, &consent);
        let audit = audit_context(session, person).audit(
            &request.account_id,
            Action::ConsentGiven,
            audit_target(session, person),
            &[],
        );
        let record = (!covers).then_some(AuditRecord { audit: &audit, idempotency_record: None });
        let over = session.sign_in.at(Step::Completed);
        let digest = hash_code(&code);
        let ending =
            SignInStep { digest: &session.digest, sign_in: &over, read_version: session.sign_in.version };
        let new = NewCode { digest: &digest, code: &issued, consent: &consent, first_consent, now };
        match store.issue_code_once(&ending, &new, record.as_ref()).await? {
            WriteOutcome::Committed => {
                tracing::info!(
                    client_id = request.client_id.as_str(),
                    account_id = request.account_id.as_str(),
                    sub = person.sub.as_str(),
                    consent = if covers { "remembered" } else { "given" },
                    "code issued"
                );
                if !covers {
                    state.events.send(&[DomainEvent::Change(&audit)]).await;
                }
                let said = [("code", code.expose())];
                return Ok(Some(response::redirect_to_client(
                    state,
                    &request.redirect,
                    request.state.as_deref(),
                    &said,
                )));
            }
            WriteOutcome::Rejected(WriteConflict::Superseded) => {
                return Err(AuthorizeError::StaleStep(session.id.clone()));
            }
            WriteOutcome::Rejected(
                WriteConflict::VersionMismatch
                | WriteConflict::TransactionConflict
                | WriteConflict::AlreadyExists
                | WriteConflict::IdempotentReplay
                | WriteConflict::IdRetired
                | WriteConflict::AccountInactive,
            ) => {}
        }
    }
    Err(BackendError::new("issuing an authorization code", "others kept writing the same consent").into())
}

fn new_consent(session: &SignInSession, person: &EndUser) -> Consent {
    let request = &session.sign_in.request;
    let id = ConsentId::from_random_bytes(random());
    Consent::new(id, request.client_id.clone(), request.account_id.clone(), person.clone(), session.now)
}

fn build_code(
    session: &SignInSession,
    person: &EndUser,
    consent: &Consent,
) -> (AuthorizationCode, IssuedCode) {
    let request = &session.sign_in.request;
    let issued = IssuedCode {
        authorization: AuthorizationGrant {
            client_id: request.client_id.clone(),
            account_id: request.account_id.clone(),
            resource: request.resource.clone(),
            scopes: request.scopes.clone(),
            consent: Some(UserConsent { person: person.clone(), consent_id: consent.consent_id.clone() }),
        },
        redirect_uri: request.redirect_named.then(|| request.redirect.as_str().to_owned()),
        code_challenge: request.code_challenge.clone(),
        expires_at: session.now.saturating_add(LIFETIME).unwrap_or(session.now),
        redeemed_family_id: None,
    };
    (AuthorizationCode::from_random_bytes(random()), issued)
}

fn audit_context(session: &SignInSession, person: &EndUser) -> AuditContext {
    let actor = Actor {
        client_id: session.sign_in.request.client_id.clone(),
        account_id: session.sign_in.request.account_id.clone(),
        email: Some(person.email.clone()),
        source_ip: session.source,
    };
    AuditContext { actor, now: session.now, request: None }
}

fn audit_target(session: &SignInSession, person: &EndUser) -> Target {
    Target {
        client_id: Some(session.sign_in.request.client_id.clone()),
        email: Some(person.email.clone()),
        resource_id: Some(session.sign_in.request.resource.clone()),
        ..Target::default()
    }
}
