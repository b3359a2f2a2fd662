/*
 * From a value to MessagePack bytes, each in its shortest form.
 *
 * Rule: what cannot be written throws, before anything is sent.
 */

import { deeper, ExtData, type MessagePackOptions } from "./options.js";
import { TIMESTAMP, writeTimestamp } from "./timestamp.js";

const utf8 = new TextEncoder();

/** Writes a value behind `reserved` bytes, which are zero. */
export function encode<Context>(
  root: unknown,
  options: MessagePackOptions<Context>,
  reserved: number,
): Uint8Array<ArrayBuffer> {
  const { extensionCodec } = options;
  let bytes = new Uint8Array(256);
  let view = new DataView(bytes.buffer);
  let end = reserved;

  /** Makes room, and gives its place. */
  const place = (size: number): number => {
    const start = end;
    end += size;
    if (end > bytes.length) {
      const larger = new Uint8Array(end * 2);
      larger.set(bytes);
      bytes = larger;
      view = new DataView(bytes.buffer);
    }
    return start;
  };
  const byte = (value: number): void => {
    const at = place(1);
    view.setUint8(at, value);
  };
  const raw = (data: Uint8Array): void => {
    const at = place(data.length);
    bytes.set(data, at);
  };
  /** `code` for one byte, and the codes after it for two and four. */
  const unsigned = (code: number, value: number): void => {
    if (value < 0x100) {
      byte(code);
      byte(value);
    } else if (value < 0x10000) {
      byte(code + 1);
      const at = place(2);
      view.setUint16(at, value);
    } else {
      byte(code + 2);
      const at = place(4);
      view.setUint32(at, value);
    }
  };
  const long = (value: bigint): void => {
    byte(value < 0 ? 0xd3 : 0xcf);
    const at = place(8);
    view.setBigInt64(at, value);
  };
  const number = (value: number): void => {
    if (!Number.isSafeInteger(value) || options.forceIntegerToFloat) {
      byte(options.forceFloat32 ? 0xca : 0xcb);
      const at = place(options.forceFloat32 ? 4 : 8);
      view[options.forceFloat32 ? "setFloat32" : "setFloat64"](at, value);
    } else if (value >= -32 && value < 0x80) {
      byte(value);
    } else if (value >= 0 && value < 2 ** 32) {
      unsigned(0xcc, value);
    } else if (value >= 0 || value < -(2 ** 31)) {
      long(BigInt(value));
    } else if (value >= -0x80) {
      byte(0xd0);
      byte(value);
    } else if (value >= -0x8000) {
      byte(0xd1);
      const at = place(2);
      view.setInt16(at, value);
    } else {
      byte(0xd2);
      const at = place(4);
      view.setInt32(at, value);
    }
  };
  const text = (value: string): void => {
    const data = utf8.encode(value);
    const { length } = data;
    if (length < 32) {
      byte(0xa0 + length);
    } else {
      unsigned(0xd9, length);
    }
    raw(data);
  };
  /** The length of a list or map. Its codes begin with two bytes. */
  const container = (short: number, code: number, length: number): void => {
    if (length < 16) {
      byte(short + length);
    } else {
      byte(length < 0x10000 ? code : code + 1);
      const at = place(length < 0x10000 ? 2 : 4);
      view[length < 0x10000 ? "setUint16" : "setUint32"](at, length);
    }
  };
  const extension = (type: number, data: Uint8Array): void => {
    const power = [1, 2, 4, 8, 16].indexOf(data.length);
    if (power < 0) {
      unsigned(0xc7, data.length);
    } else {
      byte(0xd4 + power);
    }
    byte(type);
    raw(data);
  };

  const object = (value: object, parent: number): void => {
    const extended = extensionCodec?.tryToEncode(value, options.context as Context);
    if (extended) {
      extension(extended.type, extended.data);
    } else if (Array.isArray(value)) {
      const depth = deeper(parent, options);
      container(0x90, 0xdc, value.length);
      for (const item of value) {
        any(item, depth);
      }
    } else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      const data = ArrayBuffer.isView(value)
        ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        : new Uint8Array(value);
      unsigned(0xc4, data.length);
      raw(data);
    } else if (value instanceof Date) {
      extension(TIMESTAMP, writeTimestamp(value));
    } else if (value instanceof ExtData) {
      extension(value.type, value.data);
    } else {
      let entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
      if (options.ignoreUndefined) {
        entries = entries.filter((entry) => entry[1] !== undefined);
      }
      if (options.sortKeys) {
        entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
      }
      const depth = deeper(parent, options);
      container(0x80, 0xde, entries.length);
      for (const [key, item] of entries) {
        any(key, depth);
        any(item, depth);
      }
    }
  };

  const any = (value: unknown, depth: number): void => {
    switch (typeof value) {
      case "undefined":
        byte(0xc0);
        break;
      case "boolean":
        byte(value ? 0xc3 : 0xc2);
        break;
      case "number":
        number(value);
        break;
      case "bigint":
        if (BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value) {
          throw new RangeError(`An integer of more than 64 bits cannot be written: ${value}`);
        }
        long(value);
        break;
      case "string":
        text(value);
        break;
      case "object":
        if (value) {
          object(value, depth);
        } else {
          byte(0xc0);
        }
        break;
      default:
        throw new Error(`Unrecognized object: ${Object.prototype.toString.call(value)}`);
    }
  };
  any(root, 0);
  return bytes.slice(0, end);
}
