//! The real routers over HTTP, assembled from the environment as `main` does in Lambda, on one thread.

use crate::{BoxError, fixture, print_json};
use axum::Router;
use axum::routing::post;
use console::ConsoleState;
use expiry::Job;
use jiff::SignedDuration;
use serde_json::json;
use shared::adapters::telemetry;
use shared::app::{App, ManagementState};
use std::sync::Arc;
use tokio::net::TcpListener;

/// The token function.
#[tokio::main(flavor = "current_thread")]
pub async fn token() -> Result<(), BoxError> {
    let (app, _) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    app.warm_up().await?;
    serve(token::router(Arc::new(app))).await
}

/// The management API, the console, the token endpoints that issue its tokens, and the scheduled job as `POST /run-job`.
#[tokio::main(flavor = "current_thread")]
pub async fn manage() -> Result<(), BoxError> {
    let (app, aws) = App::from_env()?;
    telemetry::install(&app.config.log_level);
    app.warm_up().await?;
    let management = Arc::new(ManagementState::new(Arc::new(app), &aws));
    let job = Arc::new(Job::new(Arc::clone(&management), &aws)?);
    let run = post(async move || {
        let deadline = fixture::now().saturating_add(SignedDuration::from_mins(15)).unwrap_or_default();
        axum::Json(job.run(deadline).await)
    });
    let console = console::router(Arc::new(ConsoleState::new(Arc::clone(&management))));
    let routers =
        token::router(Arc::clone(&management.app)).merge(clients::router(management)).merge(console);
    serve(routers.route("/run-job", run)).await
}

async fn serve(router: Router) -> Result<(), BoxError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    print_json(&json!({ "port": listener.local_addr()?.port() }));
    Ok(axum::serve(listener, router).await?)
}
