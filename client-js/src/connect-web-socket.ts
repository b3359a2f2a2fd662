/*
 * From an address to an open WebSocket, for clients that have no other transport: a smaller connect.ts.
 *
 * Not here: the `httpClient` option, the choice among transports, and new credentials for a connection that goes on.
 */

import type { ConnectRequest, Endpoint } from "./connect.js";
import { HttpError, HubcastError } from "./errors.js";
import { withToken } from "./headers.js";
import { authenticate, type Http } from "./http.js";
import { connectionUrl, negotiate, type Negotiated } from "./negotiate.js";
import { replayBuffer } from "./replay-buffer.js";
import { openWebSocket } from "./transport/web-socket.js";
import { TransferFormat } from "./transport/transport.js";

/** Rejects if negotiation fails, the server does not offer a WebSocket, or the signal aborts it. */
export async function connectWebSocket(request: Omit<ConnectRequest, "openers">): Promise<Endpoint> {
  const { url, options, format, sink, signal } = request;
  const { timeout = 100_000, withCredentials = true } = options;
  const http: Http = {
    options,
    tokenFactory: options.accessTokenFactory,
    async post(url, signal) {
      const response = await (options.fetch ?? fetch)(url, {
        method: "POST",
        headers: { "X-Requested-With": "XMLHttpRequest", ...withToken(options.headers, http.token) },
        credentials: withCredentials ? "include" : "same-origin",
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      });
      const body = await response.text();
      if (!response.ok) {
        throw new HttpError(body || response.statusText, response.status);
      }
      return body;
    },
  };
  let negotiated: Negotiated = { url };
  if (options.skipNegotiation) {
    await authenticate(http);
  } else {
    negotiated = await negotiate(url, { ...request, http });
    const usable = negotiated.availableTransports?.some(
      ({ transport, transferFormats }) =>
        transport === "WebSockets" && transferFormats.includes(format === TransferFormat.Text ? "Text" : "Binary"),
    );
    if (!usable) {
      throw new HubcastError(
        "transport",
        "None of the transports supported by the client are supported by the server.",
      );
    }
  }
  const target = { ...request, http, url: connectionUrl(negotiated) };
  return {
    ...negotiated,
    transport: await openWebSocket(target, sink, signal),
    statefulReconnect: negotiated.useStatefulReconnect && replayBuffer,
    async reopen(signal) {
      await authenticate(http);
      return openWebSocket(target, sink, signal);
    },
  };
}
