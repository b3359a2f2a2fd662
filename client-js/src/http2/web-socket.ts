/*
 * A WebSocket on one stream of an HTTP/2 connection (RFC 8441), with the interface that browsers give it, and an event
 * before `open`, by which the cookies of the answer can be kept: `upgrade` has its `headers`.
 *
 * Rule: `close` is the last event, and there is one for each WebSocket that was made.
 */

import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { constants } from "node:http2";
import { closePayload, isCloseCode, Opcode, writeFrame } from "./frame.js";
import { FrameError, FrameReader } from "./frame-reader.js";
import type { Http2ClientOptions, WebSocketInit } from "./options.js";
import type { Pool } from "./pool.js";

/** How long the server may take to answer a Close frame, in milliseconds. */
const CLOSE_TIMEOUT = 5_000;

type Handler = ((event: never) => unknown) | null;

export class Http2WebSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;

  readonly url: string;
  /** No extensions are asked for. */
  readonly extensions = "";
  /** What a binary message is given as. */
  binaryType: "arraybuffer" | "blob" = "blob";
  onopen: Handler = null;
  onmessage: Handler = null;
  onerror: Handler = null;
  onclose: Handler = null;

  readonly #options: Http2ClientOptions;
  readonly #protocols: readonly string[];
  #protocol = "";
  #readyState = Http2WebSocket.CONNECTING;
  #stream: ClientHttp2Stream | undefined;
  /** How the server has closed it, or why we have. */
  #end = { code: 1006, reason: "", wasClean: false };
  #timer: NodeJS.Timeout | undefined;

  /** Opens it on a stream of the pool's. */
  constructor(pool: Pool, options: Http2ClientOptions, url: URL, protocols: readonly string[], init: WebSocketInit) {
    super();
    this.url = url.href;
    this.#options = options;
    this.#protocols = protocols;
    this.#wait(options.timeout ?? 20_000);
    const headers = {
      ...lowerCased(init.headers ?? {}),
      ...(protocols.length > 0 && { "sec-websocket-protocol": protocols.join(", ") }),
      "sec-websocket-version": "13",
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":scheme": /^(wss|https):$/.test(url.protocol) ? "https" : "http",
      ":authority": url.host,
      ":path": url.pathname + url.search,
    };
    pool.request(headers, false).then(
      (stream) => this.#requested(stream),
      () => this.#closed(),
    );
  }

  get readyState(): number {
    return this.#readyState;
  }

  /** The subprotocol that the server has chosen. */
  get protocol(): string {
    return this.#protocol;
  }

  /** Bytes that were sent and are still here. */
  get bufferedAmount(): number {
    return this.#stream?.writableLength ?? 0;
  }

  /** Sends a message. When too much waits to be sent, the WebSocket fails. */
  send(data: string | ArrayBuffer | ArrayBufferView): void {
    if (this.#readyState === Http2WebSocket.CONNECTING) {
      throw new DOMException("Still in CONNECTING state.", "InvalidStateError");
    }
    if (this.#readyState !== Http2WebSocket.OPEN) {
      return;
    }
    if (typeof data === "string") {
      this.#write(Opcode.Text, Buffer.from(data));
    } else if (ArrayBuffer.isView(data)) {
      this.#write(Opcode.Binary, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    } else {
      this.#write(Opcode.Binary, new Uint8Array(data));
    }
  }

  /** Ends it: with a Close frame if it is open, and without one if the server does not answer in 5 seconds. */
  close(code?: number, reason = ""): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && isCloseCode(code))) {
      throw new DOMException("The code must be 1000 or from 3000 to 4999.", "InvalidAccessError");
    }
    if (Buffer.byteLength(reason) > 123) {
      throw new DOMException("The reason must not have more than 123 bytes.", "SyntaxError");
    }
    if (this.#readyState === Http2WebSocket.CONNECTING) {
      this.#readyState = Http2WebSocket.CLOSING;
      this.#destroy();
    } else if (this.#readyState === Http2WebSocket.OPEN) {
      this.#readyState = Http2WebSocket.CLOSING;
      this.#write(Opcode.Close, closePayload(code ?? (reason ? 1000 : undefined), reason));
      this.#wait(CLOSE_TIMEOUT);
    }
  }

  #requested(stream: ClientHttp2Stream): void {
    this.#stream = stream;
    // What is to be known of an error, `close` says.
    stream.on("error", () => undefined);
    stream.once("close", () => this.#closed());
    stream.once("response", (head) => {
      if (this.#readyState === Http2WebSocket.CONNECTING) {
        this.#answered(stream, head);
      }
    });
    if (this.#readyState !== Http2WebSocket.CONNECTING) {
      this.#destroy();
    }
  }

  #answered(stream: ClientHttp2Stream, head: IncomingHttpHeaders): void {
    const protocol = `${head["sec-websocket-protocol"] ?? ""}`;
    if (
      Number(head[":status"]) !== 200 ||
      head["sec-websocket-extensions"] ||
      (protocol && !this.#protocols.includes(protocol))
    ) {
      this.#destroy();
      return;
    }
    clearTimeout(this.#timer);
    this.#emit("upgrade", { headers: head });
    this.#protocol = protocol;
    this.#readyState = Http2WebSocket.OPEN;
    const reader = new FrameReader(
      {
        message: (data) => this.#received(data),
        ping: (payload) => this.#write(Opcode.Pong, payload),
        close: (code, reason) => this.#closedByServer(code, reason),
      },
      this.#options.maxMessageSize ?? MAXIMUM,
    );
    let readable = true;
    stream.on("data", (bytes: Buffer) => {
      try {
        if (readable) {
          reader.push(bytes);
        }
      } catch (thrown) {
        readable = false;
        this.#fail(thrown instanceof FrameError ? thrown.closeCode : 1011);
      }
    });
    // Without a Close frame before it, the end of the stream is no good one.
    stream.once("end", () => stream.end());
    this.#emit("open", {});
  }

  #received(data: string | ArrayBuffer): void {
    if (this.#readyState === Http2WebSocket.OPEN) {
      const shown = typeof data === "string" || this.binaryType === "arraybuffer" ? data : new Blob([data]);
      this.#emit("message", { data: shown, origin: new URL(this.url).origin });
    }
  }

  #closedByServer(code: number, reason: string): void {
    this.#end = { code, reason, wasClean: true };
    if (this.#readyState === Http2WebSocket.OPEN) {
      this.#readyState = Http2WebSocket.CLOSING;
      this.#write(Opcode.Close, closePayload(code === 1005 ? undefined : code, ""));
    }
    this.#stream?.end();
    this.#wait(CLOSE_TIMEOUT);
  }

  /** Ends it because something is wrong; a code other than 1006 is told to the server. */
  #fail(code: number): void {
    this.#readyState = Http2WebSocket.CLOSING;
    this.#end = { code, reason: "", wasClean: false };
    if (code === 1006) {
      this.#destroy();
      return;
    }
    this.#write(Opcode.Close, closePayload(code, ""));
    this.#stream?.end();
    this.#wait(CLOSE_TIMEOUT);
  }

  /** Ends the stream at once; `close` follows. */
  #destroy(): void {
    // A stream is not closed as long as something of it is left to be read.
    this.#stream?.resume();
    this.#stream?.close(constants.NGHTTP2_CANCEL);
  }

  #closed(): void {
    if (this.#readyState === Http2WebSocket.CLOSED) {
      return;
    }
    clearTimeout(this.#timer);
    this.#readyState = Http2WebSocket.CLOSED;
    if (!this.#end.wasClean) {
      this.#emit("error", {});
    }
    this.#emit("close", this.#end);
  }

  #write(opcode: Opcode, payload: Uint8Array): void {
    if (!this.#stream?.writable) {
      return;
    }
    this.#stream.write(writeFrame(opcode, payload));
    // Answers to pings count too.
    if (this.bufferedAmount > (this.#options.maxBufferedAmount ?? MAXIMUM)) {
      this.#fail(1006);
    }
  }

  #wait(limit: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#stream) {
        this.#destroy();
      } else {
        this.#readyState = Http2WebSocket.CLOSING;
        this.#closed();
      }
    }, limit);
  }

  #emit(type: "upgrade" | "open" | "message" | "error" | "close", properties: object): void {
    const event = Object.assign(new Event(type), properties);
    if (type !== "upgrade") {
      this[`on${type}`]?.(event as never);
    }
    this.dispatchEvent(event);
  }
}

/** Bytes. */
const MAXIMUM = 64 * 1024 * 1024;

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
