//! Grants and their revocation: authorization codes, refresh-token families, consents, revoked tokens, used assertions.

mod authorization_codes;
mod consents;
mod grant_validity;
mod live_families;
mod refresh_token_families;
mod revocations;
mod used_jtis;

pub use authorization_codes::{NewCode, RedeemOutcome};
pub use grant_validity::ConsentStatus;
pub use live_families::StartOutcome;
pub use refresh_token_families::RotateOutcome;
pub use used_jtis::JtiOutcome;
