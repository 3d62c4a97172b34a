//! Signing people in, and issuing authorization codes (RFC 6749 §4.1).
//!
//! [`email_code`] and [`idp`] identify a person, whatever the sign-in is for. [`SignInSession`] is a sign-in that a
//! client's authorization request started: it applies both to those who may sign in to the client's account, and issues
//! the code after consent.

mod active_client;
pub mod email_code;
mod end_user_codes;
mod error;
mod identify;
pub mod idp;
mod issue_code;
pub mod known_browser;
mod request_code;
mod session;

pub use active_client::{ActiveClient, InactiveClientReason};
pub use email_code::{EmailSender, ResponseTiming};
pub use error::{AuthorizationErrorResponse, SessionNotFoundReason, SignInError};
pub use identify::{FinishIdpOutcome, VerifyCodeOutcome};
pub use idp::IdpSignIn;
pub use issue_code::{ConsentBasis, SignInOutcome};
pub use request_code::RequestCodeOutcome;
pub use session::{SignInSession, StoredSignIn};
