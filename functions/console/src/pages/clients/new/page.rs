//! The form of a new client.

use super::body::api_body;
use super::crumbs;
use super::preset::{FormPart, Preset};
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::clients::permissions::matrix::PermissionMatrix;
use crate::pages::clients::permissions::offered::OfferedApis;
use crate::pages::clients::permissions::ticked::{PermissionsForm, TickedScopes};
use crate::pages::clients::reminders::with_reminders;
use crate::pages::clients::rotate::form::SecretForm;
use crate::pages::parts::by_api::create_command;
use crate::state::ConsoleState;
use askama::Template;
use shared::adapters::crypto::random::random_hex;
use shared::domain::client::SecretStorageChoice;
use shared::domain::client::federated_identity::workload::Platform;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::validation::FieldError;

/// The form with what is filled in.
pub struct NewClientForm {
    preset: Preset,
    title: String,
    /// What is not copied, for a duplicate.
    is_duplicate: bool,
    /// Number of the form.
    pub number: String,
    /// What is filled in, but for the secret.
    pub filled: FilledForm,
    secret: SecretForm,
    /// Why nothing was created, if it is not about a field.
    pub problem: Option<String>,
}

/// The page of the form.
#[derive(Template)]
#[template(path = "clients/new/form.html")]
pub struct FormPage<'a> {
    frame: Frame<'a>,
    preset: Preset,
    cancel: String,
    target: FormTarget,
    number: String,
    form: FilledForm,
    secret: SecretForm,
    problem: Option<String>,
    /// Whether a link has filled fields in.
    pub is_linked: bool,
    is_duplicate: bool,
    matrix: PermissionMatrix,
    /// Whether the person may choose where the secret is kept.
    chooses_storage: bool,
    /// Address of the person.
    own_address: Option<String>,
    /// The longest lifetime of an access token, in minutes.
    max_minutes: u32,
    platform: Platform,
    command: String,
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
        self.preset == Preset::Blank || MORE.iter().any(|field| self.form.error(field).is_some())
    }
}

impl NewClientForm {
    /// The form of a preset, with these fields filled in and the others at their defaults.
    pub fn new(
        state: &ConsoleState,
        request: &AccountRequest,
        preset: Preset,
        filled: Vec<(String, String)>,
    ) -> Self {
        let config = &state.app().config;
        let minutes = config.default_access_token_lifetime.min(config.max_access_token_lifetime) / 60;
        let mut fields = filled;
        let mut default = |field: &str, value: String| {
            if !fields.iter().any(|(name, _)| name == field) {
                fields.push((field.to_owned(), value));
            }
        };
        default("access_token_lifetime", minutes.to_string());
        default("secret_storage", <&str>::from(config.secret_storage).to_owned());
        default("status", "active".to_owned());
        default("server", "yes".to_owned());
        default("sign_in", "secret".to_owned());
        default("audience", config.issuer.clone());
        default("context", "branch".to_owned());
        if preset == Preset::Blank {
            default("grant_types", "client_credentials".to_owned());
        }
        if preset.asks(FormPart::Redirects) {
            default("refresh_token_lifetime", "14".to_owned());
        }
        // An operator gets no mail of the account as its member.
        if request.person.principal.account_id() != &request.account.account_id {
            default("contacts", request.live.session.email.to_string());
        }
        let (texts, now) = (request.texts, request.audit_context.now);
        Self {
            preset,
            title: preset.title(texts),
            is_duplicate: false,
            number: random_hex(),
            filled: FilledForm::new(fields.into_iter().collect()),
            secret: SecretForm::new(texts, request.secret_limits(state), now),
            problem: None,
        }
    }

    /// The form of a client like another one.
    pub fn duplicate(self, title: String, secret: Option<SecretForm>) -> Self {
        Self { title, is_duplicate: true, secret: secret.unwrap_or(self.secret), ..self }
    }

    /// The form as it was sent, with what is wrong with it.
    pub fn sent(
        state: &ConsoleState,
        request: &AccountRequest,
        preset: Preset,
        errors: Vec<FieldError>,
    ) -> Self {
        let (texts, now) = (request.texts, request.audit_context.now);
        let limits = request.secret_limits(state);
        let mut secret = SecretForm::filled(texts, limits, now, &request.form);
        for error in &errors {
            match error.path.as_str() {
                "secret/expires_on" => secret.end_error = Some(error.detail.clone()),
                "secret/label" => secret.label_error = Some(error.detail.clone()),
                _ => {}
            }
        }
        let platform = preset.platform(&request.form);
        let errors =
            errors.into_iter().map(|error| match error.path.strip_prefix("federated_identities/0/") {
                Some(member) if !platform.fields().contains(&member) => {
                    FieldError { path: platform.field_of(member).to_owned(), ..error }
                }
                _ => error,
            });
        let errors = errors.collect();
        // A private key that was pasted by mistake does not travel once more.
        let keeps_key = !request.form.get("public_key_pem").is_some_and(|text| text.contains("PRIVATE KEY"));
        let values = request.form.clone();
        let values = if keeps_key { values } else { values.without("public_key_pem") };
        Self {
            preset,
            title: preset.title(texts),
            is_duplicate: request.form.get("duplicate").is_some(),
            number: random_hex(),
            filled: FilledForm::new(values).with_errors(errors),
            secret,
            problem: None,
        }
    }

    /// The page of the form.
    pub async fn page<'a>(
        self,
        state: &'a ConsoleState,
        request: &AccountRequest,
    ) -> Result<FormPage<'a>, ConsoleError> {
        let config = &state.app().config;
        let principal = &request.person.principal;
        let mut frame = Frame::in_account(state, request, self.title).below(crumbs(request));
        frame.has_errors = self.filled.has_errors() || self.problem.is_some();
        let catalogue = state.app().catalogue(request.audit_context.now).await?.value;
        let offered = OfferedApis::new(&catalogue.resources, &request.account.entitlements);
        let ticked = PermissionsForm::read(self.filled.values(), &offered).ticked;
        let held = TickedScopes::default();
        let contacts = self.filled.value("contacts").lines();
        let contacts: Vec<_> = contacts.filter_map(|line| EmailAddress::parse(line.trim()).ok()).collect();
        let secret = with_reminders(self.secret, state, request, &contacts).await?;
        let body = api_body(self.preset, self.filled.values(), &ticked.requested());
        let platform = self.preset.platform(self.filled.values());
        Ok(FormPage {
            frame,
            platform,
            preset: self.preset,
            cancel: request.url("/clients"),
            target: request.form_target_at(&request.url("/clients/new")),
            number: self.number,
            form: self.filled,
            secret,
            problem: self.problem,
            is_linked: false,
            is_duplicate: self.is_duplicate,
            matrix: PermissionMatrix::new(request.texts, &offered, principal, &held, &ticked),
            chooses_storage: match config.secret_storage_choice {
                SecretStorageChoice::Fixed => false,
                SecretStorageChoice::Operator => principal.is_operator(),
                SecretStorageChoice::Account => true,
            },
            own_address: request.audit_context.actor.source_ip.map(|address| address.to_string()),
            max_minutes: config.max_access_token_lifetime / 60,
            command: create_command(
                &format!("{}/v1/accounts/{}/clients", config.issuer, request.account.account_id),
                &body,
            ),
        })
    }
}
