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

/** Reads the first value; what follows it is not looked at. Throws on anything malformed. */
export function decode<Context>(bytes: Uint8Array, options: MessagePackOptions<Context>): unknown {
  const { extensionCodec } = options;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let position = 0;

  const take = (size: number): number => {
    const start = position;
    position += size;
    if (position > bytes.length) {
      throw new Error("Insufficient data.");
    }
    return start;
  };
  const integer = (value: bigint): number | bigint => {
    const number = Number(value);
    return options.useBigInt && !Number.isSafeInteger(number) ? value : number;
  };
  const length = (power: number): number =>
    power === 0 ? view.getUint8(take(1)) : power === 1 ? view.getUint16(take(2)) : view.getUint32(take(4));
  const signed = (power: number): number =>
    power === 0 ? view.getInt8(take(1)) : power === 1 ? view.getInt16(take(2)) : view.getInt32(take(4));
  // A copy: the transport may use its buffer again.
  const binary = (size: number): Uint8Array => new Uint8Array(bytes.subarray(take(size), position));
  const text = (size: number): string => utf8.decode(bytes.subarray(take(size), position));
  const extension = (size: number): unknown => {
    const type = signed(0);
    const data = binary(size);
    if (extensionCodec) {
      return extensionCodec.decode(data, type, options.context as Context);
    }
    return type === TIMESTAMP ? readTimestamp(data) : new ExtData(type, data);
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
    const entries: [PropertyKey, unknown][] = [];
    while (entries.length < size) {
      const key = value(depth);
      if (typeof key !== "string" && typeof key !== "number") {
        throw new Error("The type of key must be string or number.");
      }
      entries.push([key, value(depth)]);
    }
    // Makes "__proto__" a property like others.
    return Object.fromEntries(entries);
  };

  const value = (depth: number): unknown => {
    const code = length(0);
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
          ? binary(length(code - 0xc4))
          : code < 0xca
            ? extension(length(code - 0xc7))
            : code < 0xd0
              ? length(code - 0xcc)
              : code < 0xd4
                ? signed(code - 0xd0)
                : code < 0xd9
                  ? extension(1 << (code - 0xd4))
                  : code < 0xdc
                    ? text(length(code - 0xd9))
                    : code < 0xde
                      ? list(length(code - 0xdb), depth)
                      : map(length(code - 0xdd), depth);
    }
    throw new Error(`Unrecognized type byte: 0x${code.toString(16)}`);
  };
  return value(0);
}
