//! Standard Claims about an end user (OpenID Connect Core 1.0 §5.1), from an ID token or the userinfo endpoint.

use crate::domain::jose::jwt::{self, InvalidJwt};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::sign_in::idp_error::IdpError;
use serde_json::{Map, Value};

/// The longest `sub`, in bytes (OpenID Connect Core 1.0 §2).
const MAX_SUBJECT: usize = 255;

/// Whether an address without `email_verified` is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnverifiedEmailPolicy {
    /// `email_verified` must be true.
    #[default]
    Refuse,
    /// `email_verified` may be missing, as it always is with Microsoft Entra. If it is present, it must be true.
    ///
    /// This trusts the provider not to return an address that is not the user's. The administrator of an Entra tenant, and in
    /// some tenants the user, can set any address in a profile: if users of other tenants can sign in, an attacker sets the
    /// victim's address, and is signed in as the victim ("nOAuth"). So it may be used only for a provider whose accounts are
    /// managed by one trusted organisation: for Entra, the issuer of the operator's own tenant, without guests who keep their
    /// own addresses.
    Accept,
}

/// Claims of a provider about an end user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardClaims {
    /// `sub`, as assigned by the provider.
    pub subject: String,
    /// `email`.
    email: Option<String>,
    /// `email_verified`.
    email_verified: Option<bool>,
    /// `name`, if it is suitable for display.
    pub name: Option<Name>,
}

impl StandardClaims {
    /// Parses the claims. `null`, which some providers send, is treated as absent.
    pub fn read(claims: &Map<String, Value>) -> Result<Self, InvalidJwt> {
        let subject = jwt::required(claims, "sub")?;
        let email = match claims.get("email") {
            None | Some(Value::Null) => None,
            Some(Value::String(email)) => Some(email.clone()),
            Some(_) => return Err(InvalidJwt),
        };
        let email_verified = match claims.get("email_verified") {
            None | Some(Value::Null) => None,
            Some(Value::Bool(verified)) => Some(*verified),
            // Cognito's userinfo endpoint returns it as a string.
            Some(Value::String(text)) => Some(text.parse().map_err(|_| InvalidJwt)?),
            Some(_) => return Err(InvalidJwt),
        };
        let name = claims.get("name").and_then(Value::as_str).and_then(|name| Name::parse(name).ok());
        if subject.len() > MAX_SUBJECT || !subject.is_ascii() {
            return Err(InvalidJwt);
        }
        Ok(Self { subject, email, email_verified, name })
    }

    /// Whether there is an address.
    #[must_use]
    pub const fn has_email(&self) -> bool {
        self.email.is_some()
    }

    /// The address, if it is accepted under this policy.
    pub fn email(&self, unverified: UnverifiedEmailPolicy) -> Result<EmailAddress, IdpError> {
        let email = self.email.as_deref().ok_or(IdpError::NoEmail)?;
        match (self.email_verified, unverified) {
            (Some(true), _) | (None, UnverifiedEmailPolicy::Accept) => {}
            (Some(false), _) | (None, UnverifiedEmailPolicy::Refuse) => {
                return Err(IdpError::EmailNotVerified);
            }
        }
        EmailAddress::parse(email).map_err(|_| IdpError::UnusableEmail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(claims: &Value) -> Result<StandardClaims, InvalidJwt> {
        StandardClaims::read(claims.as_object().expect("an object"))
    }

    fn email(claims: &Value, unverified: UnverifiedEmailPolicy) -> Result<String, IdpError> {
        let person = read(claims).expect("well-formed");
        person.email(unverified).map(|email| email.to_string())
    }

    #[test]
    fn an_address_must_be_verified_unless_the_policy_accepts_it() {
        use UnverifiedEmailPolicy::{Accept, Refuse};
        let ann = || Ok("ann@acme.example".to_owned());
        let not_verified = || Err(IdpError::EmailNotVerified);
        for (verified, with_refuse, with_accept) in [
            (json!(true), ann(), ann()),
            (json!("true"), ann(), ann()),
            (json!(null), not_verified(), ann()),
            (json!(false), not_verified(), not_verified()),
            (json!("false"), not_verified(), not_verified()),
        ] {
            let claims = json!({ "sub": "a", "email": "Ann@acme.example", "email_verified": verified });
            assert_eq!(email(&claims, Refuse), with_refuse, "{verified}");
            assert_eq!(email(&claims, Accept), with_accept, "{verified}");
        }
        let without = json!({ "sub": "a", "email": "ann@acme.example" });
        assert_eq!((email(&without, Refuse), email(&without, Accept)), (not_verified(), ann()));
    }

    #[test]
    fn an_invalid_address_is_rejected() {
        for (address, reason) in [
            (json!(null), IdpError::NoEmail),
            (json!(""), IdpError::UnusableEmail),
            (json!("ann"), IdpError::UnusableEmail),
            (json!("ann@acme.example, eve@evil.example"), IdpError::UnusableEmail),
            (json!("ann@acme.example\nBcc: eve@evil.example"), IdpError::UnusableEmail),
            (json!("änn@acme.example"), IdpError::UnusableEmail),
        ] {
            let claims = json!({ "sub": "a", "email": address, "email_verified": true });
            assert_eq!(email(&claims, UnverifiedEmailPolicy::Refuse), Err(reason), "{address}");
        }
    }

    #[test]
    fn a_claim_of_the_wrong_type_is_an_error() {
        for (name, value) in [
            ("sub", json!(7)),
            ("sub", json!("")),
            ("sub", json!("a".repeat(256))),
            ("sub", json!("ä")),
            ("email", json!(["ann@acme.example"])),
            ("email_verified", json!(1)),
            ("email_verified", json!("TRUE")),
            ("email_verified", json!("")),
        ] {
            let mut claims = json!({ "sub": "a", "email": "ann@acme.example", "email_verified": true });
            claims[name] = value;
            assert_eq!(read(&claims), Err(InvalidJwt), "{claims}");
        }
        assert_eq!(read(&json!({ "email": "ann@acme.example" })), Err(InvalidJwt));
    }

    #[test]
    fn a_name_that_cannot_be_displayed_is_omitted() {
        for (name, shown) in
            [(json!("Ann"), Some("Ann")), (json!("A\u{202e}nn"), None), (json!(""), None), (json!(7), None)]
        {
            let person = read(&json!({ "sub": "a", "name": name })).expect("well-formed");
            assert_eq!(person.name.as_ref().map(Name::as_str), shown);
        }
    }
}
