//! Everything that is built once per cold start.

mod aws;
mod bootstrap;
mod clock;
mod config;
mod management_state;
mod state;
mod verification;

pub use aws::AwsClients;
pub use bootstrap::{
    BootstrapOutcome, OperatorCredentials, StageError, bootstrap, check_stage, ensure_operator_member,
    operator_console_link, operator_credentials, restore_operator,
};
pub use clock::{AdjustableClock, Clock};
pub use config::{AwsConfig, Config, ConfigError, Endpoints, MailConfig};
pub use management_state::ManagementState;
pub use state::App;
pub use verification::VerifyError;
