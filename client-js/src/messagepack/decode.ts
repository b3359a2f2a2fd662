/*
 * From MessagePack bytes to a value.
 *
 * Rule: the bytes are hostile. A claimed length is compared with the bytes that are there before anything is made of it,
 * and lists and maps grow by what is read.
 */

import { deeper, ExtData, type MessagePackOptions } from "./options.js";
import { readTimestamp, TIMESTAMP } from "./timestamp.js";

// A byte order mark is a character like others.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Makes a function that reads the first value of some bytes; what follows is not looked at. It throws on anything malformed. */
export function decoder<Context>(options: MessagePackOptions<Context>): (bytes: Uint8Array) => unknown {
  const { extensionCodec } = options;
  let bytes: Uint8Array;
  let view: DataView;
  let position: number;

  const take = (size: number): number => {
    const start = position;
    position += size;
    if (position > bytes.length) {
      throw new Error("Insufficient data.");
    }
    return start;
  };
  /** Of one, two or four bytes: 2 to the power of `power`. */
  const unsigned = (power: number): number => {
    let value = 0;
    for (let at = take(1 << power); at < position; at++) {
      value = value * 256 + (bytes[at] as number);
    }
    return value;
  };
  const signed = (power: number): number => {
    const value = unsigned(power);
    const limit = 2 ** (8 << power);
    return value < limit / 2 ? value : value - limit;
  };
  const integer = (value: bigint): number | bigint => {
    const number = Number(value);
    return options.useBigInt && !Number.isSafeInteger(number) ? value : number;
  };
  // A copy: the transport may use its buffer again.
  const binary = (size: number): Uint8Array => new Uint8Array(bytes.subarray(take(size), position));
  const text = (size: number): string => {
    const start = take(size);
    // Most texts are short and ASCII, and then this is several times as fast.
    let short = "";
    for (let at = start; size < 32 && at < position; at++) {
      const code = bytes[at] as number;
      if (code > 0x7f) {
        size = 32;
      }
      short += String.fromCharCode(code);
    }
    return size < 32 ? short : utf8.decode(bytes.subarray(start, position));
  };
  const extension = (size: number): unknown => {
    const type = signed(0);
    if (type === TIMESTAMP && !extensionCodec) {
      return readTimestamp(view, take(size), size);
    }
    const data = binary(size);
    return extensionCodec ? extensionCodec.decode(data, type, options.context as Context) : new ExtData(type, data);
  };
  const list = (size: number, parent: number): unknown[] => {
    const depth = deeper(parent, options);
    const items: unknown[] = [];
    while (items.length < size) {
      items.push(value(depth));
    }
    return items;
  };
  const map = (size: number, parent: number): object => {
    const depth = deeper(parent, options);
    let object: Record<PropertyKey, unknown> = {};
    while (size--) {
      const key = value(depth);
      if (typeof key !== "string" && typeof key !== "number") {
        throw new Error("The type of key must be string or number.");
      }
      if (key === "__proto__") {
        // Written like this it is a property like others, and not what the object is made of.
        object = { ...object, [key]: value(depth) };
      } else {
        object[key] = value(depth);
      }
    }
    return object;
  };

  const value = (depth: number): unknown => {
    const code = unsigned(0);
    if (code < 0x80) {
      return code;
    }
    if (code >= 0xe0) {
      return code - 0x100;
    }
    if (code >= 0xa0 && code < 0xc0) {
      return text(code & 31);
    }
    if (code < 0xa0) {
      return code < 0x90 ? map(code & 15, depth) : list(code & 15, depth);
    }
    switch (code) {
      case 0xc0:
        return null;
      case 0xc1:
        break;
      case 0xc2:
      case 0xc3:
        return code === 0xc3;
      case 0xca:
        return view.getFloat32(take(4));
      case 0xcb:
        return view.getFloat64(take(8));
      case 0xcf:
        return integer(view.getBigUint64(take(8)));
      case 0xd3:
        return integer(view.getBigInt64(take(8)));
      default:
        // The rest are families: the length's own size, or the size, doubles from code to code.
        return code < 0xc7
          ? binary(unsigned(code - 0xc4))
          : code < 0xca
            ? extension(unsigned(code - 0xc7))
            : code < 0xd0
              ? unsigned(code - 0xcc)
              : code < 0xd4
                ? signed(code - 0xd0)
                : code < 0xd9
                  ? extension(1 << (code - 0xd4))
                  : code < 0xdc
                    ? text(unsigned(code - 0xd9))
                    : code < 0xde
                      ? list(unsigned(code - 0xdb), depth)
                      : map(unsigned(code - 0xdd), depth);
    }
    throw new Error(`Unrecognized type byte: 0x${code.toString(16)}`);
  };
  return (frame) => {
    bytes = frame;
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    position = 0;
    return value(0);
  };
}
