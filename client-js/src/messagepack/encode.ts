/*
 * From a value to MessagePack bytes, each in its shortest form.
 *
 * Rule: what cannot be written throws, before anything is sent.
 */

import { bytesOf } from "./bytes-of.js";
import { deeper, ExtData, type MessagePackOptions } from "./options.js";
import { TIMESTAMP, writeTimestamp } from "./timestamp.js";

const utf8 = new TextEncoder();

/** Bytes of the buffer that is kept from one value to the next. */
const SIZE = 4096;

/** Makes a function that writes a value, behind `reserved` bytes that mean nothing. */
export function encoder<Context>(
  options: MessagePackOptions<Context>,
  reserved: number,
): (root: unknown) => Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer>;
  let view: DataView;
  let end: number;

  const allocate = (size: number): void => {
    bytes = new Uint8Array(size);
    view = new DataView(bytes.buffer);
  };
  allocate(SIZE);

  /** Makes room, and gives its place. */
  const place = (size: number): number => {
    const start = end;
    end += size;
    if (end > bytes.length) {
      const before = bytes;
      allocate(end * 2);
      bytes.set(before);
    }
    return start;
  };
  const byte = (value: number): void => {
    const at = place(1);
    bytes[at] = value;
  };
  const raw = (data: Uint8Array): void => {
    const at = place(data.length);
    bytes.set(data, at);
  };
  /** In one, two or four bytes, as many as `size` takes; `code` is that of one byte, and the others follow it. */
  const sized = (code: number, value: number, size = value): void => {
    const power = size < 0x100 ? 0 : size < 0x10000 ? 1 : 2;
    byte(code + power);
    for (let shift = 8 << power; shift; ) {
      byte(value >>> (shift -= 8));
    }
  };
  const long = (value: bigint): void => {
    byte(value < 0 ? 0xd3 : 0xcf);
    const at = place(8);
    view.setBigInt64(at, value);
  };
  const number = (value: number): void => {
    if (!Number.isSafeInteger(value)) {
      byte(0xcb);
      const at = place(8);
      view.setFloat64(at, value);
    } else if (value >= -32 && value < 0x80) {
      byte(value);
    } else if (value < -(2 ** 31) || value >= 2 ** 32) {
      long(BigInt(value));
    } else if (value < 0) {
      sized(0xd0, value, ~value * 2);
    } else {
      sized(0xcc, value);
    }
  };
  const text = (value: string): void => {
    let { length } = value;
    const start = end;
    if (length < 32) {
      // Most texts are short and ASCII, and then this is several times as fast.
      byte(0xa0 + length);
      let at = place(length);
      for (let index = 0, code; (code = value.charCodeAt(index)) < 0x80; index++) {
        bytes[at++] = code;
      }
      if (at === end) {
        return;
      }
      end = start;
    }
    const data = utf8.encode(value);
    ({ length } = data);
    if (length < 32) {
      byte(0xa0 + length);
    } else {
      sized(0xd9, length);
    }
    raw(data);
  };
  /** The length of a list or map. Its codes begin with two bytes. */
  const container = (short: number, code: number, length: number): void => {
    if (length < 16) {
      byte(short + length);
    } else {
      sized(code - 1, length, Math.max(length, 0x100));
    }
  };
  const extension = (type: number, data: Uint8Array): void => {
    const power = [1, 2, 4, 8, 16].indexOf(data.length);
    if (power < 0) {
      sized(0xc7, data.length);
    } else {
      byte(0xd4 + power);
    }
    byte(type);
    raw(data);
  };

  const object = (value: object, parent: number): void => {
    const extended = options.extensionCodec?.tryToEncode(value, options.context as Context);
    if (extended) {
      extension(extended.type, extended.data);
    } else if (value instanceof ExtData) {
      extension(value.type, value.data);
    } else if (value instanceof Date) {
      extension(TIMESTAMP, writeTimestamp(value));
    } else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      sized(0xc4, value.byteLength);
      raw(bytesOf(value));
    } else {
      const depth = deeper(parent, options);
      if (Array.isArray(value)) {
        container(0x90, 0xdc, value.length);
        value.forEach((item) => any(item, depth));
      } else {
        let entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
        if (options.ignoreUndefined) {
          entries = entries.filter((entry) => entry[1] !== undefined);
        }
        container(0x80, 0xde, entries.length);
        for (const [key, item] of entries) {
          any(key, depth);
          any(item, depth);
        }
      }
    }
  };

  const any = (value: unknown, depth: number): void => {
    if (value === null || value === undefined) {
      byte(0xc0);
    } else if (typeof value === "boolean") {
      byte(value ? 0xc3 : 0xc2);
    } else if (typeof value === "number") {
      number(value);
    } else if (typeof value === "string") {
      text(value);
    } else if (typeof value === "object") {
      object(value, depth);
    } else if (typeof value === "bigint" && (BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value)) {
      long(value);
    } else {
      throw new Error(`Unrecognized object: ${Object.prototype.toString.call(value)}`);
    }
  };

  return (root) => {
    end = reserved;
    any(root, 0);
    const written = bytes.slice(0, end);
    if (bytes.length > SIZE) {
      allocate(SIZE);
    }
    return written;
  };
}
