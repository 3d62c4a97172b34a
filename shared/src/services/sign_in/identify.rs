//! Identifying a person: a member of the client's account or, where that lets everyone sign in, any other end user.

use crate::adapters::crypto::end_user_subject::{end_user_of_mailbox, end_user_of_provider};
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::oidc::{AuthorizationResponse, Prompt};
use crate::adapters::store::{AuditRecord, Store, WriteOutcome};
use crate::domain::account::{EndUserPolicy, ExternalSubject, Member};
use crate::domain::audit::Action;
use crate::domain::audit::event::DomainEvent;
use crate::domain::sign_in::end_user::EndUser;
use crate::domain::sign_in::idp_error::IdpError;
use crate::domain::sign_in::one_time_code::OneTimeCode;
use crate::domain::sign_in::{EmailCode, SignIn, Step};
use crate::services::audit::changes;
use crate::services::audit::security_events::SecurityEvents;
use crate::services::sign_in::email_code;
use crate::services::sign_in::idp::IdpOutcome;
use crate::services::sign_in::{IdpSignIn, SignInError, SignInSession};

/// Whether an entered code is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyCodeOutcome {
    /// It is, and this person is identified.
    Identified(EndUser),
    /// It is wrong or has expired, or no attempt is left.
    Rejected,
}

/// Whether the provider's response identifies a person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FinishIdpOutcome {
    /// It identifies this person.
    Identified(EndUser),
    /// It does not; the sign-in's step says why.
    Rejected,
}

impl SignInSession {
    /// The code that the sign-in waits for.
    pub fn email_code(&self) -> Result<&EmailCode, SignInError> {
        match &self.sign_in.step {
            Step::EmailCode(code) => Ok(code),
            Step::AwaitIdentity
            | Step::AwaitIdp { .. }
            | Step::IdpFailed
            | Step::NotAMember { .. }
            | Step::Consent { .. }
            | Step::Completed => Err(SignInError::StaleStep(self.id.clone())),
        }
    }

    /// Verifies an entered code.
    pub async fn verify_email_code(
        &mut self,
        store: &Store,
        peppers: &Peppers,
        entered: &OneTimeCode,
    ) -> Result<VerifyCodeOutcome, SignInError> {
        let sent = self.email_code()?.clone();
        if sent.attempts_left(self.now) == 0 {
            return Ok(VerifyCodeOutcome::Rejected);
        }
        // The attempt is counted before the code is compared, by a conditional write: of any number of requests at once,
        // no more are compared than there are attempts.
        let attempts = sent.attempts + 1;
        self.advance(store, Step::EmailCode(EmailCode { attempts, ..sent.clone() })).await?;
        // The member is read either way: an address that may not sign in fails as a wrong code does.
        let member = store.load_member(&self.client.account_id, &sent.email).await?;
        let is_right = email_code::matches(peppers, &self.id, &sent, entered);
        let person = match (member, self.account.end_users) {
            (Some(member), _) => Some(subject_of_member(&member)),
            (None, EndUserPolicy::Anyone) => {
                Some(end_user_of_mailbox(peppers, &self.client.account_id, sent.email))
            }
            (None, EndUserPolicy::Members) => None,
        };
        if let Some(person) = person.filter(|_| is_right) {
            return Ok(VerifyCodeOutcome::Identified(person));
        }
        tracing::info!(
            client_id = self.client.client_id.as_str(),
            account_id = self.client.account_id.as_str(),
            attempts,
            "wrong code"
        );
        Ok(VerifyCodeOutcome::Rejected)
    }

    /// Waits for the provider's response. Returns the URL to redirect the browser to.
    pub async fn start_idp(&mut self, store: &Store, idp: &IdpSignIn<'_>) -> Result<String, SignInError> {
        let redirect = idp.start(&self.id, prompt_for(&self.sign_in), self.now).await?;
        let (url, step) = redirect.into_step();
        self.advance(store, step).await?;
        Ok(url)
    }

