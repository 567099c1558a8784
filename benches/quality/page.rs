//! Tables in Markdown, and the page whose marked sections they fill.
//!
//! A section stands between `<!-- NAME -->` and `<!-- end NAME -->`; everything else on the page
//! is written by hand and stays.

use std::fs;
use std::path::Path;

use super::AnyError;

/// A table with its first row as header.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let header: Vec<String> = header.iter().map(|&cell| cell.to_owned()).collect();
    let rule = format!("|{}\n", "---|".repeat(header.len()));
    let rows: String = rows.iter().map(|row| line(row)).collect();
    format!("{}{rule}{rows}", line(&header))
}

/// Puts `text` between the marks of a section.
pub fn fill(path: &Path, name: &str, text: &str) -> Result<(), AnyError> {
    let page = fs::read_to_string(path)?;
    let (begin, end) = (format!("<!-- {name} -->"), format!("<!-- end {name} -->"));
    let place = page.find(&begin).zip(page.find(&end)).filter(|(from, to)| from < to);
    let (from, to) = place.ok_or_else(|| format!("no section `{name}` in {}", path.display()))?;
    let page = format!("{}{begin}\n\n{}\n\n{}", &page[..from], text.trim(), &page[to..]);
    Ok(fs::write(path, page)?)
}
