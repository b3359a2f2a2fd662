/*
 * The extension type -1: a point in time, in 4, 8 or 12 bytes.
 *
 * Rule: a Date has milliseconds, a timestamp nanoseconds. What is finer is cut off.
 */

export const TIMESTAMP = -1;

/** The shortest form. Throws on an invalid Date. */
export function writeTimestamp(date: Date): Uint8Array {
  const milliseconds = date.getTime();
  const seconds = Math.floor(milliseconds / 1000);
  const nanoseconds = (milliseconds - seconds * 1000) * 1e6;
  const view = new DataView(new ArrayBuffer(12));
  // Throws a RangeError on NaN.
  view.setBigInt64(4, BigInt(seconds));
  if (seconds < 0 || seconds >= 2 ** 34) {
    view.setUint32(0, nanoseconds);
    return new Uint8Array(view.buffer);
  }
  if (nanoseconds || seconds >= 2 ** 32) {
    // 30 bits of nanoseconds above 34 bits of seconds.
    view.setUint32(4, nanoseconds * 4 + Math.floor(seconds / 2 ** 32));
    return new Uint8Array(view.buffer, 4);
  }
  return new Uint8Array(view.buffer, 8);
}

/** Throws if there are not 4, 8 or 12 bytes, or no Date can hold it. */
export function readTimestamp(data: Uint8Array): Date {
  const { length } = data;
  const view = new DataView(data.buffer, data.byteOffset, length);
  let seconds = 0;
  let nanoseconds = 0;
  if (length === 4) {
    seconds = view.getUint32(0);
  } else if (length === 8) {
    const high = view.getUint32(0);
    nanoseconds = high >>> 2;
    seconds = (high & 3) * 2 ** 32 + view.getUint32(4);
  } else if (length === 12) {
    nanoseconds = view.getUint32(0);
    seconds = Number(view.getBigInt64(4));
  } else {
    seconds = NaN;
  }
  const date = new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6));
  if (Number.isNaN(date.getTime())) {
    throw new Error("Invalid timestamp.");
  }
  return date;
}
