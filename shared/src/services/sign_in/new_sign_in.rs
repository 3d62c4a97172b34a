//! Telling a person that they have signed in to the console from a browser that was not seen before: if it was not them, they
//! learn of it.

use crate::adapters::crypto::random::random_hex;
use crate::adapters::email::frame::MailFrame;
use crate::adapters::email::mailer::{DeliveryGuarantee, OutgoingEmail, SendResult};
use crate::adapters::email::new_sign_in::NewSignInEmail;
use crate::services::sign_in::{ConsolePerson, EmailSender};
use crate::texts::Texts;
use jiff::Timestamp;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::timeout;

/// How long the sign-in waits for SES.
const TIMEOUT: Duration = Duration::from_secs(2);

impl EmailSender {
    /// Sends the e-mail, in the language of the member, else the account, else the deployment. The person is signed in whatever comes of it: a failure is logged.
    pub async fn send_new_sign_in(
        &self,
        person: &ConsolePerson,
        issuer: &str,
        source: Option<IpAddr>,
        now: Timestamp,
    ) {
        let Some(membership) = person.memberships.first() else { return };
        let locale = membership.member.locale.or(membership.account.locale);
        let (texts, logo) = (Texts::of(locale.unwrap_or(self.locale)), self.logo(now).await);
        let message = NewSignInEmail {
            frame: MailFrame {
                texts,
                brand: &self.brand,
                logo: logo.as_ref().and_then(|logo| logo.for_mail()),
            },
            from: &self.from,
            to: &person.email,
            account_name: &membership.account.account_name,
            console: &format!("{issuer}/console"),
            source,
            now,
            message_id: &random_hex(),
        };
        let mime = match message.mime() {
            Ok(mime) => mime,
            Err(cause) => return tracing::error!(%cause, "mail about a sign-in not written"),
        };
        let email = OutgoingEmail {
            from: &self.from,
            to: &person.email,
            account_id: Some(&membership.account.account_id),
            mime,
            delivery: DeliveryGuarantee::AtLeastOnce,
        };
        match timeout(TIMEOUT, self.mailer.send(email)).await {
            Ok(SendResult::Accepted) => {}
            Ok(_) => tracing::error!("mail about a sign-in not sent"),
            Err(elapsed) => tracing::error!(cause = %elapsed, "mail about a sign-in may not be sent"),
        }
    }
}
