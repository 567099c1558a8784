//! A table of text whose columns are found by name, as spreadsheets and scripts save it.
//!
//! Takes a file in UTF-8 or UTF-16, separated by commas, semicolons or tabs, with the decimal
//! point or comma; gives rows with their lines. What can be read in one way only is read; what
//! cannot is an error with line, column and value.

use std::collections::BTreeMap;
use std::path::Path;

use super::TracksError;
use crate::files;

/// The largest table that is read: some tens of millions of rows.
pub(super) const MOST_BYTES: u64 = 4 << 30;

/// What stands where there is no number.
const NO_NUMBER: [&str; 6] = ["", "nan", "na", "n/a", "null", "none"];

/// A table, opened.
pub(super) struct Table<'a> {
    path: &'a Path,
    reader: csv::Reader<std::io::Cursor<Vec<u8>>>,
    /// Lines that stand before the table.
    skipped: u64,
    separator: u8,
    pub columns: BTreeMap<String, usize>,
    /// The columns' names as they are written.
    pub headers: Vec<String>,
    width: usize,
}

/// Rows that end before the header does.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct ShortRows {
    pub n: usize,
    /// The first one's line.
    pub line: u64,
}

impl<'a> Table<'a> {
    /// Opens a table; the separator is the one that makes `wanted` a column.
    pub(super) fn open(path: &'a Path, wanted: &str) -> Result<Self, TracksError> {
        let bytes = files::read(path, MOST_BYTES).map_err(|error| TracksError::io(error, path))?;
        let text = decoded(&bytes, path)?;
        // The first line of Excel's that names the separator.
        let named = text.split_once('\n').and_then(|(first, rest)| {
            let mut separator = first.trim_end().strip_prefix("sep=")?.chars();
            Some((separator.next().filter(char::is_ascii)? as u8, rest))
        });
        let (skipped, separator, text) = match named {
            Some((separator, rest)) => (1, separator, rest),
            None => (0, separator(&text, wanted), text.as_str()),
        };
        // The reader counts lines by their feeds.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .delimiter(separator)
            .from_reader(std::io::Cursor::new(text.into_bytes()));
        let headers = reader.headers().map_err(|error| csv_error(&error, path))?.clone();
        let columns = headers.iter().enumerate().map(|(at, name)| (name.to_lowercase(), at)).collect();
        let width = headers.len();
        let headers = headers.iter().map(str::to_owned).collect();
        Ok(Self { path, reader, skipped, separator, columns, headers, width })
    }

    /// The place of a column that must be there.
    pub(super) fn column(&self, name: &str) -> Result<usize, TracksError> {
        self.columns.get(name).copied().ok_or_else(|| {
            let found: Vec<_> = self.columns.keys().map(String::as_str).collect();
            self.error(1, format!("the column `{name}` is missing; found: {}", found.join(", ")))
        })
    }

    /// What is wrong with a line.
    pub(super) fn error(&self, line: u64, what: impl Into<String>) -> TracksError {
        TracksError::Table { line, what: what.into(), path: self.path.to_path_buf() }
    }

    /// Calls `row` with each record and its line; gives how many were short.
    pub(super) fn each(
        mut self,
        mut row: impl FnMut(&Self, u64, &csv::StringRecord) -> Result<(), TracksError>,
    ) -> Result<ShortRows, TracksError> {
        let mut record = csv::StringRecord::new();
        let mut short = ShortRows::default();
        loop {
            let more = self.reader.read_record(&mut record).map_err(|error| csv_error(&error, self.path))?;
            if !more {
                return Ok(short);
            }
            let line = record.position().map_or(0, csv::Position::line) + self.skipped;
            if let Some(cell) = record.iter().skip(self.width).find(|cell| !cell.is_empty()) {
                let (cells, width) = (record.len(), self.width);
                let what = format!(
                    "{cells} cells under {width} columns: `{cell}` has none; put quotes around a cell that holds \
                     the separator"
                );
                return Err(self.error(line, what));
            }
            if record.len() < self.width {
                short.n += 1;
                short.line = if short.line == 0 { line } else { short.line };
            }
            row(&self, line, &record)?;
        }
    }

