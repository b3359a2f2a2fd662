//! The text of a type, from the one line that ts-rs writes to what people read.
//!
//! What is not understood stays as it is: an application may write any type by hand.

use super::comment::Comment;

/// How long a line of a type may be.
const WIDTH: usize = 110;
const STEP: usize = 2;

/// Lays a declaration (`type A = { .. }`) or a type out over as many lines as it takes.
pub(super) fn laid_out(text: &str) -> String {
    let is_type = !text.starts_with("enum ") && !text.starts_with("const ");
    match Reader::new(text).pieces().filter(|_| is_type) {
        Some(pieces) => print(&pieces, 0, 0),
        None => text.trim().to_owned(),
    }
}

/// The text on one line, without comments.
pub(super) fn flat(text: &str) -> String {
    match Reader::new(text).pieces() {
        Some(pieces) => flat_pieces(&pieces),
        None => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

#[derive(Debug)]
enum Piece {
    Comment(Comment),
    Word {
        text: String,
        /// Whether white space is in front of it.
        is_apart: bool,
    },
    /// Brackets around what commas or semicolons separate.
    Group {
        open: char,
        close: char,
        parts: Vec<Vec<Self>>,
        is_apart: bool,
    },
}

impl Piece {
    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word { text, .. } if text == word)
    }

    fn has_comment(&self) -> bool {
        match self {
            Self::Comment(_) => true,
            Self::Word { .. } => false,
            Self::Group { parts, .. } => parts.iter().flatten().any(Self::has_comment),
        }
    }
}

fn flat_pieces(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let is_apart = match piece {
            Piece::Comment(_) => continue,
            Piece::Word { is_apart, .. } | Piece::Group { is_apart, .. } => *is_apart,
        };
        if is_apart && !out.is_empty() {
            out.push(' ');
        }
        match piece {
            Piece::Comment(_) => {}
            Piece::Word { text, .. } => out.push_str(text),
            Piece::Group { open, close, parts, .. } => {
                let parts: Vec<String> = parts.iter().map(|part| flat_pieces(part)).collect();
                out.push(*open);
                out.push_str(&match open {
                    '{' if parts.is_empty() => String::new(),
                    '{' => format!(" {} ", parts.join("; ")),
                    _ => parts.join(", "),
                });
                out.push(*close);
            }
        }
    }
    out
}

/// Pieces that begin `column` characters into a line with this indentation.
fn print(pieces: &[Piece], indent: usize, column: usize) -> String {
    let flat = flat_pieces(pieces);
    if column + flat.len() <= WIDTH && !pieces.iter().any(Piece::has_comment) {
        return flat;
    }
    if let Some(equals) = pieces.iter().position(|piece| piece.is("=")) {
        let (head, body) = pieces.split_at(equals + 1);
        let head = flat_pieces(head);
        let gap = if alternatives(body).count() > 1 { "" } else { " " };
        let body = print(body, indent, column + head.len() + 1);
        return format!("{head}{gap}{body}");
    }
    if alternatives(pieces).count() > 1 {
        let start = format!("\n{}| ", " ".repeat(indent + STEP));
        let written = alternatives(pieces).map(|alternative| {
            let text = print(alternative, indent + 2 * STEP, indent + 2 * STEP);
            format!("{start}{text}")
        });
        return written.collect();
    }
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Comment(_) => {}
            Piece::Word { text, is_apart } => {
                out.push_str(if *is_apart && !out.is_empty() { " " } else { "" });
                out.push_str(text);
            }
            Piece::Group { open, close, parts, is_apart } => {
                out.push_str(if *is_apart && !out.is_empty() { " " } else { "" });
                out.push(*open);
                out.push('\n');
                let (inner, end) = (indent + STEP, if *open == '{' { ';' } else { ',' });
                for part in parts {
                    print_part(part, inner, end, &mut out);
                }
                out.push_str(&" ".repeat(indent));
                out.push(*close);
            }
        }
    }
    out
}

/// A part of a group on lines of its own, its comments before it.
fn print_part(part: &[Piece], indent: usize, end: char, out: &mut String) {
    for piece in part {
        if let Piece::Comment(comment) = piece {
            comment.write(indent, out);
        }
    }
    let text = print_without_own_comments(part, indent);
    out.push_str(&format!("{}{text}{end}\n", " ".repeat(indent)));
}

fn print_without_own_comments(part: &[Piece], indent: usize) -> String {
    let flat = flat_pieces(part);
    let is_nested = |piece: &Piece| matches!(piece, Piece::Group { .. }) && piece.has_comment();
    if indent + flat.len() < WIDTH && !part.iter().any(is_nested) {
        return flat;
    }
    print(part, indent, WIDTH)
}

/// What stands between the bars of a union.
fn alternatives(pieces: &[Piece]) -> impl Iterator<Item = &[Piece]> {
    pieces.split(|piece| piece.is("|")).filter(|alternative| !alternative.is_empty())
}

