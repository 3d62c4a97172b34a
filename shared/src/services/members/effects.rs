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

/// What an account no longer has, or would no longer have.
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

/// What becomes of a change after which an account has losses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossPolicy {
    /// It is refused, with [`MemberError::Losses`].
    Refuse,
    /// It is made.
    Accept,
}

/// What a member alone may be for the account, whatever becomes of e-mails to them. Who is invited gets e-mails already, but
/// manages no one yet, and is perhaps removed again.
fn roles(member: &Member) -> Losses {
    let is_invited = member.invited_until.is_some();
    Losses {
        reminders: member.mail && member.permissions.contains(&ManagementScope::ClientsManage),
        management: !is_invited && member.permissions.contains(&ManagementScope::MembersManage),
    }
}

/// Whether a member gets the e-mails about what ends.
#[must_use]
pub fn is_reminded(member: &Member, mail: &AccountMail, now: Timestamp) -> bool {
    roles(member).reminders && mail.suppression(&member.email, now).is_none()
}

impl Members<'_> {
    /// What the account loses if this member becomes another one, or is removed: what it has now, and would not have then.
    pub async fn losses(&self, member: &Member, after: Option<&Member>) -> Result<Losses, MemberError> {
        let (before, kept) = (roles(member), after.map(roles).unwrap_or_default());
        let mut losses = Losses {
            reminders: before.reminders && !kept.reminders,
            management: before.management && !kept.management,
        };
        if !losses.any() {
            return Ok(losses);
        }
        let (now, mail) = (self.ctx.now(), self.mail().await?);
        losses.reminders &= is_reminded(member, &mail, now);
        // Members who want no e-mails get none as contacts of the account either.
        let mut silent: BTreeSet<EmailAddress> = BTreeSet::new();
        silent.extend(after.filter(|after| !after.mail).map(|after| after.email.clone()));
        let mut position = None;
        while losses.any() {
            let page = self.list(PAGE_SIZE.into(), position.as_ref()).await?;
            for other in page.items.iter().filter(|other| other.email != member.email) {
                losses.reminders &= !is_reminded(other, &mail, now);
                losses.management &= !roles(other).management;
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

    /// The same for a change that is about to be made. Another change at the same time is not seen.
    pub(super) async fn accept_losses(
        &self,
        member: &Member,
        after: Option<&Member>,
        policy: LossPolicy,
    ) -> Result<Losses, MemberError> {
        let losses = self.losses(member, after).await?;
        if policy == LossPolicy::Refuse && losses.any() {
            return Err(MemberError::Losses(losses));
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
