//! Asking for a one-time code: the same answer, the same writes and the same time, whosever the address is.

use crate::desk::{Desk, Post};
use crate::form::{self, PathId};
use crate::halt::{Halt, Trace, answer};
use crate::problem::Trouble;
use crate::respond;
use crate::scene::Scene;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::Request;
use shared::adapters::entropy::random_hex;
use shared::adapters::mailer::{DeliveryGuarantee, Sending};
use shared::adapters::sign_in_letter::SignInLetter;
use shared::adapters::sign_in_secrets::{digest_of_one_time_code, one_time_code};
use shared::adapters::store::{Limit, Limited};
use shared::domain::email::EmailAddress;
use shared::domain::one_time_code::OneTimeCode;
use shared::domain::sign_in::{
    CODE_LIFETIME, CODES_FROM_SOURCE, CODES_TO_ADDRESS, CODES_WINDOW, EmailCode, Step,
};
use shared::wire::parameters::Parameters;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

const TO_ADDRESS: Limit =
    Limit { kind: "codes to an address", times: CODES_TO_ADDRESS, window: CODES_WINDOW };
const FROM_SOURCE: Limit =
    Limit { kind: "codes from a source", times: CODES_FROM_SOURCE, window: CODES_WINDOW };

/// `POST /oauth/authorize/{sign_in_id}/email`
pub async fn post(State(desk): State<Arc<Desk>>, id: PathId, request: Request<Body>) -> Response {
    let (mut trace, id) = (Trace::default(), form::text(id));
    let result = async {
        let (mut scene, form) = form::posted(&desk, &id, request, &mut trace).await?;
        let id = scene.id.clone();
        ask(&desk, &mut scene, &form).await.map_err(|halt| halt.on_page_of(&id))
    };
    let result = result.await;
    answer(&desk, "asking for a code", &trace, result)
}

async fn ask(desk: &Desk, scene: &mut Scene, form: &Parameters) -> Result<Response, Halt> {
    let Some(post) = &desk.post else { return Err(Halt::NotHere("no_mail")) };
    if form.get("other").is_some() {
        scene.advance(desk, Step::Identify).await?;
        return Ok(respond::to_page(&scene.id, None));
    }
    let Ok(email) = EmailAddress::parse(form.get("email").unwrap_or_default().trim()) else {
        return Ok(respond::to_page(&scene.id, Some(Trouble::Address)));
    };
    let (store, now) = (&desk.app.store, scene.now);
    for (limit, counted) in [(&FROM_SOURCE, network(scene.source)), (&TO_ADDRESS, email.to_string())] {
        if let Limited::For(seconds) = store.count_against(limit, &counted, now).await? {
            return Err(Halt::TooOften(seconds));
        }
    }
    let account = scene.client.account_id.clone();
    let (peppers, member) = tokio::try_join!(desk.app.peppers(now), store.load_member(&account, &email))?;
    let code = one_time_code();
    let digest = digest_of_one_time_code(&peppers, &scene.id, &email, &code);
    let expires_at = now.saturating_add(CODE_LIFETIME).unwrap_or(now);
    let step = EmailCode { email: email.clone(), digest, expires_at, tries: 0 };
    scene.advance(desk, Step::EmailCode(step)).await?;
    // Sent or not, the answer comes no sooner than the pace says.
    tokio::join!(
        tokio::time::sleep(desk.pace.floor()),
        tell(desk, post, scene, &email, &code, member.is_some())
    );
    Ok(respond::to_page(&scene.id, None))
}

/// Mails the code to a member. What comes of it, the log says and nobody else: who sees it fail would know that the
/// address is one.
async fn tell(
    desk: &Desk,
    post: &Post,
    scene: &Scene,
    email: &EmailAddress,
    code: &OneTimeCode,
    is_member: bool,
) {
    let (client_id, account_id) = (scene.client.client_id.as_str(), scene.client.account_id.as_str());
    if !is_member {
        tracing::info!(client_id, account_id, reason = "not_a_member", "no code sent");
        return;
    }
    let letter = SignInLetter {
        from: &post.sender,
        to: email,
        code,
        client_name: &scene.client.client_name,
        host: desk.host(),
        source: scene.source,
        now: scene.now,
        message_id: &random_hex(),
    };
    let sending = match letter.mime() {
        Ok(mime) => {
            post.mailer.send(&post.sender, email, mime.to_vec(), DeliveryGuarantee::AtLeastOnce).await
        }
        Err(fault) => Sending::Unknown(fault),
    };
    match sending {
        Sending::Sent => tracing::info!(client_id, account_id, "code sent"),
        Sending::Refused(words) | Sending::AllRefused(words) => {
            // SES may repeat the address, which is not for the log.
            let cause = words.replace(email.as_str(), "the recipient");
            tracing::error!(client_id, account_id, reason = "mail_refused", cause, "no code sent");
        }
        Sending::NoMore => tracing::error!(client_id, account_id, reason = "mail_quota", "no code sent"),
        Sending::Unknown(fault) => {
            tracing::error!(client_id, account_id, cause = %fault, "a code may not have been sent");
        }
    }
}

/// Whom a source address stands for: a household or an office has one IPv4 address, or the 2^64 addresses of an IPv6
/// network.
fn network(source: Option<IpAddr>) -> String {
    match source.map(|source| source.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let network = u128::from(address) >> 64 << 64;
            format!("{}/64", Ipv6Addr::from(network))
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
            assert_eq!(network(source.parse().ok()), counted);
        }
    }
}