/// Reads a type into pieces.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.trim() }
    }

    /// All of the text, unless its brackets do not match.
    fn pieces(mut self) -> Option<Vec<Piece>> {
        let mut parts = self.parts(None)?;
        let only = parts.pop().unwrap_or_default();
        parts.is_empty().then_some(only)
    }

    /// The parts up to the bracket that closes them, or up to the end of the text, which is one part.
    fn parts(&mut self, close: Option<char>) -> Option<Vec<Vec<Piece>>> {
        let mut parts = Vec::new();
        let mut part = Vec::new();
        loop {
            let is_apart = self.skip_space();
            let Some(next) = self.rest.chars().next() else {
                parts.push(part);
                return close.is_none().then_some(parts);
            };
            if Some(next) == close {
                self.take(next.len_utf8());
                if !part.is_empty() {
                    parts.push(part);
                }
                return Some(parts);
            }
            if self.rest.starts_with("/*") {
                let end = self.rest.find("*/")? + 2;
                part.push(Piece::Comment(Comment::of_typescript(self.take(end))));
                continue;
            }
            match next {
                ',' | ';' if close.is_some() => {
                    self.take(1);
                    parts.push(std::mem::take(&mut part));
                }
                '{' | '[' | '(' | '<' => {
                    let close = closing(next);
                    self.take(1);
                    let parts = self.parts(Some(close))?;
                    part.push(Piece::Group { open: next, close, parts, is_apart });
                }
                '}' | ']' | ')' | '>' => return None,
                _ => {
                    let text = self.word(next)?.to_owned();
                    if matches!(next, ':' | '?') {
                        unquote(&mut part);
                    }
                    part.push(Piece::Word { text, is_apart });
                }
            }
        }
    }

    fn word(&mut self, first: char) -> Option<&'a str> {
        if self.rest.starts_with("=>") {
            return Some(self.take(2));
        }
        let length = match first {
            '"' | '\'' | '`' => 1 + end_of_text(&self.rest[1..], first)?,
            _ if is_sign(first) => first.len_utf8(),
            _ => self
                .rest
                .find(|c: char| {
                    c.is_whitespace()
                        || is_sign(c)
                        || matches!(c, '{' | '[' | '(' | '<' | '}' | ']' | ')' | '>')
                })
                .unwrap_or(self.rest.len()),
        };
        Some(self.take(length))
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn skip_space(&mut self) -> bool {
        let rest = self.rest.trim_start();
        let is_apart = rest.len() < self.rest.len();
        self.rest = rest;
        is_apart
    }
}

/// Takes the quotes from a key that needs none.
fn unquote(key: &mut [Piece]) {
    let Some(Piece::Word { text, .. }) = key.last_mut() else { return };
    if let Some(name) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'))
        && is_name(name)
    {
        *text = name.to_owned();
    }
}

/// Whether a text can be written as a name.
pub(super) fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && letters.all(|c| c == '_' || c.is_alphanumeric())
}

fn closing(open: char) -> char {
    match open {
        '{' => '}',
        '[' => ']',
        '(' => ')',
        _ => '>',
    }
}

fn is_sign(c: char) -> bool {
    matches!(c, '|' | '&' | ':' | '?' | '=' | ',' | ';' | '"' | '\'' | '`')
}

/// Behind the quote that ends a text.
fn end_of_text(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (index, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return Some(index + c.len_utf8()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_type_stays_on_one_line() {
        for (written, expected) in [
            (
                "type Room = { name: string, people: number, };",
                "type Room = { name: string; people: number };",
            ),
            ("Array<[string, number]> | null", "Array<[string, number]> | null"),
            ("{ [key in string]?: Kind }", "{ [key in string]?: Kind }"),
            ("type E = Record<symbol, never>;", "type E = Record<symbol, never>;"),
            ("(a: string, b: \"x, } y\") => void", "(a: string, b: \"x, } y\") => void"),
            ("{ }", "{}"),
        ] {
            assert_eq!(laid_out(written), expected);
            assert_eq!(flat(written), expected);
        }
    }

    #[test]
    fn a_type_with_comments_has_a_line_for_each_field() {
        let written = "type M = { \n/**\n * Counts.\n */\nnumber: number, \"odd-name\": { a: string, }, };";
        let expected = "type M = {\n  /** Counts. */\n  number: number;\n  \"odd-name\": { a: string };\n};";
        assert_eq!(laid_out(written), expected);
        assert_eq!(flat(written), "type M = { number: number; \"odd-name\": { a: string } };");
    }

    #[test]
    fn a_union_with_comments_has_a_line_for_each_alternative() {
        let written = "type K = { \"type\": \"a\" } | { \"type\": \"b\", \n/**\n * X.\n */\nx: number, };";
        let expected = "type K =\n  | { type: \"a\" }\n  | {\n      type: \"b\";\n      /** X. */\n      x: number;\n    };";
        assert_eq!(laid_out(written), expected);
    }

    #[test]
    fn a_long_type_is_broken_where_it_can_be() {
        let name = "n".repeat(60);
        assert_eq!(
            laid_out(&format!(
                "type A = {{ {name}: string, b: {{ {name}: string, c: {{ {name}: string, }}, }}, }};"
            )),
            format!(
                "type A = {{\n  {name}: string;\n  b: {{\n    {name}: string;\n    c: {{ {name}: string }};\n  }};\n}};"
            )
        );
        assert_eq!(
            laid_out(&format!("type A = \"{name}\" | \"{name}\";")),
            format!("type A =\n  | \"{name}\"\n  | \"{name}\";")
        );
    }

    #[test]
    fn what_is_not_understood_stays() {
        for written in ["a } b", "{ a: string", "\"open", "enum A { \"b\" = 1, \"c\" = 2 }", "x /* open"] {
            assert_eq!(laid_out(written), written);
        }
    }
}
