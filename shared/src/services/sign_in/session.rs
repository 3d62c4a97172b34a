//! A sign-in, as each request of the browser finds it.

use crate::adapters::crypto::session_secret::{SessionSecret, hash_sign_in_id};
use crate::adapters::crypto::token_crypto::hash_code;
use crate::adapters::error::BackendError;
use crate::adapters::store::{SignInStep, Store, WriteConflict, WriteOutcome};
use crate::domain::account::SignInMethod;
use crate::domain::oauth::authorization::code::AuthorizationCode;
use crate::domain::oauth::authorization::error::AuthorizationError;
use crate::domain::sign_in::purpose::{ConsoleRequest, SignInPurpose};
use crate::domain::sign_in::{MAX_STEPS, SentResponse, SignIn, SignInId, Step};
use crate::services::sign_in::target::{ClientTarget, SignInTarget};
use crate::services::sign_in::{ActiveClient, SessionNotFoundReason, SignInError};
use jiff::Timestamp;
use std::net::IpAddr;

/// The error that the client gets when the person refuses.
pub(super) const DENIED: AuthorizationError = AuthorizationError::AccessDenied("the person said no");

/// A sign-in of this browser, not expired. What it is for is not checked yet.
#[derive(Debug)]
pub struct StoredSignIn {
    id: SignInId,
    digest: String,
    browser: SessionSecret,
    sign_in: SignIn,
    now: Timestamp,
}

/// A sign-in that may go on, or that is completed with a response that may be repeated.
#[derive(Debug)]
pub struct SignInSession {
    /// Id of the sign-in.
    pub id: SignInId,
    /// State that is stored.
    pub sign_in: SignIn,
    /// What it is for, as that is now.
    pub target: SignInTarget,
    /// Address of the browser.
    pub client_ip: Option<IpAddr>,
    /// Time of the request.
    pub now: Timestamp,
    digest: String,
    browser: SessionSecret,
}

impl StoredSignIn {
    /// Stores a new sign-in of a browser, whose purpose was checked.
    pub async fn create(
        store: &Store,
        id: &SignInId,
        browser: &SessionSecret,
        purpose: SignInPurpose,
        step: Step,
        now: Timestamp,
    ) -> Result<(), BackendError> {
        let sign_in = SignIn::begin(browser.digest(), purpose, step, now);
        store.begin_sign_in(&hash_sign_in_id(id), &sign_in).await?;
        match &sign_in.purpose {
            SignInPurpose::Client(request) => tracing::info!(
                client_id = request.client_id.as_str(),
                account_id = request.account_id.as_str(),
                resource = request.resource.as_str(),
                "sign-in begun"
            ),
            SignInPurpose::Console(_) => tracing::info!("sign-in to the console begun"),
        }
        Ok(())
    }

    /// Loads a sign-in of the browser with this secret. Records its client and account in the current span, if that has
    /// such fields.
    pub async fn load(
        store: &Store,
        id: SignInId,
        browser: SessionSecret,
        now: Timestamp,
    ) -> Result<Self, SignInError> {
        let not_found = |reason| Err(SignInError::SessionNotFound(reason));
        let digest = hash_sign_in_id(&id);
        let Some(sign_in) = store.load_sign_in(&digest).await? else {
            return not_found(SessionNotFoundReason::UnknownSignIn);
        };
        let span = tracing::Span::current();
        if let Some(request) = sign_in.purpose.client() {
            span.record("client_id", request.client_id.as_str());
            span.record("account_id", request.account_id.as_str());
        }
        if !browser.is(&sign_in.browser) {
            return not_found(SessionNotFoundReason::OtherBrowser);
        }
        if !sign_in.is_live(now) {
            return not_found(SessionNotFoundReason::Expired);
        }
        let is_repeatable = sign_in.response.is_some() || sign_in.purpose.console().is_some();
        if sign_in.step == Step::Completed && !is_repeatable {
            return Err(SignInError::AlreadyCompleted);
        }
        Ok(Self { id, digest, browser, sign_in, now })
    }

    /// What it is for.
    #[must_use]
    pub fn purpose(&self) -> &SignInPurpose {
        &self.sign_in.purpose
    }

    /// Checks again that the client may request this: minutes may have passed since it did.
    pub fn resume(
        self,
        active: ActiveClient,
        client_ip: Option<IpAddr>,
    ) -> Result<SignInSession, SignInError> {
        let Some(request) = self.sign_in.purpose.client().cloned() else {
            return Err(SignInError::StaleStep(self.id));
        };
        let has_signed_in = matches!(self.sign_in.step, Step::Consent { .. });
        let target = ClientTarget { request, active };
        target.revalidate(has_signed_in)?;
        Ok(self.with_target(SignInTarget::Client(Box::new(target)), client_ip))
    }

