//! Lists as CSV (RFC 4180), for spreadsheets.

use crate::wire::accept;
use std::borrow::Cow;

/// Media type of the lists.
pub const MEDIA_TYPE: &str = "text/csv";

/// First characters that make a spreadsheet program read a cell as a formula, or drop them.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The rows as CSV. A cell that a spreadsheet program could read as a formula gets an apostrophe before it.
#[must_use]
pub fn document<'a>(rows: impl IntoIterator<Item = Vec<Cow<'a, str>>>) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
    for row in rows {
        // Neither fails: the writer writes to memory, and takes rows of any length.
        let _ = writer.write_record(row.iter().map(|cell| inert(cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}

fn inert(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA_STARTS) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Whether an `Accept` header (RFC 9110 §12.5.1) names CSV, and prefers nothing else to it.
#[must_use]
pub fn is_preferred(accept: &str) -> bool {
    accept::prefers(accept, MEDIA_TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(cells: &[&str]) -> String {
        let cells = cells.iter().map(|cell| Cow::Owned((*cell).to_owned())).collect();
        String::from_utf8(document([cells])).expect("text")
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(row(&["a", "b c", "d,e", "f\"g", "h\ni", ""]), "a,b c,\"d,e\",\"f\"\"g\",\"h\ni\",\r\n");
    }

    #[test]
    fn formulas_are_inert() {
        for start in FORMULA_STARTS {
            let written = row(&[&format!("{start}HYPERLINK(1)")]);
            let cell = written.trim_start_matches('"');
            assert!(cell.starts_with(&format!("'{start}")), "{written:?}");
        }
        assert_eq!(row(&["a=1", "1-2"]), "a=1,1-2\r\n");
    }

    #[test]
    fn csv_is_chosen_only_by_name() {
        for accept in
            ["text/csv", "TEXT/CSV", "text/csv, application/json;q=0.9", "application/json, text/csv"]
        {
            assert!(is_preferred(accept), "{accept}");
        }
        for accept in
            ["", "*/*", "application/json", "text/csv;q=0.5, application/json", "text/csv;q=0", "text/*"]
        {
            assert!(!is_preferred(accept), "{accept}");
        }
    }

    proptest! {
        // U+FEFF at the very start is a byte order mark to readers. There it cannot stand: the first row is the header.
        #[test]
        fn what_is_written_is_read_again(cells in prop::collection::vec("[^=+@\t\r\u{feff}-][\\PC\n\",]{0,10}", 2..5)) {
            let written = document([cells.iter().map(|cell| Cow::Borrowed(cell.as_str())).collect()]);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&*written);
            let read = reader.records().next().expect("a row").expect("legal");
            prop_assert_eq!(read.iter().collect::<Vec<_>>(), cells);
        }
    }
}
