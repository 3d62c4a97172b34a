//! What follows from the letters of one account: refusals are judged, events sent, and credentials marked.

use crate::Job;
use shared::adapters::store::{RecipientKey, SentNotices};
use shared::domain::audit::event::DomainEvent;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;
use shared::domain::reminder::{CredentialKey, LastNotice, Notice};
use std::collections::{BTreeMap, BTreeSet};

/// The letters of one account, once each was sent or not.
pub struct AccountEmails {
    pub account_id: AccountId,
    /// All that was due.
    pub notices: BTreeMap<CredentialKey, Notice>,
    /// What somebody has not been told.
    pub unsaid: BTreeSet<CredentialKey>,
    /// Those that SES refused. Their pages are still claimed.
    pub refused: Vec<RejectedEmail>,
}

/// A letter that SES refused.
pub struct RejectedEmail {
    pub recipient: EmailAddress,
    /// What their page says if they are not to be told before the next reminder.
    pub told: SentNotices,
    pub subjects: Vec<CredentialKey>,
}

impl AccountEmails {
    pub fn new(account_id: AccountId) -> Self {
        Self { account_id, notices: BTreeMap::new(), unsaid: BTreeSet::new(), refused: Vec::new() }
    }
}

impl Job {
    /// Marks what everybody was told. Whom SES refused counts as told if it has taken another letter in this run;
    /// else it may refuse all, because the sender is not verified, and they stay due.
    pub(crate) async fn conclude(&self, letters: AccountEmails, holder: &str, ses_took_another: bool) {
        let AccountEmails { account_id, mut notices, mut unsaid, refused } = letters;
        for letter in refused {
            let page = RecipientKey { account_id: &account_id, recipient: &letter.recipient, holder };
            let store = &self.management.app.store;
            let written = if ses_took_another {
                store.confirm_notices(page, &letter.told, self.now()).await
            } else {
                store.release_claim(page).await
            };
            let written = written.unwrap_or_else(|fault| {
                tracing::warn!(account_id = account_id.as_str(), cause = %fault, "a refusal was not written down");
                false
            });
            if !(ses_took_another && written) {
                unsaid.extend(letter.subjects);
            }
        }
        notices.retain(|subject, _| !unsaid.contains(subject));
        // The events first: a crash in between repeats them, and loses none.
        let at = self.now();
        let events: Vec<_> =
            notices.values().map(|notice| DomainEvent::notice(notice, &account_id, at)).collect();
        self.management.events.send(&events).await;
        for notice in notices.values() {
            self.record_notice(notice).await;
        }
    }

    /// Everybody was told: the credential itself remembers, so that later runs need not look.
    async fn record_notice(&self, notice: &Notice) {
        let said = LastNotice { kind: notice.kind, expires_at: notice.expires_at };
        let store = &self.management.app.store;
        if let Err(fault) = store.record_notice(&notice.client_id, &notice.ending, said).await {
            // The ledger knows it too: the next run only looks once more.
            tracing::warn!(cause = %fault, "a credential does not remember its reminder");
        }
    }
}
