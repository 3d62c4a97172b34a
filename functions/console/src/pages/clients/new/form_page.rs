//! The page of the form of a new client.

use super::preset::{FormPart, Preset, secret_method};
use super::sent::Copied;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::forms::lifetime::LifetimeUnit;
use crate::frame::Frame;
use crate::pages::clients::permissions::matrix::PermissionMatrix;
use crate::pages::clients::rotate::form::SecretForm;
use askama::Template;
use shared::domain::client::federated_identity::workload::Platform;

/// The page of the form.
#[derive(Template)]
#[template(path = "clients/new/form.html")]
pub struct FormPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) preset: Preset,
    pub(super) cancel: String,
    pub(super) target: FormTarget,
    pub(super) number: String,
    pub(super) form: FilledForm,
    pub(super) secret: SecretForm,
    pub(super) problem: Option<String>,
    /// Whether a link has filled fields in.
    pub is_linked: bool,
    pub(super) copy: Option<Copied>,
    /// Whether a key was sent that is not shown again.
    pub(super) has_lost_key: bool,
    /// How many people get reminders whatever the contacts are.
    pub(super) reminded: u64,
    pub(super) matrix: PermissionMatrix,
    /// Whether the person may choose where the secret is kept.
    pub(super) chooses_storage: bool,
    /// Address of the person.
    pub(super) own_address: Option<String>,
    pub(super) access_unit: LifetimeUnit,
    pub(super) refresh_unit: LifetimeUnit,
    pub(super) platform: Platform,
    pub(super) command: String,
}

impl FormPage<'_> {
    /// Whether the fields below "More settings" are shown at once.
    fn shows_more(&self) -> bool {
        const MORE: [&str; 6] = [
            "description",
            "contacts",
            "allowed_ips",
            "access_token_lifetime",
            "refresh_token_lifetime",
            "client_id",
        ];
        self.preset == Preset::Blank
            || self.frame.is_restored
            || self.is_linked && !self.form.value("description").is_empty()
            || MORE.iter().any(|field| self.form.error(field).is_some())
    }

    /// Class of a part of the form that is hidden while what is chosen has no use for it; empty if there are complaints about it.
    fn class_of(&self, part: FormPart) -> &'static str {
        let platform = self.platform.fields();
        let (class, fields): (_, &[&str]) = match part {
            FormPart::Keys => ("if-key", &["jwks_uri", "public_key_pem"]),
            FormPart::Platform => ("if-platform", platform),
            FormPart::Secret => ("if-secret", &["expires_on", "label", "secret_display", "secret_storage"]),
            FormPart::Redirects => ("if-redirects", &["redirect_uris", "grant_types"]),
            FormPart::Kind | FormPart::Server => ("", &[]),
        };
        let is_kept = part == FormPart::Redirects && !self.form.value("redirect_uris").is_empty();
        let is_wrong = fields.iter().any(|field| self.form.error(field).is_some());
        if is_kept || is_wrong { "" } else { class }
    }

    /// How a client with a secret sends it.
    fn secret_method(&self) -> &'static str {
        secret_method(self.form.values()).into()
    }
}
