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

/** Reads one of `size` bytes. Throws if that is not 4, 8 or 12, or no Date can hold it. */
export function readTimestamp(view: DataView, start: number, size: number): Date {
  let seconds = NaN;
  let nanoseconds = 0;
  if (size === 4) {
    seconds = view.getUint32(start);
  } else if (size === 8) {
    const high = view.getUint32(start);
    nanoseconds = high >>> 2;
    seconds = (high & 3) * 2 ** 32 + view.getUint32(start + 4);
  } else if (size === 12) {
    nanoseconds = view.getUint32(start);
    seconds = Number(view.getBigInt64(start + 4));
  }
  const date = new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6));
  if (Number.isNaN(date.getTime())) {
    throw new Error("Invalid timestamp.");
  }
  return date;
}
