//! Credentials as files that programs and tools read.

use serde_json::{Value, json};

/// What a program is configured with.
pub struct Credentials<'a> {
    /// The client's id.
    pub client_id: &'a str,
    /// The secret.
    pub secret: &'a str,
    /// URL of the token endpoint.
    pub token_url: String,
    /// The audience of the first resource that the client may call.
    pub audience: Option<String>,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialsFile {
    Env,
    Json,
    Postman,
    Bruno,
    Properties,
    Kubernetes,
}

impl CredentialsFile {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Env, Self::Json, Self::Postman, Self::Bruno, Self::Properties, Self::Kubernetes];

    /// The value of its button.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Env => "env",
            Self::Json => "json",
            Self::Postman => "postman",
            Self::Bruno => "bruno",
            Self::Properties => "properties",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// The file of a button.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.code() == code)
    }

    /// What it is called: names of formats and products, in no language.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Env => ".env",
            Self::Json => "JSON",
            Self::Postman => "Postman",
            Self::Bruno => "Bruno",
            Self::Properties => "Java properties",
            Self::Kubernetes => "Kubernetes Secret",
        }
    }

    /// Name of the file.
    pub fn name(self, client_id: &str) -> String {
        match self {
            Self::Env => format!("{client_id}.env"),
            Self::Json => format!("{client_id}.json"),
            Self::Postman => format!("{client_id}.postman_environment.json"),
            Self::Bruno => format!("{client_id}.bru"),
            Self::Properties => format!("{client_id}.properties"),
            Self::Kubernetes => format!("{client_id}.yaml"),
        }
    }

    /// Media type of the file.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::Postman => "application/json",
            Self::Kubernetes => "application/yaml",
            Self::Env | Self::Bruno | Self::Properties => "text/plain; charset=utf-8",
        }
    }

    /// Content of the file. No value has a space, a quotation mark or a backslash, or begins with a mark of YAML.
    pub fn text(self, credentials: &Credentials<'_>) -> String {
        let Credentials { client_id, secret, token_url, audience } = credentials;
        let mut values =
            vec![("client_id", *client_id), ("client_secret", *secret), ("token_url", token_url.as_str())];
        values.extend(audience.as_deref().map(|audience| ("resource", audience)));
        let lines = |line: &dyn Fn(&str, &str) -> String| -> String {
            values.iter().map(|(name, value)| line(name, value)).collect()
        };
        match self {
            Self::Env => lines(&|name, value| format!("{}={value}\n", name.to_uppercase())),
            Self::Json => {
                let members = values.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
                pretty(&Value::Object(members.collect()))
            }
            Self::Postman => {
                let variable = |(name, value): &(&str, &str)| {
                    let kind = if *name == "client_secret" { "secret" } else { "default" };
                    json!({ "key": name, "value": value, "type": kind, "enabled": true })
                };
                pretty(&json!({
                    "name": client_id,
                    "values": values.iter().map(variable).collect::<Vec<_>>(),
                    "_postman_variable_scope": "environment",
                }))
            }
            Self::Bruno => {
                format!("vars {{\n{}}}\n", lines(&|name, value| format!("  {name}: {value}\n")))
            }
            Self::Properties => lines(&|name, value| format!("{}={value}\n", name.replace('_', "."))),
            Self::Kubernetes => format!(
                "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {}-credentials\ntype: Opaque\nstringData:\n{}",
                client_id.to_lowercase().replace(['_', '.'], "-"),
                lines(&|name, value| format!("  {}: \"{value}\"\n", name.to_uppercase())),
            ),
        }
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials<'static> {
        Credentials {
            client_id: "lk_A.b",
            secret: "lks_s",
            token_url: "https://id.example.com/oauth/token".to_owned(),
            audience: Some("https://api.example.com".to_owned()),
        }
    }

    #[test]
    fn every_file_has_all_values() {
        for file in CredentialsFile::ALL {
            assert_eq!(CredentialsFile::of_code(file.code()), Some(file));
            let text = file.text(&credentials());
            for value in ["lk_A.b", "lks_s", "https://id.example.com/oauth/token", "https://api.example.com"]
            {
                assert_eq!(
                    text.matches(value).count(),
                    1 + usize::from(file == CredentialsFile::Postman && value == "lk_A.b"),
                    "{value} in {text}"
                );
            }
        }
    }

    #[test]
    fn a_secret_of_kubernetes_has_a_legal_name() {
        let text = CredentialsFile::Kubernetes.text(&credentials());
        assert!(
            text.contains("\n  name: lk-a-b-credentials\n")
                && text.contains("\n  CLIENT_SECRET: \"lks_s\"\n"),
            "{text}"
        );
    }
}
