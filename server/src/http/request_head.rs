//! What a connection remembers of the request that opened it: path, query, headers, the client's address.
//!
//! All of it is in one allocation, as it lives as long as the connection. It is as large as the head that the server
//! accepted, whose limits are the listener's. What spoke of the transport alone is left out: hop-by-hop headers
//! (RFC 9110 §7.6.1) and those of the WebSocket handshake. Heads hold secrets: `Debug` shows names, never values.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use http::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::request::Parts;

/// The head of a connection's first request.
pub(crate) struct RequestHead(Box<[u8]>);

impl RequestHead {
    /// Keeps what is worth keeping of a request, and where it came from.
    pub(crate) fn new(parts: &Parts, remote_address: Option<SocketAddr>) -> Self {
        let mut bytes = Vec::new();
        write_address(&mut bytes, remote_address);
        write(&mut bytes, parts.uri.path().as_bytes());
        write(&mut bytes, parts.uri.query().unwrap_or_default().as_bytes());
        let authority = parts.uri.authority().map(|authority| without_user(authority.as_str()));
        if let Some(host) = authority {
            write(&mut bytes, HOST.as_str().as_bytes());
            write(&mut bytes, host.as_bytes());
        }
        for (name, value) in &parts.headers {
            let is_other_host = authority.is_some() && name == HOST;
            if !is_other_host && !is_of_transport(name, parts) {
                write(&mut bytes, name.as_str().as_bytes());
                write(&mut bytes, value.as_bytes());
            }
        }
        Self(bytes.into_boxed_slice())
    }

    /// The address of the client, or of the proxy before the server; `None` if the server does not know it.
    pub(crate) fn remote_address(&self) -> Option<SocketAddr> {
        let mut fields = self.fields();
        let (ip, port) = (fields.next()?, fields.next()?);
        let ip = match ip.len() {
            4 => IpAddr::from(<[u8; 4]>::try_from(ip).ok()?),
            _ => IpAddr::from(<[u8; 16]>::try_from(ip).ok()?),
        };
        Some(SocketAddr::new(ip, u16::from_be_bytes(port.try_into().ok()?)))
    }

    /// The path, as sent.
    pub(crate) fn path(&self) -> &str {
        self.fields().nth(PATH).map_or("", text)
    }

    /// The query without its question mark, as sent; empty if there is none.
    pub(crate) fn query(&self) -> &str {
        self.fields().nth(QUERY).map_or("", text)
    }

    /// The first value of a parameter of the query, percent-decoded. Names match in any ASCII case.
    pub(crate) fn query_value(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut parameters = form_urlencoded::parse(self.query().as_bytes());
        parameters.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
    }

    /// The first value of a header if it is UTF-8. Names match in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.next().and_then(|(_, value)| str::from_utf8(value).ok())
    }

    /// All headers in the order in which they came, with names in lower case. `host` is the authority of the request
    /// where HTTP/2 sends that.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let mut fields = self.fields();
        fields.nth(QUERY);
        std::iter::from_fn(move || Some((text(fields.next()?), fields.next()?)))
    }

    fn fields(&self) -> Fields<'_> {
        Fields(&self.0)
    }
}

/// The places of the fields: the IP address and its port, both empty if unknown, path, query, and from then on names
/// and values of headers by turns.
const PATH: usize = 2;
const QUERY: usize = 3;

/// Fields one after the other, each with its length before it.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk()?;
        let (field, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        self.0 = rest;
        Some(field)
    }
}

fn write(bytes: &mut Vec<u8>, field: &[u8]) {
    // A head of 4 GiB would have met the limits of every server long before; its rest counts as not sent.
    let length = u32::try_from(field.len()).unwrap_or(u32::MAX);
    bytes.extend(length.to_le_bytes());
    bytes.extend(field.iter().take(length as usize));
}

fn write_address(bytes: &mut Vec<u8>, address: Option<SocketAddr>) {
    match address.map(|address| address.ip()) {
        Some(IpAddr::V4(ip)) => write(bytes, &ip.octets()),
        Some(IpAddr::V6(ip)) => write(bytes, &ip.octets()),
        None => write(bytes, &[]),
    }
    let port = address.map(|address| address.port().to_be_bytes());
    write(bytes, port.as_ref().map_or(&[], |port| port.as_slice()));
}

fn text(field: &[u8]) -> &str {
    str::from_utf8(field).expect("paths, queries and names were written from text")
}

