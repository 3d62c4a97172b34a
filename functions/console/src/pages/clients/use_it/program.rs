//! Programs that get access tokens for one client, ready to copy. What is secret comes from the environment, and is in no
//! command line.

use askama::Template;
use shared::domain::client::client_keys::ClientKeys;
use shared::domain::client::{AuthMethod, Client, GrantType};
use shared::domain::jose::algorithm::JwsAlgorithm;
use shared::domain::resource::Resource;

/// A language in which there is a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramLanguage {
    Curl,
    Python,
    Node,
    Go,
    Rust,
}

/// What a program authenticates with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramCredential {
    /// A secret, in `CLIENT_SECRET`.
    Secret,
    /// A private key in PEM, in `PRIVATE_KEY`.
    Key,
    /// A token of the platform that it runs on.
    Workload,
}

/// What the programs have in them.
pub struct ProgramValues {
    issuer: Text,
    token_url: Text,
    client_id: String,
    credential: ProgramCredential,
    /// The algorithm of the client's key.
    alg: &'static str,
    resource: Option<Text>,
    scope: Option<Text>,
}

/// A text that is quoted as the language of the program needs it.
#[derive(Clone)]
struct Text(String);

impl Text {
    /// In double quotation marks, as JavaScript, Python, Go and Rust read it.
    fn quoted(&self) -> String {
        serde_json::Value::from(self.0.as_str()).to_string()
    }

    /// As one word of a shell, after a prefix.
    fn shell(&self, prefix: &str) -> String {
        format!("'{prefix}{}'", self.0.replace('\'', r"'\''"))
    }
}

macro_rules! programs {
    ($($language:ident = $path:literal),+ $(,)?) => {
        $(#[derive(Template)]
        #[template(path = $path, escape = "none")]
        struct $language<'a> {
            values: &'a ProgramValues,
        })+

        fn render(language: ProgramLanguage, values: &ProgramValues) -> String {
            match language {
                $(ProgramLanguage::$language => $language { values }.to_string(),)+
            }
        }
    };
}

programs! {
    Curl = "snippets/curl.txt",
    Python = "snippets/python.txt",
    Node = "snippets/node.txt",
    Go = "snippets/go.txt",
    Rust = "snippets/rust.txt",
}

impl ProgramLanguage {
    /// The languages in which there is a program with this credential.
    pub const fn with(credential: ProgramCredential) -> &'static [Self] {
        match credential {
            ProgramCredential::Secret => &[Self::Curl, Self::Python, Self::Node, Self::Go, Self::Rust],
            ProgramCredential::Key => &[Self::Python, Self::Node],
            ProgramCredential::Workload => &[Self::Curl, Self::Python, Self::Node],
        }
    }

    /// Its value in the query.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Python => "python",
            Self::Node => "node",
            Self::Go => "go",
            Self::Rust => "rust",
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Python => "Python",
            Self::Node => "Node",
            Self::Go => "Go",
            Self::Rust => "Rust",
        }
    }

    /// The program.
    pub fn program(self, values: &ProgramValues) -> String {
        render(self, values)
    }
}

impl ProgramValues {
    /// The values for a client, and the first resource that it may call; `None` if it gets no tokens of its own.
    pub fn of(client: &Client, issuer: &str, resource: Option<&Resource>) -> Option<Self> {
        if !client.grant_types.contains(&GrantType::ClientCredentials) {
            return None;
        }
        let credential = match client.token_endpoint_auth_method {
            AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => ProgramCredential::Secret,
            AuthMethod::PrivateKeyJwt if client.key_source.is_some() => ProgramCredential::Key,
            AuthMethod::PrivateKeyJwt => ProgramCredential::Workload,
            AuthMethod::None => return None,
        };
        let permission = resource.and_then(|resource| {
            client.permissions.iter().find(|held| held.resource == resource.resource_id)
        });
        let scopes = permission.map(|held| held.scopes.to_string()).filter(|scopes| !scopes.is_empty());
        Some(Self {
            issuer: Text(issuer.to_owned()),
            token_url: Text(format!("{issuer}/oauth/token")),
            client_id: client.client_id.to_string(),
            credential,
            alg: key_algorithm(client).as_str(),
            resource: resource.map(|resource| Text(resource.audience.for_account(&client.account_id))),
            scope: scopes.map(Text),
        })
    }

    /// What the programs authenticate with.
    pub const fn credential(&self) -> ProgramCredential {
        self.credential
    }
}

/// The algorithm of a client's first key; the usual one if its keys are elsewhere.
fn key_algorithm(client: &Client) -> JwsAlgorithm {
    let key = match &client.key_source {
        Some(ClientKeys::Jwks(set)) => set.keys.first(),
        Some(ClientKeys::PublicKeyPem(uploaded)) => Some(&uploaded.jwk),
        Some(ClientKeys::JwksUri(_)) | None => None,
    };
    let fitting = key
        .and_then(|jwk| jwk.alg.or_else(|| JwsAlgorithm::ALL.iter().copied().find(|alg| jwk.key.fits(*alg))));
    fitting.unwrap_or(JwsAlgorithm::ES256)
}

#[derive(Template)]
#[template(path = "snippets/verify.txt", escape = "none")]
struct PythonVerifier<'a> {
    issuer: &'a Text,
    audience: &'a Text,
    alg: &'a str,
}

#[derive(Template)]
#[template(path = "snippets/verify_node.txt", escape = "none")]
struct NodeVerifier<'a> {
    issuer: &'a Text,
    audience: &'a Text,
    alg: &'a str,
}

/// Programs of an API that verify tokens for a resource, each with the library that it uses.
pub fn verifiers(issuer: &str, audience: &str, alg: &str) -> [(&'static str, String); 2] {
    let (issuer, audience) = (&Text(issuer.to_owned()), &Text(audience.to_owned()));
    [
        ("Python: PyJWT", PythonVerifier { issuer, audience, alg }.to_string()),
        ("Node, AWS Lambda: aws-jwt-verify", NodeVerifier { issuer, audience, alg }.to_string()),
    ]
}
