//! A table in Markdown.

use std::fmt;

/// Its first `left` columns stand at the left, the others, which are numbers, at the right.
pub(crate) struct MarkdownTable {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    left: usize,
}

impl MarkdownTable {
    pub(crate) fn new(left: usize, header: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), rows: Vec::new(), left }
    }

    pub(crate) fn add(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl fmt::Display for MarkdownTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, &self.header)?;
        let ruler = (0..self.header.len()).map(|column| if column < self.left { "---" } else { "---:" });
        line(f, &ruler.collect::<Vec<_>>())?;
        self.rows.iter().try_for_each(|row| line(f, row))
    }
}

fn line(f: &mut fmt::Formatter<'_>, cells: &[impl AsRef<str>]) -> fmt::Result {
    for cell in cells {
        write!(f, "| {} ", cell.as_ref().replace('|', "\\|").replace('<', "&lt;").replace('\n', " "))?;
    }
    f.write_str("|\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_at_the_right_and_cells_cannot_break_out() {
        let mut table = MarkdownTable::new(1, ["row", "floor"]);
        table.add(vec!["a|b".to_owned(), "<1\n2".to_owned()]);
        assert_eq!(table.to_string(), "| row | floor |\n| --- | ---: |\n| a\\|b | &lt;1 2 |\n");
    }
}
