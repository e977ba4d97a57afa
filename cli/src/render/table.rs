//! Tables without frames.

use annotate_snippets::normalize_untrusted_str;
use comfy_table::{Cell, CellAlignment, ContentLineStyle, LineStyle, Table, TableStyle};

const LINED: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::none().fill('─').junction('─'));

/// Where the text of a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// On the left.
    Text(&'static str),
    /// On the right.
    Number(&'static str),
}

/// A table with a header.
pub fn table(columns: &[Column], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(LINED);
    let names = columns.iter().map(|column| match column {
        Column::Text(name) | Column::Number(name) => *name,
    });
    table.set_header(names);
    for row in rows {
        table.add_row(row.iter().map(|text| Cell::new(normalize_untrusted_str(text))));
    }
    for (column, kind) in table.column_iter_mut().zip(columns) {
        if let Column::Number(_) = kind {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

/// Names and their values, one a line.
pub fn fields(fields: &[(&str, String)]) -> String {
    let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let line = |(name, value): &(&str, String)| format!("  {name:width$}  {}", normalize_untrusted_str(value));
    fields.iter().map(line).collect::<Vec<_>>().join("\n")
}