    /// The cell of a column, where the column exists and the cell is filled.
    pub(super) fn cell<'r>(&self, record: &'r csv::StringRecord, name: &str) -> Option<&'r str> {
        record.get(*self.columns.get(name)?).filter(|cell| !cell.is_empty())
    }

    /// A finite number in a column, where the column exists and the cell holds one.
    pub(super) fn number(
        &self,
        line: u64,
        record: &csv::StringRecord,
        name: &str,
    ) -> Result<Option<f64>, TracksError> {
        let Some(cell) = self.cell(record, name).filter(|cell| !is_none(cell)) else { return Ok(None) };
        let plain = match cell.split_once(',') {
            None => Some(cell.to_owned()),
            // `1,234` is a thousand or not, unless the comma is what the semicolon made room for.
            Some((whole, part)) => {
                let is_clear = self.separator == b';' || part.len() != 3;
                let is_one = !cell.contains('.') && !part.contains(',');
                (is_clear && is_one).then(|| format!("{whole}.{part}"))
            }
        };
        let number = plain.and_then(|plain| plain.parse::<f64>().ok()).filter(|number| number.is_finite());
        number.map(Some).ok_or_else(|| self.invalid_cell(line, cell, name, "a number"))
    }

    /// A whole number from 0, as [`Self::number`]; `3.0` is 3.
    pub(super) fn count(
        &self,
        line: u64,
        record: &csv::StringRecord,
        name: &str,
    ) -> Result<Option<u64>, TracksError> {
        if let Some(exact) = self.cell(record, name).and_then(|cell| cell.parse().ok()) {
            return Ok(Some(exact));
        }
        let Some(number) = self.number(line, record, name)? else { return Ok(None) };
        // Beyond this not every whole number has a float of its own.
        let is_whole = (0.0..9_007_199_254_740_992.0).contains(&number) && number.fract() == 0.0;
        let cell = self.cell(record, name).unwrap_or_default();
        is_whole
            .then_some(Some(number as u64))
            .ok_or_else(|| self.invalid_cell(line, cell, name, "a whole number from 0"))
    }

    fn invalid_cell(&self, line: u64, cell: &str, name: &str, wanted: &str) -> TracksError {
        self.error(line, format!("`{cell}` in the column `{name}` is not {wanted}"))
    }
}

/// Whether a cell says that there is no number.
fn is_none(cell: &str) -> bool {
    NO_NUMBER.contains(&cell.to_ascii_lowercase().as_str())
}

/// The text of a table: UTF-8, or UTF-16 by its mark or its zeros.
fn decoded(bytes: &[u8], path: &Path) -> Result<String, TracksError> {
    let wrong = |line: u64, what: &str| TracksError::Table {
        line,
        what: format!("{what}; save the table as UTF-8"),
        path: path.to_path_buf(),
    };
    let is_zero = |at: usize| bytes.len() > 3 && bytes[at] == 0 && bytes[at + 2] == 0;
    let utf16 = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) if encoding != encoding_rs::UTF_8 => Some((encoding, mark)),
        None if is_zero(1) => Some((encoding_rs::UTF_16LE, 0)),
        None if is_zero(0) => Some((encoding_rs::UTF_16BE, 0)),
        _ => None,
    };
    if let Some((encoding, mark)) = utf16 {
        let (text, is_torn) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if is_torn { Err(wrong(1, "not a table in UTF-16")) } else { Ok(text.into_owned()) };
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|&byte| byte == b'\n').count() as u64;
        wrong(line, "not a CSV table in UTF-8")
    })?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// The separator that makes `wanted` a column of the header, or else the one that makes most.
