//! Everything that is built once per cold start.

mod app;
mod aws;
mod bootstrap;
mod clock;
mod config;

pub use app::{App, Management};
pub use aws::AwsClients;
pub use bootstrap::{Bootstrapped, OperatorCredentials, bootstrap, reveal_operator};
pub use clock::{AdjustableClock, Clock};
pub use config::{AwsConfig, Config, ConfigError, Endpoints, MailConfig};
