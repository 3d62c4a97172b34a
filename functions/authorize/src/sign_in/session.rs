//! A sign-in under way, as each of its pages and forms finds it: looked up, in the right browser, and checked again.

use crate::error::{AuthorizeError, ErrorRedirect, Trace};
use crate::pages::response::FormAction;
use crate::sign_in::session_cookie;
use crate::state::AuthorizeState;
use http::HeaderMap;
use jiff::Timestamp;
use shared::adapters::cache::CacheEntry;
use shared::adapters::crypto::session_secret::{SessionSecret, hash_sign_in_id};
use shared::adapters::store::{ResourceCatalog, SignInStep, WriteConflict, WriteOutcome};
use shared::domain::account::Status;
use shared::domain::client::Client;
use shared::domain::oauth::authorization::error::AuthorizationError;
use shared::domain::primitives::ids::ClientId;
use shared::domain::redirect_uri::ResolvedRedirectUri;
use shared::domain::sign_in::{SignIn, SignInId, Step};
use std::net::IpAddr;

/// A sign-in that may go on.
pub struct SignInSession {
    pub id: SignInId,
    pub digest: String,
    pub browser: SessionSecret,
    pub sign_in: SignIn,
    pub client: Client,
    pub catalogue: CacheEntry<ResourceCatalog>,
    pub source: Option<IpAddr>,
    pub now: Timestamp,
}

/// The client, if it may act now, and a catalogue that knows what it holds. Why not is for the log only: a page that
/// told a disabled client from an unknown one would tell who is a customer.
pub async fn client(
    state: &AuthorizeState,
    id: &ClientId,
    now: Timestamp,
) -> Result<(Client, CacheEntry<ResourceCatalog>), AuthorizeError> {
    let (known, catalogue) = tokio::join!(state.app.store.load_client(id), state.app.catalogue(now));
    let client = known?.ok_or(AuthorizeError::ClientRejected("unknown_client"))?.client;
    let catalogue = state.catalogue_for(&client, catalogue?, now).await?;
    if client.status == Status::Disabled {
        return Err(AuthorizeError::ClientRejected("client_disabled"));
    }
    if catalogue.value.disabled_accounts.contains(&client.account_id) {
        return Err(AuthorizeError::ClientRejected("account_disabled"));
    }
    Ok((client, catalogue))
}

impl SignInSession {
    /// Finds the sign-in of this id, if this browser began it, and checks that its client may still ask what it asked:
    /// minutes may have passed.
    pub async fn load(
        state: &AuthorizeState,
        id: &str,
        headers: &HeaderMap,
        source: Option<IpAddr>,
        trace: &mut Trace,
    ) -> Result<Self, AuthorizeError> {
        let now = state.app.clock.now();
        let id = SignInId::parse(id).map_err(|_| AuthorizeError::SessionNotFound("malformed_sign_in_id"))?;
        let browser =
            session_cookie::secret(state, headers).ok_or(AuthorizeError::SessionNotFound("no_cookie"))?;
        let digest = hash_sign_in_id(&id);
        let found = state.app.store.load_sign_in(&digest).await?;
        let sign_in = found.ok_or(AuthorizeError::SessionNotFound("unknown_sign_in"))?;
        trace.client_id = Some(sign_in.request.client_id.to_string());
        trace.account_id = Some(sign_in.request.account_id.to_string());
        if !browser.is(&sign_in.browser) {
            return Err(AuthorizeError::SessionNotFound("other_browser"));
        }
        if !sign_in.is_live(now) {
            return Err(AuthorizeError::SessionNotFound("sign_in_expired"));
        }
        if sign_in.step == Step::Completed {
            return Err(AuthorizeError::AlreadyCompleted);
        }
        let (client, catalogue) = client(state, &sign_in.request.client_id, now).await?;
        let session = Self { id, digest, browser, sign_in, client, catalogue, source, now };
        session.check()?;
        Ok(session)
    }

    fn check(&self) -> Result<(), AuthorizeError> {
        let request = &self.sign_in.request;
        ResolvedRedirectUri::choose(&self.client.redirect_uris, Some(request.redirect.as_str()))
            .map_err(AuthorizeError::InvalidRedirectUri)?;
        let find = |id: &_| self.catalogue.value.resources.get(id);
        request.still_allowed(&self.client, find).map_err(|why| self.error_redirect(why.into()))
    }

    /// The client hears of this.
    pub fn error_redirect(&self, error: AuthorizationError) -> AuthorizeError {
        let request = &self.sign_in.request;
        AuthorizeError::RedirectToClient(
            ErrorRedirect { redirect: request.redirect.clone(), state: request.state.clone() },
            error,
        )
    }

    /// Takes the sign-in a step further, unless somebody else has.
    pub async fn advance(&mut self, state: &AuthorizeState, step: Step) -> Result<(), AuthorizeError> {
        let next = self.sign_in.at(step);
        let change = SignInStep { digest: &self.digest, sign_in: &next, read_version: self.sign_in.version };
        match state.app.store.advance_sign_in(&change).await? {
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
                | WriteConflict::AccountInactive,
            ) => Err(AuthorizeError::StaleStep(self.id.clone())),
        }
    }

    /// Ends the sign-in without a code. The client hears why.
    pub async fn finish_with_error(
        &mut self,
        state: &AuthorizeState,
        error: AuthorizationError,
    ) -> Result<AuthorizeError, AuthorizeError> {
        self.advance(state, Step::Completed).await?;
        Ok(self.error_redirect(error))
    }

    /// What every form of this sign-in carries.
    pub fn form_token(&self) -> String {
        self.browser.form_token(&self.id)
    }

    /// Where the forms of its pages may lead: to ourselves, and by redirect to the client and to the upstream provider.
    /// Browsers check every link of such a chain of redirects, and both may send people further on at once: with their
    /// own origins alone Chromium would stop there. So it is any site over TLS, and besides what the client has that is
    /// none: a private scheme, or a server on the same device.
    pub fn form_action(&self, state: &AuthorizeState) -> FormAction {
        let own = self.sign_in.request.redirect.form_action();
        let is_upstream_plain = state
            .app
            .config
            .upstream
            .as_ref()
            .is_some_and(|upstream| upstream.issuer.as_str().starts_with("http:"));
        let mut sources = "https:".to_owned();
        if is_upstream_plain {
            sources.push_str(" http:");
        }
        if !own.starts_with("https:") {
            sources.push(' ');
            sources.push_str(&own);
        }
        FormAction::SelfAnd(sources)
    }
}