    /// Evaluates the provider's response.
    pub async fn finish_idp(
        &mut self,
        security: SecurityEvents<'_>,
        idp: &IdpSignIn<'_>,
        response: Result<AuthorizationResponse<'_>, IdpError>,
    ) -> Result<FinishIdpOutcome, SignInError> {
        let store = security.store;
        let Step::AwaitIdp { sealed } = self.sign_in.step.clone() else {
            return Err(SignInError::StaleStep(self.id.clone()));
        };
        // First, so that a response is evaluated once, whatever comes of it.
        self.advance(store, Step::IdpFailed).await?;
        let identity = match idp.finish(&self.id, &sealed, response, self.now).await? {
            IdpOutcome::Identified(identity) => identity,
            IdpOutcome::Rejected(error) => {
                self.log_idp_rejection(error.as_str());
                return Ok(FinishIdpOutcome::Rejected);
            }
        };
        let subject = ExternalSubject { issuer: identity.issuer, subject: identity.subject };
        let other_identity = match store.load_member(&self.client.account_id, &identity.email).await? {
            Some(member) if self.is_pinned(security, &member, &subject).await? => {
                return Ok(FinishIdpOutcome::Identified(subject_of_member(&member)));
            }
            Some(_) => true,
            None => false,
        };
        if self.account.end_users == EndUserPolicy::Anyone {
            // Another user of the provider with a member's address is an end user beside that member.
            let account = &self.client.account_id;
            let person = end_user_of_provider(idp.peppers, account, &subject, identity.email);
            return Ok(FinishIdpOutcome::Identified(person));
        }
        self.log_idp_rejection(if other_identity { "other_identity" } else { "not_a_member" });
        self.advance(store, Step::NotAMember { email: identity.email, other_identity }).await?;
        Ok(FinishIdpOutcome::Rejected)
    }

    /// Whether this is the member's identity at the provider. The first one becomes it: a mailbox that changes hands is not the
    /// old member.
    async fn is_pinned(
        &self,
        SecurityEvents { store, events }: SecurityEvents<'_>,
        member: &Member,
        subject: &ExternalSubject,
    ) -> Result<bool, BackendError> {
        if let Some(pinned) = &member.external_identity {
            return Ok(pinned == subject);
        }
        let pinned = Member { external_identity: Some(subject.clone()), ..member.clone() };
        let person = subject_of_member(member);
        let entry = self
            .audit(&person, Action::MemberIdentityPinned, None)
            .with_changes(changes::of_member(Some(member), Some(&pinned)));
        let record = AuditRecord { audit: &entry, idempotency_record: None };
        if store.pin_external_identity(member, subject, self.now, &record).await? == WriteOutcome::Committed {
            events.send(&[DomainEvent::Change(&entry)]).await;
            return Ok(true);
        }
        // Another request has pinned one or is changing the member, or the member was removed.
        let again = store.load_member(&member.account_id, &member.email).await?;
        Ok(again.is_some_and(|again| again.external_identity.as_ref() == Some(subject)))
    }

    fn log_idp_rejection(&self, reason: &'static str) {
        let (client_id, account_id) = (self.client.client_id.as_str(), self.client.account_id.as_str());
        tracing::info!(client_id, account_id, reason, "upstream sign-in rejected");
    }
}

/// The `prompt` to send (OpenID Connect Core 1.0 §3.1.2.1). The provider still has a session of the user who switched, and
/// would return them at once. `Login` is for a provider that rejected the first prompt.
fn prompt_for(sign_in: &SignIn) -> Prompt {
    match (&sign_in.step, sign_in.switched_user) {
        (Step::IdpFailed, true) => Prompt::Login,
        (Step::NotAMember { .. }, _) | (_, true) => Prompt::SelectAccount,
        (_, false) => Prompt::None,
    }
}
