//! Entry point of the management function.

use shared::adapters::lambda;
use shared::adapters::telemetry;
use shared::app::{App, ManagementState};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (app, aws) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    let management = ManagementState::new(Arc::new(app), &aws);
    if let Err(fault) = management.warm_up().await {
        // Each request tries again, and fails with 503 if that fails too.
        tracing::warn!(cause = %fault, "warm-up failed");
    }
    let origin_secrets = management.app.config.origin_secrets.clone();
    lambda::serve(clients::router(Arc::new(management)), origin_secrets).await
}
