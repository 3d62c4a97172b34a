//! The elements of constructed values in DER.

use ::spki::der::asn1::AnyRef;
use ::spki::der::{Reader, SliceReader, Tag, Tagged};

/// The elements of a constructed value; `None` if they are not DER.
pub(super) fn elements(value: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(value).ok()?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        found.push(reader.decode().ok()?);
    }
    Some(found)
}

/// The elements of a sequence.
pub(super) fn sequence(any: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    if any.tag() == Tag::Sequence { elements(any.value()) } else { None }
}
