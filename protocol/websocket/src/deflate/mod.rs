//! permessage-deflate (RFC 7692): what was agreed on, and the two directions of it.
//!
//! A connection owns no memory of this before its first compressed message, and without context takeover none
//! between two of them. Not here: which messages are worth compressing, and the header that carries the offers.

mod deflater;
mod extension_list;
mod inflater;
mod negotiate;

pub use deflater::Deflater;
pub use inflater::{Inflated, Inflater};
pub use negotiate::{DeflateAgreement, DeflateTerms};

/// What every flushed message ends with and no message carries (RFC 7692 §7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];
