//! Errors of the logo.

use super::Problem;
use shared::services::brand::BrandError;

impl From<BrandError> for Problem {
    fn from(error: BrandError) -> Self {
        match error {
            BrandError::Access(error) => error.into(),
            BrandError::NotFound => Self::NotFound,
            BrandError::Invalid(invalid) => Self::field("", format!("the logo {invalid}")),
            BrandError::VersionMismatch(mismatch) => mismatch.into(),
            BrandError::Contention(contention) => contention.into(),
            BrandError::Backend(fault) => fault.into(),
        }
    }
}
