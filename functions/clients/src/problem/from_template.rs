//! Errors of templates.

use super::Problem;
use shared::services::clients::TemplateError;

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Access(error) => error.into(),
            TemplateError::NotFound => Self::NotFound,
            TemplateError::IdTaken => {
                Self::Conflict("template_id_taken", "a template of this id exists; choose another id")
            }
            TemplateError::TooMany => Self::Conflict(
                "limit_reached",
                "there are 100 templates, which is the most; delete one that is not used",
            ),
            TemplateError::Invalid(errors) => Self::Invalid(errors),
            TemplateError::VersionMismatch(mismatch) => mismatch.into(),
            TemplateError::Idempotency(error) => error.into(),
            TemplateError::Contention(contention) => contention.into(),
            TemplateError::Backend(fault) => fault.into(),
        }
    }
}
