//! Actions of audit entries.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// An action that this version records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
pub enum Action {
    /// An account was created.
    #[strum(serialize = "account.created")]
    AccountCreated,
    /// An account was changed.
    #[strum(serialize = "account.updated")]
    AccountUpdated,
    /// An account was deleted; what belongs to it is deleted by the job.
    #[strum(serialize = "account.deleted")]
    AccountDeleted,
    /// An account was exported.
    #[strum(serialize = "account.exported")]
    AccountExported,
    /// An operator began to act in an account in the console.
    #[strum(serialize = "account.entered")]
    AccountEntered,
    /// All tokens of an account's clients were revoked.
    #[strum(serialize = "account.tokens_revoked")]
    AccountTokensRevoked,
    /// A member was added.
    #[strum(serialize = "member.added")]
    MemberAdded,
    /// A member's name or permissions were changed.
    #[strum(serialize = "member.updated")]
    MemberUpdated,
    /// A member was invited again.
    #[strum(serialize = "member.invited")]
    MemberInvited,
    /// A member has another address, whose mailbox confirmed it.
    #[strum(serialize = "member.email_changed")]
    MemberEmailChanged,
    /// A member was removed.
    #[strum(serialize = "member.removed")]
    MemberRemoved,
    /// All tokens that act for a member were revoked.
    #[strum(serialize = "member.tokens_revoked")]
    MemberTokensRevoked,
    /// A link that signs a member in to the console was issued.
    #[strum(serialize = "console_link.created")]
    ConsoleLinkCreated,
    /// A console link was used: the member signed in.
    #[strum(serialize = "console_link.used")]
    ConsoleLinkUsed,
    /// A resource was created.
    #[strum(serialize = "resource.created")]
    ResourceCreated,
    /// A resource was changed.
    #[strum(serialize = "resource.updated")]
    ResourceUpdated,
    /// A resource was deleted.
    #[strum(serialize = "resource.deleted")]
    ResourceDeleted,
    /// A client was created.
    #[strum(serialize = "client.created")]
    ClientCreated,
    /// A client's metadata was changed.
    #[strum(serialize = "client.updated")]
    ClientUpdated,
    /// A client's permissions were replaced.
    #[strum(serialize = "client.permissions_replaced")]
    ClientPermissionsReplaced,
    /// A client was enabled.
    #[strum(serialize = "client.enabled")]
    ClientEnabled,
    /// A client was disabled.
    #[strum(serialize = "client.disabled")]
    ClientDisabled,
    /// All tokens of a client were revoked.
    #[strum(serialize = "client.tokens_revoked")]
    ClientTokensRevoked,
    /// A client was deleted.
    #[strum(serialize = "client.deleted")]
    ClientDeleted,
    /// A secret was added.
    #[strum(serialize = "secret.created")]
    SecretCreated,
    /// A secret's label, expiry or reminders were changed.
    #[strum(serialize = "secret.updated")]
    SecretUpdated,
    /// A secret was paused: it authenticates no one until it is resumed.
    #[strum(serialize = "secret.paused")]
    SecretPaused,
    /// A paused secret was resumed.
    #[strum(serialize = "secret.resumed")]
    SecretResumed,
    /// A secret was revoked.
    #[strum(serialize = "secret.revoked")]
    SecretRevoked,
    /// A secret was revealed.
    #[strum(serialize = "secret.revealed")]
    SecretRevealed,
    /// The value of a live secret was found to be missing in Secrets Manager.
    #[strum(serialize = "secret.stored_value_missing")]
    StoredSecretMissing,
    /// A person gave a consent, or extended one.
    #[strum(serialize = "consent.given")]
    ConsentGiven,
    /// A person's consent was withdrawn.
    #[strum(serialize = "consent.withdrawn")]
    ConsentWithdrawn,
    /// An authorization code was presented again: the tokens that were issued for it are revoked.
    #[strum(serialize = "code.replayed")]
    CodeReplayed,
    /// A refresh token was presented again after its successor: all tokens of its grant are revoked.
    #[strum(serialize = "refresh_token.reused")]
    RefreshTokenReused,
    /// A client revoked a token of its own.
    #[strum(serialize = "token.revoked")]
    TokenRevoked,
    /// A member signed in.
    #[strum(serialize = "member.signed_in")]
    MemberSignedIn,
    /// A member started a session in the console, or came into the account with it.
    #[strum(serialize = "session.started")]
    SessionStarted,
    /// A member's session in the console was ended.
    #[strum(serialize = "session.ended")]
    SessionEnded,
    /// A person who is no member signed in.
    #[strum(serialize = "end_user.signed_in")]
    EndUserSignedIn,
    /// A member's first identity at the upstream provider was pinned.
    #[strum(serialize = "member.identity_pinned")]
    MemberIdentityPinned,
    /// An address could not be reached, or its reader reported an e-mail as spam: it gets no more reminders.
    #[strum(serialize = "mail.suppressed")]
    MailSuppressed,
    /// The reader of an address stopped the reminders to it.
    #[strum(serialize = "mail.stopped")]
    MailStopped,
    /// Reminders to an address were allowed again, by its reader or by an operator.
    #[strum(serialize = "mail.resumed")]
    MailResumed,
    /// A notice about the expiry of a secret or certificate was sent. Its event is that of the notice, such as
    /// `secret.expiring`.
    #[strum(serialize = "reminder.sent")]
    ReminderSent,
    /// A template was created.
    #[strum(serialize = "template.created")]
    TemplateCreated,
    /// A template was changed.
    #[strum(serialize = "template.updated")]
    TemplateUpdated,
    /// A template was deleted.
    #[strum(serialize = "template.deleted")]
    TemplateDeleted,
    /// The operator's logo was set.
    #[strum(serialize = "logo.set")]
    LogoSet,
    /// The operator's logo was deleted.
    #[strum(serialize = "logo.deleted")]
    LogoDeleted,
    /// The signing keys were rotated.
    #[strum(serialize = "signing_keys.rotated")]
    SigningKeysRotated,
    /// Compromised signing keys were revoked.
    #[strum(serialize = "signing_keys.revoked")]
    SigningKeysRevoked,
}

impl Action {
    /// Every action.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in the audit trail, and of its event.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Name of the action of an audit entry.
///
/// New entries get it from an [`Action`]. A stored entry may have one of a later version, which is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionName(Cow<'static, str>);

impl ActionName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The action; `None` if it is one of a later version.
    #[must_use]
    pub fn known(&self) -> Option<Action> {
        self.0.parse().ok()
    }
}

impl From<Action> for ActionName {
    fn from(action: Action) -> Self {
        Self(Cow::Borrowed(action.as_str()))
    }
}
