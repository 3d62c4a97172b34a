//! Members as they are sent.

use crate::json_body::{self, RequestBody, UnknownFields};
use crate::problem::Problem;
use serde::Deserialize;
use serde_json::Value;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::email::PathSafeEmail;
use shared::domain::primitives::language::Language;
use shared::domain::primitives::validation::{Field, FieldError, FromJson, invalid};
use shared::services::members::{AddMember, MemberChange};
use utoipa::ToSchema;

/// A new member.
#[derive(Deserialize, ToSchema)]
pub struct AddMemberRequest {
    /// The address; case does not matter. It has none of `/ ? % #`.
    #[serde(default)]
    #[schema(required = true, value_type = String, format = Email, example = "ann@acme.example")]
    pub email: Field<PathSafeEmail>,
    /// The name; 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true, value_type = String, min_length = 1, max_length = 100, example = "Ann")]
    pub name: Field<Name>,
    /// Management scopes, which the caller must hold too; none if absent.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["clients:read", "clients:manage"]))]
    pub permissions: Field<Vec<ManagementScope>>,
    /// Whether the member gets reminders; those with `clients:manage` do, unless this is `false`.
    #[serde(default)]
    #[schema(value_type = bool, default = true)]
    pub mail: Field<bool>,
    /// The language of e-mails to the member; the account's if null or absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(en|de)$")]
    pub locale: Field<Option<Language>>,
    /// Whether the member gets an e-mail that invites them to the console. Unless they sign in within seven days, they are
    /// removed again.
    #[serde(default)]
    #[schema(value_type = bool, default = false)]
    pub invite: Field<bool>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// A change of a member.
#[derive(Deserialize, ToSchema)]
pub struct UpdateMemberRequest {
    /// The name; 1 to 100 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub name: Field<Name>,
    /// All management scopes from now on. The caller must hold those that are new.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub permissions: Field<Vec<ManagementScope>>,
    /// Whether the member gets reminders from now on.
    #[serde(default)]
    #[schema(value_type = bool)]
    pub mail: Field<bool>,
    /// The language of e-mails to the member from now on; null for the account's.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(en|de)$")]
    pub locale: Field<Option<Language>>,
    /// The new address. The member has it once its mailbox has confirmed it, by an e-mail that is sent there: until then it is
    /// `pending_email`. `sub` stays.
    #[serde(default)]
    #[schema(value_type = String, format = Email)]
    pub email: Field<PathSafeEmail>,
    /// Only `null`: the address that waits to be confirmed is given up.
    #[serde(default)]
    #[schema(value_type = Option<Object>, nullable, example = json!(null))]
    pub pending_email: Field<OnlyNull>,
    /// Only `null`, and only by operators: the next sign-in at the upstream provider pins another identity.
    #[serde(default)]
    #[schema(value_type = Option<Object>, nullable, example = json!(null))]
    pub external_identity: Field<OnlyNull>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// `null`, which removes what was there.
pub struct OnlyNull;

impl FromJson for OnlyNull {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        if value.is_null() { Ok(Self) } else { invalid("can only be set to null") }
    }
}

impl RequestBody for AddMemberRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl RequestBody for UpdateMemberRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl AddMemberRequest {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<AddMember, Problem> {
        let (body, mut checked) = json_body::read::<Self>(json)?;
        let email = checked.required("email", body.email);
        let name = checked.required("name", body.name);
        let permissions = checked.optional("permissions", body.permissions).unwrap_or_default();
        let mail = checked.optional("mail", body.mail).unwrap_or(true);
        let locale = checked.optional("locale", body.locale).flatten();
        let invite = checked.optional("invite", body.invite).unwrap_or_default();
        match (email, name) {
            (Some(email), Some(name)) if checked.is_ok() => {
                let permissions = permissions.into_iter().collect();
                Ok(AddMember { email, name, permissions, mail, locale, invite })
            }
            _ => Err(Problem::Invalid(checked.into_errors())),
        }
    }
}

impl UpdateMemberRequest {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<MemberChange, Problem> {
        let (body, mut checked) = json_body::read::<Self>(json)?;
        let name = checked.optional("name", body.name);
        let permissions = checked.optional("permissions", body.permissions);
        let mail = checked.optional("mail", body.mail);
        let locale = checked.patch("locale", body.locale);
        let unpin = checked.optional("external_identity", body.external_identity);
        let email = checked.optional("email", body.email);
        let dropped = checked.optional("pending_email", body.pending_email);
        if !checked.is_ok() {
            return Err(Problem::Invalid(checked.into_errors()));
        }
        Ok(MemberChange {
            name,
            permissions: permissions.map(|scopes| scopes.into_iter().collect()),
            mail,
            locale,
            unpin: unpin.is_some(),
            email,
            drop_pending_email: dropped.is_some(),
        })
    }
}
