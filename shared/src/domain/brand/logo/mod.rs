//! The operator's logo: a PNG, or an SVG that is nothing but a picture.

mod png;
mod svg;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::domain::primitives::unknown_attributes::UnknownAttributes;

/// The largest logo, in bytes.
pub const MAX_BYTES: usize = 16 * 1024;

/// The largest width and height of a PNG, in pixels.
pub const MAX_PIXELS: u32 = 2_000;

/// The format of a logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
pub enum LogoFormat {
    /// PNG.
    #[serde(rename = "image/png")]
    #[strum(serialize = "image/png")]
    Png,
    /// SVG. It is shown only as an image, in which browsers run no script and load nothing; and not in e-mails, whose
    /// programs do not show it.
    #[serde(rename = "image/svg+xml")]
    #[strum(serialize = "image/svg+xml")]
    Svg,
}

/// The operator's logo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Its format.
    pub format: LogoFormat,
    /// The image, in Base64.
    pub image: String,
    /// When it was set.
    pub updated_at: Timestamp,
    /// Incremented by each change: its `ETag`.
    pub version: u64,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// The image of a logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoImage {
    /// Its format.
    pub format: LogoFormat,
    /// The file.
    pub bytes: Vec<u8>,
    /// The version of the logo.
    pub version: u64,
}

impl LogoImage {
    /// The file, if e-mails can show it.
    #[must_use]
    pub fn for_mail(&self) -> Option<&[u8]> {
        (self.format == LogoFormat::Png).then_some(&self.bytes)
    }
}

/// Why an image cannot be a logo.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLogo {
    /// It is too large.
    #[error("must be of at most 16 KB")]
    TooLarge,
    /// It is neither of the formats.
    #[error("must be a PNG or an SVG")]
    OtherFormat,
    /// The PNG is not whole, or too large to be shown.
    #[error("must be a whole PNG of 1 to 2,000 pixels a side")]
    Png,
    /// The SVG is no well-formed XML without a DTD.
    #[error("must be well-formed XML without a DTD, whose root is svg")]
    Xml,
    /// The SVG has something that a picture does not need.
    #[error("must not have {0}: save it as plain SVG, without scripts, links and foreign elements")]
    Svg(String),
}

impl LogoFormat {
    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        self.into()
    }
}

/// The format of an image that can be a logo.
pub fn check(image: &[u8]) -> Result<LogoFormat, InvalidLogo> {
    if image.len() > MAX_BYTES {
        return Err(InvalidLogo::TooLarge);
    }
    if image.starts_with(png::SIGNATURE) {
        return png::check(image).then_some(LogoFormat::Png).ok_or(InvalidLogo::Png);
    }
    match std::str::from_utf8(image) {
        Ok(text) if text.contains('<') => svg::check(text).map(|()| LogoFormat::Svg),
        _ => Err(InvalidLogo::OtherFormat),
    }
}

impl Logo {
    /// A new logo.
    pub fn new(image: &[u8], version: u64, now: Timestamp) -> Result<Self, InvalidLogo> {
        let (format, image) = (check(image)?, STANDARD.encode(image));
        Ok(Self { format, image, updated_at: now, version, unknown: UnknownAttributes::default() })
    }

    /// The image itself; `None` if what is stored is none.
    #[must_use]
    pub fn image(&self) -> Option<LogoImage> {
        Some(LogoImage {
            format: self.format,
            bytes: STANDARD.decode(&self.image).ok()?,
            version: self.version,
        })
    }
}

#[cfg(test)]
mod tests;
