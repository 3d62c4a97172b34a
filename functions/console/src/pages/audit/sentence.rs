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
    /// Names of clients and members that are there.
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

    /// A client by its name, or by its id if it is not there any more.
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
mod tests {
    use super::*;
    use serde_json::json;
    use shared::domain::primitives::display_text::Name;
    use shared::domain::primitives::email::EmailAddress;
    use shared::domain::primitives::language::Language;
    use std::collections::BTreeMap;
    use strum::VariantArray;

    /// Every argument of a sentence is filled in, in every language.
    #[test]
    fn every_action_has_a_sentence_of_its_own_in_every_language() {
        let account_id = AccountId::parse("T1").expect("an id");
        let id = ClientId::parse("c1").expect("an id");
        let clients = BTreeMap::from([(id, Name::parse("Order sync").expect("a name"))]);
        let names = TrailNames { clients, ..TrailNames::default() };
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
        let names = TrailNames::default();
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
    #[test]
    fn a_sentence_has_the_names_of_members_and_what_became_of_calendars() {
        let account_id = AccountId::parse("T1").expect("an id");
        let named = |email: &str, name: &str| {
            (EmailAddress::parse(email).expect("an address"), Name::parse(name).expect("a name"))
        };
        let members = BTreeMap::from([named("ann@acme.example", "Ann"), named("ben@acme.example", "Ben")]);
        let names = TrailNames { members, ..TrailNames::default() };
        let narrator =
            Narrator { texts: Texts::of(Language::English), account_id: &account_id, names: &names };
        let said = |account: &str, target: &str, member: &str, old: u64, new: u64| {
            let entry = serde_json::from_value(json!({
                "audit_id": "1", "account_id": "T1", "at": "2026-01-01T00:00:00Z", "action": "member.updated",
                "actor": { "account_id": account, "email": "ann@acme.example", "system": "console" },
                "target": { "email": target }, "changed": [member],
                "changes": [{ "member": member, "old": old, "new": new }],
            }));
            narrator.sentence(&entry.expect("an entry"))
        };
        let (ann, ben) = ("ann@acme.example", "ben@acme.example");
        assert_eq!(said("T1", ben, "name", 0, 1), "Ann changed the member Ben (ben@acme.example)");
        assert_eq!(said("T1", "eve@acme.example", "name", 0, 1), "Ann changed the member eve@acme.example");
        assert_eq!(
            said("T0", ben, "name", 0, 1),
            "ann@acme.example changed the member Ben (ben@acme.example)"
        );
        assert_eq!(said("T1", ann, "calendar_feeds", 0, 1), "Ann made a calendar of what ends");
        assert_eq!(said("T1", ann, "calendar_feeds", 2, 1), "Ann ended a calendar of what ends");
    }
}
