//! Which offer of a client is accepted, and what the answer says (RFC 7692 §5 and §7.1).
//!
//! A client lists offers in the order of its preference; the first that is well-formed and that we can keep is taken. An
//! offer with an unknown, repeated or malformed parameter is declined, as the RFC demands, and the next one looked at.

use super::extension_list::{Extension, parse};

const NAME: &str = "permessage-deflate";
const SERVER_NO_CONTEXT_TAKEOVER: &str = "server_no_context_takeover";
const CLIENT_NO_CONTEXT_TAKEOVER: &str = "client_no_context_takeover";
const SERVER_MAX_WINDOW_BITS: &str = "server_max_window_bits";
const CLIENT_MAX_WINDOW_BITS: &str = "client_max_window_bits";

/// The largest window of DEFLATE: 32 KiB.
const LARGEST_WINDOW: u8 = 15;

/// The smallest window that our compressor has: 512 bytes. An offer that wants 8 bits is declined.
const SMALLEST_WINDOW: u8 = 9;

/// What a server is willing to agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeflateTerms {
    /// Whether the server may refer to its earlier messages. It does where the client agrees, at the price of a compressor
    /// that lives as long as the connection.
    pub server_context_takeover: bool,
    /// Whether the client may refer to its earlier messages, at the price of a window of the server's memory.
    pub client_context_takeover: bool,
    /// The base-2 logarithm of the server's window, 9 to 15; others count as the nearest of those.
    pub server_window_bits: u8,
    /// The base-2 logarithm of the client's window, 9 to 15; others count as the nearest of those. Only a client that offers
    /// `client_max_window_bits` can be asked for less than 15.
    pub client_window_bits: u8,
}

/// What both sides agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeflateAgreement {
    /// Whether the server's messages may refer to those before.
    pub server_context_takeover: bool,
    /// Whether the client's messages may refer to those before.
    pub client_context_takeover: bool,
    /// The base-2 logarithm of the server's window, 9 to 15.
    pub server_window_bits: u8,
    /// The base-2 logarithm of the client's window, 8 to 15.
    pub client_window_bits: u8,
    /// Whether the answer names the client's window: only if the offer did.
    names_client_window: bool,
}

impl DeflateAgreement {
    /// Accepts the first offer in the values of `Sec-WebSocket-Extensions`, in their order, that can be kept; `None` if there
    /// is none, and then the answer has no such header.
    pub fn accept<'h>(values: impl IntoIterator<Item = &'h str>, terms: &DeflateTerms) -> Option<Self> {
        let offers = values.into_iter().filter_map(parse).flatten();
        offers.filter(|offer| offer.name.eq_ignore_ascii_case(NAME)).find_map(|offer| Self::of(&offer, terms))
    }

    /// The value of `Sec-WebSocket-Extensions` in the answer.
    #[must_use]
    pub fn answer(&self) -> String {
        let mut answer = String::from(NAME);
        let mut add = |what: &str| {
            answer.push_str("; ");
            answer.push_str(what);
        };
        if !self.server_context_takeover {
            add(SERVER_NO_CONTEXT_TAKEOVER);
        }
        if !self.client_context_takeover {
            add(CLIENT_NO_CONTEXT_TAKEOVER);
        }
        if self.server_window_bits < LARGEST_WINDOW {
            add(&format!("{SERVER_MAX_WINDOW_BITS}={}", self.server_window_bits));
        }
        if self.names_client_window && self.client_window_bits < LARGEST_WINDOW {
            add(&format!("{CLIENT_MAX_WINDOW_BITS}={}", self.client_window_bits));
        }
        answer
    }

    fn of(offer: &Extension<'_>, terms: &DeflateTerms) -> Option<Self> {
        let ours = |bits: u8| bits.clamp(SMALLEST_WINDOW, LARGEST_WINDOW);
        let offer = Offer::read(offer)?;
        let server_window_bits =
            ours(terms.server_window_bits).min(offer.server_window.unwrap_or(LARGEST_WINDOW));
        let client_window_bits = match offer.client_window {
            None => LARGEST_WINDOW,
            Some(theirs) => ours(terms.client_window_bits).min(theirs),
        };
        (server_window_bits >= SMALLEST_WINDOW).then_some(Self {
            server_context_takeover: terms.server_context_takeover && !offer.server_no_context_takeover,
            client_context_takeover: terms.client_context_takeover && !offer.client_no_context_takeover,
            server_window_bits,
            client_window_bits,
            names_client_window: offer.client_window.is_some(),
        })
    }
}

/// What a well-formed offer says.
#[derive(Default)]
struct Offer {
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    server_window: Option<u8>,
    client_window: Option<u8>,
}

