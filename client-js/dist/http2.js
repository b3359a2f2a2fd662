// src/http2/fetch.ts
import { STATUS_CODES } from "node:http";
import { constants } from "node:http2";
var WITHOUT_BODY = [204, 205, 304];
async function fetchOver(pool2, url, init) {
  const { method = "GET", signal } = init;
  signal?.throwIfAborted();
  const body = bytesOf(init.body);
  const headers = {
    ...Object.fromEntries(new Headers(init.headers)),
    ":method": method,
    ":scheme": url.protocol.slice(0, -1),
    ":authority": url.host,
    ":path": url.pathname + url.search
  };
  if (body) {
    headers["content-length"] = body.length;
    headers["content-type"] ??= typeof init.body === "string" ? "text/plain;charset=UTF-8" : void 0;
  } else if (method === "POST") {
    headers["content-length"] = 0;
  }
  const attempt = async () => {
    const stream = await pool2.request(headers, !body);
    if (body) {
      stream.end(body);
    }
    return answer(stream, signal ?? void 0);
  };
  try {
    return await attempt();
  } catch (thrown) {
    if (!(thrown instanceof StreamLost) || method !== "POST" || body || signal?.aborted) {
      throw thrown;
    }
    return attempt();
  }
}
var StreamLost = class extends TypeError {
  constructor(cause = new Error("The stream was closed before the answer was whole.")) {
    super("fetch failed", { cause });
  }
};
function answer(stream, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal?.reason);
      stream.close(constants.NGHTTP2_CANCEL);
    };
    if (signal?.aborted) {
      stop();
    }
    signal?.addEventListener("abort", stop);
    stream.once("close", () => {
      signal?.removeEventListener("abort", stop);
      reject(new StreamLost());
    });
    stream.on("error", (cause) => reject(new StreamLost(cause)));
    stream.once("response", (head) => {
      const status = head[":status"] ?? 0;
      const init = { status, statusText: STATUS_CODES[status] ?? "", headers: headersOf(head) };
      if (WITHOUT_BODY.includes(status)) {
        stream.resume();
        resolve(new Response(null, init));
      } else {
        resolve(new Response(bodyOf(stream, signal), init));
      }
    });
  });
}
function bodyOf(stream, signal) {
  return new ReadableStream({
    start(controller) {
      let whole = false;
      stream.on("data", (chunk) => {
        controller.enqueue(chunk);
        stream.pause();
      });
      stream.prependOnceListener("end", () => {
        whole = stream.rstCode === constants.NGHTTP2_NO_ERROR && !stream.destroyed;
        if (whole) {
          controller.close();
        }
      });
      stream.once("close", () => {
        if (!whole) {
          controller.error(signal?.aborted ? signal.reason : new StreamLost());
        }
      });
      stream.pause();
    },
    pull() {
      stream.resume();
    },
    cancel() {
      stream.close(constants.NGHTTP2_CANCEL);
    }
  });
}
function bytesOf(body) {
  if (body === null || body === void 0) {
    return void 0;
  }
  if (typeof body === "string") {
    return Buffer.from(body);
  }
  if (body instanceof ArrayBuffer) {
    return Buffer.from(body);
  }
  if (ArrayBuffer.isView(body)) {
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }
  throw new TypeError("A body is a string, an ArrayBuffer or a view of one.");
}
function headersOf(head) {
  const headers = new Headers();
  for (const [name, value] of Object.entries(head)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (!name.startsWith(":") && one !== void 0) {
        headers.append(name, `${one}`);
      }
    }
  }
  return headers;
}

