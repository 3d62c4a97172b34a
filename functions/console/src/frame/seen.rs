//! What a request has loaded for the frame of its page. The page of its error has it too, without another read.

use crate::frame::navigation::FrameAccount;
use crate::frame::person::FramePerson;
use http::request::Parts;
use shared::services::console::LiveSession;
use std::sync::{Arc, OnceLock};

/// Who is signed in and the account of the page, as far as the request has come. It is an extension of the request.
#[derive(Clone, Default)]
pub struct SeenFrame(Arc<Seen>);

#[derive(Default)]
struct Seen {
    person: OnceLock<FramePerson>,
    account: OnceLock<FrameAccount>,
}

impl SeenFrame {
    /// That of a request.
    pub fn of(head: &Parts) -> Self {
        head.extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// Notes whose session it is.
    pub fn note_person(&self, live: &LiveSession) {
        let _ = self.0.person.set(FramePerson::of(live));
    }

    /// Notes the account of the page, once the person may see it.
    pub fn note_account(&self, account: impl Into<Option<FrameAccount>>) {
        if let Some(account) = account.into() {
            let _ = self.0.account.set(account);
        }
    }

    /// The person and the account, as far as they are known.
    pub fn known(&self) -> (Option<FramePerson>, Option<FrameAccount>) {
        (self.0.person.get().cloned(), self.0.account.get().cloned())
    }
}
