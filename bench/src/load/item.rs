//! Items of a counter's stream, read at a glance: a load that takes apart each of them costs more than their server.
//!
//! What does not look as expected is for the decoder: another server may write the same item in another way.

use anyhow::Result;
use hubcast_protocol::HubProtocol;

/// How the items of one stream look.
pub(super) struct Items {
    protocol: HubProtocol,
    /// What stands before the number.
    head: Vec<u8>,
}

impl Items {
    /// The items of the stream that was called `id`.
    pub(super) fn of(protocol: HubProtocol, id: &str) -> Result<Self> {
        let mut message = Vec::new();
        protocol.write_stream_item(&mut message, id, &0_u32)?;
        let split = protocol.split(&message, None)?;
        let payload = split.as_ref().map_or(&[][..], |split| split.payload);
        let behind = match protocol {
            HubProtocol::Json => "0}".len(),
            HubProtocol::MessagePack => 1,
        };
        Ok(Self { protocol, head: payload[..payload.len() - behind].to_vec() })
    }

    /// The number that a message brings, if it is an item of this stream that looks as expected.
    pub(super) fn number(&self, message: &[u8]) -> Option<u32> {
        let number = message.strip_prefix(&*self.head)?;
        match self.protocol {
            HubProtocol::Json => decimal(number.strip_suffix(b"}")?),
            HubProtocol::MessagePack => packed(number),
        }
    }
}

fn decimal(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 9 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

fn packed(number: &[u8]) -> Option<u32> {
    match *number {
        [small @ 0..0x80] => Some(small.into()),
        [0xcc, one] => Some(one.into()),
        [0xcd, high, low] => Some(u16::from_be_bytes([high, low]).into()),
        [0xce, a, b, c, d] => Some(u32::from_be_bytes([a, b, c, d])),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_codec_writes_them() {
        for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
            let items = Items::of(protocol, "1").unwrap();
            for number in [0, 9, 10, 127, 128, 255, 256, 65_535, 65_536, 999_999_999] {
                let mut message = Vec::new();
                protocol.write_stream_item(&mut message, "1", &number).unwrap();
                let split = protocol.split(&message, None).unwrap().unwrap();
                assert_eq!(items.number(split.payload), Some(number), "{protocol:?}");
            }
        }
    }

    #[test]
    fn what_looks_different_is_left() {
        let items = Items::of(HubProtocol::Json, "1").unwrap();
        for message in [
            &br#"{"type":2,"invocationId":"2","item":1}"#[..],
            br#"{"type":2,"invocationId":"1","item":"1"}"#,
            br#"{"type":2,"invocationId":"1","item":}"#,
            br#"{"type":2,"invocationId":"1","item":-1}"#,
            br#"{"type":3,"invocationId":"1"}"#,
            b"",
        ] {
            assert_eq!(items.number(message), None);
        }
        let items = Items::of(HubProtocol::MessagePack, "1").unwrap();
        assert_eq!(items.number(b"\x95\x02\x80\xa11\xc0"), None);
    }
}