// src/http2/session.ts
import { connect } from "node:http2";
var STREAM_WINDOW = 256 * 1024;
var SESSION_WINDOW = 4 * 1024 * 1024;
var SESSION_MEMORY = 256;
var Session = class _Session {
  #session;
  #streams = 0;
  #pinging = false;
  constructor(session, pingInterval) {
    this.#session = session;
    const timer = setInterval(() => this.#ping(), pingInterval).unref();
    session.once("close", () => clearInterval(timer));
  }
  /** Connects. Resolves when the server has said what it allows; rejects if that fails or takes too long. */
  static open(origin, options) {
    const { timeout = 2e4, pingInterval = 15e3 } = options;
    return new Promise((resolve, reject) => {
      const session = connect(origin, {
        ...tlsOptions(options),
        maxSessionMemory: SESSION_MEMORY,
        maxReservedRemoteStreams: 0,
        settings: { enablePush: false, initialWindowSize: STREAM_WINDOW }
      });
      const timer = setTimeout(
        () => session.destroy(new Error(`${origin} did not take the HTTP/2 connection within ${timeout} ms.`)),
        timeout
      );
      session.on("error", reject);
      session.once("close", () => {
        clearTimeout(timer);
        reject(new Error(`${origin} has closed the HTTP/2 connection.`));
      });
      session.once("connect", () => session.setLocalWindowSize(SESSION_WINDOW));
      session.once("remoteSettings", () => {
        clearTimeout(timer);
        session.unref();
        resolve(new _Session(session, pingInterval));
      });
    });
  }
  /** Whether streams can still be opened on it. */
  get isOpen() {
    return !this.#session.closed && !this.#session.destroyed;
  }
  /** Whether the server allows one more stream. */
  get hasRoom() {
    return this.isOpen && this.#streams < (this.#session.remoteSettings.maxConcurrentStreams ?? Infinity);
  }
  /** Whether the server takes WebSockets (RFC 8441). */
  get takesWebSockets() {
    return this.#session.remoteSettings.enableConnectProtocol === true;
  }
  /** Opens a stream, if there is room. Throws if a header may not be sent. */
  request(headers, endStream) {
    const stream = this.#session.request(headers, { endStream });
    if (this.#streams++ === 0) {
      this.#session.ref();
    }
    stream.once("close", () => {
      if (--this.#streams === 0 && !this.#session.destroyed) {
        this.#session.unref();
      }
    });
    return stream;
  }
  /** Ends it, and every stream on it. */
  close() {
    this.#session.destroy();
  }
  /** Calls `listener` when it has ended. */
  onClosed(listener) {
    this.#session.once("close", listener);
  }
  /** A peer that is gone without a word is found out by the ping that it does not answer until the next one is due. */
  #ping() {
    if (this.#streams === 0 || !this.isOpen) {
      return;
    }
    if (this.#pinging) {
      this.#session.destroy(new Error("The server does not answer on its HTTP/2 connection."));
      return;
    }
    this.#pinging = true;
    this.#session.ping(() => {
      this.#pinging = false;
    });
  }
};
function tlsOptions(options) {
  const { ca, cert, key, passphrase, rejectUnauthorized, servername } = options;
  const given = Object.entries({ ca, cert, key, passphrase, rejectUnauthorized, servername });
  return Object.fromEntries(given.filter(([, value]) => value !== void 0));
}

// src/http2/pool.ts
var Pool = class {
  #origin;
  #options;
  #sessions = /* @__PURE__ */ new Set();
  #opening;
  constructor(origin, options) {
    this.#origin = origin;
    this.#options = options;
  }
  /** Opens a stream. Rejects if there is no room for one and can be none, or the server does not take such a request. */
  async request(headers, endStream) {
    for (; ; ) {
      for (const session of this.#sessions) {
        if (!session.hasRoom) {
          continue;
        }
        if (headers[":protocol"] && !session.takesWebSockets) {
          throw new Error(`${this.#origin} takes no WebSockets over HTTP/2.`);
        }
        return session.request(headers, endStream);
      }
      await (this.#opening ??= this.#open().finally(() => {
        this.#opening = void 0;
      }));
    }
  }
  /** Ends the sessions, and with them all streams. */
  close() {
    for (const session of this.#sessions) {
      session.close();
    }
  }
  async #open() {
    const { maxSessions = 16 } = this.#options;
    if (this.#sessions.size >= maxSessions) {
      throw new Error(`All streams of ${maxSessions} HTTP/2 connections to ${this.#origin} are in use.`);
    }
    const session = await Session.open(this.#origin, this.#options);
    this.#sessions.add(session);
    session.onClosed(() => this.#sessions.delete(session));
  }
};

