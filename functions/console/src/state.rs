//! Router state.

use crate::respond::PageStyle;
use jiff::Timestamp;
use shared::adapters::error::BackendError;
use shared::app::{App, ManagementState};
use shared::services::console::ConsoleSessions;
use shared::web::page_cookie::{self, PageCookie};
use std::sync::Arc;

/// State of the console's router.
pub struct ConsoleState {
    pub(crate) management: Arc<ManagementState>,
    /// What all pages have in common.
    pub(crate) pages: PageStyle,
}

impl ConsoleState {
    /// State over the use cases of the management.
    #[must_use]
    pub fn new(management: Arc<ManagementState>) -> Self {
        let pages = PageStyle::of(&management.app.config.brand);
        Self { management, pages }
    }

    /// Loads what the first request needs.
    pub async fn warm_up(&self) -> Result<(), BackendError> {
        let (app, now) = (self.app(), self.app().clock.now());
        let (peppers, catalogue, _) = tokio::join!(app.peppers(now), app.catalogue(now), app.logo.get(now));
        peppers.map(|_| ()).and(catalogue.map(|_| ()))
    }

    /// The state of every function.
    pub(crate) fn app(&self) -> &App {
        &self.management.app
    }

    /// The sessions of people.
    pub(crate) fn sessions(&self, now: Timestamp) -> ConsoleSessions<'_> {
        let App { store, events, config, .. } = self.app();
        ConsoleSessions { store, events, stage: &config.stage, lifetime: config.console_sessions, now }
    }

    /// The cookie of a session.
    pub(crate) fn cookie(&self) -> PageCookie {
        page_cookie::console(self.is_secure())
    }

    /// The cookie of a browser that signs in.
    pub(crate) fn sign_in_cookie(&self) -> PageCookie {
        page_cookie::sign_in(self.is_secure())
    }

    /// Whether the site has TLS. Only the local runner has not.
    fn is_secure(&self) -> bool {
        self.app().config.issuer.starts_with("https://")
    }

    /// Host in the browser's address bar.
    pub(crate) fn host(&self) -> &str {
        let issuer = &self.app().config.issuer;
        issuer.split_once("://").map_or(issuer.as_str(), |(_, host)| host)
    }
}
