//! The form of a new client.

use super::body::api_body;
use super::crumbs;
use super::form_page::FormPage;
use super::preset::{FormPart, Preset};
use super::sent::{Copied, kept, order};
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::lifetime::{self, LifetimeUnit};
use crate::frame::Frame;
use crate::pages::clients::permissions::matrix::PermissionMatrix;
use crate::pages::clients::permissions::offered::OfferedApis;
use crate::pages::clients::permissions::ticked::{PermissionsForm, TickedScopes};
use crate::pages::clients::reminders::reminders_text;
use crate::pages::clients::rotate::form::SecretForm;
use crate::pages::parts::by_api::create_command;
use crate::state::ConsoleState;
use shared::adapters::crypto::random::random_hex;
use shared::domain::client::SecretStorageChoice;
use shared::domain::oauth::lifetime::{DEFAULT_REFRESH_SECONDS, MAX_REFRESH_SECONDS};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::validation::FieldError;

/// The form with what is filled in.
pub struct NewClientForm {
    preset: Preset,
    title: String,
    /// For a client like another one.
    copy: Option<Copied>,
    /// Number of the form.
    pub number: String,
    /// What is filled in, but for the secret.
    pub filled: FilledForm,
    secret: SecretForm,
    /// Why nothing was created, if it is not about a field.
    pub problem: Option<String>,
    /// Whether a key was sent that is not shown again.
    has_lost_key: bool,
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
        let access = config.default_access_token_lifetime.min(config.max_access_token_lifetime);
        let mut fields = filled;
        let mut default = |field: &str, value: String| {
            if !fields.iter().any(|(name, _)| name == field) {
                fields.push((field.to_owned(), value));
            }
        };
        let refresh = preset.asks(FormPart::Redirects).then_some(DEFAULT_REFRESH_SECONDS);
        let lifetimes = [("access_token_lifetime", Some(access)), ("refresh_token_lifetime", refresh)];
        for (member, seconds) in lifetimes {
            let fields = seconds.map(|seconds| lifetime::fields(member, seconds));
            fields.into_iter().flatten().for_each(|(name, value)| default(&name, value));
        }
        default("secret_storage", <&str>::from(config.secret_storage).to_owned());
        default("status", "active".to_owned());
        default("server", "yes".to_owned());
        default("sign_in", "secret".to_owned());
        default("audience", config.issuer.clone());
        default("context", "branch".to_owned());
        if preset == Preset::Blank {
            default("grant_types", "client_credentials".to_owned());
        }
        // An operator gets no mail of the account as its member.
        if request.person.principal.account_id() != &request.account.account_id {
            default("contacts", request.live.session.email.to_string());
        }
        let (texts, now) = (request.texts, request.audit_context.now);
        let fields: Form = fields.into_iter().collect();
        Self {
            preset,
            title: preset.form_title(texts, &fields),
            copy: None,
            number: random_hex(),
            filled: FilledForm::new(fields),
            secret: SecretForm::new(texts, request.secret_limits(state), now),
            problem: None,
            has_lost_key: false,
        }
    }

    /// The form of a client like another one.
    pub fn duplicate(self, copied: Copied, secret: Option<SecretForm>) -> Self {
        let title = copied.title.clone();
        Self { title, copy: Some(copied), secret: secret.unwrap_or(self.secret), ..self }
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
        let max = state.app().config.max_access_token_lifetime;
        let errors = lifetime::in_units(errors, max, |member| lifetime::unit(&request.form, member));
        let platform = preset.platform(&request.form);
        let errors =
            errors.into_iter().map(|error| match error.path.strip_prefix("federated_identities/0/") {
                Some(member) if !platform.fields().contains(&member) => {
                    FieldError { path: platform.field_of(member).to_owned(), ..error }
                }
                _ => error,
            });
        let errors = errors.collect();
        let (values, has_lost_key) = kept(&request.form);
        let copy = Copied::sent(&request.form);
        let title = copy.as_ref().map(|copied| copied.title.clone());
        Self {
            preset,
            title: title.unwrap_or_else(|| preset.form_title(texts, &request.form)),
            copy,
            number: request.new_form_number(),
            filled: FilledForm::new(values).with_errors(errors).in_order(&order(platform)),
            secret,
            problem: None,
            has_lost_key,
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
        let recipients = request.clients(state)?.mail_recipients().await?;
        let reminded = recipients.of_all(request.audit_context.now).len();
        let mut secret = self.secret;
        secret.reminders = reminders_text(state, request, &contacts, &recipients);
        let body = api_body(self.preset, self.filled.values(), &ticked.requested());
        let platform = self.preset.platform(self.filled.values());
        let chooses_storage = match config.secret_storage_choice {
            SecretStorageChoice::Fixed => false,
            SecretStorageChoice::Operator => principal.is_operator(),
            SecretStorageChoice::Account => true,
        };
        let mut absent = self.preset.absent_fields();
        if !chooses_storage {
            absent.push("secret_storage");
        }
        let unit = |member: &str, most: u32| {
            LifetimeUnit::new(request.texts, lifetime::unit(self.filled.values(), member), most)
        };
        let access_unit = unit("access_token_lifetime", config.max_access_token_lifetime);
        let refresh_unit = unit("refresh_token_lifetime", MAX_REFRESH_SECONDS);
        Ok(FormPage {
            frame,
            platform,
            preset: self.preset,
            cancel: request.url("/clients"),
            target: request.form_target_at(&request.url("/clients/new")),
            number: self.number,
            form: self.filled.without_fields(absent),
            secret,
            problem: self.problem,
            is_linked: false,
            copy: self.copy,
            has_lost_key: self.has_lost_key,
            reminded: u64::try_from(reminded).unwrap_or(u64::MAX),
            matrix: PermissionMatrix::new(request.texts, &offered, principal, &held, &ticked),
            chooses_storage,
            own_address: request
                .audit_context
                .actor
                .source_ip
                .map(|address| address.to_canonical().to_string()),
            access_unit,
            refresh_unit,
            command: create_command(
                &format!("{}/v1/accounts/{}/clients", config.issuer, request.account.account_id),
                &body,
            ),
        })
    }
}
