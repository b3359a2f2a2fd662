/*
 * From an address to an open WebSocket, without a request before it.
 *
 * Not here: what only negotiation gives: the connection's public id, another address, stateful reconnect.
 */

import type { ConnectRequest, Endpoint } from "./connect.js";
import { openWebSocket } from "./transport/web-socket.js";

/** Rejects if no token is to be had, the WebSocket cannot be opened, or the signal aborts it. */
export async function connectDirectly(request: Omit<ConnectRequest, "openers">): Promise<Endpoint> {
  const { url, options, sink, signal } = request;
  const token = await options.accessTokenFactory?.();
  return { transport: await openWebSocket({ url, http: { options, token } }, sink, signal) };
}
