//! The scheduled job, as AWS Lambda starts it.

use expiry::Job;
use shared::adapters::lambda;
use shared::adapters::telemetry;
use shared::app::{App, ManagementState};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (app, aws) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    let job = Arc::new(Job::new(Arc::new(ManagementState::new(Arc::new(app), &aws)), &aws)?);
    lambda::run_events(async |event, deadline| Box::pin(expiry::handle(&job, &event, deadline)).await).await
}
