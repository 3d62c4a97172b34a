//! The token function, as AWS Lambda starts it.

use shared::adapters::{lambda, telemetry};
use shared::app::App;
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (app, _) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    // Not fatal: what could not be read now is read with the first request.
    app.warm_up().await.unwrap_or_else(|error| tracing::warn!(cause = %error, "warm-up failed"));
    let origin_secrets = app.config.origin_secrets.clone();
    lambda::serve(token::router(Arc::new(app)), origin_secrets).await
}
