//! What the function has at hand.

use shared::adapters::cache::Held;
use shared::adapters::events::Events;
use shared::adapters::fault::Fault;
use shared::adapters::mailer::Mailer;
use shared::adapters::store::Catalogue;
use shared::assembly::App;
use shared::assembly::AwsClients;
use shared::domain::client::Client;
use shared::domain::email::EmailAddress;
use std::sync::Arc;
use std::time::Duration;

/// How soon it is answered that a code was mailed, or that none was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Not before a second has passed. A mail takes SES some tenths of one, and a mail that is not sent takes nothing:
    /// without this, whoever measures the time would learn which addresses are members'.
    Even,
    /// At once: on a machine whose members are nobody's secret.
    AtOnce,
}

impl Pace {
    /// The least that an answer takes.
    #[must_use]
    pub const fn floor(self) -> Duration {
        match self {
            Self::Even => Duration::from_secs(1),
            Self::AtOnce => Duration::ZERO,
        }
    }
}

/// Mail, where it is sent from.
pub struct Post {
    pub mailer: Mailer,
    pub sender: EmailAddress,
}

/// What every page has at hand.
pub struct Desk {
    pub app: Arc<App>,
    /// There if people can sign in with codes by e-mail.
    pub post: Option<Post>,
    pub pace: Pace,
    /// Who listens to what people consent to.
    pub events: Events,
}

impl Desk {
    pub fn new(app: Arc<App>, aws: &AwsClients, pace: Pace) -> Self {
        let events = Events::new(&aws.eventbridge(), app.config.event_bus.clone());
        let post = app.config.mail.as_ref().map(|mail| Post {
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
        catalogue: Held<Catalogue>,
        now: jiff::Timestamp,
    ) -> Result<Held<Catalogue>, Fault> {
        if client.permissions.iter().all(|own| catalogue.value.knows(&own.resource)) {
            Ok(catalogue)
        } else {
            self.app.newer_catalogue(&catalogue, now).await
        }
    }
}
