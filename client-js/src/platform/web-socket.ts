/*
 * How a WebSocket is made here: browsers and workers cannot send headers with it, Node, Deno and Bun can.
 */

import { withToken } from "../headers.js";
import type { Http } from "../http.js";
import { withQuery } from "../url.js";
import { addCookies, cookiesFor, keepCookies } from "./cookies.js";
import { isNode } from "./node.js";

/** True in the build for browsers and workers. */
declare const BROWSER: boolean;

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

/** The headers as Node has them. */
interface UpgradeEvent {
  readonly headers?: { readonly "set-cookie"?: readonly string[] };
}

/** One that may tell what it was answered. */
interface UpgradeTarget {
  addEventListener(type: "upgrade", listener: (event: UpgradeEvent) => void): void;
}

/** The global `WebSocket` and that of the `ws` package are both such a class. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;

/**
 * Starts to open a WebSocket. The bearer token becomes a header where there are headers, else `access_token` in the
 * query. Throws if there is no WebSocket class.
 */
export function createWebSocket(url: string, { options, token }: Pick<Http, "options" | "token">): WebSocketLike {
  const Socket = (options.WebSocket ?? globalThis.WebSocket) as WebSocketConstructor;
  if (!BROWSER && isNode()) {
    const address = url.replace(/^ws/i, "http");
    const init = { headers: addCookies(withToken(options.headers, token), cookiesFor(options, address)) };
    // The global class takes the headers as its second argument, that of `ws` as its third.
    const args: readonly unknown[] = Socket === globalThis.WebSocket ? [init] : [undefined, init];
    const socket = Reflect.construct(Socket, [url, ...args]) as WebSocketLike & UpgradeTarget;
    // That of `hubcast/http2` tells the headers of the answer, and that of `ws` up to version 7; others have no such event.
    socket.addEventListener("upgrade", ({ headers }) => keepCookies(options, address, headers?.["set-cookie"] ?? []));
    return socket;
  }
  return new Socket(token ? withQuery(url, `access_token=${encodeURIComponent(token)}`) : url);
}
