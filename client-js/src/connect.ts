/*
 * From an address to an open transport: negotiates and takes the first offer that works.
 */

import { AggregateErrors } from "./errors.js";
import { LogLevel, type ILogger } from "./logger.js";
import { negotiate, type TransportOffer } from "./negotiate.js";
import type { IHttpConnectionOptions } from "./options.js";
import { HttpTransportType, type TransferFormat, type Transport, type TransportSink } from "./transport/transport.js";
import { openWebSocket } from "./transport/web-socket.js";
import { withQuery } from "./url.js";

/** An open transport, and the connection's public id if the server has told one. */
export interface Endpoint {
  readonly transport: Transport;
  readonly connectionId: string | null;
}

/** Rejects if negotiation fails, no offer can be used, or `signal` aborts it. */
export async function connect(
  url: string,
  options: IHttpConnectionOptions,
  format: TransferFormat,
  sink: TransportSink,
  signal: AbortSignal,
  logger: ILogger,
): Promise<Endpoint> {
  const { headers = {}, transport: allowed, withCredentials = true, timeout = 100_000 } = options;
  const open = async (target: string, token: string | undefined): Promise<Transport> => {
    signal.throwIfAborted();
    const transport = await openWebSocket({ url: target, headers, token, WebSocket: options.WebSocket }, sink, signal);
    logger.log(LogLevel.Information, `WebSocket connected to ${target.replace(/[?#].*/, "")}.`);
    return transport;
  };
  const tokenFactory = (): string | undefined | Promise<string> => options.accessTokenFactory?.();

  if (options.skipNegotiation) {
    if (allowed !== HttpTransportType.WebSockets) {
      throw new Error("Negotiation can only be skipped when using the WebSocket transport directly.");
    }
    return { transport: await open(url, await tokenFactory()), connectionId: null };
  }

  const negotiated = await negotiate(url, tokenFactory, { headers, withCredentials, timeout, signal }, logger);
  const { connectionId, connectionToken, offers } = negotiated;
  const target = connectionToken ? withQuery(negotiated.url, "id", connectionToken) : negotiated.url;
  const failures: Error[] = [];
  for (const offer of offers) {
    try {
      assertUsable(offer, allowed, format);
      return { transport: await open(target, negotiated.token), connectionId };
    } catch (thrown) {
      if (signal.aborted) {
        throw thrown;
      }
      logger.log(LogLevel.Error, `Failed to start the transport '${offer.transport}': ${thrown}`);
      failures.push(new Error(`${offer.transport} failed: ${thrown}`, { cause: thrown }));
    }
  }
  if (failures.length > 0) {
    throw new AggregateErrors(
      `Unable to connect to the server with any of the available transports. ${failures.join(" ")}`,
      failures,
    );
  }
  throw new Error("None of the transports supported by the client are supported by the server.");
}

/** Throws if the client cannot use the offer or may not. */
function assertUsable(
  { transport, transferFormats }: TransportOffer,
  allowed: HttpTransportType | undefined,
  format: TransferFormat,
): void {
  if (transport !== "WebSockets") {
    throw new Error(`Skipping transport '${transport}' because it is not supported by this client.`);
  }
  if (allowed && !(allowed & HttpTransportType.WebSockets)) {
    throw new Error(`'${transport}' is disabled by the client.`);
  }
  if (!transferFormats.includes(format)) {
    throw new Error(`'${transport}' does not support ${format}.`);
  }
}
