//! The members that entries of the audit trail name.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A member, as the management API calls it, that a change may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "each is the member of that name")]
pub enum ChangedMember {
    AccessTokenLifetime,
    AccountAccess,
    AccountName,
    AllowedIps,
    Asked,
    Audience,
    CalendarFeeds,
    Claims,
    ClientName,
    ClientUri,
    Contacts,
    /// What was found at the same keys.
    Credentials,
    /// Of a reminder: how many days before the end.
    Days,
    DefaultScopes,
    Defaults,
    Description,
    DocumentationUrl,
    Email,
    EndUsers,
    Entitlements,
    ExpiresAt,
    ExternalIdentity,
    FederatedIdentities,
    Fixed,
    GrantTypes,
    InvitedUntil,
    /// Of a link into the console: who made it.
    IssuedBy,
    Jwks,
    JwksUri,
    /// Thumbprints of keys, or where they are.
    Keys,
    Label,
    Limits,
    Locale,
    Mail,
    Name,
    NamePattern,
    Order,
    PendingEmail,
    Permissions,
    PublicKeyPem,
    /// Of an address that gets no more e-mails: why.
    Reason,
    /// Of a reminder: how many people got it.
    Recipients,
    RedirectUris,
    RefreshTokenLifetime,
    Remind,
    ResourceName,
    Scopes,
    SecretDisplay,
    SecretLifetimeDays,
    SecretStorage,
    SignInMethods,
    Status,
    Summary,
    Title,
    TokenEndpointAuthMethod,
    TokenGeneration,
    TokenSigningAlg,
}

impl ChangedMember {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Name of a member in an audit entry.
///
/// New entries get it from a [`ChangedMember`]. A stored entry may have one of a later version, which is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberName(Cow<'static, str>);

impl MemberName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<ChangedMember> for MemberName {
    fn from(member: ChangedMember) -> Self {
        Self(Cow::Borrowed(member.as_str()))
    }
}
