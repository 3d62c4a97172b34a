//! The function of the console, as AWS Lambda starts it.

use console::ConsoleState;
use shared::adapters::lambda;
use shared::adapters::telemetry;
use shared::app::{App, ManagementState};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (app, aws) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    let origin_secrets = app.config.origin_secrets.clone();
    let state = ConsoleState::new(Arc::new(ManagementState::new(Arc::new(app), &aws)));
    if let Err(error) = state.warm_up().await {
        // Each request tries again, and is a 503 where that fails too.
        tracing::warn!(cause = %error, "not warm at the start");
    }
    lambda::serve(console::router(Arc::new(state)), origin_secrets).await
}