// src/http2/web-socket.ts
import { constants as constants2 } from "node:http2";

// src/http2/frame.ts
import { randomFillSync } from "node:crypto";
var Opcode = /* @__PURE__ */ ((Opcode2) => {
  Opcode2[Opcode2["Continuation"] = 0] = "Continuation";
  Opcode2[Opcode2["Text"] = 1] = "Text";
  Opcode2[Opcode2["Binary"] = 2] = "Binary";
  Opcode2[Opcode2["Close"] = 8] = "Close";
  Opcode2[Opcode2["Ping"] = 9] = "Ping";
  Opcode2[Opcode2["Pong"] = 10] = "Pong";
  return Opcode2;
})(Opcode || {});
var CONTROL_LIMIT = 125;
function writeFrame(opcode, payload) {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const start = 2 + extended + 4;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 128 | opcode;
  frame[1] = 128 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) {
    frame.writeUInt16BE(length, 2);
  } else if (extended === 8) {
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  const mask = nextMask();
  frame.set(mask, start - 4);
  for (let index = 0; index < length; index++) {
    frame[start + index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  }
  return frame;
}
function closePayload(code, reason) {
  if (code === void 0) {
    return Buffer.alloc(0);
  }
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}
function isCloseCode(code) {
  return code >= 1e3 && code <= 1014 && ![1004, 1005, 1006].includes(code) || code >= 3e3 && code <= 4999;
}
var pool = Buffer.alloc(4096);
var used = pool.length;
function nextMask() {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 4;
  return pool.subarray(used - 4, used);
}

// src/http2/growing-buffer.ts
var LEAST = 1024;
var GrowingBuffer = class {
  #store = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  get length() {
    return this.#end - this.#start;
  }
  /** All bytes; valid until the next call. */
  get bytes() {
    return this.#store.subarray(this.#start, this.#end);
  }
  append(bytes) {
    if (this.#end + bytes.length > this.#store.length) {
      const needed = this.length + bytes.length;
      const store = Buffer.allocUnsafe(Math.max(LEAST, needed * 2));
      store.set(this.bytes);
      this.#end = this.length;
      this.#start = 0;
      this.#store = store;
    }
    this.#store.set(bytes, this.#end);
    this.#end += bytes.length;
  }
  /** Drops so many bytes from the start, at most all. When none is left, nothing is held. */
  drop(length) {
    this.#start += length;
    if (this.#start >= this.#end) {
      this.#store = Buffer.alloc(0);
      this.#start = 0;
      this.#end = 0;
    }
  }
};

