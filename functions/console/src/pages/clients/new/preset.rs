//! Kinds of client to start from. What a kind fixes is shown as text, and its form asks for the rest.

use crate::forms::Form;
use crate::pages::clients::badges::platform_name;
use shared::domain::client::federated_identity::workload::Platform;
use shared::domain::client::{AuthMethod, GrantType};
use shared::texts::Texts;
use std::str::FromStr;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A kind of client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Preset {
    /// A program with a secret.
    Secret,
    /// A workload that its platform vouches for.
    Workload,
    /// A program with a key of its own.
    Key,
    /// An application that people sign in to.
    App,
    /// Everything is asked.
    Blank,
}

impl Preset {
    /// All, in the order in which they are offered.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its value in the query and in the form.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The preset of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::from_str(code).ok()
    }

    /// What it is called.
    pub fn title(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Secret => "preset-secret",
            Self::Workload => "preset-workload",
            Self::Key => "preset-key",
            Self::App => "preset-app",
            Self::Blank => "preset-blank",
        })
    }

    /// What its form is called.
    pub fn form_title(self, texts: Texts, form: &Form) -> String {
        match self {
            Self::Workload => {
                let platform = platform_name(texts, self.platform(form));
                texts.with("preset-workload-on", [("platform", &platform)])
            }
            _ => self.title(texts),
        }
    }

    /// What it is for.
    pub fn purpose(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Secret => "preset-secret-purpose",
            Self::Workload => "preset-workload-purpose",
            Self::Key => "preset-key-purpose",
            Self::App => "preset-app-purpose",
            Self::Blank => "preset-blank-purpose",
        })
    }

    /// The grants of the client.
    pub fn grant_types(self, form: &Form) -> Vec<String> {
        let fixed: &[GrantType] = match self {
            Self::Secret | Self::Workload | Self::Key => &[GrantType::ClientCredentials],
            Self::App => &[GrantType::AuthorizationCode, GrantType::RefreshToken],
            Self::Blank => return form.all("grant_types").map(str::to_owned).collect(),
        };
        fixed.iter().map(|grant| <&str>::from(*grant).to_owned()).collect()
    }

    /// What the client authenticates with.
    pub fn sign_in(self, form: &Form) -> SignIn {
        match self {
            Self::Workload => SignIn::Platform,
            Self::Key => SignIn::Key,
            Self::App if form.get("server") == Some("no") => SignIn::Nothing,
            Self::Secret | Self::App => SignIn::Secret,
            Self::Blank => {
                form.get("sign_in").and_then(|code| SignIn::from_str(code).ok()).unwrap_or(SignIn::Secret)
            }
        }
    }

    /// The platform whose values its form asks for.
    pub fn platform(self, form: &Form) -> Platform {
        let named = form.get("platform").and_then(|code| Platform::from_str(code).ok());
        named.filter(|_| self == Self::Workload).unwrap_or(Platform::Other)
    }

    /// Whether its form has a part for this.
    pub const fn asks(self, part: FormPart) -> bool {
        match part {
            FormPart::Kind => matches!(self, Self::Blank),
            FormPart::Server => matches!(self, Self::App),
            FormPart::Redirects => matches!(self, Self::App | Self::Blank),
            FormPart::Keys => matches!(self, Self::Key | Self::Blank),
            FormPart::Platform => matches!(self, Self::Workload | Self::Blank),
            FormPart::Secret => matches!(self, Self::Secret | Self::App | Self::Blank),
        }
    }

    /// Fields that complaints can name and its form does not have.
    pub fn absent_fields(self) -> Vec<&'static str> {
        let (asked, others): (Vec<_>, Vec<_>) = FormPart::ALL.into_iter().partition(|part| self.asks(*part));
        let asked: Vec<_> = asked.into_iter().flat_map(FormPart::fields).collect();
        let others = others.into_iter().flat_map(FormPart::fields).filter(|field| !asked.contains(field));
        others.chain(&["jwks"]).copied().collect()
    }
}

/// A part of the form that not every kind has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormPart {
    /// Grants, and how it authenticates.
    Kind,
    /// Whether the application has a server.
    Server,
    /// Redirect URIs and the lifetime of refresh tokens.
    Redirects,
    /// Its keys.
    Keys,
    /// Its identity at a platform.
    Platform,
    /// The first secret.
    Secret,
}

impl FormPart {
    const ALL: [Self; 6] =
        [Self::Kind, Self::Server, Self::Redirects, Self::Keys, Self::Platform, Self::Secret];

    /// Its fields, as complaints name them, but those of a platform.
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Kind => &["grant_types", "token_endpoint_auth_method"],
            Self::Server => &["token_endpoint_auth_method"],
            Self::Redirects => &["redirect_uris", "refresh_token_lifetime"],
            Self::Keys => &["public_key_pem", "jwks_uri"],
            Self::Platform => &["federated_identities"],
            Self::Secret => &["expires_on", "label", "remind", "secret_display", "secret_storage"],
        }
    }
}

/// How a client with a secret sends it.
pub fn secret_method(form: &Form) -> AuthMethod {
    let post = AuthMethod::ClientSecretPost;
    if form.get("secret_method") == Some(<&str>::from(post)) { post } else { AuthMethod::ClientSecretBasic }
}

/// What a client authenticates with, as people say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SignIn {
    Secret,
    Key,
    Platform,
    Nothing,
}

impl SignIn {
    /// The method that it is. How a secret is sent is in the form of a client like one that sends it in the body.
    pub fn method(self, form: &Form) -> AuthMethod {
        match self {
            Self::Secret => secret_method(form),
            Self::Key | Self::Platform => AuthMethod::PrivateKeyJwt,
            Self::Nothing => AuthMethod::None,
        }
    }
}