    /// A sign-in to the console.
    #[must_use]
    pub fn resume_for_console(self, client_ip: Option<IpAddr>) -> SignInSession {
        self.with_target(SignInTarget::Console, client_ip)
    }

    fn with_target(self, target: SignInTarget, client_ip: Option<IpAddr>) -> SignInSession {
        let Self { id, digest, browser, sign_in, now } = self;
        SignInSession { id, sign_in, target, client_ip, now, digest, browser }
    }
}

impl SignInSession {
    /// The client that it is for. A form of the consent page that is posted to a sign-in for the console is an outdated one.
    pub fn client(&self) -> Result<&ClientTarget, SignInError> {
        match &self.target {
            SignInTarget::Client(target) => Ok(target),
            SignInTarget::Console => Err(SignInError::StaleStep(self.id.clone())),
        }
    }

    /// Whether a way to sign in is open. It is, but to an account of the console that does not allow it.
    #[must_use]
    pub fn allows(&self, method: SignInMethod) -> bool {
        self.sign_in.purpose.console().is_none_or(|request| request.methods.contains(method))
    }

    /// Whether the client has its authorization response, or the person their session.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.sign_in.step == Step::Completed
    }

    /// The response of a completed sign-in once more: the code while it is not redeemed and lives, or the refusal.
    pub async fn repeated_response(&self, store: &Store) -> Result<AuthorizationCode, SignInError> {
        match &self.sign_in.response {
            Some(SentResponse::Code { sealed }) => {
                let code = self.browser.open_code(&self.id, sealed).ok_or(SignInError::AlreadyCompleted)?;
                let issued = store.load_code(&hash_code(&code)).await?;
                let redeemable = issued.is_some_and(|issued| issued.is_redeemable(self.now));
                if redeemable { Ok(code) } else { Err(SignInError::AlreadyCompleted) }
            }
            Some(SentResponse::Denied) => Err(self.client()?.error_response(DENIED)),
            None => Err(SignInError::AlreadyCompleted),
        }
    }

    /// The sign-in, completed with this code.
    pub(super) fn completed_with(&self, code: &AuthorizationCode) -> SignIn {
        let sealed = self.browser.seal_code(&self.id, code);
        self.sign_in.completed(Some(SentResponse::Code { sealed }))
    }

    /// CSRF token of the forms of this sign-in.
    #[must_use]
    pub fn csrf_token(&self) -> String {
        self.browser.form_token(&self.id)
    }

    /// Writes the next step, unless another request has advanced the sign-in, or it has had [`MAX_STEPS`].
    pub async fn advance(&mut self, store: &Store, step: Step) -> Result<(), SignInError> {
        if self.sign_in.version > MAX_STEPS {
            return Err(SignInError::TooManySteps);
        }
        self.replace(store, self.sign_in.with_step(step)).await
    }

    /// Completes a sign-in to the console, so that of several requests at once one starts a session.
    pub async fn complete_for_console(&mut self, store: &Store) -> Result<ConsoleRequest, SignInError> {
        let Some(request) = self.sign_in.purpose.console().cloned() else {
            return Err(SignInError::StaleStep(self.id.clone()));
        };
        self.replace(store, self.sign_in.completed(None)).await?;
        Ok(request)
    }

    async fn replace(&mut self, store: &Store, next: SignIn) -> Result<(), SignInError> {
        match store.advance_sign_in(&self.write(&next)).await? {
            WriteOutcome::Committed => {
                self.sign_in = next;
                Ok(())
            }
            WriteOutcome::Rejected(
                WriteConflict::Superseded
                | WriteConflict::TransactionConflict
                | WriteConflict::IdempotentReplay
                | WriteConflict::AlreadyExists
                | WriteConflict::IdRetired
                | WriteConflict::VersionMismatch
                | WriteConflict::AccountInactive
                | WriteConflict::LimitReached,
            ) => Err(SignInError::StaleStep(self.id.clone())),
        }
    }

    /// The write that replaces the state as it was read by `next`.
    pub(super) fn write<'a>(&'a self, next: &'a SignIn) -> SignInStep<'a> {
        SignInStep { digest: &self.digest, sign_in: next, expected_version: self.sign_in.version }
    }

    /// Completes the sign-in without a code. Returns the error response for the client, or the error that prevented it.
    pub async fn finish_with_error(&mut self, store: &Store, error: AuthorizationError) -> SignInError {
        let response = (error == DENIED).then_some(SentResponse::Denied);
        let completed = self.replace(store, self.sign_in.completed(response)).await;
        match completed.and_then(|()| self.client()) {
            Ok(target) => target.error_response(error),
            Err(error) => error,
        }
    }
}
