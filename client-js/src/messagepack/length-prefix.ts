/*
 * Binary frames: a message is preceded by its length, and a frame holds whole messages only.
 *
 * The length has 7 bits in a byte, the lowest first; the highest bit says that more follow. It is below 2^31.
 */

/** The most bytes that a length takes. */
export const PREFIX_SIZE = 5;

/** Writes the length right before the message, which begins at `PREFIX_SIZE`. Gives both. */
export function writePrefix(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const prefix: number[] = [];
  for (let rest = bytes.length - PREFIX_SIZE; rest || !prefix.length; rest >>>= 7) {
    prefix.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
  }
  const start = PREFIX_SIZE - prefix.length;
  bytes.set(prefix, start);
  return bytes.subarray(start);
}

/** The messages of one frame, without their lengths. Throws if a length is none, or the last message does not end. */
export function splitMessages(frame: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let position = 0; position < frame.length; ) {
    let size = 0;
    let byte: number | undefined = 0x80;
    for (let unit = 1; byte & 0x80; unit *= 0x80) {
      byte = frame[position++];
      if (byte === undefined) {
        throw new Error("Cannot read message size.");
      }
      size += (byte & 0x7f) * unit;
      if (size >= 2 ** 31 || (byte & 0x80 && unit >= 2 ** 28)) {
        throw new Error("Messages bigger than 2GB are not supported.");
      }
    }
    if (position + size > frame.length) {
      throw new Error("Incomplete message.");
    }
    messages.push(frame.subarray(position, (position += size)));
  }
  return messages;
}
