//! The function that signs people in, as AWS Lambda starts it.

use authorize::ResponseTiming;
use shared::adapters::lambda;
use shared::adapters::telemetry;
use shared::app::App;
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (app, aws) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    // It cannot read the signing keys, so it warms up what it has.
    let now = app.clock.now();
    let (peppers, catalogue) = tokio::join!(app.peppers(now), app.catalogue(now));
    if let Err(fault) = peppers.map(|_| ()).and(catalogue.map(|_| ())) {
        // Each request tries again, and answers 503 where that fails too.
        tracing::warn!(cause = %fault, "not warm at the start");
    }
    lambda::serve(authorize::router(Arc::new(app), &aws, ResponseTiming::Uniform)).await
}
