//! The function that signs people in, as AWS Lambda starts it.

use shared::adapters::{lambda, telemetry};
use shared::assembly::App;
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (app, _) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    if let Err(fault) = app.warm_up().await {
        // Each request tries again, and answers 503 where that fails too.
        tracing::warn!(cause = %fault, "not warm at the start");
    }
    lambda::serve(authorize::router(Arc::new(app))).await
}
