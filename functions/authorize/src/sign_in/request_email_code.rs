//! Asking for a one-time code: the same answer, the same writes and the same time, whosever the address is.

use crate::error::{AuthorizeError, Trace, answer};
use crate::pages::form_error::FormErrorCode;
use crate::pages::response;
use crate::sign_in::form::{self, PathId};
use crate::sign_in::session::SignInSession;
use crate::state::{AuthorizeState, EmailSender};
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use shared::adapters::crypto::random::random_hex;
use shared::adapters::crypto::session_secret::{hash_one_time_code, one_time_code};
use shared::adapters::email::mailer::{DeliveryGuarantee, SendResult};
use shared::adapters::email::sign_in_code::SignInCodeEmail;
use shared::adapters::store::{RateLimit, RateLimitDecision};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::sign_in::one_time_code::OneTimeCode;
use shared::domain::sign_in::{
    CODE_LIFETIME, CODES_FROM_SOURCE, CODES_TO_ADDRESS, CODES_WINDOW, EmailCode, Step,
};
use shared::wire::params::OAuthParams;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

const PER_EMAIL: RateLimit =
    RateLimit { kind: "codes to an address", times: CODES_TO_ADDRESS, window: CODES_WINDOW };
const PER_IP: RateLimit =
    RateLimit { kind: "codes from a source", times: CODES_FROM_SOURCE, window: CODES_WINDOW };

/// `POST /oauth/authorize/{sign_in_id}/email`
pub async fn post(State(state): State<Arc<AuthorizeState>>, id: PathId, request: Request<Body>) -> Response {
    let (mut trace, id) = (Trace::default(), form::text(id));
    let result = async {
        let (mut session, form) = form::posted(&state, &id, request, &mut trace).await?;
        let id = session.id.clone();
        request_code(&state, &mut session, &form).await.map_err(|halt| halt.with_sign_in(&id))
    };
    let result = result.await;
    answer(&state, "asking for a code", &trace, result)
}

async fn request_code(
    state: &AuthorizeState,
    session: &mut SignInSession,
    form: &OAuthParams,
) -> Result<Response, AuthorizeError> {
    let Some(post) = &state.post else { return Err(AuthorizeError::SessionNotFound("no_mail")) };
    if form.get("other").is_some() {
        session.advance(state, Step::AwaitIdentity).await?;
        return Ok(response::redirect_to_sign_in(&session.id, None));
    }
    let Ok(email) = EmailAddress::parse(form.get("email").unwrap_or_default().trim()) else {
        return Ok(response::redirect_to_sign_in(&session.id, Some(FormErrorCode::Address)));
    };
    let (store, now) = (&state.app.store, session.now);
    for (limit, counted) in [(&PER_IP, client_network(session.source)), (&PER_EMAIL, email.to_string())] {
        if let RateLimitDecision::RetryAfter(seconds) = store.check_rate_limit(limit, &counted, now).await? {
            return Err(AuthorizeError::RateLimited(seconds));
        }
    }
    let account = session.client.account_id.clone();
    let (peppers, member) = tokio::try_join!(state.app.peppers(now), store.load_member(&account, &email))?;
    let code = one_time_code();
    let digest = hash_one_time_code(&peppers, &session.id, &email, &code);
    let expires_at = now.saturating_add(CODE_LIFETIME).unwrap_or(now);
    let step = EmailCode { email: email.clone(), digest, expires_at, attempts: 0 };
    session.advance(state, Step::EmailCode(step)).await?;
    // Sent or not, the answer comes no sooner than the pace says.
    tokio::join!(
        tokio::time::sleep(state.pace.minimum()),
        send_code(state, post, session, &email, &code, member.is_some())
    );
    Ok(response::redirect_to_sign_in(&session.id, None))
}

/// Mails the code to a member. What comes of it, the log says and nobody else: who sees it fail would know that the
/// address is one.
async fn send_code(
    state: &AuthorizeState,
    post: &EmailSender,
    session: &SignInSession,
    email: &EmailAddress,
    code: &OneTimeCode,
    is_member: bool,
) {
    let (client_id, account_id) = (session.client.client_id.as_str(), session.client.account_id.as_str());
    if !is_member {
        tracing::info!(client_id, account_id, reason = "not_a_member", "no code sent");
        return;
    }
    let letter = SignInCodeEmail {
        from: &post.sender,
        to: email,
        code,
        client_name: &session.client.client_name,
        host: state.host(),
        source: session.source,
        now: session.now,
        message_id: &random_hex(),
    };
    let sending = match letter.mime() {
        Ok(mime) => {
            post.mailer.send(&post.sender, email, mime.to_vec(), DeliveryGuarantee::AtLeastOnce).await
        }
        Err(fault) => SendResult::Unknown(fault),
    };
    match sending {
        SendResult::Accepted => tracing::info!(client_id, account_id, "code sent"),
        SendResult::Rejected(words) | SendResult::AllRejected(words) => {
            // SES may repeat the address, which is not for the log.
            let cause = words.replace(email.as_str(), "the recipient");
            tracing::error!(client_id, account_id, reason = "mail_refused", cause, "no code sent");
        }
        SendResult::QuotaExceeded => {
            tracing::error!(client_id, account_id, reason = "mail_quota", "no code sent")
        }
        SendResult::Unknown(fault) => {
            tracing::error!(client_id, account_id, cause = %fault, "a code may not have been sent");
        }
    }
}

/// Whom a source address stands for: a household or an office has one IPv4 address, or the 2^64 addresses of an IPv6
/// network.
fn client_network(source: Option<IpAddr>) -> String {
    match source.map(|source| source.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let client_network = u128::from(address) >> 64 << 64;
            format!("{}/64", Ipv6Addr::from(client_network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_an_address_of_ipv4_or_a_network_of_ipv6() {
        for (source, counted) in [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(client_network(source.parse().ok()), counted);
        }
    }
}