// src/http2/frame-reader.ts
var FrameError = class extends Error {
  /** What to say in the Close frame. */
  closeCode;
  constructor(closeCode, message) {
    super(message);
    this.closeCode = closeCode;
  }
};
var FrameReader = class {
  #sink;
  #limit;
  /** What has come of a frame that is not whole. */
  #rest = new GrowingBuffer();
  #head;
  #message;
  #closed = false;
  /** `limit` is on the bytes of a message. */
  constructor(sink, limit) {
    this.#sink = sink;
    this.#limit = limit;
  }
  /** Throws FrameError if the server is wrong; then nothing more may be pushed. */
  push(bytes) {
    if (this.#rest.length === 0) {
      this.#rest.append(bytes.subarray(this.#read(bytes)));
    } else {
      this.#rest.append(bytes);
      this.#rest.drop(this.#read(this.#rest.bytes));
    }
  }
  /** Reads all frames that are whole. Gives back how many bytes that took. */
  #read(bytes) {
    let offset = 0;
    while (!this.#closed) {
      if (!this.#head) {
        const length = this.#readHead(bytes.subarray(offset, offset + LONGEST_HEAD));
        if (!this.#head) {
          break;
        }
        offset += length;
      }
      const head = this.#head;
      const end = offset + head.length;
      if (end > bytes.length) {
        break;
      }
      this.#head = void 0;
      this.#frame(head, bytes.subarray(offset, end));
      offset = end;
    }
    return this.#closed ? bytes.length : offset;
  }
  /** Reads a head if it is whole. Gives back its length. */
  #readHead(bytes) {
    const [first, second] = bytes;
    if (first === void 0 || second === void 0) {
      return 0;
    }
    if (second & 128) {
      throw new FrameError(1002, "The server has masked a frame.");
    }
    const short = second & 127;
    const extended = short < 126 ? 0 : short === 126 ? 2 : 8;
    if (bytes.length < 2 + extended) {
      return 0;
    }
    const length = extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    const head = { final: (first & 128) !== 0, opcode: first & 15, length };
    this.#check(head, (first & 112) !== 0);
    this.#head = head;
    return 2 + extended;
  }
  #check({ final, opcode, length }, reserved) {
    if (reserved || !(opcode in Opcode)) {
      throw new FrameError(1002, "The server has sent a frame of an unknown kind.");
    }
    if (opcode >= 8 /* Close */) {
      if (!final || length > CONTROL_LIMIT) {
        throw new FrameError(1002, "The server has sent a control frame in parts, or one that is too long.");
      }
      return;
    }
    if (opcode === 0 /* Continuation */ !== (this.#message !== void 0)) {
      throw new FrameError(1002, "The server has sent a part of a message where none was due.");
    }
    if (length + (this.#message?.payload.length ?? 0) > this.#limit) {
      throw new FrameError(1009, `The server has sent a message of more than ${this.#limit} bytes.`);
    }
  }
  #frame({ final, opcode }, payload) {
    switch (opcode) {
      case 8 /* Close */:
        this.#closed = true;
        this.#close(payload);
        break;
      case 9 /* Ping */:
        this.#sink.ping(payload);
        break;
      case 10 /* Pong */:
        break;
      default:
        this.#part(final, opcode, payload);
    }
  }
  #part(final, opcode, payload) {
    if (final && !this.#message) {
      this.#whole(opcode, payload);
      return;
    }
    const message = this.#message ??= { opcode, payload: new GrowingBuffer() };
    message.payload.append(payload);
    if (final) {
      this.#message = void 0;
      this.#whole(message.opcode, message.payload.bytes);
    }
  }
  #whole(opcode, payload) {
    this.#sink.message(opcode === 1 /* Text */ ? decode(payload) : new Uint8Array(payload).buffer);
  }
  #close(payload) {
    if (payload.length === 0) {
      this.#sink.close(1005, "");
      return;
    }
    const code = payload.length > 1 ? payload.readUInt16BE() : 0;
    if (!isCloseCode(code)) {
      throw new FrameError(1002, "The server has closed with a code that it may not use.");
    }
    this.#sink.close(code, decode(payload.subarray(2)));
  }
};
var LONGEST_HEAD = 10;
var decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function decode(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FrameError(1007, "The server has sent text that is not UTF-8.");
  }
}

