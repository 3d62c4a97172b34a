//! The person in the frame of a page.

use shared::services::console::LiveSession;

/// The person in the frame.
#[derive(Clone, Debug)]
pub struct FramePerson {
    /// Their address.
    pub email: String,
    /// CSRF token of the form that signs them out.
    pub sign_out_token: String,
}

impl FramePerson {
    /// The person of a session.
    pub fn of(live: &LiveSession) -> Self {
        Self {
            email: live.session.email.to_string(),
            sign_out_token: live.cookie.form_token("/console/sign-out"),
        }
    }
}
