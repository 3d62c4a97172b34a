//! The operator's brand on pages.

use crate::domain::brand::Brand;
use crate::domain::brand::colour::Palette;
use std::fmt::Write;

/// The style sheet of a page: the function's own, whose colours are custom properties of the root, with the brand's colours in
/// their place. It is built once, since the Content Security Policy has its hash.
#[must_use]
pub fn stylesheet(own: &str, brand: &Brand) -> String {
    let mut sheet = own.to_owned();
    if let Some(colour) = brand.colour {
        write_palette(&mut sheet, "", &colour.on_light());
        write_palette(&mut sheet, "@media (prefers-color-scheme: dark)", &colour.on_dark());
    }
    sheet
}

/// The name on pages: the brand's, else the host's.
#[must_use]
pub fn name<'a>(brand: &'a Brand, host: &'a str) -> &'a str {
    brand.name.as_ref().map_or(host, |name| name.as_str())
}

fn write_palette(sheet: &mut String, condition: &str, palette: &Palette) {
    let Palette { accent, accent_over, on_accent, fill, fill_over, on_fill } = palette;
    let root = format!(
        ":root {{ --accent: {accent}; --accent-over: {accent_over}; --on-accent: {on_accent}; --ring: {accent}; \
         --fill: {fill}; --fill-over: {fill_over}; --on-fill: {on_fill}; }}"
    );
    let rule = if condition.is_empty() { root } else { format!("{condition} {{ {root} }}") };
    // Writing to a string cannot fail.
    let _ = writeln!(sheet, "{rule}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brand::colour::BrandColour;

    #[test]
    fn the_brand_s_colours_follow_those_of_the_function() {
        assert_eq!(stylesheet("p {}\n", &Brand::default()), "p {}\n");
        let brand = Brand { colour: BrandColour::parse("#ffcc00"), ..Brand::default() };
        let sheet = stylesheet("p {}\n", &brand);
        assert!(sheet.starts_with("p {}\n:root { --accent: #"), "{sheet}");
        assert!(sheet.contains("--fill: #ffcc00;") && sheet.contains("--on-fill: #17212b;"), "{sheet}");
        assert!(
            sheet.contains("@media (prefers-color-scheme: dark) { :root { --accent: #ffcc00;"),
            "{sheet}"
        );
    }
}
