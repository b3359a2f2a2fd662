//! Framing of JSON messages: each ends with 0x1E, which no JSON text contains.

use memchr::memchr;

use crate::{ProtocolError, Split};

/// Ends every record.
pub(crate) const RECORD_SEPARATOR: u8 = 0x1e;

/// Splits the first record off `input`. `limit` counts its bytes with the separator.
pub(crate) fn split(input: &[u8], limit: Option<usize>) -> Result<Option<Split<'_>>, ProtocolError> {
    let window = limit.map_or(input, |limit| &input[..input.len().min(limit)]);
    match (memchr(RECORD_SEPARATOR, window), limit) {
        (Some(end), _) => Ok(Some(Split { payload: &window[..end], consumed: end + 1 })),
        (None, Some(limit)) if input.len() > limit => Err(ProtocolError::MessageTooLarge { limit }),
        (None, _) => Ok(None),
    }
}
