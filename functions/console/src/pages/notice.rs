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
    SecretPaused,
    SecretResumed,
    SecretRevoked,
    SecretEnds,
    RemindersOn,
    RemindersOff,
    TwoSecrets,
    PermissionsSaved,
    DetailsSaved,
}

impl Notice {
    const ALL: [Self; 13] = [
        Self::Disabled,
        Self::Enabled,
        Self::TokensRevoked,
        Self::Deleted,
        Self::SecretPaused,
        Self::SecretResumed,
        Self::SecretRevoked,
        Self::SecretEnds,
        Self::RemindersOn,
        Self::RemindersOff,
        Self::TwoSecrets,
        Self::PermissionsSaved,
        Self::DetailsSaved,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::TokensRevoked => "tokens_revoked",
            Self::Deleted => "deleted",
            Self::SecretPaused => "secret_paused",
            Self::SecretResumed => "secret_resumed",
            Self::SecretRevoked => "secret_revoked",
            Self::SecretEnds => "secret_ends",
            Self::RemindersOn => "reminders_on",
            Self::RemindersOff => "reminders_off",
            Self::TwoSecrets => "two_secrets",
            Self::PermissionsSaved => "permissions_saved",
            Self::DetailsSaved => "details_saved",
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
            Self::SecretPaused => "done-secret-paused",
            Self::SecretResumed => "done-secret-resumed",
            Self::SecretRevoked => "done-secret-revoked",
            Self::SecretEnds => "done-secret-ends",
            Self::RemindersOn => "done-reminders-on",
            Self::RemindersOff => "done-reminders-off",
            Self::TwoSecrets => "done-two-secrets",
            Self::PermissionsSaved => "done-permissions-saved",
            Self::DetailsSaved => "done-details-saved",
        }))
    }
}
