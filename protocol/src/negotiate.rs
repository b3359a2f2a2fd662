//! The HTTP exchange in front of a connection: the query that asks, the JSON that answers.
//!
//! Byte-exact: clients other than ours parse the body, and the order of its properties is ASP.NET's. Status codes and
//! headers are the server's business.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::contract::SchemaHash;
use crate::{TransferFormat, Transport};

/// What a client asks for in the query of its negotiate request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NegotiateRequest {
    /// The version to answer with: 0, or 1, which has a connection token.
    pub version: i32,
    /// Whether the client wants to resume its connection after a lost transport.
    pub use_stateful_reconnect: bool,
    /// What the client says of the contract that it was written for, if it asks for the hub's.
    pub schema: SchemaQuestion,
}

/// Whether a client asks which contract the hub has: `hubSchema=HASH` in the query, where HASH is that of the client.
/// Only clients of Hubcast do, and only those are answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SchemaQuestion {
    /// It does not ask.
    No,
    /// It asks, and says which contract it has itself; `None` if what it says is no hash, or if there are several.
    Yes(Option<SchemaHash>),
}

impl NegotiateRequest {
    /// The newest version there is; clients that ask for a later one get this.
    pub const VERSION: i32 = 1;

    /// Reads a query, which is what follows the question mark. Keys match in any ASCII case.
    ///
    /// # Errors
    ///
    /// If the version is no integer or below `minimum_version`. The client may read the error's text.
    pub fn from_query(query: &str, minimum_version: i32) -> Result<Self, NegotiateError> {
        let requested = match value_of("negotiateVersion", query) {
            Value::Absent => 0,
            Value::Once(value) => integer(&value).ok_or(NegotiateError::NotAnInteger)?,
            Value::Repeated => return Err(NegotiateError::NotAnInteger),
        };
        if requested < minimum_version {
            return Err(NegotiateError::VersionTooLow { requested });
        }
        let use_stateful_reconnect = match value_of("useStatefulReconnect", query) {
            Value::Once(value) => value.trim().eq_ignore_ascii_case("true"),
            Value::Absent | Value::Repeated => false,
        };
        let schema = match value_of("hubSchema", query) {
            Value::Absent => SchemaQuestion::No,
            Value::Once(value) => SchemaQuestion::Yes(SchemaHash::parse(&value)),
            Value::Repeated => SchemaQuestion::Yes(None),
        };
        Ok(Self { version: requested.min(Self::VERSION), use_stateful_reconnect, schema })
    }
}

/// Why a negotiation fails. Its text is for the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NegotiateError {
    /// The version in the query is no integer, or there are two.
    #[error("The client requested a non-integer protocol version.")]
    NotAnInteger,
    /// The client is older than the server allows.
    #[error("The client requested version '{requested}', but the server does not support this version.")]
    VersionTooLow {
        /// The version in the query.
        requested: i32,
    },
}

/// The answer to a negotiate request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NegotiateResponse<'a> {
    /// A connection waits for its transport.
    Connection(NegotiatedConnection<'a>),
    /// The client has to negotiate elsewhere.
    Redirect {
        /// Where.
        url: Cow<'a, str>,
        /// What to authenticate with from there on.
        access_token: Option<Secret<'a>>,
    },
    /// There will be no connection, and why.
    Error(Cow<'a, str>),
}

/// A connection that waits for its transport.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NegotiatedConnection<'a> {
    /// Whether the connection can be resumed. Only clients that asked for it accept `true`.
    pub use_stateful_reconnect: bool,
    /// The version of the negotiation.
    pub version: i32,
    /// The connection's public id.
    pub connection_id: Cow<'a, str>,
    /// What the transport's requests carry; `None` in version 0, whose id serves as one.
    pub connection_token: Option<Secret<'a>>,
    /// What the server offers, in the order in which the client should try.
    pub transports: Vec<AvailableTransport>,
    /// How long the client's credentials hold, where it may renew them; on the wire in whole seconds.
    pub token_lifetime: Option<Duration>,
    /// What stands for the hub's contract, for clients that asked for it.
    pub schema: Option<SchemaHash>,
}

impl NegotiatedConnection<'_> {
    /// What the transport's requests carry as `id`.
    pub fn transport_id(&self) -> &str {
        self.connection_token.as_ref().map_or(&self.connection_id, Secret::expose)
    }
}

impl<'a> NegotiateResponse<'a> {
    /// Appends the response as JSON.
    pub fn write(&self, out: &mut Vec<u8>) {
        let body = match self {
            Self::Connection(connection) => Body {
                use_stateful_reconnect: connection.use_stateful_reconnect,
                negotiate_version: Some(connection.version),
                connection_id: Some(connection.connection_id.as_ref().into()),
                connection_token: connection.connection_token.as_ref().map(|token| token.expose().into()),
                available_transports: Some(connection.transports.iter().map(Offer::from).collect()),
                token_lifetime_seconds: connection.token_lifetime.map(|lifetime| lifetime.as_secs()),
                hub_schema: connection.schema.map(|schema| schema.to_string().into()),
                ..Body::default()
            },
            Self::Redirect { url, access_token } => Body {
                negotiate_version: Some(0),
                url: Some(url.as_ref().into()),
                access_token: access_token.as_ref().map(|token| token.expose().into()),
                available_transports: Some(Vec::new()),
                ..Body::default()
            },
            Self::Error(error) => Body { error: Some(error.as_ref().into()), ..Body::default() },
        };
        serde_json::to_writer(out, &body).expect("texts and numbers are JSON, and a Vec takes every byte");
    }

