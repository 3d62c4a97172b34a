//! Requesting a one-time code by e-mail.

use crate::adapters::crypto::known_browser::hash_known_source;
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::email::mailer::SendResult;
use crate::adapters::error::BackendError;
use crate::adapters::store::{Membership, Store};
use crate::domain::account::EndUserPolicy;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::language::Language;
use crate::domain::sign_in::Step;
use crate::domain::sign_in::code_limits::CodeRequest;
use crate::domain::sign_in::known_browser::KnownBrowser;
use crate::domain::sign_in::one_time_code::OneTimeCode;
use crate::domain::sign_in::rate_limit::RateLimitDecision;
use crate::services::sign_in::email_code::{self, CodeEmail, RESPONSE_TIME};
use crate::services::sign_in::{EmailSender, ResponseTiming, SignInError, SignInSession, SignInTarget};
use strum::IntoStaticStr;
use tokio::time::sleep;

/// Whether a code was requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestCodeOutcome {
    /// It was. What came of it is for the log and the metrics, and not for the caller.
    Requested,
    /// Too many codes were requested.
    RateLimited {
        /// Seconds until the next one may be requested.
        retry_after: i64,
    },
}

/// What came of a request for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum CodeDelivery {
    /// SES has accepted the e-mail.
    Sent,
    /// The address is not a member's, and only members may sign in.
    NotAMember,
    /// The address has got as many codes today as it may.
    DailyLimit,
    /// The address is not a member's, and its source or the account has had as many codes for such addresses as it may.
    EndUserLimit,
    /// The address is not a member's, and what is left of SES's quota is kept for members.
    QuotaReserved,
    /// SES does not accept the e-mail, or its response was not understood.
    NotSent,
    /// SES has not answered in time.
    TimedOut,
}

/// Whether a code is sent.
enum Decision {
    /// It is, in this language or else the deployment's.
    Send(Option<Language>),
    /// It is not.
    Withhold(CodeDelivery),
}

impl SignInSession {
    /// Sends a code to `email` if it may sign in, and waits for it to be entered. The answer and its time are the same if
    /// it may not, if the address has got enough codes today, and if sending fails: a difference would disclose that the
    /// address is a member's.
    pub async fn request_email_code(
        &mut self,
        store: &Store,
        peppers: &Peppers,
        sender: &EmailSender,
        email: EmailAddress,
        browser: Option<&KnownBrowser>,
    ) -> Result<RequestCodeOutcome, SignInError> {
        let known = browser.filter(|browser| browser.knows(&email, self.now));
        let known_browser = known.map(KnownBrowser::id);
        let request = CodeRequest { email: &email, client_ip: self.client_ip, known_browser };
        let hourly = store.check_rate_limits(&request.hourly(), self.now).await?;
        if let RateLimitDecision::RetryAfter(retry_after) = hourly {
            return Ok(RequestCodeOutcome::RateLimited { retry_after });
        }
        let response_time = sleep(match sender.timing {
            ResponseTiming::Uniform => RESPONSE_TIME,
            ResponseTiming::Immediate => std::time::Duration::ZERO,
        });
        tokio::pin!(response_time);
        let delivery = match self.decide(store, peppers, sender, &request).await? {
            Decision::Withhold(reason) => {
                self.advance(store, Step::EmailCode(email_code::unsent(email, self.now))).await?;
                reason
            }
            Decision::Send(locale) => {
                let (code, stored) = email_code::generate(peppers, &self.id, email.clone(), self.now);
                self.advance(store, Step::EmailCode(stored)).await?;
                tokio::select! {
                    biased;
                    delivery = self.send_code(sender, &email, &code, locale) => delivery,
                    () = &mut response_time, if sender.timing == ResponseTiming::Uniform => CodeDelivery::TimedOut,
                }
            }
        };
        if matches!(
            delivery,
            CodeDelivery::DailyLimit
                | CodeDelivery::EndUserLimit
                | CodeDelivery::QuotaReserved
                | CodeDelivery::TimedOut
        ) {
            sender.count(delivery.into(), self.now);
        }
        self.log_delivery(delivery);
        response_time.await;
        Ok(RequestCodeOutcome::Requested)
    }

