//! Errors of templates, and of the whole catalogue.

use super::Problem;
use shared::domain::primitives::validation::FieldError;
use shared::services::clients::TemplateError;
use shared::services::resources::catalogue::CatalogueError;

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

impl From<CatalogueError> for Problem {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Invalid(errors) => Self::Invalid(errors),
            CatalogueError::Read(error) => error.into(),
            CatalogueError::Resource(index, error) => Self::from(error).within("resources", index),
            CatalogueError::Template(index, error) => Self::from(error).within("templates", index),
        }
    }
}

impl Problem {
    /// The problem of one item of a list in the body.
    fn within(self, list: &str, index: usize) -> Self {
        let nested = |error: FieldError| error.nested(&index.to_string()).nested(list);
        match self {
            Self::Invalid(errors) => Self::Invalid(errors.into_iter().map(nested).collect()),
            other => other,
        }
    }
}
