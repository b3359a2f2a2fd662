//! Rust source seen as a rule sees it: without comments, without the text of literals, without unit tests.
//!
//! Rule: lines stay where they are, so that a breach can name its line.

/// `source` with blanks in place of comments and of what strings and characters hold.
pub(crate) fn without_text(source: &str) -> String {
    let source: Vec<char> = source.chars().collect();
    let mut code = String::with_capacity(source.len());
    let mut at = 0;
    while at < source.len() {
        let end = text_end(&source, at);
        if end == at {
            code.push(source[at]);
            at += 1;
        } else {
            code.extend(source[at..end].iter().map(|&character| if character == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    code
}

/// `code` up to its module of unit tests, which come last in a file.
pub(crate) fn without_unit_tests(code: &str) -> &str {
    const MARK: &str = "#[cfg(test)]";
    let test_module = code.match_indices(MARK).find(|&(at, _)| {
        let item = without_attributes(&code[at + MARK.len()..]);
        item.starts_with("mod ") && item.find('{') < item.find(';').or(Some(item.len()))
    });
    test_module.map_or(code, |(at, _)| &code[..at])
}

/// `code` from the first item on, past the attributes before it.
pub(crate) fn without_attributes(code: &str) -> &str {
    let mut rest = code.trim_start();
    while rest.starts_with("#[") || rest.starts_with("#![") {
        rest = rest[bracket_end(rest)..].trim_start();
    }
    rest
}

/// The lines, counted from 1, on which `code` has `name` as a whole path or identifier.
pub(crate) fn lines_naming(code: &str, name: &str) -> Vec<usize> {
    let is_part_of_word = |character: char| character.is_alphanumeric() || character == '_';
    let names = |line: &str| {
        line.match_indices(name).any(|(at, _)| {
            !line[..at].ends_with(is_part_of_word) && !line[at + name.len()..].starts_with(is_part_of_word)
        })
    };
    code.lines().enumerate().filter(|(_, line)| names(line)).map(|(index, _)| index + 1).collect()
}

/// The offset after the bracket that closes the first one.
fn bracket_end(code: &str) -> usize {
    let mut depth = 0;
    for (at, character) in code.char_indices() {
        match character {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

/// Where the comment or literal that starts at `at` ends; `at` itself where none starts.
fn text_end(source: &[char], at: usize) -> usize {
    match &source[at..] {
        ['/', '/', ..] => find(source, at, &['\n']).unwrap_or(source.len()),
        ['/', '*', ..] => block_comment_end(source, at),
        ['"', ..] => string_end(source, at),
        ['\'', '\\', ..] => find(source, at + 3, &['\'']).map_or(source.len(), |quote| quote + 1),
        ['\'', _, '\'', ..] => at + 3,
        _ => at,
    }
}

fn block_comment_end(source: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at < source.len() {
        match &source[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    source.len()
}

fn string_end(source: &[char], quote: usize) -> usize {
    let hashes = source[..quote].iter().rev().take_while(|&&character| character == '#').count();
    let is_raw = source[..quote - hashes].ends_with(&['r']);
    if is_raw {
        let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
        return find(source, quote + 1, &close).map_or(source.len(), |end| end + close.len());
    }
    let mut at = quote + 1;
    while at < source.len() {
        match source[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    source.len()
}

fn find(source: &[char], from: usize, wanted: &[char]) -> Option<usize> {
    let rest = source.get(from..)?;
    rest.windows(wanted.len()).position(|window| window == wanted).map(|offset| from + offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blank_and_lines_stay() {
        let source = "a(\"x \\\" y\"); // tokio\n/* b /* c */\n d */ e('\"', '\\'', 'z');\n";
        assert_eq!(without_text(source), "a(        );         \n            \n      e(   ,     ,    );\n");
    }

    #[test]
    fn raw_strings_end_at_their_own_hashes() {
        assert_eq!(without_text("r#\"a \" b\"# c r\"\\\" d"), "r#         c r    d");
    }

    #[test]
    fn a_lifetime_is_no_literal() {
        let source = "fn f<'a>(x: &'a str, y: &'static str) {}";
        assert_eq!(without_text(source), source);
    }

    #[test]
    fn an_open_literal_at_the_end_is_no_panic() {
        for source in ["\"abc", "\"abc\\", "'\\", "/*", "r#\"", "'"] {
            assert_eq!(without_text(source).chars().count(), source.chars().count(), "{source}");
        }
    }

    #[test]
    fn unit_tests_are_cut_even_below_another_attribute() {
        let code = "fn f() {}\n#[cfg(test)]\n#[expect(a[b])]\nmod tests { f(); }\n";
        assert_eq!(without_unit_tests(code), "fn f() {}\n");
    }

    #[test]
    fn a_test_only_import_or_file_cuts_nothing() {
        for code in ["#[cfg(test)]\nuse a::b;\nfn f() {}\n", "#[cfg(test)]\nmod tests;\nfn f() {}\n"] {
            assert_eq!(without_unit_tests(code), code);
        }
    }

    #[test]
    fn a_name_inside_a_longer_one_does_not_count() {
        let code = "brand\nrand::random()\nrandom\nuse rand;\nMyTcpStream";
        assert_eq!(lines_naming(code, "rand"), [2, 4]);
        assert_eq!(lines_naming(code, "TcpStream"), [0; 0]);
    }
}