    /// Counts an e-mail against the numbers of its recipient.
    async fn decide(
        &self,
        store: &Store,
        peppers: &Peppers,
        sender: &EmailSender,
        request: &CodeRequest<'_>,
    ) -> Result<Decision, SignInError> {
        if !self.may_confirm(request.email) {
            return Ok(Decision::Withhold(CodeDelivery::NotAMember));
        }
        let digest = hash_known_source(peppers, request.email, request.client_ip);
        let (membership, known_source) =
            tokio::join!(self.membership(store, request.email), store.is_known_source(&digest, self.now));
        let known_source = known_source?;
        let Some(locale) = membership? else {
            return match &self.target {
                SignInTarget::Client(target) if target.active.account.end_users == EndUserPolicy::Anyone => {
                    let reason =
                        self.reason_not_to_send_to_end_user(store, sender, request, known_source).await?;
                    Ok(reason.map_or(Decision::Send(target.active.account.locale), Decision::Withhold))
                }
                SignInTarget::Client(_) | SignInTarget::Console => {
                    Ok(Decision::Withhold(CodeDelivery::NotAMember))
                }
            };
        };
        let daily = store.check_rate_limits(&request.daily(known_source), self.now).await?;
        Ok(match daily {
            RateLimitDecision::Allowed => Decision::Send(locale),
            RateLimitDecision::RetryAfter(_) => Decision::Withhold(CodeDelivery::DailyLimit),
        })
    }

    /// Whether the address is that of the person who has to confirm who they are, if that is what the sign-in is for.
    pub(super) fn may_confirm(&self, email: &EmailAddress) -> bool {
        let request = self.sign_in.purpose.console();
        let confirmed = request.and_then(|request| request.confirms.as_ref());
        confirmed.is_none_or(|session| session.email == *email)
    }

    /// The language of a member's e-mails; `None` if the address is not a member's.
    async fn membership(
        &self,
        store: &Store,
        email: &EmailAddress,
    ) -> Result<Option<Option<Language>>, BackendError> {
        match &self.target {
            SignInTarget::Client(target) => {
                let account = &target.active.account;
                let member = store.load_member(&account.account_id, email).await?;
                Ok(member.map(|member| member.locale.or(account.locale)))
            }
            SignInTarget::Console => {
                let found = store.memberships_of(email).await?.items;
                let of = |membership: &Membership| membership.member.locale.or(membership.account.locale);
                Ok((!found.is_empty()).then(|| found.iter().find_map(of)))
            }
        }
    }

    async fn send_code(
        &self,
        sender: &EmailSender,
        email: &EmailAddress,
        code: &OneTimeCode,
        locale: Option<Language>,
    ) -> CodeDelivery {
        let client = match &self.target {
            SignInTarget::Client(target) => Some(target),
            SignInTarget::Console => None,
        };
        let message = CodeEmail {
            to: email,
            code,
            account_id: client.map(|target| &target.active.account.account_id),
            application: client.map_or(&sender.console_name, |target| &target.active.client.client_name),
            application_of: client.and_then(|target| target.account_to_name()),
            client_ip: self.client_ip,
            locale,
            now: self.now,
        };
        match sender.send(&message).await {
            SendResult::Accepted => return CodeDelivery::Sent,
            SendResult::Rejected(text) | SendResult::AllRejected(text) => {
                // SES may repeat the address, which is not logged.
                let cause = text.replace(email.as_str(), "the recipient");
                tracing::error!(cause, "code rejected by SES");
            }
            SendResult::QuotaExceeded => tracing::error!("SES quota exceeded"),
            SendResult::Unknown(error) => tracing::error!(cause = %error, "result of sending a code unknown"),
        }
        CodeDelivery::NotSent
    }

    fn log_delivery(&self, delivery: CodeDelivery) {
        let (client_id, account_id) = self.target.logged();
        let reason: &'static str = delivery.into();
        match delivery {
            CodeDelivery::Sent => tracing::info!(client_id, account_id, "code sent"),
            CodeDelivery::NotAMember => tracing::info!(client_id, account_id, reason, "no code sent"),
            CodeDelivery::DailyLimit | CodeDelivery::EndUserLimit | CodeDelivery::QuotaReserved => {
                tracing::warn!(client_id, account_id, reason, "no code sent");
            }
            CodeDelivery::NotSent => tracing::error!(client_id, account_id, reason, "no code sent"),
            CodeDelivery::TimedOut => {
                tracing::error!(client_id, account_id, reason, "a code may not have been sent");
            }
        }
    }
}
