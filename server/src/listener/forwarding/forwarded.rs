//! The header `Forwarded` (RFC 7239): one element for each proxy that the request went through.

use std::borrow::Cow;

use super::Malformed;

/// What one proxy says of whom it had the request from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) node: Option<Cow<'a, str>>,
    pub(super) proto: Option<Cow<'a, str>>,
    pub(super) host: Option<Cow<'a, str>>,
}

/// Reads the elements of one header in their order. One that breaks the grammar makes all of them worthless: an open
/// quote that a client wrote would swallow what the proxies wrote behind it.
pub(super) fn parse<'a>(header: &'a str, elements: &mut Vec<Element<'a>>) -> Result<(), Malformed> {
    for element in split(header, ',')? {
        if element.is_empty() {
            continue;
        }
        let mut read = Element::default();
        for pair in split(element, ';')? {
            if !pair.is_empty() {
                read.add(pair)?;
            }
        }
        elements.push(read);
    }
    Ok(())
}

impl<'a> Element<'a> {
    fn add(&mut self, pair: &'a str) -> Result<(), Malformed> {
        let (name, value) = pair.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or(Malformed)?;
        let place = match name.to_ascii_lowercase().as_str() {
            "for" => &mut self.node,
            "proto" => &mut self.proto,
            "host" => &mut self.host,
            // `by` names the proxy itself, and there may be extensions.
            _ => return read_value(value).map(|_| ()),
        };
        if place.is_some() {
            return Err(Malformed);
        }
        *place = Some(read_value(value)?);
        Ok(())
    }
}

/// Splits where `separator` stands outside of quotes, and trims the parts.
fn split(text: &str, separator: char) -> Result<Vec<&str>, Malformed> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if character == separator && !quoted => {
                parts.push(text[start..at].trim());
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    if quoted {
        return Err(Malformed);
    }
    parts.push(text[start..].trim());
    Ok(parts)
}

/// A token, or a quoted string without its quotes. Colons and brackets pass without quotes too, as some proxies write
/// addresses like that.
fn read_value(value: &str) -> Result<Cow<'_, str>, Malformed> {
    let Some(rest) = value.strip_prefix('"') else {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:[]".contains(&byte);
        return if !value.is_empty() && value.bytes().all(is_token) {
            Ok(value.into())
        } else {
            Err(Malformed)
        };
    };
    let inner = rest.strip_suffix('"').ok_or(Malformed)?;
    let mut plain = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Err(Malformed),
            '\\' => plain.push(characters.next().ok_or(Malformed)?),
            _ => plain.push(character),
        }
    }
    Ok(plain.into())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfc_are_read() {
        // RFC 7239 §4 and §7.1.
        assert_eq!(nodes(r#"for="_gazonk""#), ["_gazonk"]);
        assert_eq!(nodes(r#"For="[2001:db8:cafe::17]:4711""#), ["[2001:db8:cafe::17]:4711"]);
        assert_eq!(nodes("for=192.0.2.43, for=198.51.100.17"), ["192.0.2.43", "198.51.100.17"]);
        let one = read("for=192.0.2.60;proto=http;by=203.0.113.43").unwrap();
        assert_eq!(one, [element("192.0.2.60", Some("http"), None)]);
        let with_host = read("for=192.0.2.43; proto=https;host=\"hub.example:8443\"").unwrap();
        assert_eq!(with_host, [element("192.0.2.43", Some("https"), Some("hub.example:8443"))]);
    }

    #[test]
    fn empty_parts_are_skipped_and_quotes_hide_separators() {
        assert_eq!(nodes(", for=a;;proto=http ,,for=\"b,c;d\\\"e\","), ["a", "b,c;d\"e"]);
        assert_eq!(read("").unwrap(), []);
    }

    #[test]
    fn an_open_quote_swallows_nothing() {
        for broken in [
            "for=\"192.0.2.1, for=192.0.2.2",
            "for=\"192.0.2.1, for=\"[2001:db8::1]\"",
            "for",
            "for=",
            "=x",
            "for=a b",
            "for=a;for=b",
            "for=\"a\"b",
            "for=\"a\\\"",
            "by=\"",
        ] {
            assert_eq!(read(broken), Err(Malformed), "{broken}");
        }
    }

    fn read(header: &str) -> Result<Vec<Element<'_>>, Malformed> {
        let mut elements = Vec::new();
        parse(header, &mut elements).map(|()| elements)
    }

    fn nodes(header: &str) -> Vec<String> {
        read(header).unwrap().into_iter().map(|element| element.node.unwrap().into_owned()).collect()
    }

    fn element<'a>(node: &'a str, proto: Option<&'a str>, host: Option<&'a str>) -> Element<'a> {
        Element { node: Some(node.into()), proto: proto.map(Into::into), host: host.map(Into::into) }
    }
}