impl Offer {
    fn read(offer: &Extension<'_>) -> Option<Self> {
        let mut read = Self::default();
        for (key, value) in &offer.parameters {
            let value = value.as_deref();
            let is_repeated = match *key {
                SERVER_NO_CONTEXT_TAKEOVER if value.is_none() => {
                    std::mem::replace(&mut read.server_no_context_takeover, true)
                }
                CLIENT_NO_CONTEXT_TAKEOVER if value.is_none() => {
                    std::mem::replace(&mut read.client_no_context_takeover, true)
                }
                SERVER_MAX_WINDOW_BITS => read.server_window.replace(window_bits(value?)?).is_some(),
                // "This parameter ... may have no value" in an offer (§7.1.2.2): it says that the client can be asked.
                CLIENT_MAX_WINDOW_BITS => {
                    let bits = value.map_or(Some(LARGEST_WINDOW), window_bits);
                    read.client_window.replace(bits?).is_some()
                }
                _ => return None,
            };
            if is_repeated {
                return None;
            }
        }
        Some(read)
    }
}

/// "a decimal integer value without leading zeroes between 8 to 15, inclusive" (§7.1.2.1)
fn window_bits(value: &str) -> Option<u8> {
    let is_decimal = value.bytes().all(|digit| digit.is_ascii_digit()) && !value.starts_with('0');
    value.parse().ok().filter(|bits| is_decimal && (8..=LARGEST_WINDOW).contains(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: DeflateTerms = DeflateTerms {
        server_context_takeover: true,
        client_context_takeover: true,
        server_window_bits: 15,
        client_window_bits: 15,
    };

    fn answer(offers: &[&str], terms: &DeflateTerms) -> Option<String> {
        DeflateAgreement::accept(offers.iter().copied(), terms).map(|agreement| agreement.answer())
    }

    #[test]
    fn an_offer_is_answered_with_what_it_asks_for() {
        for (offer, expected) in [
            ("permessage-deflate", "permessage-deflate"),
            ("Permessage-Deflate", "permessage-deflate"),
            ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
            (
                "permessage-deflate; client_max_window_bits=10",
                "permessage-deflate; client_max_window_bits=10",
            ),
            ("permessage-deflate; client_max_window_bits=8", "permessage-deflate; client_max_window_bits=8"),
            ("permessage-deflate; server_max_window_bits=9", "permessage-deflate; server_max_window_bits=9"),
            (
                "permessage-deflate; server_max_window_bits=\"12\"",
                "permessage-deflate; server_max_window_bits=12",
            ),
            ("permessage-deflate; server_max_window_bits=15", "permessage-deflate"),
            (
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate; server_no_context_takeover",
            ),
            (
                "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            ),
        ] {
            assert_eq!(answer(&[offer], &ANY).as_deref(), Some(expected), "{offer}");
        }
    }

    #[test]
    fn our_terms_are_in_the_answer_as_far_as_the_client_can_keep_them() {
        let little = DeflateTerms {
            server_context_takeover: false,
            client_context_takeover: false,
            server_window_bits: 10,
            client_window_bits: 11,
        };
        let takeovers = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        // "an extension negotiation response MUST NOT include the "client_max_window_bits" ... if the offer did not"
        // (§7.1.2.2)
        assert_eq!(
            answer(&["permessage-deflate"], &little),
            Some(format!("{takeovers}; server_max_window_bits=10"))
        );
        assert_eq!(
            answer(&["permessage-deflate; client_max_window_bits; server_max_window_bits=9"], &little),
            Some(format!("{takeovers}; server_max_window_bits=9; client_max_window_bits=11"))
        );
        let agreement = DeflateAgreement::accept(["permessage-deflate"], &little).expect("it can be kept");
        assert_eq!(agreement.client_window_bits, 15);
    }

    #[test]
    fn an_offer_that_is_wrong_or_cannot_be_kept_is_declined() {
        for parameters in [
            "server_max_window_bits",
            "server_max_window_bits=7",
            "server_max_window_bits=8",
            "server_max_window_bits=16",
            "server_max_window_bits=010",
            "server_max_window_bits=+9",
            "server_max_window_bits=9; server_max_window_bits=9",
            "client_max_window_bits=0",
            "client_max_window_bits=x",
            "client_max_window_bits; client_max_window_bits",
            "server_no_context_takeover=1",
            "client_no_context_takeover=\"yes\"",
            "server_no_context_takeover; server_no_context_takeover",
            "client_no_context_takeover; client_no_context_takeover",
            "unknown",
            "Server_No_Context_Takeover",
        ] {
            assert_eq!(answer(&[&format!("permessage-deflate; {parameters}")], &ANY), None, "{parameters}");
        }
        assert_eq!(answer(&[], &ANY), None);
        assert_eq!(answer(&["permessage-bzip2, x-webkit-deflate-frame"], &ANY), None);
        assert_eq!(answer(&["permessage-deflate permessage-deflate"], &ANY), None);
    }

    #[test]
    fn the_first_offer_that_can_be_kept_is_taken_in_one_header_or_several() {
        let fallback =
            "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=10";
        assert_eq!(
            answer(&[fallback], &ANY).as_deref(),
            Some("permessage-deflate; server_max_window_bits=10")
        );
        assert_eq!(
            answer(
                &[
                    "x, permessage-deflate; unknown",
                    "broken =",
                    "permessage-deflate; server_no_context_takeover, permessage-deflate"
                ],
                &ANY
            )
            .as_deref(),
            Some("permessage-deflate; server_no_context_takeover")
        );
    }
}