/// An authority may begin with a name and a password.
fn without_user(authority: &str) -> &str {
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// Whether a header is about how the request travelled and not about what it asks for.
fn is_of_transport(name: &HeaderName, parts: &Parts) -> bool {
    let is_known = HOP_BY_HOP.contains(name)
        || ["keep-alive", "proxy-connection", "proxy-authorization", "http2-settings"]
            .contains(&name.as_str())
        || name.as_str().starts_with("sec-websocket-");
    let lists = parts.headers.get_all(CONNECTION).into_iter().filter_map(|value| value.to_str().ok());
    let mut listed = lists.flat_map(|list| list.split(','));
    is_known || listed.any(|listed| listed.trim().eq_ignore_ascii_case(name.as_str()))
}

const HOP_BY_HOP: [HeaderName; 7] =
    [CONNECTION, CONTENT_LENGTH, EXPECT, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];

impl fmt::Debug for RequestHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters =
            form_urlencoded::parse(self.query().as_bytes()).map(|(name, _)| name).collect::<Vec<_>>();
        let headers = self.headers().map(|(name, _)| name).collect::<Vec<_>>();
        f.debug_struct("RequestHead")
            .field("remote_address", &self.remote_address())
            .field("path", &self.path())
            .field("query", &parameters)
            .field("headers", &headers)
            .finish()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use bytes::Bytes;
    use http::{HeaderValue, Request, Uri};

    use super::*;

    #[test]
    fn path_query_and_headers_are_as_they_came() {
        let request = Request::get("/chat/a%20b?Room=a%20b+c&room=second&empty=&ACCESS_TOKEN=x")
            .header("host", "hub.example")
            .header("X-Room", "first")
            .header("x-room", "second")
            .header("x-bytes", HeaderValue::from_bytes(b"\xff").unwrap())
            .header("x-empty", "");
        let head = head(request);
        assert_eq!(head.path(), "/chat/a%20b");
        assert_eq!(head.query(), "Room=a%20b+c&room=second&empty=&ACCESS_TOKEN=x");
        assert_eq!(head.query_value("rOOM").as_deref(), Some("a b c"));
        assert_eq!(head.query_value("access_token").as_deref(), Some("x"));
        assert_eq!(head.query_value("empty").as_deref(), Some(""));
        assert_eq!(head.query_value("absent"), None);
        assert_eq!(head.header("X-ROOM"), Some("first"));
        assert_eq!(head.header("x-bytes"), None);
        assert_eq!(head.header("x-empty"), Some(""));
        assert_eq!(head.header("absent"), None);
        assert_eq!(
            head.headers().collect::<Vec<_>>(),
            [
                ("host", b"hub.example".as_slice()),
                ("x-room", b"first"),
                ("x-room", b"second"),
                ("x-bytes", b"\xff"),
                ("x-empty", b"")
            ]
        );
    }

    #[test]
    fn a_request_with_nothing_is_remembered_too() {
        let head = head(Request::get("/"));
        assert_eq!((head.path(), head.query(), head.headers().count()), ("/", "", 0));
        assert_eq!((head.remote_address(), head.header("host")), (None, None));
    }

    #[test]
    fn what_is_about_the_transport_is_left_out() {
        let request = Request::get("/chat")
            .header("connection", "keep-alive, Upgrade, X-Hop")
            .header("upgrade", "websocket")
            .header("keep-alive", "timeout=5")
            .header("proxy-connection", "keep-alive")
            .header("proxy-authorization", "Basic x")
            .header("http2-settings", "x")
            .header("te", "trailers")
            .header("trailer", "x")
            .header("transfer-encoding", "chunked")
            .header("content-length", "0")
            .header("expect", "100-continue")
            .header("x-hop", "1")
            .header("sec-websocket-key", "x")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-protocol", "x")
            .header("sec-websocket-extensions", "x")
            .header("sec-fetch-mode", "websocket")
            .header("x-kept", "1");
        assert_eq!(
            head(request).headers().map(|(name, _)| name).collect::<Vec<_>>(),
            ["sec-fetch-mode", "x-kept"]
        );
    }

    #[test]
    fn the_authority_of_http2_is_the_host_without_its_user() {
        let request =
            Request::get("https://ada:SECRET@hub.example:8443/chat").header("host", "other.example");
        let head = head(request);
        assert_eq!(head.headers().collect::<Vec<_>>(), [("host", b"hub.example:8443".as_slice())]);
        assert_eq!(head.path(), "/chat");
    }

    #[test]
    fn the_address_of_the_client_is_kept_if_it_is_known() {
        for address in ["127.0.0.1:65535", "[2001:db8::1]:1"] {
            let address = address.parse::<SocketAddr>().unwrap();
            let parts = Request::get("/").body(()).unwrap().into_parts().0;
            assert_eq!(RequestHead::new(&parts, Some(address)).remote_address(), Some(address));
        }
    }

    #[test]
    fn it_is_one_allocation_and_two_words() {
        assert_eq!(size_of::<RequestHead>(), 2 * size_of::<usize>());
        let head = head(Request::get("/chat?a").header("b", "c"));
        let lengths = 6 * size_of::<u32>();
        assert_eq!(head.0.len(), "/chat".len() + "a".len() + "b".len() + "c".len() + lengths);
    }

    #[test]
    fn it_keeps_nothing_of_the_buffer_that_the_request_was_read_into() {
        let buffer = Bytes::from(["/chat?room=".as_bytes(), &[b'x'; 60_000]].concat());
        let request = Request::get(Uri::from_maybe_shared(buffer.slice(..1_000)).unwrap())
            .header("x-long", HeaderValue::from_maybe_shared(buffer.slice(1_000..50_000)).unwrap());
        let parts = request.body(()).unwrap().into_parts().0;
        assert!(!buffer.is_unique());
        let head = RequestHead::new(&parts, None);
        drop(parts);
        assert!(buffer.is_unique());
        assert_eq!(head.query().len(), 1_000 - "/chat?".len());
        assert_eq!(head.header("x-long").map(str::len), Some(49_000));
    }

    #[test]
    fn debug_shows_names_and_no_value() {
        let request = Request::get("/chat?id=SECRET-1&access_token=SECRET-2")
            .header("authorization", "Bearer SECRET-3")
            .header("cookie", "session=SECRET-4")
            .header("x-api-key", "SECRET-5");
        assert_eq!(
            format!("{:?}", head(request)),
            "RequestHead { remote_address: None, path: \"/chat\", query: [\"id\", \"access_token\"], headers: \
             [\"authorization\", \"cookie\", \"x-api-key\"] }"
        );
    }

    fn head(request: http::request::Builder) -> RequestHead {
        RequestHead::new(&request.body(()).unwrap().into_parts().0, None)
    }
}
