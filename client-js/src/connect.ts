/*
 * From an address to an open transport: negotiates and takes the first offer that works.
 */

import { HubcastError } from "./errors.js";
import { authenticate, type Http } from "./http.js";
import { LogLevel, type ILogger } from "./logger.js";
import { connectionUrl, negotiate, type Negotiated, type TransportOffer } from "./negotiate.js";
import type { IHttpConnectionOptions } from "./options.js";
import { replayBuffer } from "./replay-buffer.js";
import { send } from "./send.js";
import { customTransport } from "./transport/custom.js";
import { openTraced } from "./transport/traced.js";
import {
  HttpTransportType,
  TransferFormat,
  type Transport,
  type TransportOpener,
  type TransportSink,
} from "./transport/transport.js";

/** What is to be opened. */
export interface ConnectRequest {
  readonly url: string;
  readonly options: IHttpConnectionOptions;
  /** The transports that may be used; in which order the server says. */
  readonly openers: readonly TransportOpener[];
  readonly format: TransferFormat;
  /** Whether to ask the server to keep the connection when its transport breaks. */
  readonly statefulReconnect: boolean;
  /** The hash of the contract that the client was built with, to be compared with the server's. */
  readonly schema: string | undefined;
  readonly sink: TransportSink;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  readonly logger: ILogger;
}

/** An open transport, and what is known of its connection; of that, negotiation tells the most. */
export interface Endpoint extends Partial<Negotiated> {
  readonly transport: Transport;
  /** Whether the transport shows by itself that the server is there, so that no pings are sent either way. */
  readonly inherentKeepAlive?: boolean;
  /** Whether the server keeps the connection when the transport breaks. */
  readonly statefulReconnect?: false | undefined | typeof replayBuffer;
  /** Opens the same connection again, with a new token and the same sink. Only with `statefulReconnect`. */
  reopen?(signal: AbortSignal): Promise<Transport>;
  /** What requests of the connection share. */
  readonly http?: Http;
}

/** How a HubConnection gets to its endpoint. */
export type Connect = (request: Omit<ConnectRequest, "openers">) => Promise<Endpoint>;

/** Rejects if negotiation fails, no offer can be used, or the signal aborts it. */
export async function connect(request: ConnectRequest): Promise<Endpoint> {
  const { url, options, openers, signal, logger } = request;
  const { transport } = options;
  const http: Http = {
    options,
    tokenFactory: options.accessTokenFactory,
    post: async (url, abortSignal) => (await send(http, "POST", url, { abortSignal })).content as string,
  };

  if (options.skipNegotiation) {
    const opener = openers.find(({ type }) => type === transport);
    if (opener?.type !== HttpTransportType.WebSockets) {
      throw new Error("Negotiation can only be skipped when using the WebSocket transport directly.");
    }
    await authenticate(http);
    return open(request, http, opener, { url });
  }

  const settings = { ...request, http };
  let negotiated: Negotiated | undefined = await negotiate(url, settings);
  const { url: target, availableTransports = [], ProtocolVersion } = negotiated;
  if (negotiated.useStatefulReconnect && !request.statefulReconnect) {
    throw new HubcastError("negotiation", "Client didn't negotiate Stateful Reconnect but the server did.");
  }
  if (ProtocolVersion) {
    throw new HubcastError(
      "negotiation",
      "Detected a connection attempt to an ASP.NET SignalR Server. This client only supports connecting to an ASP.NET Core SignalR Server. See https://aka.ms/signalr-core-differences for details.",
    );
  }
  if (transport && typeof transport === "object") {
    return open(request, http, customTransport(transport), negotiated);
  }
  const failures: Error[] = [];
  let texts = "";
  for (const offer of availableTransports) {
    const opener = openerFor(offer, request, transport);
    if (typeof opener === "string") {
      failures.push(new HubcastError("transport", opener));
      texts += ` ${offer.transport} failed: Error: ${opener}`;
      continue;
    }
    // What the server had prepared was for the transport that failed.
    negotiated ??= await negotiate(target, settings);
    try {
      return await open(request, http, opener, negotiated);
    } catch (thrown) {
      if (signal.aborted) {
        throw thrown;
      }
      negotiated = undefined;
      logger.log(LogLevel.Error, `Failed to start the transport '${offer.transport}': ${thrown}`);
      const failure = `${offer.transport} failed: ${thrown}`;
      failures.push(new HubcastError("transport", failure, { cause: thrown }));
      texts += ` Error: ${failure}`;
    }
  }
  throw texts
    ? Object.assign(
        new HubcastError(
          "transport",
          `Unable to connect to the server with any of the available transports.${texts}`,
        ),
        { innerErrors: failures },
      )
    : new HubcastError(
        "transport",
        "None of the transports supported by the client are supported by the server.",
      );
}

/** The opener for an offer, or why the client cannot use the offer or may not. */
function openerFor(
  { transport, transferFormats }: TransportOffer,
  { openers, options, format }: ConnectRequest,
  allowed: HttpTransportType | undefined,
): TransportOpener | string {
  const opener = openers.find(({ name }) => name === transport);
  if (!opener) {
    return `Skipping transport '${transport}' because it is not supported by this client.`;
  }
  if (allowed && !(allowed & opener.type)) {
    return `'${transport}' is disabled by the client.`;
  }
  const formatName = format === TransferFormat.Text ? "Text" : "Binary";
  if (!transferFormats.includes(formatName)) {
    return `'${transport}' does not support ${formatName}.`;
  }
  if (opener.isSupported?.(options) === false) {
    return `'${transport}' is not supported in your environment.`;
  }
  return opener;
}

async function open(
  request: ConnectRequest,
  http: Http,
  opener: TransportOpener,
  negotiated: Negotiated,
): Promise<Endpoint> {
  const { sink, signal } = request;
  const { type } = opener;
  const target = { ...request, http, url: connectionUrl(negotiated) };
  signal.throwIfAborted();
  return {
    ...negotiated,
    http,
    transport: await openTraced(opener, target, sink, signal),
    inherentKeepAlive: type === HttpTransportType.LongPolling,
    statefulReconnect: negotiated.useStatefulReconnect && type === HttpTransportType.WebSockets && replayBuffer,
    async reopen(signal) {
      await authenticate(http);
      return openTraced(opener, target, sink, signal);
    },
  };
}
