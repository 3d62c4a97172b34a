//! Watching and ending the old one of two secrets.

use super::finding::finding_text;
use crate::account_request::AccountRequest;
use crate::forms::form_target::FormTarget;
use crate::pages::clients::credentials::secret_view::SecretView;
use crate::pages::clients::credentials_url;
use crate::pages::parts::time::Instant;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use shared::domain::client::rotation_progress::Finding;
use shared::domain::client::secret::Secret;
use shared::domain::client::secret_expiry::expires_at;

/// The step in which the old secret is watched and ended.
pub struct EndStep {
    pub old: SecretView,
    pub new: SecretView,
    pub finding: String,
    pub is_safe: bool,
    pub is_old_paused: bool,
    /// Whether no other secret works than the old one.
    pub is_old_needed: bool,
    /// The form that resumes the new one, if it is paused.
    pub resume_new: Option<FormTarget>,
    /// URL of the old secret.
    pub url: String,
    pub pause: FormTarget,
    pub resume: FormTarget,
    pub end: FormTarget,
    /// Days on which the old one can end earlier.
    pub earlier: Vec<(String, Instant)>,
    /// Ids of both.
    pub ids: [String; 2],
}

/// The step with two live secrets, and what their uses tell.
pub fn end_step(
    request: &AccountRequest,
    client_id: &str,
    old: &Secret,
    new: &Secret,
    finding: Finding,
) -> EndStep {
    let (texts, now) = (request.texts, request.audit_context.now);
    let url_of =
        |secret: &Secret| credentials_url(request, client_id, &format!("/secrets/{}", secret.secret_id));
    let url = url_of(old);
    let target = |action: &str| request.form_target_at(&format!("{url}/{action}"));
    let is_new_paused = !new.status.is_active();
    let today = now.to_zoned(TimeZone::UTC).date();
    let days = [1_i64, 7].map(|days| today.saturating_add(days.days()));
    let earlier = days.into_iter().filter(|day| expires_at(*day) < old.expires_at);
    EndStep {
        finding: finding_text(texts, finding, old, new, now),
        is_safe: finding.is_safe_to_end(),
        is_old_paused: !old.status.is_active(),
        is_old_needed: is_new_paused && old.status.is_active(),
        resume_new: is_new_paused.then(|| request.form_target_at(&format!("{}/resume", url_of(new)))),
        pause: target("pause"),
        resume: target("resume"),
        end: target("end"),
        earlier: earlier.map(|day| (day.to_string(), Instant::new(texts, expires_at(day), now))).collect(),
        ids: [old, new].map(|secret| secret.secret_id.to_string()),
        old: SecretView::new(texts, old, now),
        new: SecretView::new(texts, new, now),
        url,
    }
}
