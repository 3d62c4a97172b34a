//! What a change or a removal of a member means for others, and what ends with it.

use super::{MemberError, Members};
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::store::AccountMail;
use crate::domain::account::Member;
use crate::domain::client::Client;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Members and clients that are read at a time.
const PAGE_SIZE: u16 = 200;

/// What an account would no longer have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Anyone who is reminded of all that ends.
    pub reminders: bool,
    /// A member who manages members.
    pub management: bool,
}

impl Losses {
    /// Whether there are any.
    #[must_use]
    pub fn any(self) -> bool {
        self.reminders || self.management
    }
}

/// Whether a member gets the e-mails about what ends.
#[must_use]
pub fn is_reminded(member: &Member, mail: &AccountMail, now: Timestamp) -> bool {
    member.mail
        && member.permissions.contains(&ManagementScope::ClientsManage)
        && mail.suppression(&member.email, now).is_none()
}

impl Members<'_> {
    /// What the account loses if this member becomes another one, or is removed: what it has now, and would not have then.
    pub async fn losses(&self, member: &Member, after: Option<&Member>) -> Result<Losses, MemberError> {
        let now = self.ctx.now();
        let mail = self.mail().await?;
        let manages = |member: &Member| member.permissions.contains(&ManagementScope::MembersManage);
        let had = (is_reminded(member, &mail, now), manages(member));
        let has = after.map_or((false, false), |after| (is_reminded(after, &mail, now), manages(after)));
        let mut losses = Losses { reminders: had.0 && !has.0, management: had.1 && !has.1 };
        // Members who want no e-mails get none as contacts of the account either.
        let mut silent: BTreeSet<EmailAddress> = BTreeSet::new();
        silent.extend(after.filter(|after| !after.mail).map(|after| after.email.clone()));
        let mut position = None;
        while losses.any() {
            let page = self.list(PAGE_SIZE.into(), position.as_ref()).await?;
            for other in page.items.iter().filter(|other| other.email != member.email) {
                losses.reminders &= !is_reminded(other, &mail, now);
                losses.management &= !manages(other);
                silent.extend((!other.mail).then(|| other.email.clone()));
            }
            position = page.next;
            if position.is_none() {
                break;
            }
        }
        if losses.reminders {
            let account = self.account().await?;
            let is_reached = |contact: &EmailAddress| {
                !silent.contains(contact) && mail.suppression(contact, now).is_none()
            };
            losses.reminders = !account.contacts.iter().any(is_reached);
        }
        Ok(losses)
    }

    /// The names of the clients that a member has consented to, of the newest 200 clients of the account.
    pub async fn consented_clients(&self, member: &Member) -> Result<Vec<Name>, MemberError> {
        let store = self.ctx.store();
        let clients = store.list_clients(&self.account_id, PAGE_SIZE.into(), None, |_| true).await?.items;
        let ids: Vec<_> = clients.iter().map(|client| &client.client_id).collect();
        let consented = store.consents_of(&subject_of_member(member).sub, &ids).await?;
        let now = self.ctx.now();
        let is_given = |client: &Client| {
            consented.iter().any(|consent| consent.client_id == client.client_id && consent.is_live(now))
        };
        Ok(clients.into_iter().filter(is_given).map(|client| client.client_name).collect())
    }
}
