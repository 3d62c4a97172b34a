//! Metrics of sign-in by e-mail.

use crate::state::AuthorizeState;
use shared::adapters::telemetry::emf;

/// Counts an entered code, `right` or `wrong`.
pub fn code_entered(state: &AuthorizeState, outcome: &'static str) {
    let app = &state.app;
    emf::record(&app.config.stage, app.clock.now(), &[("outcome", outcome)], &[("code_attempts", 1)]);
}
