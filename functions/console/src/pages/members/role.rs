//! Roles: names for the sets of rights that most members have.

use crate::pages::clients::permissions::words::management_words;
use shared::domain::management::ManagementScope;
use shared::services::principal::Principal;
use shared::texts::Texts;
use std::collections::BTreeSet;

/// A set of rights with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Viewer,
    Developer,
    Auditor,
    Administrator,
}

/// The value of the choice of single rights.
pub const CUSTOM: &str = "custom";

impl Role {
    /// All of them, from the fewest rights to the most.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Developer, Self::Auditor, Self::Administrator];

    /// The role of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The role with exactly these rights.
    pub fn of(scopes: &BTreeSet<ManagementScope>) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.scopes() == *scopes)
    }

    /// Its value in a form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// Its rights.
    pub fn scopes(self) -> BTreeSet<ManagementScope> {
        let scopes: &[ManagementScope] = match self {
            Self::Viewer => &[ManagementScope::ClientsRead],
            Self::Developer => &[ManagementScope::ClientsRead, ManagementScope::ClientsManage],
            Self::Auditor => &[ManagementScope::ClientsRead, ManagementScope::AuditRead],
            Self::Administrator => &[
                ManagementScope::ClientsRead,
                ManagementScope::ClientsManage,
                ManagementScope::MembersManage,
                ManagementScope::SecretsReveal,
                ManagementScope::AuditRead,
            ],
        };
        scopes.iter().copied().collect()
    }

    /// What people call it.
    pub fn title(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Viewer => "role-viewer",
            Self::Developer => "role-developer",
            Self::Auditor => "role-auditor",
            Self::Administrator => "role-administrator",
        })
    }

    /// What it may do.
    pub fn summary(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Viewer => "role-viewer-summary",
            Self::Developer => "role-developer-summary",
            Self::Auditor => "role-auditor-summary",
            Self::Administrator => "role-administrator-summary",
        })
    }
}

/// The name of the role with these rights.
pub fn role_name(texts: Texts, scopes: &BTreeSet<ManagementScope>) -> String {
    match Role::of(scopes) {
        Some(role) => role.title(texts),
        None if scopes.is_empty() => texts.get("no-rights"),
        None if scopes.contains(&ManagementScope::AccountsManage) => texts.get("role-operator"),
        None => texts.get("role-other"),
    }
}

/// The rights in words that the name of their role does not say.
pub fn other_rights(texts: Texts, scopes: &BTreeSet<ManagementScope>) -> Vec<String> {
    if Role::of(scopes).is_some() { Vec::new() } else { rights_in_words(texts, scopes) }
}

/// Rights in words.
pub fn rights_in_words(texts: Texts, scopes: &BTreeSet<ManagementScope>) -> Vec<String> {
    scopes.iter().map(|scope| management_words(texts, *scope)).collect()
}

/// A role or right to choose in a form.
pub struct RoleChoice {
    /// Its value.
    pub value: &'static str,
    /// What people call it.
    pub title: String,
    /// What it may do.
    pub summary: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
    /// Whether the person may grant it.
    pub is_offered: bool,
}

/// The roles to choose among, of which some are not for the member.
pub fn roles(
    texts: Texts,
    principal: &Principal,
    is_chosen: impl Fn(&str) -> bool,
    is_for_member: impl Fn(&BTreeSet<ManagementScope>) -> bool,
) -> Vec<RoleChoice> {
    let choice = |role: Role| RoleChoice {
        value: role.name(),
        title: role.title(texts),
        summary: role.summary(texts),
        is_chosen: is_chosen(role.name()),
        is_offered: principal.may_grant(&role.scopes()) && is_for_member(&role.scopes()),
    };
    Role::ALL.into_iter().map(choice).collect()
}

/// The rights to choose one by one. Those of operators are there for operators.
pub fn rights(texts: Texts, principal: &Principal, is_chosen: impl Fn(&str) -> bool) -> Vec<RoleChoice> {
    let is_of_operators =
        |scope| matches!(scope, ManagementScope::AccountsManage | ManagementScope::ResourcesManage);
    let shown =
        ManagementScope::ALL.iter().filter(|scope| !is_of_operators(**scope) || principal.is_operator());
    let choice = |scope: &ManagementScope| RoleChoice {
        value: scope.as_str(),
        title: management_words(texts, *scope),
        summary: String::new(),
        is_chosen: is_chosen(scope.as_str()),
        is_offered: principal.may_grant(&BTreeSet::from([*scope])),
    };
    shown.map(choice).collect()
}
