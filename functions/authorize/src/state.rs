//! What the function has at hand.

use shared::adapters::cache::CacheEntry;
use shared::adapters::email::mailer::Mailer;
use shared::adapters::error::BackendError;
use shared::adapters::event_bus::EventPublisher;
use shared::adapters::store::ResourceCatalog;
use shared::app::App;
use shared::app::AwsClients;
use shared::domain::client::Client;
use shared::domain::primitives::email::EmailAddress;
use std::sync::Arc;
use std::time::Duration;

/// How soon it is answered that a code was mailed, or that none was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseTiming {
    /// Not before a second has passed. A mail takes SES some tenths of one, and a mail that is not sent takes nothing:
    /// without this, whoever measures the time would learn which addresses are members'.
    Uniform,
    /// At once: on a machine whose members are nobody's secret.
    Immediate,
}

impl ResponseTiming {
    /// The least that an answer takes.
    #[must_use]
    pub const fn minimum(self) -> Duration {
        match self {
            Self::Uniform => Duration::from_secs(1),
            Self::Immediate => Duration::ZERO,
        }
    }
}

/// Mail, where it is sent from.
pub struct EmailSender {
    pub mailer: Mailer,
    pub sender: EmailAddress,
}

/// What every page has at hand.
pub struct AuthorizeState {
    pub app: Arc<App>,
    /// There if people can sign in with codes by e-mail.
    pub post: Option<EmailSender>,
    pub pace: ResponseTiming,
    /// Who listens to what people consent to.
    pub events: EventPublisher,
}

impl AuthorizeState {
    pub fn new(app: Arc<App>, aws: &AwsClients, pace: ResponseTiming) -> Self {
        let events = EventPublisher::new(&aws.eventbridge(), app.config.event_bus.clone());
        let post = app.config.mail.as_ref().map(|mail| EmailSender {
            mailer: Mailer::new(aws.ses(), mail.configuration_set.clone()),
            sender: mail.sender.clone(),
        });
        Self { app, post, pace, events }
    }

    /// Where the upstream provider sends people back to.
    pub fn callback(&self) -> String {
        format!("{}/oauth/callback", self.app.config.issuer)
    }

    /// The host that people see in their browser's address bar.
    pub fn host(&self) -> &str {
        let issuer = &self.app.config.issuer;
        issuer.split_once("://").map_or(issuer, |(_, host)| host)
    }

    /// Whether browsers reach it over TLS; only the local runner is without.
    pub fn is_secure(&self) -> bool {
        self.app.config.issuer.starts_with("https://")
    }

    /// Whom people sign in at, for them to recognise.
    pub fn provider(&self) -> Option<&str> {
        self.app.config.upstream.as_ref().map(|upstream| upstream.issuer.host())
    }

    /// A catalogue that knows all that this client holds: what is missing may have been made since it was read.
    pub async fn catalogue_for(
        &self,
        client: &Client,
        catalogue: CacheEntry<ResourceCatalog>,
        now: jiff::Timestamp,
    ) -> Result<CacheEntry<ResourceCatalog>, BackendError> {
        if client.permissions.iter().all(|own| catalogue.value.knows(&own.resource)) {
            Ok(catalogue)
        } else {
            self.app.refresh_catalogue(&catalogue, now).await
        }
    }
}
