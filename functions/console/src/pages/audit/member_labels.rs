//! What people call the members that entries of the audit trail name.

use crate::forms::filled_form::label_id;
use shared::domain::audit::ChangedMember;

/// The text that names a member, or a part of its value. `None` for a name that this version never writes, and for one that
/// means the same to people.
pub fn label(name: &str) -> Option<&'static str> {
    match name.parse() {
        Ok(member) => Some(label_of(member)),
        Err(_) if name == "certificate" => Some("audit-certificate"),
        Err(_) => label_id(name),
    }
}

/// The text that names a member.
const fn label_of(member: ChangedMember) -> &'static str {
    match member {
        ChangedMember::AccessTokenLifetime => "label-access-token-lifetime",
        ChangedMember::AccountAccess => "api-access",
        ChangedMember::AccountName | ChangedMember::ClientName | ChangedMember::ResourceName => {
            "label-client-name"
        }
        ChangedMember::AllowedIps => "label-allowed-ips",
        ChangedMember::Asked => "template-asks",
        ChangedMember::Audience => "label-audience",
        ChangedMember::CalendarFeeds => "me-calendars-title",
        ChangedMember::Claims => "label-claims",
        ChangedMember::ClientUri => "label-client-uri",
        ChangedMember::Contacts => "label-contacts",
        ChangedMember::Credentials => "audit-credentials",
        ChangedMember::Days => "audit-days",
        ChangedMember::DefaultScopes => "audit-default-scopes",
        ChangedMember::Defaults => "template-defaults",
        ChangedMember::Description => "label-description",
        ChangedMember::DocumentationUrl => "api-documentation",
        ChangedMember::Email => "member-email",
        ChangedMember::EndUsers => "audit-end-users",
        ChangedMember::Entitlements => "entitlements-title",
        ChangedMember::ExpiresAt => "audit-expires-at",
        ChangedMember::ExternalIdentity => "audit-external-identity",
        ChangedMember::FederatedIdentities => "label-federated-identities",
        ChangedMember::Fixed => "template-fixed-members",
        ChangedMember::GrantTypes => "label-grant-types",
        ChangedMember::InvitedUntil => "audit-invited-until",
        ChangedMember::IssuedBy => "audit-issued-by",
        ChangedMember::Jwks => "label-jwks",
        ChangedMember::JwksUri => "label-jwks-uri",
        ChangedMember::Keys => "audit-keys",
        ChangedMember::Label => "secret-label",
        ChangedMember::Limits => "limits-title",
        ChangedMember::Locale => "setting-language",
        ChangedMember::Mail => "member-mails",
        ChangedMember::Name => "member-name",
        ChangedMember::NamePattern => "template-name-pattern",
        ChangedMember::Order => "template-order",
        ChangedMember::PendingEmail => "audit-pending-email",
        ChangedMember::Permissions => "audit-permissions",
        ChangedMember::PublicKeyPem => "label-public-key-pem",
        ChangedMember::Reason => "audit-reason",
        ChangedMember::Recipients => "audit-recipients",
        ChangedMember::RedirectUris => "label-redirect-uris",
        ChangedMember::RefreshTokenLifetime => "label-refresh-token-lifetime",
        ChangedMember::Remind => "audit-remind",
        ChangedMember::Scopes => "audit-scopes",
        ChangedMember::SecretDisplay => "settings-display",
        ChangedMember::SecretLifetimeDays => "account-secrets",
        ChangedMember::SecretStorage => "secret-storage",
        ChangedMember::SignInMethods => "account-sign-in",
        ChangedMember::Status => "column-status",
        ChangedMember::Summary => "template-summary",
        ChangedMember::Title => "template-title",
        ChangedMember::TokenEndpointAuthMethod => "column-signs-in",
        ChangedMember::TokenGeneration => "audit-token-generation",
        ChangedMember::TokenSigningAlg => "audit-token-signing-alg",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::primitives::language::Language;
    use shared::texts::Texts;
    use strum::VariantArray;

    #[test]
    fn each_member_that_an_entry_can_name_has_words_in_each_language() {
        for member in ChangedMember::VARIANTS {
            let name = member.as_str();
            let id = label(name).expect("a label");
            for language in Language::VARIANTS {
                let words = Texts::of(*language).get(id);
                assert!(!words.is_empty() && words != name && words != id, "{name}: {words}");
                assert!(!words.contains(['_', '{']), "{name}: {words}");
            }
        }
    }

    #[test]
    fn name_of_another_version_has_none() {
        assert_eq!(label("of_a_later_version"), None);
    }
}
