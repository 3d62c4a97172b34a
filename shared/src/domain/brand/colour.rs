//! Colours, and their contrast (WCAG 2.2 §1.4.3).

use std::fmt;

/// The least contrast of a text with what is behind it.
const MIN_CONTRAST: f64 = 4.5;

/// A colour of sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// White.
pub const WHITE: Colour = Colour([0xff; 3]);

/// The text on light colours.
pub const DARK: Colour = Colour([0x17, 0x21, 0x2b]);

const BLACK: Colour = Colour([0; 3]);

/// The darkest ground that links have on a light page.
const LIGHT_GROUND: Colour = Colour([0xe9, 0xed, 0xf2]);

/// The lightest ground that links have on a dark page.
const DARK_GROUND: Colour = Colour([0x1f, 0x2b, 0x38]);

/// The text on buttons of a dark page.
const ON_DARK_ACCENT: Colour = Colour([0x0b, 0x1a, 0x2c]);

impl Colour {
    /// Parses `#rrggbb`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let mut bytes = [0; 3];
        hex::decode_to_slice(digits, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The contrast of two colours, from 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, other.luminance() + 0.05);
        (one / other).max(other / one)
    }

    /// Relative luminance, from 0 to 1.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The colour with so many hundredths of another one.
    fn mixed(self, other: Self, hundredths: u16) -> Self {
        let mut mixed = self.0;
        for (channel, other) in mixed.iter_mut().zip(other.0) {
            let sum = u16::from(*channel) * (100 - hundredths) + u16::from(other) * hundredths;
            *channel = u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }

    /// The nearest colour towards `end` that can be a text on this ground.
    fn readable_on(self, ground: Self, end: Self) -> Self {
        let mut mixtures = (0..=100).map(|hundredths| self.mixed(end, hundredths));
        mixtures.find(|mixed| mixed.contrast(ground) >= MIN_CONTRAST).unwrap_or(end)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A colour that buttons can have: white or dark text on it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrandColour(Colour);

/// The colours that are derived from a brand's for one kind of page, light or dark. Each text has a contrast of 4.5 : 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Links and outlines, on the page's own ground.
    pub accent: Colour,
    /// The same below the pointer.
    pub accent_over: Colour,
    /// The text on `accent`.
    pub on_accent: Colour,
    /// Buttons.
    pub fill: Colour,
    /// The same below the pointer.
    pub fill_over: Colour,
    /// The text on `fill`.
    pub on_fill: Colour,
}

impl BrandColour {
    /// What [`parse`](Self::parse) accepts.
    pub const EXPECTED: &'static str = "a colour #rrggbb on which white text or dark text (#17212b) has a contrast of 4.5 : 1 (WCAG 2.2, 1.4.3)";

    /// Parses a colour, and checks that a text can be read on it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let colour = Self(Colour::parse(text)?);
        (colour.0.contrast(colour.text()) >= MIN_CONTRAST).then_some(colour)
    }

    /// The colour itself.
    #[must_use]
    pub const fn colour(self) -> Colour {
        self.0
    }

    /// The text on it: white where that can be read, else dark.
    #[must_use]
    pub fn text(self) -> Colour {
        if self.0.contrast(WHITE) >= MIN_CONTRAST { WHITE } else { DARK }
    }

    /// The colours of light pages: buttons have the brand's own, links a darker one if need be.
    #[must_use]
    pub fn on_light(self) -> Palette {
        let accent = self.0.readable_on(LIGHT_GROUND, BLACK);
        let away_from_text = if self.text() == WHITE { BLACK } else { WHITE };
        Palette {
            accent,
            accent_over: accent.mixed(BLACK, 20),
            on_accent: WHITE,
            fill: self.0,
            fill_over: self.0.mixed(away_from_text, 20),
            on_fill: self.text(),
        }
    }

    /// The colours of dark pages: the brand's own, or a lighter one if need be.
    #[must_use]
    pub fn on_dark(self) -> Palette {
        let accent = self.0.readable_on(DARK_GROUND, WHITE);
        let accent_over = accent.mixed(WHITE, 25);
        let on_accent = ON_DARK_ACCENT;
        Palette { accent, accent_over, on_accent, fill: accent, fill_over: accent_over, on_fill: on_accent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn contrasts_are_those_of_wcag() {
        let contrast = |one, other| {
            let (one, other) = (Colour::parse(one).expect("legal"), Colour::parse(other).expect("legal"));
            format!("{:.2}", one.contrast(other))
        };
        assert_eq!(contrast("#000000", "#ffffff"), "21.00");
        assert_eq!(contrast("#777777", "#ffffff"), "4.48");
        assert_eq!(contrast("#FFFFFF", "#1a56a8"), "7.14");
    }

    #[test]
    fn only_colours_that_text_can_be_read_on_are_a_brand_s() {
        for text in ["#ffcc00", "#0b5fff", "#000000", "#ffffff", "#C8102E"] {
            assert!(BrandColour::parse(text).is_some(), "{text}");
        }
        for text in ["#7c7c7c", "#fc0", "blue", "0b5fff", "#0b5ff", "#0b5fffff", "#0b5fxx", "", "#é5fff"] {
            assert!(BrandColour::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_brand_s_own_colour_is_kept_where_it_can_be_read() {
        let blue = BrandColour::parse("#0b4fd0").expect("legal");
        assert_eq!((blue.on_light().fill, blue.on_light().accent), (blue.0, blue.0));
        assert_eq!(blue.on_light().on_fill, WHITE);
        let yellow = BrandColour::parse("#ffcc00").expect("legal");
        assert_eq!((yellow.on_light().fill, yellow.on_light().on_fill), (yellow.0, DARK));
        assert_eq!(yellow.on_dark().accent, yellow.0);
    }

    proptest! {
        #[test]
        fn every_text_can_be_read(bytes in any::<[u8; 3]>()) {
            let Some(brand) = BrandColour::parse(&Colour(bytes).to_string()) else { return Ok(()) };
            let grounds = [(brand.on_light(), [LIGHT_GROUND, WHITE]), (brand.on_dark(), [DARK_GROUND, BLACK])];
            for (palette, grounds) in grounds {
                let on_ground = grounds.map(|ground| (palette.accent, ground));
                let over_ground = grounds.map(|ground| (palette.accent_over, ground));
                let on_buttons = [
                    (palette.on_accent, palette.accent),
                    (palette.on_accent, palette.accent_over),
                    (palette.on_fill, palette.fill),
                    (palette.on_fill, palette.fill_over),
                ];
                for (text, ground) in on_ground.into_iter().chain(over_ground).chain(on_buttons) {
                    prop_assert!(text.contrast(ground) >= MIN_CONTRAST, "{} on {}", text, ground);
                }
            }
        }
    }
}