// src/http2/web-socket.ts
var CLOSE_TIMEOUT = 5e3;
var Http2WebSocket = class _Http2WebSocket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  CONNECTING = 0;
  OPEN = 1;
  CLOSING = 2;
  CLOSED = 3;
  url;
  /** No extensions are asked for. */
  extensions = "";
  /** What a binary message is given as. */
  binaryType = "blob";
  onopen = null;
  onmessage = null;
  onerror = null;
  onclose = null;
  #options;
  #protocols;
  #protocol = "";
  #readyState = _Http2WebSocket.CONNECTING;
  #stream;
  /** How the server has closed it, or why we have. */
  #end = { code: 1006, reason: "", wasClean: false };
  #timer;
  /** Opens it on a stream of the pool's. */
  constructor(pool2, options, url, protocols, init) {
    super();
    this.url = url.href;
    this.#options = options;
    this.#protocols = protocols;
    this.#wait(options.timeout ?? 2e4);
    const headers = {
      ...lowerCased(init.headers ?? {}),
      ...protocols.length > 0 && { "sec-websocket-protocol": protocols.join(", ") },
      "sec-websocket-version": "13",
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":scheme": /^(wss|https):$/.test(url.protocol) ? "https" : "http",
      ":authority": url.host,
      ":path": url.pathname + url.search
    };
    pool2.request(headers, false).then(
      (stream) => this.#requested(stream),
      () => this.#closed()
    );
  }
  get readyState() {
    return this.#readyState;
  }
  /** The subprotocol that the server has chosen. */
  get protocol() {
    return this.#protocol;
  }
  /** Bytes that were sent and are still here. */
  get bufferedAmount() {
    return this.#stream?.writableLength ?? 0;
  }
  /** Sends a message. When too much waits to be sent, the WebSocket fails. */
  send(data) {
    if (this.#readyState === _Http2WebSocket.CONNECTING) {
      throw new DOMException("Still in CONNECTING state.", "InvalidStateError");
    }
    if (this.#readyState !== _Http2WebSocket.OPEN) {
      return;
    }
    if (typeof data === "string") {
      this.#write(1 /* Text */, Buffer.from(data));
    } else if (ArrayBuffer.isView(data)) {
      this.#write(2 /* Binary */, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    } else {
      this.#write(2 /* Binary */, new Uint8Array(data));
    }
  }
  /** Ends it: with a Close frame if it is open, and without one if the server does not answer in 5 seconds. */
  close(code, reason = "") {
    if (code !== void 0 && code !== 1e3 && !(code >= 3e3 && isCloseCode(code))) {
      throw new DOMException("The code must be 1000 or from 3000 to 4999.", "InvalidAccessError");
    }
    if (Buffer.byteLength(reason) > 123) {
      throw new DOMException("The reason must not have more than 123 bytes.", "SyntaxError");
    }
    if (this.#readyState === _Http2WebSocket.CONNECTING) {
      this.#readyState = _Http2WebSocket.CLOSING;
      this.#destroy();
    } else if (this.#readyState === _Http2WebSocket.OPEN) {
      this.#readyState = _Http2WebSocket.CLOSING;
      this.#write(8 /* Close */, closePayload(code ?? (reason ? 1e3 : void 0), reason));
      this.#wait(CLOSE_TIMEOUT);
    }
  }
  #requested(stream) {
    this.#stream = stream;
    stream.on("error", () => void 0);
    stream.once("close", () => this.#closed());
    stream.once("response", (head) => {
      if (this.#readyState === _Http2WebSocket.CONNECTING) {
        this.#answered(stream, head);
      }
    });
    if (this.#readyState !== _Http2WebSocket.CONNECTING) {
      this.#destroy();
    }
  }
  #answered(stream, head) {
    const protocol = `${head["sec-websocket-protocol"] ?? ""}`;
    if (Number(head[":status"]) !== 200 || head["sec-websocket-extensions"] || protocol && !this.#protocols.includes(protocol)) {
      this.#destroy();
      return;
    }
    clearTimeout(this.#timer);
    this.#emit("upgrade", { headers: head });
    this.#protocol = protocol;
    this.#readyState = _Http2WebSocket.OPEN;
    const reader = new FrameReader(
      {
        message: (data) => this.#received(data),
        ping: (payload) => this.#write(10 /* Pong */, payload),
        close: (code, reason) => this.#closedByServer(code, reason)
      },
      this.#options.maxMessageSize ?? MAXIMUM
    );
    let readable = true;
    stream.on("data", (bytes) => {
      try {
        if (readable) {
          reader.push(bytes);
        }
      } catch (thrown) {
        readable = false;
        this.#fail(thrown instanceof FrameError ? thrown.closeCode : 1011);
      }
    });
    stream.once("end", () => stream.end());
    this.#emit("open", {});
  }
  #received(data) {
    if (this.#readyState === _Http2WebSocket.OPEN) {
      const shown = typeof data === "string" || this.binaryType === "arraybuffer" ? data : new Blob([data]);
      this.#emit("message", { data: shown, origin: new URL(this.url).origin });
    }
  }
  #closedByServer(code, reason) {
    this.#end = { code, reason, wasClean: true };
    if (this.#readyState === _Http2WebSocket.OPEN) {
      this.#readyState = _Http2WebSocket.CLOSING;
      this.#write(8 /* Close */, closePayload(code === 1005 ? void 0 : code, ""));
    }
    this.#stream?.end();
    this.#wait(CLOSE_TIMEOUT);
  }
  /** Ends it because something is wrong; a code other than 1006 is told to the server. */
  #fail(code) {
    this.#readyState = _Http2WebSocket.CLOSING;
    this.#end = { code, reason: "", wasClean: false };
    if (code === 1006) {
      this.#destroy();
      return;
    }
    this.#write(8 /* Close */, closePayload(code, ""));
    this.#stream?.end();
    this.#wait(CLOSE_TIMEOUT);
  }
  /** Ends the stream at once; `close` follows. */
  #destroy() {
    this.#stream?.resume();
    this.#stream?.close(constants2.NGHTTP2_CANCEL);
  }
  #closed() {
    if (this.#readyState === _Http2WebSocket.CLOSED) {
      return;
    }
    clearTimeout(this.#timer);
    this.#readyState = _Http2WebSocket.CLOSED;
    if (!this.#end.wasClean) {
      this.#emit("error", {});
    }
    this.#emit("close", this.#end);
  }
  #write(opcode, payload) {
    if (!this.#stream?.writable) {
      return;
    }
    this.#stream.write(writeFrame(opcode, payload));
    if (this.bufferedAmount > (this.#options.maxBufferedAmount ?? MAXIMUM)) {
      this.#fail(1006);
    }
  }
  #wait(limit) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#stream) {
        this.#destroy();
      } else {
        this.#readyState = _Http2WebSocket.CLOSING;
        this.#closed();
      }
    }, limit);
  }
  #emit(type, properties) {
    const event = Object.assign(new Event(type), properties);
    if (type !== "upgrade") {
      this[`on${type}`]?.(event);
    }
    this.dispatchEvent(event);
  }
};
var MAXIMUM = 64 * 1024 * 1024;
function lowerCased(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

// src/http2/client.ts
var Http2Client = class {
  /** For the `fetch` option: takes a string or bytes as body, follows no redirects, keeps no cookies. */
  fetch;
  /** For the `WebSocket` option. */
  WebSocket;
  #pools = /* @__PURE__ */ new Map();
  constructor(options = {}) {
    const pool2 = (url) => {
      const origin = url.origin.replace(/^ws/, "http");
      const known = this.#pools.get(origin) ?? new Pool(origin, options);
      this.#pools.set(origin, known);
      return known;
    };
    this.fetch = async (address, init = {}) => {
      const url = new URL(address);
      return fetchOver(pool2(url), url, init);
    };
    class Bound extends Http2WebSocket {
      constructor(address, protocols = [], init = {}) {
        const url = new URL(address);
        super(pool2(url), options, url, typeof protocols === "string" ? [protocols] : protocols, init);
      }
    }
    this.WebSocket = Bound;
  }
  /** Ends all HTTP/2 connections and what is on them. They are opened again when they are needed again. */
  close() {
    for (const pool2 of this.#pools.values()) {
      pool2.close();
    }
  }
};
export {
  Http2Client
};