    /// Reads a server's answer. Transports and formats that are not known are left out.
    ///
    /// # Errors
    ///
    /// If it is no negotiate response, or one of the SignalR before ASP.NET Core.
    pub fn parse(body: &'a [u8]) -> Result<Self, InvalidNegotiateResponse> {
        let body: Body<'a> = serde_json::from_slice(body).map_err(InvalidNegotiateResponse::Json)?;
        if let Some(error) = body.error {
            return Ok(Self::Error(error));
        }
        if body.protocol_version.is_some() {
            return Err(InvalidNegotiateResponse::AspNetSignalR);
        }
        if let Some(url) = body.url {
            return Ok(Self::Redirect { url, access_token: body.access_token.map(Secret) });
        }
        let version = body.negotiate_version.unwrap_or(0);
        let connection_token = body.connection_token.map(Secret);
        if version > 0 && connection_token.is_none() {
            return Err(InvalidNegotiateResponse::Incomplete("connectionToken"));
        }
        Ok(Self::Connection(NegotiatedConnection {
            use_stateful_reconnect: body.use_stateful_reconnect,
            version,
            connection_id: body.connection_id.ok_or(InvalidNegotiateResponse::Incomplete("connectionId"))?,
            connection_token,
            transports: body
                .available_transports
                .unwrap_or_default()
                .iter()
                .filter_map(Offer::known)
                .collect(),
            token_lifetime: body.token_lifetime_seconds.map(Duration::from_secs),
            schema: body.hub_schema.and_then(|digits| SchemaHash::parse(&digits)),
        }))
    }
}

/// A transport and what the server sends and takes over it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AvailableTransport {
    /// The transport.
    pub transport: Transport,
    /// What it carries.
    pub transfer_formats: Cow<'static, [TransferFormat]>,
}

impl From<Transport> for AvailableTransport {
    /// The transport with all that it can carry.
    fn from(transport: Transport) -> Self {
        Self { transport, transfer_formats: Cow::Borrowed(transport.transfer_formats()) }
    }
}

/// A text that must not reach a log: its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<'a>(Cow<'a, str>);

impl<'a> Secret<'a> {
    /// Marks a text as secret.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self(text.into())
    }

    /// The text, for the peer alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Why a server's answer cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidNegotiateResponse {
    /// It is not JSON, or not of the right shape.
    #[error("the negotiate response cannot be read")]
    Json(#[source] serde_json::Error),
    /// The property of that name is missing.
    #[error("the negotiate response has no '{0}'")]
    Incomplete(&'static str),
    /// The server speaks the protocol from before ASP.NET Core.
    #[error(
        "Detected a connection attempt to an ASP.NET SignalR Server. This client only supports connecting to an ASP.NET Core SignalR Server."
    )]
    AspNetSignalR,
}

/// The response on the wire. The order of the fields is the order of the properties.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none", borrow)]
    error: Option<Cow<'a, str>>,
    #[serde(rename = "ProtocolVersion", skip_serializing)]
    protocol_version: Option<serde::de::IgnoredAny>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    use_stateful_reconnect: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    negotiate_version: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none", borrow)]
    url: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", borrow)]
    access_token: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", borrow)]
    connection_id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", borrow)]
    connection_token: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", borrow)]
    available_transports: Option<Vec<Offer<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_lifetime_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", borrow)]
    hub_schema: Option<Cow<'a, str>>,
}

/// A transport on the wire, of which clients know some.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offer<'a> {
    #[serde(borrow)]
    transport: Cow<'a, str>,
    #[serde(borrow)]
    transfer_formats: Vec<Cow<'a, str>>,
}

impl Offer<'_> {
    fn known(&self) -> Option<AvailableTransport> {
        let transport = Transport::ALL.into_iter().find(|transport| transport.name() == self.transport)?;
        let formats = [TransferFormat::Text, TransferFormat::Binary];
        let is_offered =
            |format: &TransferFormat| self.transfer_formats.iter().any(|name| name == format.name());
        Some(AvailableTransport {
            transport,
            transfer_formats: formats.into_iter().filter(is_offered).collect(),
        })
    }
}

impl From<&AvailableTransport> for Offer<'static> {
    fn from(available: &AvailableTransport) -> Self {
        Self {
            transport: available.transport.name().into(),
            transfer_formats: available.transfer_formats.iter().map(|format| format.name().into()).collect(),
        }
    }
}

/// What a query says for one key.
enum Value<'q> {
    Absent,
    Once(Cow<'q, str>),
    Repeated,
}

fn value_of<'q>(key: &str, query: &'q str) -> Value<'q> {
    let mut pairs = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(name, _)| percent_decoded(name).eq_ignore_ascii_case(key));
    match (pairs.next(), pairs.next()) {
        (None, _) => Value::Absent,
        (Some((_, value)), None) => Value::Once(percent_decoded(value)),
        (Some(_), Some(_)) => Value::Repeated,
    }
}

/// Undoes the encoding of forms. What is no escape stays as it is.
fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        decoded.push(match (byte, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    16 * high + low
                }
                _ => byte,
            },
            _ => byte,
        });
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// An integer as .NET parses one: white space around it and a sign are fine.
fn integer(text: &str) -> Option<i32> {
    text.trim_matches([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']).parse().ok()
}
