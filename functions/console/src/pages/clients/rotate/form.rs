//! The fields of a new secret.

use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::pages::parts::time::Instant;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use shared::domain::client::secret_expiry::{SecretLimits, expires_at};
use shared::domain::client::secret_rotation::ReplacePolicy;
use shared::domain::primitives::display_text::Label;
use shared::domain::primitives::validation::Validator;
use shared::services::clients::{AddSecret, SecretRequest};
use shared::texts::Texts;

/// Value of the choice of another day than those that are offered.
const OTHER: &str = "other";

/// The longest label, in characters.
pub const MAX_LABEL: usize = Label::MAX_CHARS;

/// The form of a new secret, as it is shown.
pub struct SecretForm {
    /// Days on which it may end.
    pub ends: Vec<EndChoice>,
    /// Whether another day is chosen.
    pub is_other: bool,
    /// The other day.
    pub other: String,
    /// The first and the last day on which it may end.
    pub range: (Date, Date),
    /// What people call it.
    pub label: String,
    /// Whether reminders are sent.
    pub remind: bool,
    /// When reminders are sent, and to which addresses.
    pub reminders: String,
    /// What is wrong with the day.
    pub end_error: Option<String>,
    /// What is wrong with the label.
    pub label_error: Option<String>,
}

/// A day on which a secret may end.
pub struct EndChoice {
    /// The day.
    pub date: Date,
    /// How far away it is.
    pub days: String,
    /// The instant.
    pub at: Instant,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

impl SecretForm {
    /// The form with its defaults.
    pub fn new(texts: Texts, limits: SecretLimits, now: Timestamp) -> Self {
        Self::with_choice(texts, limits, now, &|days, _| days == limits.default_days)
    }

    /// The form as it was filled in.
    pub fn filled(texts: Texts, limits: SecretLimits, now: Timestamp, form: &Form) -> Self {
        let text = |name| form.get(name).unwrap_or_default().to_owned();
        let chosen = form.get("ends");
        Self {
            is_other: chosen == Some(OTHER),
            other: text("ends_on"),
            label: text("label"),
            remind: form.get("remind").is_some(),
            ..Self::with_choice(texts, limits, now, &|_, date| chosen == Some(date.to_string().as_str()))
        }
    }

    fn with_choice(
        texts: Texts,
        limits: SecretLimits,
        now: Timestamp,
        is_chosen: &dyn Fn(u16, Date) -> bool,
    ) -> Self {
        let choice = |(days, date): (u16, Date)| EndChoice {
            date,
            days: texts.count("in-days", u64::from(days)),
            at: Instant::new(texts, expires_at(date), now),
            is_chosen: is_chosen(days, date),
        };
        Self {
            ends: limits.choices(now).into_iter().map(choice).collect(),
            is_other: false,
            other: String::new(),
            range: limits.range(now),
            label: String::new(),
            remind: true,
            reminders: String::new(),
            end_error: None,
            label_error: None,
        }
    }

    /// The same form with the complaints of another one about its fields.
    pub fn with_errors_of(self, form: &FilledForm) -> Self {
        Self { end_error: form.error("expires_on"), label_error: form.error("label"), ..self }
    }

    /// The secret that the form requests as it is shown, as the body of the API has it.
    pub fn shown_body(&self) -> Value {
        let chosen = self.ends.iter().find(|choice| choice.is_chosen).map(|choice| choice.date.to_string());
        let day = chosen.as_deref().unwrap_or(&self.other);
        let mut body = json!({ "remind": self.remind });
        if !day.is_empty() {
            body["expires_on"] = json!(day);
        }
        if !self.label.is_empty() {
            body["label"] = json!(self.label);
        }
        body
    }

    /// The secret as the body of the API has it.
    pub fn api_body(form: &Form) -> Value {
        let mut body = json!({ "remind": form.get("remind").is_some() });
        if let Some(day) = Self::day(form) {
            body["expires_on"] = json!(day);
        }
        if let Some(label) = form.get("label").map(str::trim).filter(|text| !text.is_empty()) {
            body["label"] = json!(label);
        }
        body
    }

    /// The day that is chosen or filled in.
    fn day(form: &Form) -> Option<&str> {
        match form.get("ends") {
            Some(OTHER) => form.get("ends_on"),
            chosen => chosen,
        }
    }

    /// The secret that the form requests. What is wrong is among its errors.
    pub fn read(form: &Form, replace: Option<ReplacePolicy>) -> AddSecret {
        let mut errors = Validator::new();
        let expires_on = Self::day(form).and_then(|day| day.parse::<Date>().ok());
        if expires_on.is_none() {
            errors.error("expires_on", "must be a date such as 2027-02-18");
        }
        let label = match form.get("label").map(str::trim).filter(|text| !text.is_empty()).map(Label::parse) {
            None => None,
            Some(Ok(label)) => Some(label),
            Some(Err(error)) => {
                errors.error("label", error.to_string());
                None
            }
        };
        let options = SecretRequest { expires_on, remind: Some(form.get("remind").is_some()), label };
        AddSecret { options, replace, errors }
    }
}
