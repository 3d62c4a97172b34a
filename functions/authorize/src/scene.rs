//! A sign-in under way, as each of its pages and forms finds it: looked up, in the right browser, and checked again.

use crate::browser;
use crate::desk::Desk;
use crate::halt::{Halt, Trace, WayBack};
use crate::respond::Forms;
use http::HeaderMap;
use jiff::Timestamp;
use shared::adapters::cache::Held;
use shared::adapters::sign_in_secrets::{BrowserSecret, digest_of_sign_in};
use shared::adapters::store::{Catalogue, Outcome, Refused, SignInStep};
use shared::domain::account::Status;
use shared::domain::authorization_error::AuthorizationError;
use shared::domain::client::Client;
use shared::domain::ids::ClientId;
use shared::domain::redirect_uri::RedirectTarget;
use shared::domain::sign_in::{SignIn, SignInId, Step};
use std::net::IpAddr;

/// A sign-in that may go on.
pub struct Scene {
    pub id: SignInId,
    pub digest: String,
    pub browser: BrowserSecret,
    pub sign_in: SignIn,
    pub client: Client,
    pub catalogue: Held<Catalogue>,
    pub source: Option<IpAddr>,
    pub now: Timestamp,
}

/// The client, if it may act now, and a catalogue that knows what it holds. Why not is for the log only: a page that
/// told a disabled client from an unknown one would tell who is a customer.
pub async fn client(desk: &Desk, id: &ClientId, now: Timestamp) -> Result<(Client, Held<Catalogue>), Halt> {
    let (known, catalogue) = tokio::join!(desk.app.store.load_client(id), desk.app.catalogue(now));
    let client = known?.ok_or(Halt::Client("unknown_client"))?.client;
    let catalogue = desk.catalogue_for(&client, catalogue?, now).await?;
    if client.status == Status::Disabled {
        return Err(Halt::Client("client_disabled"));
    }
    if catalogue.value.suspended_accounts.contains(&client.account_id) {
        return Err(Halt::Client("account_disabled"));
    }
    Ok((client, catalogue))
}

impl Scene {
    /// Finds the sign-in of this id, if this browser began it, and checks that its client may still ask what it asked:
    /// minutes may have passed.
    pub async fn enter(
        desk: &Desk,
        id: &str,
        headers: &HeaderMap,
        source: Option<IpAddr>,
        trace: &mut Trace,
    ) -> Result<Self, Halt> {
        let now = desk.app.clock.now();
        let id = SignInId::parse(id).map_err(|_| Halt::NotHere("malformed_sign_in_id"))?;
        let browser = browser::secret(desk, headers).ok_or(Halt::NotHere("no_cookie"))?;
        let digest = digest_of_sign_in(&id);
        let found = desk.app.store.load_sign_in(&digest).await?;
        let sign_in = found.ok_or(Halt::NotHere("unknown_sign_in"))?;
        trace.client_id = Some(sign_in.request.client_id.to_string());
        trace.account_id = Some(sign_in.request.account_id.to_string());
        if !browser.is(&sign_in.browser) {
            return Err(Halt::NotHere("other_browser"));
        }
        if !sign_in.is_live(now) {
            return Err(Halt::NotHere("sign_in_expired"));
        }
        if sign_in.step == Step::Over {
            return Err(Halt::Over);
        }
        let (client, catalogue) = client(desk, &sign_in.request.client_id, now).await?;
        let scene = Self { id, digest, browser, sign_in, client, catalogue, source, now };
        scene.check()?;
        Ok(scene)
    }

    fn check(&self) -> Result<(), Halt> {
        let request = &self.sign_in.request;
        RedirectTarget::choose(&self.client.redirect_uris, Some(request.redirect.as_str()))
            .map_err(Halt::Redirect)?;
        let find = |id: &_| self.catalogue.value.resources.get(id);
        request.still_allowed(&self.client, find).map_err(|why| self.back(why.into()))
    }

    /// The client hears of this.
    pub fn back(&self, error: AuthorizationError) -> Halt {
        let request = &self.sign_in.request;
        Halt::Back(WayBack { redirect: request.redirect.clone(), state: request.state.clone() }, error)
    }

    /// Takes the sign-in a step further, unless somebody else has.
    pub async fn advance(&mut self, desk: &Desk, step: Step) -> Result<(), Halt> {
        let next = self.sign_in.at(step);
        let change = SignInStep { digest: &self.digest, sign_in: &next, read_version: self.sign_in.version };
        match desk.app.store.advance_sign_in(&change).await? {
            Outcome::Done => {
                self.sign_in = next;
                Ok(())
            }
            Outcome::Refused(
                Refused::Superseded
                | Refused::Contended
                | Refused::Replayed
                | Refused::Taken
                | Refused::Retired
                | Refused::Changed
                | Refused::AccountGone,
            ) => Err(Halt::MovedOn(self.id.clone())),
        }
    }

    /// Ends the sign-in without a code. The client hears why.
    pub async fn end(&mut self, desk: &Desk, error: AuthorizationError) -> Result<Halt, Halt> {
        self.advance(desk, Step::Over).await?;
        Ok(self.back(error))
    }

    /// What every form of this sign-in carries.
    pub fn form_token(&self) -> String {
        self.browser.form_token(&self.id)
    }

    /// Where the forms of its pages may lead: to ourselves, and by redirect to the client and to the upstream provider.
    /// Browsers check every link of such a chain of redirects, and both may send people further on at once: with their
    /// own origins alone Chromium would stop there. So it is any site over TLS, and besides what the client has that is
    /// none: a private scheme, or a server on the same device.
    pub fn forms(&self, desk: &Desk) -> Forms {
        let own = self.sign_in.request.redirect.form_action();
        let is_upstream_plain = desk
            .app
            .config
            .upstream
            .as_ref()
            .is_some_and(|upstream| upstream.issuer.as_str().starts_with("http:"));
        let mut sources = "https:".to_owned();
        if is_upstream_plain {
            sources.push_str(" http:");
        }
        if !own.starts_with("https:") {
            sources.push(' ');
            sources.push_str(&own);
        }
        Forms::Own(sources)
    }
}
