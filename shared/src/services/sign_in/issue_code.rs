//! Consent and the authorization code (RFC 6749 §4.1.2).

use crate::adapters::crypto::random::random;
use crate::adapters::crypto::token_crypto::hash_code;
use crate::adapters::error::BackendError;
use crate::adapters::event_bus::EventPublisher;
use crate::adapters::store::{AuditRecord, NewCode, Store, WriteConflict, WriteOutcome};
use crate::domain::audit::event::DomainEvent;
use crate::domain::audit::{Action, Actor, AuditEntry, Target};
use crate::domain::oauth::authorization::code::{AuthorizationCode, IssuedCode, LIFETIME};
use crate::domain::oauth::authorization::error::AuthorizationError;
use crate::domain::oauth::authorization::request::AuthorizationRequest;
use crate::domain::oauth::authorization_grant::{AuthorizationGrant, UserConsent};
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::Step;
use crate::domain::sign_in::consent::{Consent, ConsentId};
use crate::domain::sign_in::end_user::{EndUser, SubjectType};
use crate::services::audit::AuditContext;
use crate::services::audit::security_events::SecurityEvents;
use crate::services::members::{MemberSignIn, NotedSignIn, note_sign_in};
use crate::services::modify::{Attempt, modify};
use crate::services::sign_in::session::DENIED;
use crate::services::sign_in::target::ClientTarget;
use crate::services::sign_in::{SignInError, SignInSession};

/// Attempts while other requests write the same consent.
const OP: &str = "issuing an authorization code";

/// Consent that a code is issued on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentBasis {
    /// The person consents in this request.
    Explicit,
    /// The person consented before to all that is requested.
    Remembered,
}

/// What follows once a person is identified.
#[derive(Debug)]
pub enum SignInOutcome {
    /// The client gets this code, and the sign-in is completed.
    CodeIssued(AuthorizationCode),
    /// The consent page is next.
    ConsentRequired,
}

enum IssueOutcome {
    Issued(AuthorizationCode),
    NotCovered,
}

impl SignInSession {
    /// Issues a code if a remembered consent covers the request; otherwise the consent page is next.
    pub async fn after_sign_in(
        &mut self,
        store: &Store,
        events: &EventPublisher,
        person: EndUser,
    ) -> Result<SignInOutcome, SignInError> {
        let action = match person.sub.subject_type() {
            SubjectType::Member => Action::MemberSignedIn,
            SubjectType::EndUser => Action::EndUserSignedIn,
        };
        let entry = self.audit(self.client()?, &person, action, None);
        let (security, mut noted) = (SecurityEvents { store, events }, NotedSignIn::Noted);
        if action == Action::MemberSignedIn {
            let account = &self.client()?.request.account_id;
            if let Some(member) = store.load_member(account, &person.email).await? {
                let sign_in = MemberSignIn { member: &member, entry: &entry, session: None };
                noted = note_sign_in(security, sign_in).await?;
            }
        }
        let outcome = self.next_step(store, events, person).await?;
        if noted == NotedSignIn::Noted {
            security.record(&entry).await;
        }
        Ok(outcome)
    }

    async fn next_step(
        &mut self,
        store: &Store,
        events: &EventPublisher,
        person: EndUser,
    ) -> Result<SignInOutcome, SignInError> {
        // A public client always needs explicit consent: nothing proves that it is the program that the person consented
        // to before (RFC 8252 §8.6).
        let target = self.client()?;
        if !target.active.client.token_endpoint_auth_method.is_public()
            && !target.request.prompt_consent
            && let IssueOutcome::Issued(code) =
                self.issue_code(store, events, &person, ConsentBasis::Remembered).await?
        {
            return Ok(SignInOutcome::CodeIssued(code));
        }
        self.advance(store, Step::Consent { person }).await?;
        Ok(SignInOutcome::ConsentRequired)
    }

    /// Issues a code on the explicit consent of the person who is signed in.
    pub async fn allow(
        &mut self,
        store: &Store,
        events: &EventPublisher,
    ) -> Result<AuthorizationCode, SignInError> {
        let Step::Consent { person } = self.sign_in.step.clone() else {
            return Err(SignInError::StaleStep(self.id.clone()));
        };
        let account = &self.client()?.active.account;
        if store.why_excluded(&account.account_id, &person, account.end_users).await?.is_some() {
            let excluded =
                AuthorizationError::AccessDenied("the person may no longer sign in to this client");
            return Err(self.finish_with_error(store, excluded).await);
        }
        match self.issue_code(store, events, &person, ConsentBasis::Explicit).await? {
            IssueOutcome::Issued(code) => Ok(code),
            IssueOutcome::NotCovered => {
                Err(BackendError::new(OP, "an explicit consent does not cover the request").into())
            }
        }
    }

