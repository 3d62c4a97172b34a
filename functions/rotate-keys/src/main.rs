//! The rotation of the signing keys, as AWS Lambda starts it.

use rotate_keys::Rotation;
use shared::adapters::lambda;
use shared::adapters::telemetry;
use shared::app::App;
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (app, aws) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    let rotation = Rotation::new(Arc::new(app), &aws);
    lambda::run_events(async |event, _| Box::pin(rotation.handle(event)).await).await
}
