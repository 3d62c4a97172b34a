//! Identities of known platforms, from the values that people have: the parts of a subject, and not the subject itself.

#[cfg(test)]
mod tests;

use super::FederatedIdentity;
use crate::domain::primitives::validation::{FieldError, FromJson, Validator};
use serde_json::{Map, Value, json};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A platform that gives its workloads signed tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Platform {
    /// A role of AWS.
    Aws,
    /// A workflow of GitHub Actions.
    Github,
    /// A service account of Kubernetes.
    Kubernetes,
    /// A service account of Google Cloud.
    Google,
    /// A managed identity of Microsoft Entra.
    Entra,
    /// Another issuer, whose values are named as they stand in its tokens.
    Other,
}

/// What a workflow of GitHub Actions runs for, as the end of its subject says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum GithubContext {
    /// A push to a branch.
    Branch,
    /// A tag.
    Tag,
    /// A job with an environment.
    Environment,
    /// A pull request, whatever its branch.
    PullRequest,
}

const GITHUB: &str = "https://token.actions.githubusercontent.com";
const GOOGLE: &str = "https://accounts.google.com";
const ENTRA: &str = "https://login.microsoftonline.com";
/// How the hosts end from which AWS IAM issues tokens of a role.
const AWS: &str = ".tokens.sts.global.api.aws";
/// How the hosts begin from which Amazon's Kubernetes does.
const EKS: &str = "oidc.eks.";

impl Platform {
    /// Every platform.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The platform of an issuer, as far as the issuer says.
    #[must_use]
    pub fn of_issuer(issuer: &str) -> Self {
        let is_below = |origin: &str| {
            issuer.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let host =
            issuer.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
        match issuer {
            _ if is_below(GITHUB) => Self::Github,
            _ if is_below(GOOGLE) => Self::Google,
            _ if is_below(ENTRA) => Self::Entra,
            _ if host.ends_with(AWS) => Self::Aws,
            _ if host.starts_with(EKS) && host.ends_with(".amazonaws.com") => Self::Kubernetes,
            _ => Self::Other,
        }
    }

    /// The values that an identity is made of, in the order in which forms ask for them.
    #[must_use]
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Aws => &["issuer", "subject", "audience"],
            Self::Github => {
                &["owner", "repository", "owner_id", "repository_id", "context", "context_name", "audience"]
            }
            Self::Kubernetes => &["issuer", "namespace", "service_account", "audience"],
            Self::Google => &["subject", "audience"],
            Self::Entra => &["tenant", "subject", "audience"],
            Self::Other => &["issuer", "subject", "claims", "audience"],
        }
    }

    /// The value that a member of the identity is made of, or begins with.
    #[must_use]
    pub fn field_of(self, member: &str) -> &'static str {
        let own = self.fields().iter().find(|field| **field == member).copied();
        own.unwrap_or(match (self, member) {
            (Self::Github, _) => "owner",
            (Self::Kubernetes, "subject") => "namespace",
            (Self::Entra, "issuer") => "tenant",
            _ => self.fields()[0],
        })
    }

    /// The identity of these values. An error is at the value that it is about.
    pub fn identity<'a>(self, value: impl Fn(&str) -> &'a str) -> Result<FederatedIdentity, Vec<FieldError>> {
        let mut parts = Parts { value, errors: Validator::new() };
        let identity = match self {
            Self::Aws | Self::Other => json!({
                "issuer": parts.text("issuer"), "subject": parts.text("subject"), "claims": parts.claims(),
            }),
            Self::Github => json!({ "issuer": GITHUB, "subject": parts.github_subject() }),
            Self::Kubernetes => {
                let (namespace, account) = (parts.name("namespace"), parts.name("service_account"));
                json!({ "issuer": parts.text("issuer"), "subject": format!("system:serviceaccount:{namespace}:{account}") })
            }
            Self::Google => json!({ "issuer": GOOGLE, "subject": parts.number("subject") }),
            Self::Entra => {
                let tenant = parts.name("tenant");
                json!({ "issuer": format!("{ENTRA}/{tenant}/v2.0"), "subject": parts.text("subject") })
            }
        };
        let mut identity = identity;
        identity["audience"] = parts.text("audience").into();
        // Values that are left out are absent, so that what is required is said to be.
        if let Value::Object(members) = &mut identity {
            members.retain(|_, value| !value.is_null() && value != "");
        }
        let mut errors = parts.errors;
        match FederatedIdentity::from_json(&identity) {
            Ok(identity) if errors.is_ok() => return Ok(identity),
            Ok(_) => {}
            Err(found) => {
                // Of a member that is made of several values, its parts are what is wrong.
                let is_whole = |error: &FieldError| self.field_of(member_of(error)) == member_of(error);
                let is_news = |error: &FieldError| {
                    errors.is_ok() || (is_whole(error) && !errors.has_error(member_of(error)))
                };
                let news: Vec<FieldError> = found.into_iter().filter(is_news).collect();
                errors.extend(self.at_fields(news));
            }
        }
        Err(errors.into_errors())
    }

    /// Errors of an identity's members, at the values that the members are made of.
    #[must_use]
    pub fn at_fields(self, errors: Vec<FieldError>) -> Vec<FieldError> {
        let at = |error: FieldError| FieldError::new(self.field_of(member_of(&error)), error.detail);
        errors.into_iter().map(at).collect()
    }
}

