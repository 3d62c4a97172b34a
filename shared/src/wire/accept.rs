//! The `Accept` header (RFC 9110 §12.5.1).

/// Whether the header names this media type, and prefers nothing else to it.
#[must_use]
pub fn prefers(accept: &str, media_type: &str) -> bool {
    let ranges = accept.split(',').map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        (name, quality.map_or(1.0, |quality| quality.parse::<f32>().unwrap_or(0.0)))
    });
    let (mut wanted, mut other) = (0.0_f32, 0.0_f32);
    for (name, quality) in ranges {
        let best = if name == media_type { &mut wanted } else { &mut other };
        *best = best.max(quality);
    }
    wanted > 0.0 && wanted >= other
}
