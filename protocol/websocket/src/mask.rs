//! Masking of payloads (RFC 6455 §5.3), which is its own inverse.
//!
//! A payload may be masked in pieces: each call returns the key for the piece that follows.

/// A masking key, turned so that its first byte belongs to the next byte of the payload.
pub(crate) type MaskKey = [u8; 4];

/// Masks or unmasks `bytes` in place and returns the key for what follows them.
///
/// Whole words are XORed in an array of fixed size, which the compiler turns into vector instructions.
#[must_use = "the next piece of the payload needs the turned key"]
pub(crate) fn apply_mask(bytes: &mut [u8], key: MaskKey) -> MaskKey {
    let word = u64::from_ne_bytes([key[0], key[1], key[2], key[3], key[0], key[1], key[2], key[3]]);
    let turn = bytes.len() % key.len();
    let (chunks, rest) = bytes.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ word).to_ne_bytes();
    }
    for (byte, key_byte) in rest.iter_mut().zip(word.to_ne_bytes()) {
        *byte ^= key_byte;
    }
    let mut next = key;
    next.rotate_left(turn);
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: MaskKey = [0x11, 0x22, 0x44, 0x88];

    /// "j = i MOD 4; transformed-octet-i = original-octet-i XOR masking-key-octet-j" (§5.3)
    fn transformed(original: &[u8]) -> Vec<u8> {
        original.iter().enumerate().map(|(i, byte)| byte ^ KEY[i % 4]).collect()
    }

    fn payload(length: usize) -> Vec<u8> {
        (0..length).map(|i| (i * 7) as u8).collect()
    }

    #[test]
    fn every_length_at_every_alignment_is_masked_as_the_rfc_says() {
        for length in 0..80 {
            for offset in 0..16 {
                let mut bytes = payload(offset + length);
                let expected = transformed(&bytes[offset..]);
                let untouched = bytes[..offset].to_vec();
                let _ = apply_mask(&mut bytes[offset..], KEY);
                assert_eq!(bytes[offset..], expected, "length {length}, offset {offset}");
                assert_eq!(bytes[..offset], untouched);
            }
        }
    }

    #[test]
    fn pieces_cut_at_any_two_places_are_masked_like_the_whole() {
        let whole = payload(41);
        let expected = transformed(&whole);
        for first in 0..=41 {
            for second in first..=41 {
                let mut bytes = whole.clone();
                let key = apply_mask(&mut bytes[..first], KEY);
                let key = apply_mask(&mut bytes[first..second], key);
                let _ = apply_mask(&mut bytes[second..], key);
                assert_eq!(bytes, expected, "cut at {first} and {second}");
            }
        }
    }
}
