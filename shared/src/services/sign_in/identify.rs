//! Identifying a person for a client: a member of its account or, where that lets everyone sign in, any other end user. For
//! the console: a member of any account.

use crate::adapters::crypto::end_user_subject::{end_user_of_mailbox, end_user_of_provider};
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::oidc::{AuthorizationResponse, Prompt};
use crate::adapters::store::Store;
use crate::domain::account::{Account, EndUserPolicy, ExternalSubject};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::sign_in::end_user::EndUser;
use crate::domain::sign_in::idp_error::IdpError;
use crate::domain::sign_in::one_time_code::OneTimeCode;
use crate::domain::sign_in::{EmailCode, SignIn, Step};
use crate::services::audit::security_events::SecurityEvents;
use crate::services::sign_in::console_person::ConsolePerson;
use crate::services::sign_in::identity_pin::Found;
use crate::services::sign_in::idp::IdpOutcome;
use crate::services::sign_in::target::SignInTarget;
use crate::services::sign_in::{IdpSignIn, SignInError, SignInSession, email_code, identity_pin};

/// A person who is identified, as what the sign-in is for sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentifiedPerson {
    /// For a client.
    EndUser(EndUser),
    /// For the console.
    Members(ConsolePerson),
}

/// Whether an entered code is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyCodeOutcome {
    /// It is, and this person is identified.
    Identified(IdentifiedPerson),
    /// It is wrong or has expired, or no attempt is left.
    Rejected,
}

/// Whether the provider's response identifies a person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FinishIdpOutcome {
    /// It identifies this person.
    Identified(IdentifiedPerson),
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
        // The person is looked for either way: an address that may not sign in fails as a wrong code does.
        let person = self.person_of_mailbox(store, peppers, &sent.email).await?;
        let is_right = email_code::matches(peppers, &self.id, &sent, entered);
        if let Some(person) = person.filter(|_| is_right) {
            return Ok(VerifyCodeOutcome::Identified(person));
        }
        let (client_id, account_id) = self.target.logged();
        tracing::info!(client_id, account_id, attempts, "wrong code");
        Ok(VerifyCodeOutcome::Rejected)
    }

    async fn person_of_mailbox(
        &self,
        store: &Store,
        peppers: &Peppers,
        email: &EmailAddress,
    ) -> Result<Option<IdentifiedPerson>, BackendError> {
        let SignInTarget::Client(target) = &self.target else {
            let person = ConsolePerson::of_mailbox(store, email).await?;
            return Ok(person.map(IdentifiedPerson::Members));
        };
        let account = &target.active.account;
        let member = store.load_member(&account.account_id, email).await?;
        let person = match (member, account.end_users) {
            (Some(member), _) => subject_of_member(&member),
            (None, EndUserPolicy::Anyone) => end_user_of_mailbox(peppers, &account.account_id, email.clone()),
            (None, EndUserPolicy::Members) => return Ok(None),
        };
        Ok(Some(IdentifiedPerson::EndUser(person)))
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
        let found = match &self.target {
            SignInTarget::Client(target) => {
                let account = &target.active.account;
                let found = find_end_user(self, security, account, &subject, &identity.email, idp.peppers);
                found.await?.map(IdentifiedPerson::EndUser)
            }
            SignInTarget::Console => {
                let found = ConsolePerson::of_provider(self, security, &subject, &identity.email);
                found.await?.map(IdentifiedPerson::Members)
            }
        };
        let other_identity = match found {
            Found::Person(person) => return Ok(FinishIdpOutcome::Identified(person)),
            Found::OtherIdentity => true,
            Found::NotAMember => false,
        };
        self.log_idp_rejection(if other_identity { "other_identity" } else { "not_a_member" });
        self.advance(store, Step::NotAMember { email: identity.email, other_identity }).await?;
        Ok(FinishIdpOutcome::Rejected)
    }

    fn log_idp_rejection(&self, reason: &'static str) {
        let (client_id, account_id) = self.target.logged();
        tracing::info!(client_id, account_id, reason, "upstream sign-in rejected");
    }
}

/// The member or end user of a client's account.
async fn find_end_user(
    session: &SignInSession,
    security: SecurityEvents<'_>,
    account: &Account,
    subject: &ExternalSubject,
    email: &EmailAddress,
    peppers: &Peppers,
) -> Result<Found<EndUser>, BackendError> {
    let member = security.store.load_member(&account.account_id, email).await?;
    if let Some(member) = &member
        && identity_pin::is_pinned(session, security, member, subject).await?
    {
        return Ok(Found::Person(subject_of_member(member)));
    }
    Ok(match account.end_users {
        // Another user of the provider with a member's address is an end user beside that member.
        EndUserPolicy::Anyone => {
            Found::Person(end_user_of_provider(peppers, &account.account_id, subject, email.clone()))
        }
        EndUserPolicy::Members if member.is_some() => Found::OtherIdentity,
        EndUserPolicy::Members => Found::NotAMember,
    })
}

/// The `prompt` to send (OpenID Connect Core 1.0 §3.1.2.1). The provider still has a session of the user who switched, and
/// would return them at once. `Login` is for a provider that rejected the first prompt, and where a person has to confirm who
/// they are.
fn prompt_for(sign_in: &SignIn) -> Prompt {
    if sign_in.purpose.console().is_some_and(|request| request.confirms.is_some()) {
        return Prompt::Login;
    }
    match (&sign_in.step, sign_in.switched_user) {
        (Step::IdpFailed, true) => Prompt::Login,
        (Step::NotAMember { .. }, _) | (_, true) => Prompt::SelectAccount,
        (_, false) => Prompt::None,
    }
}
