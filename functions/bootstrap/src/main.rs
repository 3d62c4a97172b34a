//! The bootstrap function, as AWS Lambda starts it.

use bootstrap::BootstrapHandler;
use shared::adapters::lambda;
use shared::adapters::telemetry;
use shared::app::Config;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let config = Config::from_env();
    telemetry::install(config.as_ref().map_or("info", |config| config.log_level.as_str()));
    // An invalid configuration is answered too: CloudFormation waits for a function that does not start.
    let handler = BootstrapHandler::new(config);
    lambda::run_events(async |event, deadline| bootstrap::handle(&handler, event, deadline).await).await
}
