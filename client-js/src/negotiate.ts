/*
 * Negotiation: asks the server, or the server it points to, who we are and which transports it has.
 */

import { AbortError, HubcastError } from "./errors.js";
import { authenticate, type Http } from "./http.js";
import { LogLevel, type ILogger } from "./logger.js";
import { withQuery, withSegment } from "./url.js";

/** Requests. */
const LIMIT = 100;

/** A transport as the server offers it. Both names are the server's, and may be unknown here. */
export interface TransportOffer {
  readonly transport: string;
  readonly transferFormats: readonly string[];
}

/** What a server answers. An answer that is something else makes whoever uses it throw. */
export interface Negotiated {
  readonly error?: string;
  /** Of the SignalR before ASP.NET Core. */
  readonly ProtocolVersion?: string;
  /** Where to negotiate, and with which token; of the last answer, where to connect. */
  readonly url: string;
  readonly accessToken?: string;
  /** Public: other clients may see it. */
  readonly connectionId?: string;
  /** Secret: whoever has it is this connection. Servers before version 1 of negotiation have one id for both. */
  readonly connectionToken?: string;
  readonly availableTransports?: readonly TransportOffer[];
  readonly useStatefulReconnect?: boolean;
  /** How long the user's token still holds, in seconds. */
  readonly tokenLifetimeSeconds?: number;
  readonly hubSchema?: string;
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

/** Follows redirects, up to 100 requests. Rejects with the server's own text if it refuses. */
export async function negotiate(url: string, settings: NegotiateSettings, requests = 1): Promise<Negotiated> {
  const { http, schema, signal, logger } = settings;
  let answer: Negotiated;
  try {
    await authenticate(http);
    const query = `negotiateVersion=1${settings.statefulReconnect ? "&useStatefulReconnect=true" : ""}${schema ? `&hubSchema=${schema}` : ""}`;
    answer = JSON.parse(await http.post(withQuery(withSegment(url, "negotiate"), query), signal)) as Negotiated;
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
    throw Object.assign(new HubcastError("negotiation", message, { cause }), {
      errorType: "FailedToNegotiateWithServerError",
    });
  }
  const { error, url: next, accessToken, hubSchema } = answer;
  if (error || (next && requests === LIMIT)) {
    throw new HubcastError("negotiation", error || "Negotiate redirection limit exceeded.");
  }
  if (schema && hubSchema && hubSchema !== schema) {
    logger.log(
      LogLevel.Warning,
      `The hub's contract (${hubSchema}) is not the one that this client was built with (${schema}). Refresh the generated file.`,
    );
  }
  if (!next) {
    return { ...answer, url };
  }
  if (accessToken) {
    http.tokenFactory = () => accessToken;
  }
  // What only the first server knows, such as the lifetime of the user's token, stays.
  return { ...answer, ...(await negotiate(next, settings, requests + 1)) };
}

/** Where a transport connects. */
export function connectionUrl({ url, connectionId, connectionToken = connectionId }: Negotiated): string {
  return connectionToken ? withQuery(url, `id=${encodeURIComponent(connectionToken)}`) : url;
}
