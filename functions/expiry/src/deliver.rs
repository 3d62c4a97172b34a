//! Claim, send, confirm: one letter at a time, so that whoever is killed has at most one in flight.

use crate::collect::DueClient;
use crate::conclude::{AccountLetters, RefusedLetter};
use crate::limits::Limits;
use crate::recipients::Letters;
use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::entropy::random_hex;
use shared::adapters::fault::Fault;
use shared::adapters::letter::Letter;
use shared::adapters::mailer::{DeliveryGuarantee, Sending};
use shared::adapters::store::{LedgerPage, Told};
use shared::domain::email::EmailAddress;
use shared::domain::ids::AccountId;
use shared::domain::reminder::{Notice, Subject};
use std::collections::BTreeMap;

/// The most notices in one letter: at their longest they take about 3 MB of the 10 that SES takes.
const IN_ONE_LETTER: usize = 5_000;

/// What became of one letter.
enum Delivery {
    /// They know it all, from now on or from before; all but these, which did not fit into one letter.
    Told(Vec<Subject>),
    /// Not this time.
    Left,
    /// It was tried, and is due again in the next run.
    Failed,
    /// SES refuses this one. If it takes another one in this run, before or after, this is what they count as told.
    Refused(Told),
}

impl Job {
    /// Tells everybody what is due, account by account. Accounts with refused letters wait until SES has taken one,
    /// so that the order of letters decides nothing.
    pub(crate) async fn deliver(
        &self,
        due: BTreeMap<AccountId, Vec<DueClient>>,
        holder: &str,
        mut limits: Limits,
        summary: &mut Summary,
    ) {
        let mut waiting: Vec<AccountLetters> = Vec::new();
        for (account, clients) in due {
            match self.address(&account, &clients, summary).await {
                Ok(letters) => {
                    let letters = self.deliver_in(account, letters, holder, &mut limits, summary).await;
                    if letters.refused.is_empty() {
                        self.conclude(letters, holder, summary.sent > 0).await;
                    } else {
                        waiting.push(letters);
                    }
                }
                Err(fault) => {
                    tracing::warn!(account_id = account.as_str(), cause = %fault, "an account's members are unknown");
                    summary.unreadable += 1;
                }
            }
            if summary.sent > 0 {
                for letters in waiting.drain(..) {
                    self.conclude(letters, holder, true).await;
                }
            }
        }
        for letters in waiting {
            self.conclude(letters, holder, false).await;
        }
    }

    async fn deliver_in(
        &self,
        account_id: AccountId,
        letters: Letters,
        holder: &str,
        limits: &mut Limits,
        summary: &mut Summary,
    ) -> AccountLetters {
        let mut done = AccountLetters::new(account_id);
        for (recipient, due) in letters {
            let account_id = &done.account_id;
            let page = LedgerPage { account_id, recipient: &recipient, holder };
            let delivery = if limits.is_over(self.now()) {
                summary.due += 1;
                Delivery::Left
            } else {
                self.tell(page, &due, limits, summary).await.unwrap_or_else(|fault| {
                    // Sending on without writing down would tell people twice.
                    limits.unknown += 1;
                    tracing::warn!(account_id = account_id.as_str(), cause = %fault, "a letter was not written down");
                    Delivery::Failed
                })
            };
            let all = || due.iter().map(Notice::subject);
            match delivery {
                Delivery::Told(but) => done.unsaid.extend(but),
                Delivery::Left => {
                    summary.left += 1;
                    done.unsaid.extend(all());
                }
                Delivery::Failed => {
                    summary.failed += 1;
                    done.unsaid.extend(all());
                }
                Delivery::Refused(told) => {
                    summary.failed += 1;
                    done.refused.push(RefusedLetter { recipient, told, subjects: all().collect() });
                }
            }
            done.notices.extend(due.into_iter().map(|notice| (notice.subject(), notice)));
        }
        done
    }

    /// Claims the recipient's page, sends what they do not know yet, and writes down that they know it.
    async fn tell(
        &self,
        page: LedgerPage<'_>,
        due: &[Notice],
        limits: &mut Limits,
        summary: &mut Summary,
    ) -> Result<Delivery, Fault> {
        let (store, now) = (&self.management.app.store, self.now());
        let claimed = store.claim_page(page, now).await.inspect_err(|_| summary.due += 1)?;
        let Ok(told) = claimed else {
            summary.due += 1;
            return Ok(Delivery::Left);
        };
        let mut news: Vec<Notice> = due.iter().filter(|notice| !told.knows(notice)).cloned().collect();
        if news.is_empty() {
            store.release_page(page).await?;
            return Ok(Delivery::Told(Vec::new()));
        }
        summary.due += 1;
        news.sort_by_key(|notice| notice.expires_at);
        let rest = news.split_off(news.len().min(IN_ONE_LETTER).min(told.room()));
        if news.is_empty() {
            store.release_page(page).await?;
            return Ok(Delivery::Left);
        }
        let told = told.and(&news, due);
        let mut delivery = self.send(page, &news, told, now, limits, summary).await?;
        if let Delivery::Told(but) = &mut delivery {
            but.extend(rest.iter().map(Notice::subject));
        }
        if matches!(delivery, Delivery::Left | Delivery::Failed) && limits.unknown == 0 {
            store.release_page(page).await?;
        }
        Ok(delivery)
    }

    async fn send(
        &self,
        page: LedgerPage<'_>,
        news: &[Notice],
        told: Told,
        now: Timestamp,
        limits: &mut Limits,
        summary: &mut Summary,
    ) -> Result<Delivery, Fault> {
        let mime = self.compose(page.account_id, page.recipient, news, now)?;
        limits.tick.tick().await;
        match self.mailer.send(&self.mail.sender, page.recipient, mime, DeliveryGuarantee::AtMostOnce).await {
            Sending::Sent => {
                limits.left = limits.left.saturating_sub(1);
                // If another run took over meanwhile, it has sent the same: nothing is lost.
                self.management.app.store.confirm_page(page, &told, now).await?;
                limits.unknown = 0;
                summary.sent += 1;
                summary.notices += news.len();
                Ok(Delivery::Told(Vec::new()))
            }
            Sending::Refused(why) => {
                limits.unknown = 0;
                tracing::warn!(account_id = page.account_id.as_str(), cause = why, "a letter was refused");
                Ok(Delivery::Refused(told))
            }
            Sending::AllRefused(why) => {
                limits.unknown += 1;
                tracing::warn!(
                    account_id = page.account_id.as_str(),
                    cause = why,
                    "SES refuses every letter"
                );
                self.management.app.store.release_page(page).await?;
                Ok(Delivery::Failed)
            }
            Sending::NoMore => {
                (limits.unknown, limits.left) = (0, 0);
                tracing::warn!("no more letters are taken for now");
                Ok(Delivery::Left)
            }
            Sending::Unknown(fault) => {
                limits.unknown += 1;
                tracing::warn!(account_id = page.account_id.as_str(), cause = %fault, "what became of a letter is not known");
                Ok(Delivery::Failed)
            }
        }
    }

    fn compose(
        &self,
        account_id: &AccountId,
        to: &EmailAddress,
        notices: &[Notice],
        now: Timestamp,
    ) -> Result<Vec<u8>, Fault> {
        let message_id = random_hex();
        let letter = Letter {
            from: &self.mail.sender,
            to,
            account_id,
            notices,
            link: &self.mail.link,
            now,
            message_id: &message_id,
        };
        letter.mime()
    }
}