/// The member of an identity that an error is about.
fn member_of(error: &FieldError) -> &str {
    error.path.split('/').next().unwrap_or_default()
}

/// The values of an identity, without blanks at their ends, and what is wrong with them.
struct Parts<V> {
    value: V,
    errors: Validator,
}

impl<'a, V: Fn(&str) -> &'a str> Parts<V> {
    fn text(&self, field: &str) -> &'a str {
        (self.value)(field).trim()
    }

    fn required(&mut self, field: &str) -> &'a str {
        let text = self.text(field);
        if text.is_empty() {
            self.errors.error(field, "is required");
        }
        text
    }

    /// A name between separators of a subject or URL, none of which it holds.
    fn name(&mut self, field: &str) -> &'a str {
        let text = self.required(field);
        if !text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)) {
            self.errors.error(field, "must have letters, digits, -, . and _ only");
        }
        text
    }

    fn number(&mut self, field: &str) -> &'a str {
        let text = self.required(field);
        if !text.chars().all(|c| c.is_ascii_digit()) {
            self.errors.error(field, "must be the numeric id");
        }
        text
    }

    /// Claims, one a line: the name, `=`, and the text that it must be.
    fn claims(&mut self) -> Value {
        let mut claims = Map::new();
        for line in self.text("claims").lines().map(str::trim).filter(|line| !line.is_empty()) {
            let Some((name, value)) = line.split_once('=') else {
                self.errors.error("claims", "must be lines such as repository_id=456789");
                continue;
            };
            if claims.insert(name.trim().to_owned(), value.trim().into()).is_some() {
                self.errors.error("claims", format!("must name {} once", name.trim()));
            }
        }
        if claims.is_empty() { Value::Null } else { Value::Object(claims) }
    }

    /// The subject of a workflow. With ids, as repositories of after 2026-07-15 send it, or those that were renamed or moved
    /// since; else without.
    fn github_subject(&mut self) -> String {
        let (owner, repository) = (self.name("owner"), self.name("repository"));
        let ids = [self.text("owner_id"), self.text("repository_id")];
        let begin = if ids.iter().all(|id| id.is_empty()) {
            format!("repo:{owner}/{repository}")
        } else {
            let (owner_id, repository_id) = (self.number("owner_id"), self.number("repository_id"));
            format!("repo:{owner}@{owner_id}/{repository}@{repository_id}")
        };
        let context = self.text("context").parse().unwrap_or(GithubContext::Branch);
        let end = match context {
            GithubContext::PullRequest => "pull_request".to_owned(),
            GithubContext::Branch => format!("ref:refs/heads/{}", self.required("context_name")),
            GithubContext::Tag => format!("ref:refs/tags/{}", self.required("context_name")),
            // A colon separates the parts of the subject.
            GithubContext::Environment => {
                format!("environment:{}", self.required("context_name").replace(':', "%3A"))
            }
        };
        format!("{begin}:{end}")
    }
}
