/*
 * Negotiation: asks the server, or the server it points to, who we are and which transports it has.
 */

import { AbortError, FailedToNegotiateWithServerError, HubcastError } from "./errors.js";
import { authenticate, send, type Http } from "./http.js";
import { LogLevel, type ILogger } from "./logger.js";
import { withQuery, withSegment } from "./url.js";

const REDIRECT_LIMIT = 100;

/** A transport as the server offers it. Both names are the server's, and may be unknown here. */
export interface TransportOffer {
  readonly transport: string;
  readonly transferFormats: readonly string[];
}

/** What a server answers. An answer that is something else makes whoever uses it throw. */
interface Answer {
  readonly error?: string;
  /** Of the SignalR before ASP.NET Core. */
  readonly ProtocolVersion?: string;
  /** Where to negotiate, and with which token. */
  readonly url?: string;
  readonly accessToken?: string;
  readonly connectionId?: string;
  readonly connectionToken?: string;
  readonly availableTransports?: readonly TransportOffer[];
  readonly useStatefulReconnect?: boolean;
  readonly tokenLifetimeSeconds?: number;
  readonly hubSchema?: string;
}

/** What the server that takes the connection has said. */
export interface Negotiated {
  readonly url: string;
  /** Public: other clients may see it. */
  readonly connectionId?: string | undefined;
  /** Secret: whoever has it is this connection. */
  readonly connectionToken?: string | undefined;
  readonly availableTransports?: readonly TransportOffer[];
  readonly useStatefulReconnect?: boolean;
  /** How long the user's token still holds, in seconds. */
  readonly tokenLifetimeSeconds?: number | undefined;
}

/** With what is negotiated. */
export interface NegotiateSettings {
  readonly http: Http;
  /** Whether the server may keep the connection when its transport breaks. */
  readonly statefulReconnect: boolean;
  /** The hash of the contract that the client was built with. */
  readonly schema: string | undefined;
  readonly signal: AbortSignal;
  readonly logger: ILogger;
}

/** Follows up to 100 redirects. Rejects with the server's own text if it refuses. */
export async function negotiate(url: string, settings: NegotiateSettings): Promise<Negotiated> {
  const { http, schema, logger } = settings;
  let tokenLifetimeSeconds: number | undefined;
  for (let requests = 0; requests < REDIRECT_LIMIT; requests++) {
    const answer = await ask(url, settings);
    if (answer.error) {
      throw new HubcastError("negotiation", answer.error);
    }
    if (answer.ProtocolVersion) {
      throw new HubcastError(
        "negotiation",
        "Detected a connection attempt to an ASP.NET SignalR Server. This client only supports connecting to an ASP.NET Core SignalR Server. See https://aka.ms/signalr-core-differences for details.",
      );
    }
    tokenLifetimeSeconds = answer.tokenLifetimeSeconds ?? tokenLifetimeSeconds;
    if (!answer.url) {
      const { connectionId, connectionToken = connectionId, hubSchema } = answer;
      if (schema && hubSchema && hubSchema !== schema) {
        logger.log(
          LogLevel.Warning,
          `The hub's contract (${hubSchema}) is not the one that this client was built with (${schema}). Refresh the generated file.`,
        );
      }
      // Servers before version 1 of negotiation have one id for both.
      return { ...answer, url, connectionToken, tokenLifetimeSeconds };
    }
    url = answer.url;
    if (answer.accessToken) {
      http.token = answer.accessToken;
      http.redirected = true;
    }
  }
  throw new HubcastError("negotiation", "Negotiate redirection limit exceeded.");
}

async function ask(url: string, settings: NegotiateSettings): Promise<Answer> {
  const { http, statefulReconnect, schema, signal, logger } = settings;
  try {
    await authenticate(http);
    let address = withQuery(withSegment(url, "negotiate"), "negotiateVersion", "1");
    if (statefulReconnect) {
      address = withQuery(address, "useStatefulReconnect", "true");
    }
    if (schema) {
      address = withQuery(address, "hubSchema", schema);
    }
    const { content } = await send(http, "POST", address, { abortSignal: signal });
    const answer = JSON.parse(content as string) as Answer;
    if (answer.useStatefulReconnect && !statefulReconnect) {
      throw new Error("Client didn't negotiate Stateful Reconnect but the server did.");
    }
    return answer;
  } catch (cause) {
    if (signal.aborted) {
      throw new AbortError("The connection was stopped during negotiation.");
    }
    const hint =
      (cause as { statusCode?: number }).statusCode === 404
        ? " Either this is not a SignalR endpoint or there is a proxy blocking the connection."
        : "";
    const message = `Failed to complete negotiation with the server: ${cause}${hint}`;
    logger.log(LogLevel.Error, message);
    throw new FailedToNegotiateWithServerError(message, { cause });
  }
}