    /// Completes the sign-in because the person refused. Returns the error response for the client.
    pub async fn deny(&mut self, store: &Store) -> SignInError {
        self.finish_with_error(store, DENIED).await
    }

    /// Issues a code, stores the consent and completes the sign-in in one transaction, so that of several requests at once
    /// one gets a code.
    async fn issue_code(
        &self,
        store: &Store,
        events: &EventPublisher,
        person: &EndUser,
        basis: ConsentBasis,
    ) -> Result<IssueOutcome, SignInError> {
        let (target, now) = (self.client()?, self.now);
        let request = &target.request;
        modify(|| async {
            let stored = store.load_consent(&request.client_id, &person.sub).await?;
            // A member with another address consents again: another mailbox has proved itself since.
            let stored = stored.filter(|consent| consent.is_live(now)).map(|consent| consent.of(person, now));
            let covers =
                stored.as_ref().is_some_and(|consent| consent.covers(&request.resource, &request.scopes));
            if basis == ConsentBasis::Remembered && !covers {
                return Ok(Attempt::Done(IssueOutcome::NotCovered));
            }
            let first_consent = stored.is_none();
            let consent = stored.unwrap_or_else(|| self.new_consent(target, person));
            let consent = consent.with(&request.resource, &request.scopes, now);
            let (code, issued) = self.build_code(target, person, &consent);
            let digest = hash_code(&code);
            let new = NewCode { digest: &digest, code: &issued, consent: &consent, first_consent, now };
            let resource = request.resource.clone();
            let audit = self.audit(target, person, Action::ConsentGiven, Some(resource));
            let record = (!covers).then_some(AuditRecord { audit: &audit, idempotency_record: None });
            let completed = self.completed_with(&code);
            match store.issue_code_once(&self.write(&completed), &new, record.as_ref()).await? {
                WriteOutcome::Committed => {
                    log_issued(request, person, if covers { "remembered" } else { "given" });
                    if !covers {
                        events.send(&[DomainEvent::Change(&audit)]).await;
                    }
                    Ok(Attempt::Done(IssueOutcome::Issued(code)))
                }
                WriteOutcome::Rejected(WriteConflict::Superseded) => {
                    Err(SignInError::StaleStep(self.id.clone()))
                }
                WriteOutcome::Rejected(
                    WriteConflict::VersionMismatch
                    | WriteConflict::TransactionConflict
                    | WriteConflict::AlreadyExists
                    | WriteConflict::IdempotentReplay
                    | WriteConflict::IdRetired
                    | WriteConflict::AccountInactive
                    | WriteConflict::LimitReached,
                ) => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    fn new_consent(&self, target: &ClientTarget, person: &EndUser) -> Consent {
        let request = &target.request;
        let id = ConsentId::from_random_bytes(random());
        Consent::new(id, request.client_id.clone(), request.account_id.clone(), person.clone(), self.now)
    }

    fn build_code(
        &self,
        target: &ClientTarget,
        person: &EndUser,
        consent: &Consent,
    ) -> (AuthorizationCode, IssuedCode) {
        let request = &target.request;
        let issued = IssuedCode {
            authorization: AuthorizationGrant {
                client_id: request.client_id.clone(),
                account_id: request.account_id.clone(),
                resource: request.resource.clone(),
                scopes: request.scopes.clone(),
                consent: Some(UserConsent { person: person.clone(), consent_id: consent.consent_id.clone() }),
                token_generation: target.active.client.token_generation,
                unknown: UnknownAttributes::default(),
            },
            redirect_uri: request.redirect_uri_present.then(|| request.redirect.as_str().to_owned()),
            code_challenge: request.code_challenge.clone(),
            expires_at: self.now.saturating_add(LIFETIME).unwrap_or(self.now),
            redeemed_family_id: None,
            unknown: UnknownAttributes::default(),
        };
        (AuthorizationCode::from_random_bytes(random()), issued)
    }

    /// Audit entry of what the person does through the client.
    pub(super) fn audit(
        &self,
        target: &ClientTarget,
        person: &EndUser,
        action: Action,
        resource_id: Option<ResourceId>,
    ) -> AuditEntry {
        let request = &target.request;
        let client = Actor::of_client(request.client_id.clone(), request.account_id.clone(), self.client_ip);
        let actor = Actor { email: Some(person.email.clone()), ..client };
        let target = Target {
            client_id: Some(request.client_id.clone()),
            email: Some(person.email.clone()),
            subject_type: Some(person.sub.subject_type()),
            resource_id,
            ..Target::default()
        };
        let context = AuditContext { actor, now: self.now, request: None };
        context.audit(&request.account_id, action, target, &[])
    }
}

fn log_issued(request: &AuthorizationRequest, person: &EndUser, consent: &'static str) {
    tracing::info!(
        client_id = request.client_id.as_str(),
        account_id = request.account_id.as_str(),
        sub = person.sub.as_str(),
        consent,
        "code issued"
    );
}
