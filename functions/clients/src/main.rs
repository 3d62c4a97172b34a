//! The management function, as AWS Lambda starts it.

use shared::adapters::{lambda, telemetry};
use shared::assembly::{App, Management};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (app, aws) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    Box::pin(app.warm_up()).await?;
    let management = Management::new(Arc::new(app), &aws);
    lambda::serve(clients::router(Arc::new(management))).await
}
