/*
 * What users of HTTP/2 make: the source of `fetch` and `WebSocket` for any number of hub connections.
 */

import { fetchOver } from "./fetch.js";
import type { Http2ClientOptions, WebSocketInit } from "./options.js";
import { Pool } from "./pool.js";
import { Http2WebSocket } from "./web-socket.js";

/** A WebSocket class whose sockets share HTTP/2 connections. */
export type Http2WebSocketConstructor = new (
  url: string | URL,
  protocols?: string | readonly string[],
  init?: WebSocketInit,
) => WebSocket;

/**
 * Puts requests and WebSockets on as few HTTP/2 connections as the servers allow, usually one to each. They are opened
 * when they are needed, and anew after they were lost; an unused one does not keep the process alive.
 *
 *     const http2 = new Http2Client();
 *     new HubConnectionBuilder().withUrl(url, { fetch: http2.fetch, WebSocket: http2.WebSocket })
 *
 * `https` needs a server that agrees to HTTP/2 in the TLS handshake, `http` one that takes it with prior knowledge.
 */
export class Http2Client {
  /** For the `fetch` option: takes a string or bytes as body, follows no redirects, keeps no cookies. */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** For the `WebSocket` option. */
  readonly WebSocket: Http2WebSocketConstructor;

  readonly #pools = new Map<string, Pool>();

  constructor(options: Http2ClientOptions = {}) {
    const pool = (url: URL): Pool => {
      const origin = url.origin.replace(/^ws/, "http");
      const known = this.#pools.get(origin) ?? new Pool(origin, options);
      this.#pools.set(origin, known);
      return known;
    };
    this.fetch = async (address, init = {}) => {
      const url = new URL(address);
      return fetchOver(pool(url), url, init);
    };
    class Bound extends Http2WebSocket {
      constructor(address: string | URL, protocols: string | readonly string[] = [], init: WebSocketInit = {}) {
        const url = new URL(address);
        super(pool(url), options, url, typeof protocols === "string" ? [protocols] : protocols, init);
      }
    }
    // It has all that the interface of browsers has.
    this.WebSocket = Bound as unknown as Http2WebSocketConstructor;
  }

  /** Ends all HTTP/2 connections and what is on them. They are opened again when they are needed again. */
  close(): void {
    for (const pool of this.#pools.values()) {
      pool.close();
    }
  }
}
