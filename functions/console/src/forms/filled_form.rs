//! A form as it is shown: what is filled in, and what is wrong with it.

use crate::forms::Form;
use shared::domain::primitives::validation::FieldError;

/// The values of a form with the complaints about them. A field is called as the API calls its member.
#[derive(Debug, Default)]
pub struct FilledForm {
    values: Form,
    errors: Vec<FieldError>,
    /// Fields that this form labels otherwise: names, and the ids of the texts.
    labels: &'static [(&'static str, &'static str)],
    /// Fields that this form does not have.
    absent: Vec<&'static str>,
}

/// A complaint in the summary above a form.
pub struct Problem {
    /// The field.
    pub field: String,
    /// Whether the form has the field.
    pub is_on_page: bool,
    /// Id of the text that labels the field, if it has one.
    pub label: Option<&'static str>,
    /// Path of what is wrong.
    pub path: String,
    /// The complaint, in English.
    pub detail: String,
}

impl FilledForm {
    /// A form with these values.
    pub const fn new(values: Form) -> Self {
        Self { values, errors: Vec::new(), labels: &[], absent: Vec::new() }
    }

    /// The same form, some of whose fields have other labels than such fields elsewhere.
    pub fn with_labels(self, labels: &'static [(&'static str, &'static str)]) -> Self {
        Self { labels, ..self }
    }

    /// The same form, which does not have these fields: the summary does not lead to them.
    pub fn without_fields(self, absent: Vec<&'static str>) -> Self {
        Self { absent, ..self }
    }

    /// The same form with these complaints.
    pub fn with_errors(self, errors: Vec<FieldError>) -> Self {
        Self { errors, ..self }
    }

    /// The same form with these complaints. One about something that has no field here stands at the first of `fields`.
    pub fn with_errors_at(self, errors: Vec<FieldError>, fields: &[&str]) -> Self {
        let at = |error: FieldError| {
            let has_field = fields.contains(&field_of(&error));
            if has_field { error } else { FieldError::new(fields[0], error.detail) }
        };
        let errors = errors.into_iter().map(at).collect();
        self.with_errors(errors)
    }

    /// The same form with its complaints in the order in which the page has these fields; others come last.
    pub fn in_order(mut self, fields: &[&str]) -> Self {
        let place = |error: &FieldError| fields.iter().position(|field| *field == field_of(error));
        self.errors.sort_by_key(|error| place(error).unwrap_or(fields.len()));
        self
    }

    /// The value of a field; empty if it is not filled in.
    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).unwrap_or_default()
    }

    /// The values.
    pub const fn values(&self) -> &Form {
        &self.values
    }

    /// Whether one of a field's boxes or radio buttons is chosen.
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.values.all(field).any(|chosen| chosen == value)
    }

    /// What is wrong with a field, or with a line of it.
    pub fn error(&self, field: &str) -> Option<String> {
        let found: Vec<&str> = self.details(field).collect();
        if found.is_empty() { None } else { Some(found.join("; ")) }
    }

    /// Each complaint about a field, or about a line of it.
    pub fn details<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.errors.iter().filter(move |error| field_of(error) == field).map(|error| &*error.detail)
    }

    /// Whether anything is wrong.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    fn label_of(&self, field: &str) -> Option<&'static str> {
        let own = self.labels.iter().find(|(name, _)| *name == field).map(|(_, id)| *id);
        own.or_else(|| label_id(field))
    }

    /// All complaints.
    pub fn problems(&self) -> Vec<Problem> {
        let problem = |error: &FieldError| Problem {
            field: field_of(error).to_owned(),
            is_on_page: !self.absent.contains(&field_of(error)),
            label: self.label_of(field_of(error)),
            path: error.path.clone(),
            detail: error.detail.clone(),
        };
        self.errors.iter().map(problem).collect()
    }
}

/// The field that an error belongs to: the first part of its path; of the members of an object that a form has once, the next one.
fn field_of(error: &FieldError) -> &str {
    let path = error.path.as_str();
    let objects = ["secret/", "federated_identities/0/", "secret_lifetime_days/"];
    let path = objects.iter().find_map(|object| path.strip_prefix(object)).unwrap_or(path);
    path.split('/').next().unwrap_or_default()
}

/// Id of the text that labels a field.
pub fn label_id(field: &str) -> Option<&'static str> {
    Some(match field {
        "client_name" | "resource_name" | "account_name" => "label-client-name",
        "description" => "label-description",
        "client_uri" => "label-client-uri",
        "contacts" => "label-contacts",
        "expires_on" => "label-expires-on",
        "redirect_uris" => "label-redirect-uris",
        "allowed_ips" => "label-allowed-ips",
        "access_token_lifetime" => "label-access-token-lifetime",
        "refresh_token_lifetime" => "label-refresh-token-lifetime",
        "jwks_uri" => "label-jwks-uri",
        "jwks" => "label-jwks",
        "public_key_pem" => "label-public-key-pem",
        "issuer" => "label-issuer",
        "subject" => "label-subject",
        "audience" => "label-audience",
        "owner" => "label-github-owner",
        "owner_id" => "label-github-owner-id",
        "repository" => "label-github-repository",
        "repository_id" => "label-github-repository-id",
        "context_name" => "label-github-context-name",
        "namespace" => "label-kubernetes-namespace",
        "service_account" => "label-kubernetes-service-account",
        "tenant" => "label-entra-tenant",
        "token" => "label-token",
        "client_id" => "label-client-id",
        "grant_types" => "label-grant-types",
        "permissions" => "label-permissions",
        "federated_identities" => "label-federated-identities",
        "label" => "secret-label",
        "template_id" => "template-id",
        "title" => "template-title",
        "summary" => "template-summary",
        "order" => "template-order",
        "asked" => "template-asks",
        "name_pattern" => "template-name-pattern",
        "fixed" => "template-fixed-members",
        "defaults" => "template-defaults",
        "token_endpoint_auth_method" => "new-client-sign-in",
        "secret_storage" => "secret-storage",
        "secret_display" => "secret-on-request",
        "resource_id" => "api-id",
        "name" => "member-name",
        "role" => "member-role",
        "account_id" => "account-id",
        "email" => "account-administrator-email",
        "like" => "account-like",
        "entitlements" => "entitlements-title",
        "claims" => "label-claims",
        "clients" => "api-clients",
        "members" => "limit-members",
        "mail_recipients_per_day" => "limit-mail",
        "service" => "operator-service",
        "stage" => "api-stage",
        "documentation_url" => "api-documentation",
        "implies" => "scope-implies",
        "document" => "import-document",
        "default" => "account-secret-default",
        "max" => "account-secret-max",
        "sign_in_methods" => "account-sign-in",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_stand_at_the_field_that_holds_what_is_wrong() {
        let errors = vec![
            FieldError::new("redirect_uris/1", "must be a URL"),
            FieldError::new("redirect_uris/2", "must use https"),
            FieldError::new("secret/expires_on", "must be a date"),
        ];
        let form = FilledForm::default().with_errors(errors);
        assert_eq!(form.error("redirect_uris").as_deref(), Some("must be a URL; must use https"));
        assert_eq!(form.error("expires_on").as_deref(), Some("must be a date"));
        assert_eq!(form.error("secret"), None);
    }
}
