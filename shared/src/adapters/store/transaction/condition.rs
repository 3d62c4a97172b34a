//! The conditions of writes.

use crate::adapters::store::item::{self, Item, number, text};
use crate::domain::primitives::ids::ResourceId;
use jiff::Timestamp;
use std::collections::HashMap;

/// The condition on one item of a transaction.
pub(crate) enum Condition<'a> {
    /// No condition.
    Always,
    /// The item does not exist.
    Absent,
    /// The item exists.
    Present,
    /// The item has the version that was read.
    Version(u64),
    /// The audience is recorded for this resource.
    AudienceOf(&'a ResourceId),
    /// The client has the version that was read, this last notice about its certificate, and these last uses of its
    /// credentials.
    ClientUnchanged { version: u64, said: Option<item::Value>, last_uses: item::Value },
    /// The item does not exist or has expired. DynamoDB deletes expired items up to days later.
    AbsentOrExpired(Timestamp),
    /// The account exists and is active.
    ActiveAccount,
    /// The intent is this operation's, and was neither taken over nor ended.
    OwnedBy(&'a str),
    /// The item is the consent with this id.
    Consent(&'a str),
    /// The item exists and lacks this attribute.
    AttributeMissing(&'static str),
    /// The item exists, and the list in this attribute lacks a value.
    ListLacks(&'static str, item::Value),
    /// The item was created at this time and lacks an identity at the upstream provider.
    WithoutExternalIdentity { created_at: Timestamp },
    /// The item has this number, and it is lower.
    Below(&'static str, u32),
}

/// A condition as DynamoDB reads it.
pub(super) struct Expression {
    pub(super) text: &'static str,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Item,
}

impl Condition<'_> {
    pub(super) fn expression(&self) -> Option<Expression> {
        let build = |text, names: &[(&str, &str)], values: Item| {
            let names = names.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            Some(Expression { text, names, values })
        };
        let value = |name: &str, value| HashMap::from([(name.to_owned(), value)]);
        match self {
            Self::Always => None,
            Self::Absent => build("attribute_not_exists(pk)", &[], HashMap::new()),
            Self::Present => build("attribute_exists(pk)", &[], HashMap::new()),
            Self::Version(version) => {
                build("#version = :version", &[("#version", "version")], value(":version", number(*version)))
            }
            Self::AudienceOf(id) => {
                build("resource_id = :resource_id", &[], value(":resource_id", text(id.as_str())))
            }
            Self::ClientUnchanged { version, said, last_uses } => {
                let names = [("#version", "version"), ("#said", "certificate_said"), ("#uses", "last_uses")];
                let mut values = value(":version", number(*version));
                values.insert(":uses".to_owned(), last_uses.clone());
                // Without the attribute, no use can have been recorded.
                let text = match said {
                    None => {
                        "#version = :version AND (attribute_not_exists(#uses) OR #uses = :uses) AND \
                         attribute_not_exists(#said)"
                    }
                    Some(said) => {
                        values.insert(":said".to_owned(), said.clone());
                        "#version = :version AND (attribute_not_exists(#uses) OR #uses = :uses) AND #said = :said"
                    }
                };
                build(text, &names, values)
            }
            Self::AbsentOrExpired(now) => build(
                "attribute_not_exists(pk) OR purge_at <= :now",
                &[],
                value(":now", number(now.as_second())),
            ),
            Self::ActiveAccount => {
                build("#status = :active", &[("#status", "status")], value(":active", text("active")))
            }
            Self::OwnedBy(id) => build(
                "#operation = :operation AND attribute_not_exists(taken_over)",
                &[("#operation", "operation")],
                value(":operation", text(*id)),
            ),
            Self::Consent(id) => build("consent_id = :consent_id", &[], value(":consent_id", text(*id))),
            Self::WithoutExternalIdentity { created_at } => build(
                "created_at = :created AND attribute_not_exists(external_identity)",
                &[],
                value(":created", text(created_at.to_string())),
            ),
            Self::Below(attribute, limit) => {
                build("#number < :limit", &[("#number", attribute)], value(":limit", number(*limit)))
            }
            Self::ListLacks(attribute, element) => build(
                "attribute_exists(pk) AND (attribute_not_exists(#list) OR NOT contains(#list, :element))",
                &[("#list", attribute)],
                value(":element", element.clone()),
            ),
            Self::AttributeMissing(attribute) => build(
                "attribute_exists(pk) AND attribute_not_exists(#attribute)",
                &[("#attribute", attribute)],
                HashMap::new(),
            ),
        }
    }
}
