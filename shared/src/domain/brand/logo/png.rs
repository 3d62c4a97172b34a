//! Whether a file is a whole PNG (ISO/IEC 15948).

use super::MAX_PIXELS;

/// What every PNG starts with.
pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Whether the file is a PNG: a header of a permitted size, then chunks with their checksums, to the end.
pub fn check(file: &[u8]) -> bool {
    let Some(mut rest) = file.strip_prefix(SIGNATURE) else { return false };
    let mut is_first = true;
    while let Some((kind, data, after)) = chunk(rest) {
        if is_first && !(&kind == b"IHDR" && has_permitted_size(data)) {
            return false;
        }
        if &kind == b"IEND" {
            return data.is_empty() && after.is_empty();
        }
        (is_first, rest) = (false, after);
    }
    false
}

/// The type of the first chunk, its data, and what follows; `None` if it is not whole.
fn chunk(bytes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (checked, after) = rest.split_at_checked(length.checked_add(4)?)?;
    let (kind, data) = checked.split_first_chunk::<4>()?;
    let (checksum, after) = after.split_first_chunk::<4>()?;
    (crc32fast::hash(checked) == u32::from_be_bytes(*checksum)).then_some((*kind, data, after))
}

fn has_permitted_size(header: &[u8]) -> bool {
    let side = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    let is_permitted = |side: Option<u32>| side.is_some_and(|side| (1..=MAX_PIXELS).contains(&side));
    header.len() == 13 && is_permitted(side(0)) && is_permitted(side(4))
}
