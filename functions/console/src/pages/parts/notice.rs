//! What has just been done: a fixed code in the query of the page that follows.

use shared::texts::Texts;
use strum::{EnumString, IntoStaticStr};

/// Query parameter that holds the code.
const PARAMETER: &str = "done";

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
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
    KeysSaved,
    CredentialRemoved,
    MethodChanged,
    SettingsSaved,
    Created,
    AdministratorInvited,
    AdministratorNotInvited,
    Saved,
    Removed,
    MemberInvited,
    InvitationNotSent,
    InvitationsUsedUp,
    AddressRequested,
    AddressNotSent,
    AddressDropped,
    CalendarEnded,
    CalendarShown,
    ConsentEnded,
    SessionsEnded,
}

impl Notice {
    /// The URL of the page that shows it.
    pub fn after(self, path: &str) -> String {
        let code: &str = self.into();
        format!("{path}?{PARAMETER}={code}")
    }

    /// The notice of a query, in words; `None` if it has none.
    pub fn text(query: &str, texts: Texts) -> Option<String> {
        let mut params = form_urlencoded::parse(query.as_bytes());
        let code = params.find(|(name, _)| name == PARAMETER)?.1;
        let notice: Self = code.parse().ok()?;
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
            Self::KeysSaved => "done-keys-saved",
            Self::CredentialRemoved => "done-credential-removed",
            Self::MethodChanged => "done-method-changed",
            Self::SettingsSaved => "done-settings-saved",
            Self::Created => "done-created",
            Self::AdministratorInvited => "done-administrator-invited",
            Self::AdministratorNotInvited => "done-administrator-not-invited",
            Self::Saved => "done-saved",
            Self::Removed => "done-removed",
            Self::MemberInvited => "done-member-invited",
            Self::InvitationNotSent => "done-invitation-not-sent",
            Self::InvitationsUsedUp => "done-invitations-used-up",
            Self::AddressRequested => "done-address-requested",
            Self::AddressNotSent => "done-address-not-sent",
            Self::AddressDropped => "done-address-dropped",
            Self::CalendarEnded => "done-calendar-ended",
            Self::CalendarShown => "done-calendar-shown",
            Self::ConsentEnded => "done-consent-ended",
            Self::SessionsEnded => "done-sessions-ended",
        }))
    }
}
