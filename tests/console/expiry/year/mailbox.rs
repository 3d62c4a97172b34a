//! The mailbox of the person who is reminded.

use super::{VIEWER, Year};
use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use jiff::civil::Date;
use local::mailbox::Message;

impl Year {
    /// Reads what the e-mails of a day, which are new, remind of.
    pub(super) async fn read_mailbox(&mut self, day: Date) {
        let domain = self.latchkey.mail_domain();
        let emails = reminders(&self.latchkey).await;
        for email in &emails[self.mails..] {
            assert_eq!(email.to, [format!("ann@{domain}")]);
            for block in email.text.split("\n* ").skip(1) {
                let after =
                    |words: &str| block.split(words).nth(1).unwrap_or_else(|| panic!("{words}: {block}"));
                let first =
                    |text: &str| text.split_whitespace().next().unwrap().trim_end_matches(',').to_owned();
                let ends = after("Expires ").split(": ").nth(1).unwrap().split(',').next().unwrap();
                let ends = Date::strptime("%d %B %Y", ends).unwrap();
                // It ends with the last minute of that day, and the job runs after the first of this one.
                let days = u16::try_from(day.until(ends).unwrap().get_days()).unwrap() + 1;
                let mailed = (first(after("Client id ")), first(after("Secret …")), days);
                assert_eq!(self.mailed.insert(mailed, day), None, "once: {block}");
            }
        }
        self.mails = emails.len();
    }
}

/// The e-mails but those of sign-ins.
pub(super) async fn reminders(latchkey: &TestApp) -> Vec<Message> {
    let domain = latchkey.mail_domain();
    let all = emails_to(&domain).await.into_iter();
    all.filter(|email| email.to != [format!("{VIEWER}@{domain}")]).collect()
}
