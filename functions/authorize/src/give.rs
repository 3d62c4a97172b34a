//! What happens once somebody has signed in: a code at once if they have allowed all of it before, else a question;
//! and the code itself.

use crate::desk::Desk;
use crate::halt::Halt;
use crate::respond;
use crate::scene::Scene;
use axum::response::Response;
use shared::adapters::entropy::random;
use shared::adapters::fault::Fault;
use shared::adapters::grant_secrets::digest_of_code;
use shared::adapters::store::{Mandate, NewCode, Outcome, Record, Refused, SignInStep};
use shared::domain::audit::{Action, Actor, Target};
use shared::domain::authorization::{Authorization, GivenBy};
use shared::domain::authorization_code::{AuthorizationCode, IssuedCode, LIFETIME};
use shared::domain::consent::{Consent, ConsentId};
use shared::domain::event::Event;
use shared::domain::person::Person;
use shared::domain::sign_in::Step;

/// How often it is tried while others write the same consent.
const ATTEMPTS: usize = 5;

/// On what word a code rests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// The person has just said yes.
    Now,
    /// They said yes to all of it before.
    Before,
}

/// Goes on for this person. A public client is never let through on a yes of before: nothing proves that it is the
/// program that was meant then (RFC 8252 §8.6).
pub async fn signed_in(desk: &Desk, scene: &mut Scene, person: Person) -> Result<Response, Halt> {
    if !scene.client.token_endpoint_auth_method.is_public()
        && let Some(response) = code(desk, scene, &person, Word::Before).await?
    {
        return Ok(response);
    }
    scene.advance(desk, Step::Consent { person }).await?;
    Ok(respond::to_page(&scene.id, None))
}

/// Issues a code and sends the browser to the client with it: all at once, so that of several yeses one gives a code.
/// `None` if the code was to rest on a consent that does not cover it, or not any more.
pub async fn code(desk: &Desk, scene: &Scene, person: &Person, word: Word) -> Result<Option<Response>, Halt> {
    let (request, now, store) = (&scene.sign_in.request, scene.now, &desk.app.store);
    for _ in 0..ATTEMPTS {
        let known = store.load_consent(&request.client_id, &person.sub).await?;
        let known = known.filter(|known| known.is_live(now));
        let covers = known.as_ref().is_some_and(|known| known.covers(&request.resource, &request.scopes));
        if word == Word::Before && !covers {
            return Ok(None);
        }
        let first_consent = known.is_none();
        let consent =
            known.unwrap_or_else(|| first(scene, person)).with(&request.resource, &request.scopes, now);
        let (code, issued) = issue(scene, person, &consent);
        let audit = mandate(scene, person).audit(
            &request.account_id,
            Action::ConsentGiven,
            target(scene, person),
            &[],
        );
        let record = (!covers).then_some(Record { audit: &audit, receipt: None });
        let over = scene.sign_in.at(Step::Over);
        let digest = digest_of_code(&code);
        let ending =
            SignInStep { digest: &scene.digest, sign_in: &over, read_version: scene.sign_in.version };
        let new = NewCode { digest: &digest, code: &issued, consent: &consent, first_consent, now };
        match store.issue_code_once(&ending, &new, record.as_ref()).await? {
            Outcome::Done => {
                tracing::info!(
                    client_id = request.client_id.as_str(),
                    account_id = request.account_id.as_str(),
                    sub = person.sub.as_str(),
                    consent = if covers { "remembered" } else { "given" },
                    "code issued"
                );
                if !covers {
                    desk.events.send(&[Event::Change(&audit)]).await;
                }
                let said = [("code", code.expose())];
                return Ok(Some(respond::to_client(
                    desk,
                    &request.redirect,
                    request.state.as_deref(),
                    &said,
                )));
            }
            Outcome::Refused(Refused::Superseded) => return Err(Halt::MovedOn(scene.id.clone())),
            Outcome::Refused(
                Refused::Changed
                | Refused::Contended
                | Refused::Taken
                | Refused::Replayed
                | Refused::Retired
                | Refused::AccountGone,
            ) => {}
        }
    }
    Err(Fault::new("issuing an authorization code", "others kept writing the same consent").into())
}

fn first(scene: &Scene, person: &Person) -> Consent {
    let request = &scene.sign_in.request;
    let id = ConsentId::from_entropy(random());
    Consent::new(id, request.client_id.clone(), request.account_id.clone(), person.clone(), scene.now)
}

fn issue(scene: &Scene, person: &Person, consent: &Consent) -> (AuthorizationCode, IssuedCode) {
    let request = &scene.sign_in.request;
    let issued = IssuedCode {
        authorization: Authorization {
            client_id: request.client_id.clone(),
            account_id: request.account_id.clone(),
            resource: request.resource.clone(),
            scopes: request.scopes.clone(),
            given_by: Some(GivenBy { person: person.clone(), consent_id: consent.consent_id.clone() }),
        },
        redirect_uri: request.redirect_named.then(|| request.redirect.as_str().to_owned()),
        code_challenge: request.code_challenge.clone(),
        expires_at: scene.now.saturating_add(LIFETIME).unwrap_or(scene.now),
        redeemed_as: None,
    };
    (AuthorizationCode::from_entropy(random()), issued)
}

fn mandate(scene: &Scene, person: &Person) -> Mandate {
    let actor = Actor {
        client_id: scene.sign_in.request.client_id.clone(),
        account_id: scene.sign_in.request.account_id.clone(),
        email: Some(person.email.clone()),
        source_ip: scene.source,
    };
    Mandate { actor, now: scene.now, request: None }
}

fn target(scene: &Scene, person: &Person) -> Target {
    Target {
        client_id: Some(scene.sign_in.request.client_id.clone()),
        email: Some(person.email.clone()),
        resource_id: Some(scene.sign_in.request.resource.clone()),
        ..Target::default()
    }
}
