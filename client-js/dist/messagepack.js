// src/messagepack/options.ts
var ExtData = class {
  constructor(type, data) {
    this.type = type;
    this.data = data;
  }
  type;
  data;
};
function deeper(depth, { maxDepth = 100 }) {
  if (depth >= maxDepth) {
    throw new Error(`Too deep objects in depth ${depth + 1}`);
  }
  return depth + 1;
}

// src/messagepack/bytes-of.ts
function bytesOf(value) {
  const { buffer = value, byteOffset, byteLength } = value;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

// src/messagepack/timestamp.ts
var TIMESTAMP = -1;
function writeTimestamp(date) {
  const milliseconds = date.getTime();
  const seconds = Math.floor(milliseconds / 1e3);
  const nanoseconds = (milliseconds - seconds * 1e3) * 1e6;
  const view = new DataView(new ArrayBuffer(12));
  view.setBigInt64(4, BigInt(seconds));
  if (seconds < 0 || seconds >= 2 ** 34) {
    view.setUint32(0, nanoseconds);
    return new Uint8Array(view.buffer);
  }
  if (nanoseconds || seconds >= 2 ** 32) {
    view.setUint32(4, nanoseconds * 4 + Math.floor(seconds / 2 ** 32));
    return new Uint8Array(view.buffer, 4);
  }
  return new Uint8Array(view.buffer, 8);
}
function readTimestamp(view, start, size) {
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
  const date = new Date(seconds * 1e3 + Math.floor(nanoseconds / 1e6));
  if (Number.isNaN(date.getTime())) {
    throw new Error("Invalid timestamp.");
  }
  return date;
}

// src/messagepack/decode.ts
var utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
function decoder(options) {
  const { extensionCodec } = options;
  let bytes;
  let view;
  let position;
  const take = (size) => {
    const start = position;
    position += size;
    if (position > bytes.length) {
      throw new Error("Insufficient data.");
    }
    return start;
  };
  const unsigned = (power) => {
    let value2 = 0;
    for (let at = take(1 << power); at < position; at++) {
      value2 = value2 * 256 + bytes[at];
    }
    return value2;
  };
  const signed = (power) => {
    const value2 = unsigned(power);
    const limit = 2 ** (8 << power);
    return value2 < limit / 2 ? value2 : value2 - limit;
  };
  const integer = (value2) => {
    const number = Number(value2);
    return options.useBigInt && !Number.isSafeInteger(number) ? value2 : number;
  };
  const binary = (size) => new Uint8Array(bytes.subarray(take(size), position));
  const text = (size) => {
    const start = take(size);
    let short = "";
    for (let at = start; size < 32 && at < position; at++) {
      const code = bytes[at];
      if (code > 127) {
        size = 32;
      }
      short += String.fromCharCode(code);
    }
    return size < 32 ? short : utf8.decode(bytes.subarray(start, position));
  };
  const extension = (size) => {
    const type = signed(0);
    if (type === TIMESTAMP && !extensionCodec) {
      return readTimestamp(view, take(size), size);
    }
    const data = binary(size);
    return extensionCodec ? extensionCodec.decode(data, type, options.context) : new ExtData(type, data);
  };
  const list = (size, parent) => {
    const depth = deeper(parent, options);
    const items = [];
    while (items.length < size) {
      items.push(value(depth));
    }
    return items;
  };
  const map = (size, parent) => {
    const depth = deeper(parent, options);
    let object = {};
    while (size--) {
      const key = value(depth);
      if (typeof key !== "string" && typeof key !== "number") {
        throw new Error("The type of key must be string or number.");
      }
      if (key === "__proto__") {
        object = { ...object, [key]: value(depth) };
      } else {
        object[key] = value(depth);
      }
    }
    return object;
  };
  const value = (depth) => {
    const code = unsigned(0);
    if (code < 128) {
      return code;
    }
    if (code >= 224) {
      return code - 256;
    }
    if (code >= 160 && code < 192) {
      return text(code & 31);
    }
    if (code < 160) {
      return code < 144 ? map(code & 15, depth) : list(code & 15, depth);
    }
    switch (code) {
      case 192:
        return null;
      case 193:
        break;
      case 194:
      case 195:
        return code === 195;
      case 202:
        return view.getFloat32(take(4));
      case 203:
        return view.getFloat64(take(8));
      case 207:
        return integer(view.getBigUint64(take(8)));
      case 211:
        return integer(view.getBigInt64(take(8)));
      default:
        return code < 199 ? binary(unsigned(code - 196)) : code < 202 ? extension(unsigned(code - 199)) : code < 208 ? unsigned(code - 204) : code < 212 ? signed(code - 208) : code < 217 ? extension(1 << code - 212) : code < 220 ? text(unsigned(code - 217)) : code < 222 ? list(unsigned(code - 219), depth) : map(unsigned(code - 221), depth);
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

// src/messagepack/encode.ts
var utf82 = new TextEncoder();
var SIZE = 4096;
function encoder(options, reserved) {
  let bytes;
  let view;
  let end;
  const allocate = (size) => {
    bytes = new Uint8Array(size);
    view = new DataView(bytes.buffer);
  };
  allocate(SIZE);
  const place = (size) => {
    const start = end;
    end += size;
    if (end > bytes.length) {
      const before = bytes;
      allocate(end * 2);
      bytes.set(before);
    }
    return start;
  };
  const byte = (value) => {
    const at = place(1);
    bytes[at] = value;
  };
  const raw = (data) => {
    const at = place(data.length);
    bytes.set(data, at);
  };
  const sized = (code, value, size = value) => {
    const power = size < 256 ? 0 : size < 65536 ? 1 : 2;
    byte(code + power);
    for (let shift = 8 << power; shift; ) {
      byte(value >>> (shift -= 8));
    }
  };
  const long = (value) => {
    byte(value < 0 ? 211 : 207);
    const at = place(8);
    view.setBigInt64(at, value);
  };
  const number = (value) => {
    if (!Number.isSafeInteger(value)) {
      byte(203);
      const at = place(8);
      view.setFloat64(at, value);
    } else if (value >= -32 && value < 128) {
      byte(value);
    } else if (value < -(2 ** 31) || value >= 2 ** 32) {
      long(BigInt(value));
    } else if (value < 0) {
      sized(208, value, ~value * 2);
    } else {
      sized(204, value);
    }
  };
  const text = (value) => {
    let { length } = value;
    const start = end;
    if (length < 32) {
      byte(160 + length);
      let at = place(length);
      for (let index = 0, code; (code = value.charCodeAt(index)) < 128; index++) {
        bytes[at++] = code;
      }
      if (at === end) {
        return;
      }
      end = start;
    }
    const data = utf82.encode(value);
    ({ length } = data);
    if (length < 32) {
      byte(160 + length);
    } else {
      sized(217, length);
    }
    raw(data);
  };
  const container = (short, code, length) => {
    if (length < 16) {
      byte(short + length);
    } else {
      sized(code - 1, length, Math.max(length, 256));
    }
  };
  const extension = (type, data) => {
    const power = [1, 2, 4, 8, 16].indexOf(data.length);
    if (power < 0) {
      sized(199, data.length);
    } else {
      byte(212 + power);
    }
    byte(type);
    raw(data);
  };
  const object = (value, parent) => {
    const extended = options.extensionCodec?.tryToEncode(value, options.context);
    if (extended) {
      extension(extended.type, extended.data);
    } else if (value instanceof ExtData) {
      extension(value.type, value.data);
    } else if (value instanceof Date) {
      extension(TIMESTAMP, writeTimestamp(value));
    } else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      sized(196, value.byteLength);
      raw(bytesOf(value));
    } else {
      const depth = deeper(parent, options);
      if (Array.isArray(value)) {
        container(144, 220, value.length);
        value.forEach((item) => any(item, depth));
      } else {
        let entries = value instanceof Map ? [...value] : Object.entries(value);
        if (options.ignoreUndefined) {
          entries = entries.filter((entry) => entry[1] !== void 0);
        }
        container(128, 222, entries.length);
        for (const [key, item] of entries) {
          any(key, depth);
          any(item, depth);
        }
      }
    }
  };
  const any = (value, depth) => {
    if (value === null || value === void 0) {
      byte(192);
    } else if (typeof value === "boolean") {
      byte(value ? 195 : 194);
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

// src/messagepack/hub-message.ts
var isString = (value) => typeof value === "string";
var isName = (value) => isString(value, 0) && value !== "";
var isPresent = (value) => value !== void 0;
var checks = {
  headers: (value) => (
    // No list, no bytes, no date.
    Object.getPrototypeOf(value ?? 0) === Object.prototype && Object.values(value).every(isString)
  ),
  // Who sends an Invocation without an id does not wait.
  invocationId: (value, type) => isName(value, type) || type === 1 && (value === null || value === ""),
  target: isName,
  arguments: Array.isArray,
  streamIds: (value) => value === void 0 || Array.isArray(value) && value.every(isString),
  item: isPresent,
  result: isPresent,
  error: (value) => value === null || isString(value, 0),
  allowReconnect: (value) => value === void 0 || typeof value === "boolean",
  sequenceId: Number.isSafeInteger
};
var absent = {
  headers: {},
  invocationId: null,
  streamIds: [],
  error: null,
  allowReconnect: false
};
var call = ["headers", "invocationId", "target", "arguments", "streamIds"];
var layouts = [
  void 0,
  call,
  ["headers", "invocationId", "item"],
  ["headers", "invocationId"],
  call,
  ["headers", "invocationId"],
  [],
  ["error", "allowReconnect"],
  ["sequenceId"],
  ["sequenceId"]
];
var COMPLETION = 3;
var endings = [void 0, ["error"], [], ["result"]];
function fromList(list) {
  if (!Array.isArray(list) || !Number.isInteger(list[0])) {
    throw new Error("Invalid payload.");
  }
  const [type, ...values] = list;
  const layout = layouts[type];
  if (!layout) {
    return void 0;
  }
  const fail = () => {
    throw new Error(`Invalid payload for message type ${type}.`);
  };
  const ending = type === COMPLETION ? endings[values.splice(2, 1)[0]] ?? fail() : [];
  const message = { type };
  [...layout, ...ending].forEach((property, index) => {
    const value = values[index];
    if (!checks[property](value, type)) {
      fail();
    }
    if (!(property in absent && isEmpty(value))) {
      message[property] = value;
    }
  });
  return message;
}
function toList(message) {
  const { type } = message;
  const fields = message;
  const value = (property) => fields[property] ?? absent[property];
  const list = [type, ...(layouts[type] ?? []).map(value)];
  if (type === COMPLETION) {
    const kind = message.error !== void 0 ? 1 : message.result === void 0 ? 2 : 3;
    list.push(kind, ...(endings[kind] ?? []).map(value));
  }
  return list;
}
function isEmpty(value) {
  return !value || typeof value === "object" && Object.keys(value).length === 0;
}

// src/messagepack/length-prefix.ts
var PREFIX_SIZE = 5;
function writePrefix(bytes) {
  const prefix = [];
  for (let rest = bytes.length - PREFIX_SIZE; rest || !prefix.length; rest >>>= 7) {
    prefix.push(rest > 127 ? rest & 127 | 128 : rest);
  }
  const start = PREFIX_SIZE - prefix.length;
  bytes.set(prefix, start);
  return bytes.subarray(start);
}
function splitMessages(frame) {
  const messages = [];
  for (let position = 0; position < frame.length; ) {
    let size = 0;
    let byte = 128;
    for (let unit = 1; byte & 128; unit *= 128) {
      byte = frame[position++];
      if (byte === void 0) {
        throw new Error("Cannot read message size.");
      }
      size += (byte & 127) * unit;
      if (size >= 2 ** 31 || byte & 128 && unit >= 2 ** 28) {
        throw new Error("Messages bigger than 2GB are not supported.");
      }
    }
    if (position + size > frame.length) {
      throw new Error("Incomplete message.");
    }
    messages.push(frame.subarray(position, position += size));
  }
  return messages;
}

// src/messagepack/protocol.ts
var MessagePackHubProtocol = class {
  name = "messagepack";
  version = 2;
  /** `TransferFormat.Binary` */
  transferFormat = 2;
  #decode;
  #encode;
  constructor(options = {}) {
    this.#decode = decoder(options);
    this.#encode = encoder(options, PREFIX_SIZE);
  }
  /** Reads all messages of one frame; messages of an unknown type are left out. Throws on anything malformed. */
  parseMessages(input) {
    if (typeof input === "string") {
      throw new Error("Invalid input for MessagePack hub protocol. Expected an ArrayBuffer.");
    }
    return splitMessages(bytesOf(input)).map((message) => fromList(this.#decode(message))).filter((message) => message !== void 0);
  }
  /** Throws if an argument or a result cannot be written: a function, a symbol, or one that is too deep. */
  writeMessage(message) {
    return writePrefix(this.#encode(toList(message)));
  }
};
export {
  ExtData,
  MessagePackHubProtocol
};
