/*
 * How a WebSocket is made here: browsers and workers cannot send headers with it, Node, Deno and Bun can.
 *
 * The only file that asks where it runs.
 */

import { withToken } from "../headers.js";
import type { Http } from "../http.js";
import { withQuery } from "../url.js";

/** Defined and true in the build for browsers and workers. */
declare const BROWSER: boolean | undefined;

/** The part of a WebSocket that is used. */
export interface WebSocketLike {
  binaryType: string;
  send(data: string | ArrayBuffer | Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => unknown): void;
  addEventListener(type: "close", listener: (event: WebSocketEnd) => void): void;
}

/** How a WebSocket ended. */
export interface WebSocketEnd {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** The global `WebSocket` and that of the `ws` package are both such a class. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;

/**
 * Starts to open a WebSocket. The bearer token becomes a header where there are headers, else `access_token` in the
 * query. Throws if there is no WebSocket class.
 */
export function createWebSocket(url: string, { options, token }: Pick<Http, "options" | "token">): WebSocketLike {
  const Socket = (options.WebSocket ?? globalThis.WebSocket) as WebSocketConstructor;
  if ((typeof BROWSER !== "undefined" && BROWSER) || !hasHeaders()) {
    return new Socket(token ? withQuery(url, `access_token=${encodeURIComponent(token)}`) : url);
  }
  const cookies = options.httpClient?.getCookieString(url.replace(/^ws/i, "http"));
  const init = { headers: { ...(cookies && { Cookie: cookies }), ...withToken(options.headers, token) } };
  // The global class takes the headers as its second argument, that of `ws` as its third.
  const args: readonly unknown[] = Socket === globalThis.WebSocket ? [init] : [undefined, init];
  return Reflect.construct(Socket, [url, ...args]) as WebSocketLike;
}

function hasHeaders(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined;
}
