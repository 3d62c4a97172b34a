//! A sign-in that a client's authorization request started, as each request of the browser finds it.

use crate::adapters::cache::CacheEntry;
use crate::adapters::crypto::session_secret::{SessionSecret, hash_sign_in_id};
use crate::adapters::crypto::token_crypto::hash_code;
use crate::adapters::error::BackendError;
use crate::adapters::store::{ResourceCatalog, SignInStep, Store, WriteConflict, WriteOutcome};
use crate::domain::account::{Account, EndUserPolicy};
use crate::domain::client::Client;
use crate::domain::oauth::authorization::code::AuthorizationCode;
use crate::domain::oauth::authorization::error::AuthorizationError;
use crate::domain::oauth::authorization::request::AuthorizationRequest;
use crate::domain::primitives::display_text::Name;
use crate::domain::redirect_uri::ResolvedRedirectUri;
use crate::domain::resource::Resource;
use crate::domain::sign_in::{MAX_STEPS, SentResponse, SignIn, SignInId, Step};
use crate::services::sign_in::{
    ActiveClient, AuthorizationErrorResponse, InactiveClientReason, SessionNotFoundReason, SignInError,
};
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;

/// The error that the client gets when the person refuses.
pub(super) const DENIED: AuthorizationError = AuthorizationError::AccessDenied("the person said no");

/// A sign-in of this browser, not expired. Its client is not checked yet.
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
    /// Client that requested it.
    pub client: Client,
    /// Its account, at most a minute old.
    pub account: Arc<Account>,
    /// Catalogue that has all resources of the client's permissions.
    pub catalogue: CacheEntry<ResourceCatalog>,
    /// Address of the browser.
    pub client_ip: Option<IpAddr>,
    /// Time of the request.
    pub now: Timestamp,
    digest: String,
    browser: SessionSecret,
}

impl StoredSignIn {
    /// Stores a new sign-in of a browser for a request that was checked.
    pub async fn create(
        store: &Store,
        id: &SignInId,
        browser: &SessionSecret,
        request: AuthorizationRequest,
        step: Step,
        now: Timestamp,
    ) -> Result<(), BackendError> {
        let sign_in = SignIn::begin(browser.digest(), request, step, now);
        store.begin_sign_in(&hash_sign_in_id(id), &sign_in).await?;
        tracing::info!(
            client_id = sign_in.request.client_id.as_str(),
            account_id = sign_in.request.account_id.as_str(),
            resource = sign_in.request.resource.as_str(),
            "sign-in begun"
        );
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
        span.record("client_id", sign_in.request.client_id.as_str());
        span.record("account_id", sign_in.request.account_id.as_str());
        if !browser.is(&sign_in.browser) {
            return not_found(SessionNotFoundReason::OtherBrowser);
        }
        if !sign_in.is_live(now) {
            return not_found(SessionNotFoundReason::Expired);
        }
        if sign_in.step == Step::Completed && sign_in.response.is_none() {
            return Err(SignInError::AlreadyCompleted);
        }
        Ok(Self { id, digest, browser, sign_in, now })
    }

    /// The request that started it.
    #[must_use]
    pub fn request(&self) -> &AuthorizationRequest {
        &self.sign_in.request
    }

    /// Checks again that the client may request this: minutes may have passed since it did.
    pub fn resume(
        self,
        active: ActiveClient,
        client_ip: Option<IpAddr>,
    ) -> Result<SignInSession, SignInError> {
        let Self { id, digest, browser, sign_in, now } = self;
        let ActiveClient { client, account, catalogue } = active;
        let session =
            SignInSession { id, sign_in, client, account, catalogue, client_ip, now, digest, browser };
        session.revalidate()?;
        Ok(session)
    }
}

impl SignInSession {
    fn revalidate(&self) -> Result<(), SignInError> {
        let request = &self.sign_in.request;
        ResolvedRedirectUri::choose(&self.client.redirect_uris, Some(request.redirect.as_str()))
            .map_err(SignInError::InvalidRedirectUri)?;
        let find = |id: &_| self.catalogue.value.resources.get(id);
        let allowed = request.still_allowed(&self.client, &self.account.entitlements, find);
        allowed.map_err(|denied| {
            let error = self.error_response(denied.into());
            let has_signed_in = matches!(self.sign_in.step, Step::Consent { .. });
            if has_signed_in { error } else { error.shown_first() }
        })
    }

    /// Whether the client has its authorization response.
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
            Some(SentResponse::Denied) => Err(self.error_response(DENIED)),
            None => Err(SignInError::AlreadyCompleted),
        }
    }

    /// The sign-in, completed with this code.
    pub(super) fn completed_with(&self, code: &AuthorizationCode) -> SignIn {
        let sealed = self.browser.seal_code(&self.id, code);
        self.sign_in.completed(Some(SentResponse::Code { sealed }))
    }

    /// The error response for the client.
    #[must_use]
    pub fn error_response(&self, error: AuthorizationError) -> SignInError {
        let request = &self.sign_in.request;
        let (redirect, state) = (request.redirect.clone(), request.state.clone());
        AuthorizationErrorResponse { redirect, state, error }.into()
    }

    /// The name of the client's account, if people sign in who do not know it as its members do.
    #[must_use]
    pub fn account_to_name(&self) -> Option<&Name> {
        (self.account.end_users == EndUserPolicy::Anyone).then_some(&self.account.account_name)
    }

    /// CSRF token of the forms of this sign-in.
    #[must_use]
    pub fn csrf_token(&self) -> String {
        self.browser.form_token(&self.id)
    }

    /// Requested resource.
    pub fn resource(&self) -> Result<&Resource, SignInError> {
        let resource = self.catalogue.value.resources.get(&self.sign_in.request.resource);
        resource.ok_or(SignInError::ClientInactive(InactiveClientReason::ResourceDeleted))
    }

    /// Writes the next step, unless another request has advanced the sign-in, or it has had [`MAX_STEPS`].
    pub async fn advance(&mut self, store: &Store, step: Step) -> Result<(), SignInError> {
        if self.sign_in.version > MAX_STEPS {
            return Err(SignInError::TooManySteps);
        }
        self.replace(store, self.sign_in.with_step(step)).await
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
        match self.replace(store, self.sign_in.completed(response)).await {
            Ok(()) => self.error_response(error),
            Err(error) => error,
        }
    }
}
