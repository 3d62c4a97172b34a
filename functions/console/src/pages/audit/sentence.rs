//! What an entry of the audit trail says, as a sentence.

use crate::frame::display_name;
use shared::domain::audit::{Action, AuditEntry, System};
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::services::audit::trail::TrailNames;
use shared::texts::Texts;

/// Whose entries are described: the account, and the names of its clients and members.
pub struct Narrator<'a> {
    /// Texts in the reader's language.
    pub texts: Texts,
    /// The account of the trail.
    pub account_id: &'a AccountId,
    /// Names of clients and members.
    pub names: &'a TrailNames,
}

impl Narrator<'_> {
    /// The sentence of an entry.
    pub fn sentence(&self, entry: &AuditEntry) -> String {
        let texts = self.texts;
        let who = self.who(entry);
        let Some(action) = entry.action.known() else {
            let args = [("who", who.as_str()), ("action", entry.action.as_str())];
            return texts.with("audit-unknown-action", args);
        };
        let target = &entry.target;
        let client = target.client_id.as_ref();
        let client = client.map_or_else(|| texts.get("audit-a-client"), |id| self.client(id));
        let secret = match (&target.hint, &target.secret_id) {
            (Some(hint), _) => texts.with("audit-secret", [("hint", hint)]),
            (None, Some(_)) => texts.get("audit-a-secret"),
            (None, None) => texts.get("audit-credential"),
        };
        let person = target.email.as_ref().map(|email| match self.names.members.get(email) {
            Some(name) => format!("{} ({email})", display_name(name)),
            None => email.to_string(),
        });
        let person = person.unwrap_or_else(|| texts.get("audit-a-person"));
        let resource = target.resource_id.as_ref().map(ToString::to_string);
        let resource = resource.unwrap_or_else(|| texts.get("audit-an-api"));
        let template = target.template_id.as_ref().map(ToString::to_string);
        let template = template.unwrap_or_else(|| texts.get("audit-a-template"));
        let recipients = value(entry, "recipients");
        let count = recipients.unwrap_or_default().to_string();
        texts.with(
            calendar_sentence_id(entry).unwrap_or_else(|| sentence_id(action, recipients)),
            [
                ("who", who.as_str()),
                ("client", client.as_str()),
                ("secret", secret.as_str()),
                ("person", person.as_str()),
                ("resource", resource.as_str()),
                ("template", template.as_str()),
                ("count", count.as_str()),
            ],
        )
    }

    /// Who acted: a member or a client by its name, another person by their address.
    fn who(&self, entry: &AuditEntry) -> String {
        let (texts, actor) = (self.texts, &entry.actor);
        if let Some(email) = &actor.email {
            let name = self.names.members.get(email).filter(|_| actor.account_id == *self.account_id);
            return name.map_or_else(|| email.to_string(), display_name);
        }
        if let Some(system) = &actor.system {
            let is = |known: System| system.as_str() == <&str>::from(known);
            return texts.get(if is(System::Expiry) {
                "audit-who-job"
            } else if is(System::RotateKeys) {
                "audit-who-rotation"
            } else if is(System::Mail) {
                "audit-who-mail"
            } else {
                "audit-who-latchkey"
            });
        }
        match &actor.client_id {
            Some(_) if actor.account_id != *self.account_id => texts.get("audit-who-operator"),
            Some(id) => texts.with("audit-who-client", [("name", self.client(id))]),
            None => texts.get("audit-who-latchkey"),
        }
    }

    /// A client by its name, or by its id if that is not known.
    fn client(&self, id: &ClientId) -> String {
        self.names.clients.get(id).map_or_else(|| id.to_string(), display_name)
    }
}

/// The member of a member's entry that has their calendars.
const CALENDARS: &str = "calendar_feeds";

/// The id of the sentence of an entry whose change is that of the person's own calendars.
fn calendar_sentence_id(entry: &AuditEntry) -> Option<&'static str> {
    if entry.changed.iter().any(|member| member.as_str() != CALENDARS) {
        return None;
    }
    let change = entry.changes.iter().find(|change| change.member.as_str() == CALENDARS)?;
    let is_made = change.new.as_u64() > change.old.as_u64();
    Some(if is_made { "audit-calendar-made" } else { "audit-calendar-ended" })
}

