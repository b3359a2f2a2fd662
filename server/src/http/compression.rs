//! Whether the WebSocket of a hub is compressed: where the hub has the option and the client offers it.

use http::header::SEC_WEBSOCKET_EXTENSIONS;
use http::request::Parts;
use http::{HeaderValue, Response};
use hubcast_websocket::{DeflateAgreement, DeflateTerms};

use super::Body;
use crate::connection::Live;
use crate::hub::HubCore;

/// The window of what all connections share.
const WINDOW: u8 = 15;

/// What is agreed on with the client; a frame goes to many, so that an offer with a window of its own is declined.
pub(super) fn agreed_compression(core: &HubCore, parts: &Parts) -> Option<DeflateAgreement> {
    core.options().compression.as_ref()?;
    let terms = DeflateTerms {
        server_context_takeover: false,
        client_context_takeover: false,
        server_window_bits: WINDOW,
        client_window_bits: WINDOW,
    };
    let offers = parts.headers.get_all(SEC_WEBSOCKET_EXTENSIONS).into_iter();
    let agreement = DeflateAgreement::accept(offers.filter_map(|offer| offer.to_str().ok()), &terms);
    agreement.filter(|agreement| agreement.server_window_bits == WINDOW)
}

/// Says in the response what was agreed on.
pub(super) fn announce_compression(response: &mut Response<Body>, live: &Live, parts: &Parts) {
    if !live.compresses() {
        return;
    }
    let agreement = agreed_compression(live.core(), parts);
    let answer = agreement.and_then(|agreement| HeaderValue::try_from(agreement.answer()).ok());
    response.headers_mut().extend(answer.map(|answer| (SEC_WEBSOCKET_EXTENSIONS, answer)));
}
