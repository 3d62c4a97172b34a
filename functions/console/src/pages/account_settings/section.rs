//! The settings of an account as forms have them: parts that are saved each by itself.

use crate::forms::Form;
use serde_json::{Map, Value, json};
use shared::domain::account::{Account, SecretLifetimeChange, SignInMethods};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::optional_change::OptionalChange;
use shared::domain::primitives::validation::{FieldError, FromJson, Validator};
use shared::services::accounts::AccountChange;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A part of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Section {
    Name,
    Contacts,
    Secrets,
    SignIn,
}

impl Section {
    /// All of them, in the order of the page.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The names of its fields.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["account_name", "locale"],
            Self::Contacts => &["contacts"],
            Self::Secrets => &["default", "max"],
            Self::SignIn => &["sign_in_methods"],
        }
    }

    /// The members of an account, as the API shows them.
    pub fn to_json(self, account: &Account, has_provider: bool) -> Map<String, Value> {
        let members = match self {
            Self::Name => json!({ "account_name": account.account_name, "locale": account.locale }),
            Self::Contacts => json!({ "contacts": account.contacts }),
            Self::Secrets => {
                let own = &account.secret_lifetime_days;
                json!({ "secret_lifetime_days": { "default": own.default, "max": own.max } })
            }
            Self::SignIn => json!({ "sign_in_methods": account.sign_in_methods.offered(has_provider) }),
        };
        members.as_object().cloned().unwrap_or_default()
    }

    /// The values of its fields as they are now: lists with one value a line, and several ways to sign in with a blank
    /// between them.
    pub fn values(self, account: &Account) -> Vec<(&'static str, String)> {
        let days = |days: Option<u16>| days.map(|days| days.to_string()).unwrap_or_default();
        match self {
            Self::Name => {
                let locale = account.locale.map(|locale| locale.tag().to_owned()).unwrap_or_default();
                vec![("account_name", account.account_name.to_string()), ("locale", locale)]
            }
            Self::Contacts => {
                let lines: Vec<&str> = account.contacts.iter().map(EmailAddress::as_str).collect();
                vec![("contacts", lines.join("\n"))]
            }
            Self::Secrets => {
                let own = &account.secret_lifetime_days;
                vec![("default", days(own.default)), ("max", days(own.max))]
            }
            Self::SignIn => {
                let methods: Vec<&str> = account.sign_in_methods.iter().map(Into::into).collect();
                vec![("sign_in_methods", methods.join(" "))]
            }
        }
    }

    /// The values of its fields in a form that was sent.
    pub fn sent(self, form: &Form) -> Vec<(&'static str, String)> {
        let fields = self.fields().iter();
        fields.map(|field| (*field, form.get(field).unwrap_or_default().to_owned())).collect()
    }

    /// The change that a form makes, or what is wrong with it.
    pub fn change(self, form: &Form) -> Result<AccountChange, Vec<FieldError>> {
        let mut checked = Validator::new();
        let mut change = AccountChange::default();
        let text = |field: &str| form.get(field).unwrap_or_default().trim().to_owned();
        match self {
            Self::Name => {
                change.account_name = take(&mut checked, "account_name", &json!(text("account_name")));
                let locale = form.get("locale").and_then(|tag| tag.parse().ok());
                change.locale = locale.map_or(OptionalChange::Remove, OptionalChange::Set);
            }
            Self::Contacts => change.contacts = Some(contacts(form, &mut checked)),
            Self::Secrets => {
                let mut days = |field| {
                    let typed = text(field);
                    if typed.is_empty() {
                        return OptionalChange::Remove;
                    }
                    typed.parse().map_or_else(
                        |_| {
                            checked.error(field, "must be a whole number");
                            OptionalChange::Keep
                        },
                        OptionalChange::Set,
                    )
                };
                let (default, max) = (days("default"), days("max"));
                change.secret_lifetime_days = Some(SecretLifetimeChange { default, max });
            }
            Self::SignIn => {
                let methods: Vec<String> =
                    text("sign_in_methods").split_whitespace().map(str::to_owned).collect();
                let methods = take::<SignInMethods>(&mut checked, "sign_in_methods", &json!(methods));
                change.sign_in_methods = methods.map_or(OptionalChange::Keep, |methods| {
                    // All of them is what an account has that chose none: also of those that the site offers later.
                    if methods.is_default() { OptionalChange::Remove } else { OptionalChange::Set(methods) }
                });
            }
        }
        if checked.is_ok() { Ok(change) } else { Err(checked.into_errors()) }
    }
}

fn take<T: FromJson>(checked: &mut Validator, field: &str, value: &Value) -> Option<T> {
    match T::from_json(value) {
        Ok(value) => Some(value),
        Err(errors) => {
            checked.extend(errors.into_iter().map(|error| FieldError::new(field, error.detail)));
            None
        }
    }
}

/// Addresses, one a line. An error says in which line it is.
fn contacts(form: &Form, checked: &mut Validator) -> Vec<EmailAddress> {
    let mut contacts = Vec::new();
    for (index, line) in form.get("contacts").unwrap_or_default().lines().map(str::trim).enumerate() {
        match EmailAddress::parse(line) {
            _ if line.is_empty() => {}
            Ok(contact) if contacts.contains(&contact) => {}
            Ok(contact) => contacts.push(contact),
            Err(error) => checked.error("contacts", format!("line {}: {error}", index + 1)),
        }
    }
    contacts
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use shared::domain::primitives::display_text::Name;
    use shared::domain::primitives::ids::AccountId;

    fn form(fields: &[(&str, &str)]) -> Form {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn form_that_is_sent_as_it_was_shown_changes_nothing() {
        let id = AccountId::parse("T12345678").expect("legal");
        let mut account = Account::new(id, Name::parse("Acme").expect("legal"), Timestamp::UNIX_EPOCH);
        account.contacts =
            ["a@acme.example", "b@acme.example"].map(|at| EmailAddress::parse(at).expect("legal")).to_vec();
        account.secret_lifetime_days.max = Some(60);
        for section in Section::ALL {
            let sent: Form =
                section.values(&account).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let change = section.change(&sent).unwrap_or_else(|errors| panic!("{errors:?}"));
            assert!(change.account_name.is_none_or(|name| name == account.account_name));
            assert!(change.contacts.is_none_or(|contacts| contacts == account.contacts));
            let lifetime = change.secret_lifetime_days.map(|days| days.apply(&account.secret_lifetime_days));
            assert!(lifetime.is_none_or(|lifetime| lifetime == account.secret_lifetime_days));
            assert!(!matches!(change.sign_in_methods, OptionalChange::Set(_)));
        }
    }

    #[test]
    fn what_is_wrong_stands_at_its_field() {
        let errors = |section: Section, fields: &[(&str, &str)]| {
            section.change(&form(fields)).map(|_| ()).expect_err("bad")
        };
        let found = errors(Section::Contacts, &[("contacts", "a@acme.example\r\n\r\nnobody\r\n")]);
        assert!(found.len() == 1 && found[0].detail.starts_with("line 3: "), "{found:?}");
        let found = errors(Section::Secrets, &[("default", "x"), ("max", "-1")]);
        assert_eq!(found.iter().map(|error| error.path.as_str()).collect::<Vec<_>>(), ["default", "max"]);
        assert_eq!(errors(Section::SignIn, &[])[0].path, "sign_in_methods");
        assert_eq!(errors(Section::Name, &[("account_name", " ")])[0].path, "account_name");
    }
}
