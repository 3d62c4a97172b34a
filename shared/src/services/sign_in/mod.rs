//! Signing people in to clients and to the console, and issuing authorization codes (RFC 6749 §4.1).
//!
//! [`email_code`] and [`idp`] identify a person, whatever the sign-in is for. [`SignInSession`] is a sign-in that a
//! client's authorization request or the console started ([`SignInTarget`]): it applies both to those who may sign in there.
//! For a client it issues the code after consent.

mod active_client;
mod console_person;
pub mod email_code;
mod end_user_codes;
mod error;
mod identify;
mod identity_pin;
pub mod idp;
mod issue_code;
pub mod known_browser;
mod new_sign_in;
mod request_code;
mod session;
mod target;

pub use active_client::{ActiveClient, InactiveClientReason};
pub use console_person::ConsolePerson;
pub use email_code::{EmailSender, ResponseTiming};
pub use error::{AuthorizationErrorResponse, SessionNotFoundReason, SignInError};
pub use identify::{FinishIdpOutcome, IdentifiedPerson, VerifyCodeOutcome};
pub use idp::IdpSignIn;
pub use issue_code::{ConsentBasis, SignInOutcome};
pub use request_code::RequestCodeOutcome;
pub use session::{SignInSession, StoredSignIn};
pub use target::{ClientTarget, SignInTarget};