/// Members whose change the sentence of an entry tells.
pub fn is_told(entry: &AuditEntry, member: &str) -> bool {
    match member {
        CALENDARS => calendar_sentence_id(entry).is_some(),
        "recipients" => entry.action.known() == Some(Action::ReminderSent),
        "client_name" => entry.action.known() == Some(Action::ClientDeleted),
        _ => false,
    }
}

/// The new value of a number among the changes.
fn value(entry: &AuditEntry, member: &str) -> Option<u64> {
    entry.changes.iter().find(|change| change.member.as_str() == member)?.new.as_u64()
}

/// The id of the sentence of an action.
const fn sentence_id(action: Action, recipients: Option<u64>) -> &'static str {
    match action {
        Action::AccountCreated => "audit-account-created",
        Action::AccountUpdated => "audit-account-updated",
        Action::AccountDeleted => "audit-account-deleted",
        Action::AccountEntered => "audit-account-entered",
        Action::TemplateCreated => "audit-template-created",
        Action::TemplateUpdated => "audit-template-updated",
        Action::TemplateDeleted => "audit-template-deleted",
        Action::AccountExported => "audit-account-exported",
        Action::AccountTokensRevoked => "audit-account-tokens-revoked",
        Action::MemberInvited => "audit-member-invited",
        Action::MemberEmailChanged => "audit-member-email-changed",
        Action::MemberAdded => "audit-member-added",
        Action::MemberUpdated => "audit-member-updated",
        Action::MemberRemoved => "audit-member-removed",
        Action::MemberTokensRevoked => "audit-member-tokens-revoked",
        Action::ConsoleLinkCreated => "audit-console-link-created",
        Action::ConsoleLinkUsed => "audit-console-link-used",
        Action::ResourceCreated => "audit-resource-created",
        Action::ResourceUpdated => "audit-resource-updated",
        Action::ResourceDeleted => "audit-resource-deleted",
        Action::ClientCreated => "audit-client-created",
        Action::ClientUpdated => "audit-client-updated",
        Action::ClientPermissionsReplaced => "audit-client-permissions-replaced",
        Action::ClientEnabled => "audit-client-enabled",
        Action::ClientDisabled => "audit-client-disabled",
        Action::ClientTokensRevoked => "audit-client-tokens-revoked",
        Action::ClientDeleted => "audit-client-deleted",
        Action::SecretCreated => "audit-secret-created",
        Action::SecretUpdated => "audit-secret-updated",
        Action::SecretPaused => "audit-secret-paused",
        Action::SecretResumed => "audit-secret-resumed",
        Action::SecretRevoked => "audit-secret-revoked",
        Action::SecretRevealed => "audit-secret-revealed",
        Action::StoredSecretMissing => "audit-secret-stored-value-missing",
        Action::ConsentGiven => "audit-consent-given",
        Action::ConsentWithdrawn => "audit-consent-withdrawn",
        Action::CodeReplayed => "audit-code-replayed",
        Action::RefreshTokenReused => "audit-refresh-token-reused",
        Action::TokenRevoked => "audit-token-revoked",
        Action::MemberSignedIn => "audit-member-signed-in",
        Action::SessionStarted => "audit-session-started",
        Action::SessionEnded => "audit-session-ended",
        Action::EndUserSignedIn => "audit-end-user-signed-in",
        Action::MemberIdentityPinned => "audit-member-identity-pinned",
        Action::MailSuppressed => "audit-mail-suppressed",
        Action::MailStopped => "audit-mail-stopped",
        Action::MailResumed => "audit-mail-resumed",
        Action::ReminderSent => match recipients {
            Some(0) => "audit-reminder-none",
            Some(1) => "audit-reminder-one",
            _ => "audit-reminder-sent",
        },
        Action::LogoSet => "audit-logo-set",
        Action::LogoDeleted => "audit-logo-deleted",
        Action::SigningKeysRotated => "audit-signing-keys-rotated",
        Action::SigningKeysRevoked => "audit-signing-keys-revoked",
    }
}

#[cfg(test)]
mod tests;
