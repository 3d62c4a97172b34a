//! What an entry of the audit trail says, as a sentence.

use crate::frame::display_name;
use shared::domain::audit::{Action, AuditEntry, System};
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::texts::Texts;
use std::collections::BTreeMap;

/// Whose entries are described: the account, and the names of its clients.
pub struct Narrator<'a> {
    /// Texts in the reader's language.
    pub texts: Texts,
    /// The account of the trail.
    pub account_id: &'a AccountId,
    /// Names of clients that are there.
    pub names: &'a BTreeMap<ClientId, Name>,
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
        let person = target.email.as_ref().map(ToString::to_string);
        let person = person.unwrap_or_else(|| texts.get("audit-a-person"));
        let resource = target.resource_id.as_ref().map(ToString::to_string);
        let resource = resource.unwrap_or_else(|| texts.get("audit-an-api"));
        let template = target.template_id.as_ref().map(ToString::to_string);
        let template = template.unwrap_or_else(|| texts.get("audit-a-template"));
        let recipients = value(entry, "recipients");
        let count = recipients.unwrap_or_default().to_string();
        texts.with(
            sentence_id(action, recipients),
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

    /// Who acted: a person by their address, a client by its name.
    fn who(&self, entry: &AuditEntry) -> String {
        let (texts, actor) = (self.texts, &entry.actor);
        if let Some(email) = &actor.email {
            return email.to_string();
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

    /// A client by its name, or by its id if it is not there any more.
    fn client(&self, id: &ClientId) -> String {
        self.names.get(id).map_or_else(|| id.to_string(), display_name)
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
mod tests {
    use super::*;
    use serde_json::json;
    use shared::domain::primitives::language::Language;
    use strum::VariantArray;

    /// Every argument of a sentence is filled in, in every language.
    #[test]
    fn every_action_has_a_sentence_of_its_own_in_every_language() {
        let account_id = AccountId::parse("T1").expect("an id");
        let id = ClientId::parse("c1").expect("an id");
        let names = BTreeMap::from([(id, Name::parse("Order sync").expect("a name"))]);
        for language in Language::VARIANTS {
            let narrator = Narrator { texts: Texts::of(*language), account_id: &account_id, names: &names };
            let mut seen = std::collections::BTreeSet::new();
            for action in Action::ALL {
                let entry: AuditEntry = serde_json::from_value(json!({
                    "audit_id": "1", "account_id": "T1", "at": "2026-01-01T00:00:00Z", "action": action.as_str(),
                    "actor": { "account_id": "T1", "email": "ann@acme.example" },
                    "target": { "client_id": "c1", "secret_id": "s1", "hint": "ab12", "email": "ben@acme.example" },
                }))
                .expect("an entry");
                let sentence = narrator.sentence(&entry);
                assert!(!sentence.contains(['{', '$']) && !sentence.contains("audit-"), "{sentence}");
                assert!(seen.insert(sentence), "{action:?} has the sentence of another action");
            }
        }
    }

    #[test]
    fn a_sentence_names_person_secret_and_client() {
        let account_id = AccountId::parse("T1").expect("an id");
        let names = BTreeMap::new();
        let narrator =
            Narrator { texts: Texts::of(Language::English), account_id: &account_id, names: &names };
        let entry = |actor: serde_json::Value, action: &str| -> AuditEntry {
            serde_json::from_value(json!({
                "audit_id": "1", "account_id": "T1", "at": "2026-01-01T00:00:00Z", "action": action,
                "actor": actor, "target": { "client_id": "c1", "secret_id": "s1", "hint": "ab12" },
            }))
            .expect("an entry")
        };
        let ann = json!({ "account_id": "T1", "client_id": "latchkey.console", "email": "ann@acme.example", "system": "console" });
        assert_eq!(
            narrator.sentence(&entry(ann, "secret.revoked")),
            "ann@acme.example revoked secret …ab12 of c1"
        );
        let program = json!({ "account_id": "T1", "client_id": "c2" });
        assert_eq!(narrator.sentence(&entry(program, "client.disabled")), "API client c2 disabled c1");
        let operator = json!({ "account_id": "T0", "client_id": "latchkey-operator" });
        assert_eq!(narrator.sentence(&entry(operator, "webhook.created")), "The operator: webhook.created");
    }
}
