//! The hub: what it is told by the request that opened a connection, and how payloads are named.
//!
//! The same hub is served several times, each time with other options; those are in `main`.

use std::num::ParseIntError;

use hubcast::{Context, HttpVersion};
use serde::{Deserialize, Serialize};

/// What the server asks of its clients.
#[hubcast::client]
pub(crate) trait CornersClient {
    /// Answers a question.
    async fn confirm(&self, question: String) -> bool;
}

/// What clients call.
#[hubcast::hub(client = CornersClient)]
pub(crate) trait CornersHub {
    /// Tells what is known of the request that opened the caller's connection.
    async fn first_request(&self, cx: &Context<dyn CornersClient>) -> FirstRequest;

    /// Takes an order. What its fields and the receipt's are called on the wire is an option of the hub.
    async fn order(&self, order: Order) -> Receipt;

    /// Fails with the parser's error where the text is no number: its text reaches the caller with detailed errors alone.
    async fn parse_number(&self, text: String) -> Result<i64, ParseIntError>;
}

/// Parts of the request that opened a connection: they stay readable as long as it is open.
#[derive(Serialize)]
pub(crate) struct FirstRequest {
    visitor_cookie: Option<String>,
    corner_header: Option<String>,
    user: Option<String>,
    transport: &'static str,
    http_version: &'static str,
}

/// What a client orders.
#[derive(Deserialize)]
pub(crate) struct Order {
    item_name: String,
    #[serde(rename = "qty")]
    quantity: u32,
    wrapping: Wrapping,
}

/// What the client gets for it.
#[derive(Serialize)]
pub(crate) struct Receipt {
    item_name: String,
    #[serde(rename = "qty")]
    quantity: u32,
    wrapping: Wrapping,
    price_in_cents: u64,
}

/// An enum by name or, where .NET has its way in JSON, by number.
#[derive(Serialize, Deserialize)]
pub(crate) enum Wrapping {
    Plain,
    PaperAndRibbon,
}

/// The hub without any state.
pub(crate) struct Corners;

impl CornersHub for Corners {
    async fn first_request(&self, cx: &Context<dyn CornersClient>) -> FirstRequest {
        FirstRequest {
            visitor_cookie: cx.cookie("visitor").map(str::to_owned),
            corner_header: cx.header("x-corner").map(str::to_owned),
            user: cx.user().map(str::to_owned),
            transport: cx.transport().name(),
            http_version: if cx.http_version() == HttpVersion::HTTP_2 { "HTTP/2" } else { "HTTP/1.1" },
        }
    }

    async fn order(&self, order: Order) -> Receipt {
        let Order { item_name, quantity, wrapping } = order;
        let each = match wrapping {
            Wrapping::Plain => 250,
            Wrapping::PaperAndRibbon => 400,
        };
        Receipt { item_name, quantity, wrapping, price_in_cents: each * u64::from(quantity) }
    }

    async fn parse_number(&self, text: String) -> Result<i64, ParseIntError> {
        text.trim().parse()
    }
}
