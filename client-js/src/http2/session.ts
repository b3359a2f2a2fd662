/*
 * One HTTP/2 connection to a server (Node calls it a session), and the streams on it.
 *
 * Rule: a stream is counted from before it is asked for until it has closed, so that the server's limit holds.
 */

import { connect, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from "node:http2";
import type { Http2ClientOptions } from "./options.js";

/** Bytes that a server may send on one stream, and on all of them, before they are read. */
const STREAM_WINDOW = 256 * 1024;
const SESSION_WINDOW = 4 * 1024 * 1024;

/** Megabytes that Node may use for all streams of a session. Its own default is too small for a thousand streams. */
const SESSION_MEMORY = 256;

export class Session {
  readonly #session: ClientHttp2Session;
  #streams = 0;
  #pinging = false;

  private constructor(session: ClientHttp2Session, pingInterval: number) {
    this.#session = session;
    const timer = setInterval(() => this.#ping(), pingInterval).unref();
    session.once("close", () => clearInterval(timer));
  }

  /** Connects. Resolves when the server has said what it allows; rejects if that fails or takes too long. */
  static open(origin: string, options: Http2ClientOptions): Promise<Session> {
    const { timeout = 20_000, pingInterval = 15_000 } = options;
    return new Promise((resolve, reject) => {
      const session = connect(origin, {
        ...tlsOptions(options),
        maxSessionMemory: SESSION_MEMORY,
        maxReservedRemoteStreams: 0,
        settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
      });
      const timer = setTimeout(
        () => session.destroy(new Error(`${origin} did not take the HTTP/2 connection within ${timeout} ms.`)),
        timeout,
      );
      // Later on, whoever has a stream hears of it there.
      session.on("error", reject);
      session.once("close", () => {
        clearTimeout(timer);
        reject(new Error(`${origin} has closed the HTTP/2 connection.`));
      });
      session.once("connect", () => session.setLocalWindowSize(SESSION_WINDOW));
      session.once("remoteSettings", () => {
        clearTimeout(timer);
        session.unref();
        resolve(new Session(session, pingInterval));
      });
    });
  }

  /** Whether streams can still be opened on it. */
  get isOpen(): boolean {
    return !this.#session.closed && !this.#session.destroyed;
  }

  /** Whether the server allows one more stream. */
  get hasRoom(): boolean {
    return this.isOpen && this.#streams < (this.#session.remoteSettings.maxConcurrentStreams ?? Infinity);
  }

  /** Whether the server takes WebSockets (RFC 8441). */
  get takesWebSockets(): boolean {
    return this.#session.remoteSettings.enableConnectProtocol === true;
  }

  /** Opens a stream, if there is room. Throws if a header may not be sent. */
  request(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream {
    const stream = this.#session.request(headers, { endStream });
    if (this.#streams++ === 0) {
      // A process with an open stream goes on.
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
  close(): void {
    this.#session.destroy();
  }

  /** Calls `listener` when it has ended. */
  onClosed(listener: () => void): void {
    this.#session.once("close", listener);
  }

  /** A peer that is gone without a word is found out by the ping that it does not answer until the next one is due. */
  #ping(): void {
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
}

/** Node takes an option that is undefined for one that was given. */
function tlsOptions(options: Http2ClientOptions): object {
  const { ca, cert, key, passphrase, rejectUnauthorized, servername } = options;
  const given = Object.entries({ ca, cert, key, passphrase, rejectUnauthorized, servername });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
