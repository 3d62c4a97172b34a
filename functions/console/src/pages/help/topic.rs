//! The topics of the help, each some sections of a document.

use shared::texts::Texts;
use shared::web::customer_documents::Document;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Path of the list of topics.
pub const HELP: &str = "/console/help";

/// A topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Topic {
    /// Getting and using a token.
    Tokens,
    /// How a client proves which one it is.
    ClientAuthentication,
    /// How an API verifies tokens.
    Verification,
    /// Acting for people.
    People,
    /// Secrets and their rotation.
    Secrets,
    /// Reminders.
    Reminders,
    /// The management API.
    ManagementApi,
}

impl Topic {
    /// All, in the order in which they are read.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// URL of its page.
    pub fn url(self) -> String {
        format!("{HELP}/{}", <&str>::from(self))
    }

    /// Its title.
    pub fn title(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Tokens => "help-tokens",
            Self::ClientAuthentication => "help-client-authentication",
            Self::Verification => "help-verification",
            Self::People => "help-people",
            Self::Secrets => "help-secrets",
            Self::Reminders => "help-reminders",
            Self::ManagementApi => "help-management-api",
        })
    }

    /// What it is about.
    pub fn about(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Tokens => "help-tokens-about",
            Self::ClientAuthentication => "help-client-authentication-about",
            Self::Verification => "help-verification-about",
            Self::People => "help-people-about",
            Self::Secrets => "help-secrets-about",
            Self::Reminders => "help-reminders-about",
            Self::ManagementApi => "help-management-api-about",
        })
    }

    /// Its document and the headings of its sections there.
    const fn sections(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Tokens => ("token.md", &["Get a token", "Errors"]),
            Self::ClientAuthentication => ("token.md", &["Client authentication"]),
            Self::Verification => ("token.md", &["Verify access tokens"]),
            Self::People => ("authorize.md", &["Act for a person"]),
            Self::Secrets => ("management.md", &["Secrets and rotation", "What needs attention"]),
            Self::Reminders => ("reminders.md", &["Reminders"]),
            Self::ManagementApi => (
                "management.md",
                &["Who may do what", "Conventions", "Why a client is refused", "Audit trail"],
            ),
        }
    }

    /// Its text in Markdown, for this deployment.
    pub fn text(self, issuer: &str) -> String {
        let (name, headings) = self.sections();
        let text =
            Document::named(name).map_or_else(String::new, |document| document.sections(headings, issuer));
        // The commands of a page are not run in the shell of another one. Between quotes a variable stands outside of them.
        text.replace("'$ISSUER'", issuer).replace("$ISSUER", issuer)
    }

    /// Whether its commands call the functions that the first document defines.
    pub fn needs_functions(self) -> bool {
        self.text("").lines().any(|line| line.contains("api accounts/") || line.contains("| field "))
    }

    /// The topic that has a section of its document, or else the first one of the document.
    pub fn of_link(document: &str, anchor: &str) -> Option<Self> {
        let of_document = || Self::ALL.iter().filter(|topic| topic.sections().0 == document);
        let has =
            |topic: &&Self| topic.text("").lines().any(|line| slug(line.trim_start_matches('#')) == anchor);
        of_document().find(has).or_else(|| of_document().next()).copied()
    }

    /// The document that it is of.
    pub const fn document(self) -> &'static str {
        self.sections().0
    }
}

/// The anchor of a heading, as in the repository's pages.
pub fn slug(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::primitives::language::Language;

    #[test]
    fn every_topic_has_all_its_sections() {
        for topic in Topic::ALL {
            let (_, headings) = topic.sections();
            let text = topic.text("https://id.acme.test");
            for heading in headings {
                assert!(text.lines().any(|line| line == format!("## {heading}")), "{topic:?}: {heading}");
            }
        }
    }

    #[test]
    fn no_topic_has_what_is_for_operators_or_developers_of_latchkey() {
        let foreign =
            ["_local", "sam local", "DynamoDB", "sesv2", "'http", "tests/", "by the tests", "$ISSUER"];
        for topic in Topic::ALL {
            let text = topic.text("https://id.acme.test");
            for language in Language::VARIANTS {
                let texts = Texts::of(*language);
                let shown = format!("{}\n{}\n{text}", topic.title(texts), topic.about(texts));
                let found: Vec<_> = foreign.iter().filter(|word| shown.contains(**word)).collect();
                assert!(found.is_empty(), "{topic:?} in {language:?}: {found:?}");
            }
        }
    }

    #[test]
    fn topics_whose_commands_need_functions_say_so() {
        assert!(Topic::Secrets.needs_functions() && Topic::Verification.needs_functions());
        assert!(!Topic::Reminders.needs_functions() && !Topic::ManagementApi.needs_functions());
    }

    #[test]
    fn a_link_leads_to_the_topic_that_has_its_section() {
        assert_eq!(Topic::of_link("token.md", "verify-access-tokens"), Some(Topic::Verification));
        assert_eq!(Topic::of_link("token.md", ""), Some(Topic::Tokens));
        assert_eq!(Topic::of_link("management.md", "audit-trail"), Some(Topic::ManagementApi));
        assert_eq!(Topic::of_link("start.md", ""), None);
    }
}
