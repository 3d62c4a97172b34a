//! Schemas of structs that contain flattened structs. Generators of clients leave out the members of nested compositions.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema};

/// Makes a composition of objects one object. One that refers to another schema stays, because generators make it a base class.
pub fn flatten(schema: &mut RefOr<Schema>) {
    if let RefOr::T(composed @ Schema::AllOf(_)) = schema
        && let Some(object) = merged(composed)
    {
        *composed = Schema::Object(object);
    }
}

fn merged(schema: &Schema) -> Option<Object> {
    match schema {
        Schema::Object(object) => Some(object.clone()),
        Schema::AllOf(composed) => {
            let mut whole = ObjectBuilder::new().build();
            whole.description.clone_from(&composed.description);
            for part in &composed.items {
                let RefOr::T(part) = part else { return None };
                let part = merged(part)?;
                whole.properties.extend(part.properties);
                whole.required.extend(part.required);
            }
            Some(whole)
        }
        _ => None,
    }
}
