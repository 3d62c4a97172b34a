//! What has just been done: a fixed code in the query of the page that follows.

use shared::texts::Texts;

/// Query parameter that holds the code.
const PARAMETER: &str = "done";

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    Disabled,
    Enabled,
    TokensRevoked,
    Deleted,
}

impl Notice {
    const ALL: [Self; 4] = [Self::Disabled, Self::Enabled, Self::TokensRevoked, Self::Deleted];

    const fn code(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::TokensRevoked => "tokens_revoked",
            Self::Deleted => "deleted",
        }
    }

    /// The URL of the page that shows it.
    pub fn after(self, path: &str) -> String {
        format!("{path}?{PARAMETER}={}", self.code())
    }

    /// The notice of a query, in words; `None` if it has none.
    pub fn text(query: &str, texts: Texts) -> Option<String> {
        let mut params = form_urlencoded::parse(query.as_bytes());
        let code = params.find(|(name, _)| name == PARAMETER)?.1;
        let notice = Self::ALL.into_iter().find(|notice| notice.code() == code)?;
        Some(texts.get(match notice {
            Self::Disabled => "done-disabled",
            Self::Enabled => "done-enabled",
            Self::TokensRevoked => "done-tokens-revoked",
            Self::Deleted => "done-deleted",
        }))
    }
}