fn separator(text: &str, wanted: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let columns = |separator: u8| {
        let fields = header.split(char::from(separator));
        let named = fields.clone().any(|field| {
            let field = field.trim().trim_matches('"').trim();
            field.eq_ignore_ascii_case(wanted)
        });
        (named, fields.count())
    };
    // The last of equals is taken.
    *[b'\t', b';', b','].iter().max_by_key(|separator| columns(**separator)).unwrap_or(&b',')
}

fn csv_error(error: &csv::Error, path: &Path) -> TracksError {
    let line = error.position().map_or(0, csv::Position::line);
    TracksError::Table { line, what: format!("not a CSV table in UTF-8 ({error})"), path: path.to_path_buf() }
}

/// The id among `known` that differs from one that is not there in case, slashes or blanks only.
///
/// # Examples
/// ```
/// use castlist::tracks::near_miss;
///
/// assert_eq!(near_miss("Film\\T1", ["film/t1", "film/t2"]), Some("film/t1"));
/// assert_eq!(near_miss("film/t3", ["film/t1", "film/t2"]), None);
/// ```
pub fn near_miss<'a>(id: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |id: &str| {
        let id = id.replace('\\', "/").to_lowercase();
        id.trim().trim_start_matches("./").trim_matches('/').to_owned()
    };
    let wanted = plain(id);
    known.into_iter().find(|other| *other != id && plain(other) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, id and number of each row of a table with the columns `track` and `x`.
    fn rows(bytes: &[u8]) -> Result<Vec<(u64, String, Option<f64>)>, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.csv");
        std::fs::write(&path, bytes).unwrap();
        let mut rows = Vec::new();
        let table = Table::open(&path, "track").map_err(|error| error.to_string())?;
        let track = table.column("track").map_err(|error| error.to_string())?;
        let read = table.each(|table, line, record| {
            rows.push((
                line,
                record.get(track).unwrap_or_default().to_owned(),
                table.number(line, record, "x")?,
            ));
            Ok(())
        });
        read.map_err(|error| error.to_string())?;
        Ok(rows)
    }

    #[test]
    fn separators_marks_and_encodings_are_found() {
        let wide = |text: &str, mark: bool, big: bool| -> Vec<u8> {
            let mark = if mark { "\u{feff}" } else { "" };
            let units = mark.encode_utf16().chain(text.encode_utf16());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let expected = vec![(2, "Zoë".to_owned(), Some(1.5)), (3, "b,1".to_owned(), None)];
        let comma = "track,x\nZoë,1.5\n\"b,1\",NaN\n";
        let semicolon = "track;x\nZoë;1,5\nb,1;\n";
        let tab = "\"track\"\tx\r\nZoë\t1,5\r\nb,1\tn/a\r\n";
        for bytes in [
            comma.as_bytes().to_vec(),
            format!("\u{feff}{semicolon}").into_bytes(),
            tab.as_bytes().to_vec(),
            wide(tab, true, false),
            wide(semicolon, true, true),
            wide(comma, false, false),
        ] {
            assert_eq!(rows(&bytes).unwrap(), expected, "{bytes:?}");
        }
        let named = rows(format!("sep=;\n{semicolon}").as_bytes()).unwrap();
        assert_eq!(named[0], (3, "Zoë".to_owned(), Some(1.5)));
    }

    #[test]
    fn what_is_not_clear_names_line_column_and_value() {
        for (text, words) in [
            ("track,x\na,\"1,234\"\n", "line 2: `1,234` in the column `x`"),
            ("track;x\na;1.234,5\n", "line 2: `1.234,5` in the column `x`"),
            ("track,x\na,1\nb,12:30\n", "line 3: `12:30` in the column `x`"),
            ("track,x\na,inf\n", "`inf` in the column `x`"),
            ("track,x\na,0,5\n", "line 2: 3 cells under 2 columns: `5`"),
            ("name,x\na,0\n", "the column `track` is missing; found: name, x"),
        ] {
            let error = rows(text.as_bytes()).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        let error = rows(b"track,x\nZo\xeb,1\n").unwrap_err();
        assert!(error.starts_with("line 2: not a CSV table in UTF-8"), "{error}");
    }
}
