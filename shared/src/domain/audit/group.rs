//! Groups of actions, by what they are about.

use crate::domain::audit::Action;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What an action is about, as people look for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum ActionGroup {
    /// Clients.
    Clients,
    /// Secrets of clients, and reminders of their ends.
    Secrets,
    /// Members of the account.
    Members,
    /// Sign-ins, sessions, consents, and tokens that people gave.
    SignIns,
    /// The account, resources, mails, and the deployment.
    Settings,
}

impl ActionGroup {
    /// The group of an action.
    #[must_use]
    pub const fn of(action: Action) -> Self {
        match action {
            Action::ClientCreated
            | Action::ClientUpdated
            | Action::ClientPermissionsReplaced
            | Action::ClientEnabled
            | Action::ClientDisabled
            | Action::ClientTokensRevoked
            | Action::ClientDeleted => Self::Clients,
            Action::SecretCreated
            | Action::SecretUpdated
            | Action::SecretPaused
            | Action::SecretResumed
            | Action::SecretRevoked
            | Action::SecretRevealed
            | Action::StoredSecretMissing
            | Action::ReminderSent => Self::Secrets,
            Action::MemberAdded
            | Action::MemberUpdated
            | Action::MemberInvited
            | Action::MemberEmailChanged
            | Action::MemberRemoved
            | Action::MemberTokensRevoked
            | Action::MemberIdentityPinned => Self::Members,
            Action::ConsoleLinkCreated
            | Action::ConsoleLinkUsed
            | Action::ConsentGiven
            | Action::ConsentWithdrawn
            | Action::CodeReplayed
            | Action::RefreshTokenReused
            | Action::TokenRevoked
            | Action::MemberSignedIn
            | Action::AccountEntered
            | Action::SessionStarted
            | Action::SessionEnded
            | Action::EndUserSignedIn => Self::SignIns,
            Action::AccountCreated
            | Action::AccountUpdated
            | Action::AccountDeleted
            | Action::AccountExported
            | Action::AccountTokensRevoked
            | Action::ResourceCreated
            | Action::ResourceUpdated
            | Action::ResourceDeleted
            | Action::TemplateCreated
            | Action::TemplateUpdated
            | Action::TemplateDeleted
            | Action::MailSuppressed
            | Action::MailStopped
            | Action::MailResumed
            | Action::LogoSet
            | Action::LogoDeleted
            | Action::SigningKeysRotated
            | Action::SigningKeysRevoked => Self::Settings,
        }
    }

    /// The names of its actions.
    pub fn actions(self) -> impl Iterator<Item = &'static str> {
        Action::ALL.iter().filter(move |action| Self::of(**action) == self).map(|action| action.as_str())
    }
}
