//! Router state.

use crate::pages::templates::{Frame, StyleSheet};
use http::HeaderMap;
use http::request::Parts;
use jiff::Timestamp;
use shared::adapters::crypto::known_browser::open_browser;
use shared::adapters::crypto::session_secret::SessionSecret;
use shared::adapters::error::BackendError;
use shared::adapters::event_bus::EventPublisher;
use shared::app::App;
use shared::app::AwsClients;
use shared::domain::net::client_ip::ClientIp;
use shared::domain::primitives::ids::ClientId;
use shared::domain::sign_in::code_limits::source;
use shared::domain::sign_in::known_browser::{BROWSER_KNOWN_FOR, KnownBrowser};
use shared::domain::sign_in::rate_limit::{Counter, RateLimit, RateLimitDecision};
use shared::services::console::ConsoleSessions;
use shared::services::sign_in::{
    ActiveClient, EmailSender, InactiveClientReason, ResponseTiming, SignInError,
};
use shared::web::logo;
use shared::web::page_cookie::{self, PageCookie};
use std::sync::Arc;

/// State of the authorize function's router.
pub struct AuthorizeState {
    pub(crate) app: Arc<App>,
    /// Set if people can sign in with codes by e-mail.
    pub(crate) email: Option<EmailSender>,
    /// Consents are published here.
    pub(crate) events: EventPublisher,
    /// The style sheet of the pages.
    pub(crate) stylesheet: StyleSheet,
}

impl AuthorizeState {
    /// State over these AWS clients. `timing` applies to requests for a code by e-mail.
    #[must_use]
    pub fn new(app: Arc<App>, aws: &AwsClients, timing: ResponseTiming) -> Self {
        let events = app.events.clone();
        let email = app.email_sender(aws, timing);
        let stylesheet = StyleSheet::of(&app.config.brand);
        Self { app, email, events, stylesheet }
    }

    /// Loads what the first request needs. The function has no permission to read the signing keys.
    pub async fn warm_up(&self) -> Result<(), BackendError> {
        let now = self.app.clock.now();
        let (peppers, catalogue, _) =
            tokio::join!(self.app.peppers(now), self.app.catalogue(now), self.app.logo.get(now));
        peppers.map(|_| ()).and(catalogue.map(|_| ()))
    }

    /// Redirect URI that is registered at the upstream provider.
    pub(crate) fn callback_url(&self) -> String {
        format!("{}/oauth/callback", self.app.config.issuer)
    }

    /// Host in the browser's address bar.
    pub(crate) fn host(&self) -> &str {
        host_of(&self.app.config.issuer)
    }

    /// What is around the content of every page.
    pub(crate) fn frame(&self) -> Frame<'_> {
        let logo = self.app.logo.kept(self.app.clock.now()).as_deref().map(logo::url);
        Frame::new(self.host(), &self.app.config.brand, &self.stylesheet, logo)
    }

    /// Host of the upstream provider, as people recognise it.
    pub(crate) fn provider(&self) -> Option<&str> {
        self.app.config.upstream.as_ref().map(|upstream| upstream.issuer.host())
    }

    /// The cookie that holds a browser's secret. Only the local runner is without TLS.
    pub(crate) fn session_cookie(&self) -> PageCookie {
        page_cookie::sign_in(self.is_secure())
    }

    /// The cookie of a browser that people have signed in with.
    pub(crate) fn known_browser_cookie(&self) -> PageCookie {
        PageCookie::new("__Host-latchkey-known", "latchkey-known", self.is_secure())
            .kept_for(BROWSER_KNOWN_FOR)
    }

    /// The cookie of a session in the console.
    pub(crate) fn console_cookie(&self) -> PageCookie {
        page_cookie::console(self.is_secure())
    }

    /// The sessions of the console.
    pub(crate) fn console_sessions(&self, now: Timestamp) -> ConsoleSessions<'_> {
        let App { store, config, .. } = &*self.app;
        ConsoleSessions {
            store,
            events: &self.events,
            stage: &config.stage,
            lifetime: config.console_sessions,
            now,
        }
    }

    fn is_secure(&self) -> bool {
        self.app.config.issuer.starts_with("https://")
    }

    /// The browser, if people have signed in with it. The pepper is read only where there is a cookie.
    pub(crate) async fn known_browser(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Option<KnownBrowser>, BackendError> {
        match self.known_browser_cookie().read(headers) {
            None => Ok(None),
            Some(cookie) => Ok(open_browser(&*self.app.peppers(now).await?, &cookie)),
        }
    }

    /// Counts an action against the source of a request, or against the browser if people have signed in with it, so that
    /// others of its network cannot use up its number.
    pub(crate) async fn check_source_limit(
        &self,
        limit: RateLimit,
        head: &Parts,
        now: Timestamp,
    ) -> Result<RateLimitDecision, BackendError> {
        let known = self.known_browser(&head.headers, now).await?.filter(|browser| browser.knows_anyone(now));
        let client_ip = head.extensions.get::<ClientIp>().map(|client_ip| client_ip.0);
        let key = known.map_or_else(|| source(client_ip), |browser| browser.id().to_owned());
        self.app.store.check_rate_limit(&Counter { limit, key }, now).await
    }

    /// Secret in the browser's cookie.
    pub(crate) fn browser_secret(&self, headers: &HeaderMap) -> Option<SessionSecret> {
        SessionSecret::parse(&self.session_cookie().read(headers)?)
    }

    /// Loads a client that may act now, with a catalogue that has all resources of its permissions.
    pub(crate) async fn load_active_client(
        &self,
        id: &ClientId,
        now: Timestamp,
    ) -> Result<ActiveClient, SignInError> {
        let (stored, catalogue) = tokio::join!(self.app.store.load_client(id), self.app.catalogue(now));
        let stored = stored?.ok_or(SignInError::ClientInactive(InactiveClientReason::UnknownClient))?;
        let (client, mut catalogue) = (stored.client, catalogue?);
        // A missing resource may have been created since the catalogue was read.
        if !client.permissions.iter().all(|permission| catalogue.value.knows(&permission.resource)) {
            catalogue = self.app.refresh_catalogue(&catalogue, now).await?;
        }
        let account = self.app.accounts.get(&client.account_id, now).await?;
        ActiveClient::new(client, account, catalogue).map_err(SignInError::ClientInactive)
    }
}

fn host_of(issuer: &str) -> &str {
    issuer.split_once("://").map_or(issuer, |(_, host)| host)
}
