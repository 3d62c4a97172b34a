//! The token function, as AWS Lambda starts it.

use shared::adapters::lambda;
use shared::adapters::telemetry;
use shared::app::App;
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (app, _) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    if let Err(fault) = app.warm_up().await {
        // Each request tries again, and answers 503 where that fails too.
        tracing::warn!(cause = %fault, "not warm at the start");
    }
    lambda::serve(token::router(Arc::new(app))).await
}
