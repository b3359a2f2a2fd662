//! The value of `Sec-WebSocket-Extensions` (RFC 6455 §9.1): extensions with parameters, in the order of preference.
//!
//! A header that breaks the grammar offers nothing: whoever wrote it may have meant anything.

use std::borrow::Cow;

/// One extension of the list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Extension<'h> {
    pub(super) name: &'h str,
    pub(super) parameters: Vec<(&'h str, Option<Cow<'h, str>>)>,
}

/// Extensions in a list, and parameters of one, that are read: no peer has a use for more.
const MOST: usize = 32;

/// Reads one header's value; `None` if it is not well-formed or too long.
pub(super) fn parse(value: &str) -> Option<Vec<Extension<'_>>> {
    let mut rest = value;
    let mut extensions = Vec::new();
    loop {
        rest = rest.trim_start_matches(BLANKS);
        // A list may have empty elements (RFC 9110 §5.6.1.2).
        if let Some(behind) = rest.strip_prefix(',') {
            rest = behind;
            continue;
        }
        if rest.is_empty() {
            return Some(extensions);
        }
        let extension;
        (extension, rest) = one(rest)?;
        extensions.push(extension);
        if extensions.len() > MOST {
            return None;
        }
        if !(rest.is_empty() || rest.starts_with(',')) {
            return None;
        }
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

fn one(rest: &str) -> Option<(Extension<'_>, &str)> {
    let (name, mut rest) = token(rest)?;
    let mut parameters = Vec::new();
    loop {
        rest = rest.trim_start_matches(BLANKS);
        let Some(behind) = rest.strip_prefix(';') else {
            return Some((Extension { name, parameters }, rest));
        };
        let (key, behind) = token(behind.trim_start_matches(BLANKS))?;
        let behind = behind.trim_start_matches(BLANKS);
        let value;
        (value, rest) = match behind.strip_prefix('=') {
            None => (None, behind),
            Some(behind) => {
                let (value, behind) = parameter_value(behind.trim_start_matches(BLANKS))?;
                (Some(value), behind)
            }
        };
        parameters.push((key, value));
        if parameters.len() > MOST {
            return None;
        }
    }
}

fn token(rest: &str) -> Option<(&str, &str)> {
    let end = rest.find(|letter| !is_token(letter)).unwrap_or(rest.len());
    (end > 0).then(|| rest.split_at(end))
}

/// "When using the quoted-string syntax variant, the value after quoted-string unescaping MUST conform to the 'token'
/// ABNF" (§9.1)
fn parameter_value(rest: &str) -> Option<(Cow<'_, str>, &str)> {
    let Some(quoted) = rest.strip_prefix('"') else {
        return token(rest).map(|(value, rest)| (Cow::Borrowed(value), rest));
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                let is_token_alone = !value.is_empty() && value.chars().all(is_token);
                return is_token_alone.then(|| (Cow::Owned(value), &quoted[at + 1..]));
            }
            '\\' => value.push(letters.next()?.1),
            _ => value.push(letter),
        }
    }
    None
}

fn is_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_and_parameters_keep_their_order() {
        let list = parse("a; b=1 ;c ,\t,d;e=\"x\\y\"").expect("it is well-formed");
        assert_eq!(
            list,
            [
                Extension { name: "a", parameters: vec![("b", Some("1".into())), ("c", None)] },
                Extension { name: "d", parameters: vec![("e", Some("xy".into()))] },
            ]
        );
        assert_eq!(parse(""), Some(Vec::new()));
    }

    #[test]
    fn what_breaks_the_grammar_offers_nothing() {
        for value in [
            "a b",
            "a;",
            "a;=1",
            "a; b=",
            "a; b=\"\"",
            "a; b=\"x",
            "a; b=\"x y\"",
            "a; b=\"x\\",
            "=",
            ";",
            "é",
            "a; b=é",
            "a/b",
            "a; b==c",
        ] {
            assert_eq!(parse(value), None, "{value:?}");
        }
    }

    #[test]
    fn a_list_without_end_is_not_read() {
        assert!(parse(&vec!["a"; MOST].join(",")).is_some());
        assert_eq!(parse(&vec!["a"; MOST + 1].join(",")), None);
        assert_eq!(parse(&format!("a{}", ";b".repeat(MOST + 1))), None);
    }
}
