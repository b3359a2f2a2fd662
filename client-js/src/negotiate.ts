/*
 * Negotiation: asks the server, or the server it points to, who we are and which transports it has.
 *
 * Rule: a redirect's access token replaces the user's own from there on.
 */

import { AbortError, FailedToNegotiateWithServerError, HttpError } from "./errors.js";
import { withToken } from "./headers.js";
import { isObject, isString, type JsonObject } from "./json-value.js";
import { LogLevel, type ILogger } from "./logger.js";
import { post, type PostOptions } from "./post.js";
import { withQuery, withSegment } from "./url.js";

const REDIRECT_LIMIT = 100;

/** A transport as the server offers it. Both names are the server's, and may be unknown here. */
export interface TransportOffer {
  readonly transport: string;
  readonly transferFormats: readonly string[];
}

/** What the server that takes the connection has said. */
export interface Negotiated {
  readonly url: string;
  readonly token: string | undefined;
  /** Public: other clients may see it. */
  readonly connectionId: string | null;
  /** Secret: whoever has it is this connection. */
  readonly connectionToken: string | undefined;
  readonly offers: readonly TransportOffer[];
}

type TokenFactory = () => string | undefined | Promise<string | undefined>;

/** Follows up to 100 redirects. Rejects with the server's own text if it refuses. */
export async function negotiate(
  url: string,
  tokenFactory: TokenFactory,
  options: PostOptions,
  logger: ILogger,
): Promise<Negotiated> {
  let redirectToken: string | undefined;
  for (let requests = 0; requests < REDIRECT_LIMIT; requests++) {
    const { token, answer } = await ask(url, redirectToken, tokenFactory, options, logger);
    const error = text(answer, "error");
    if (error) {
      throw new Error(error);
    }
    if (answer["ProtocolVersion"]) {
      throw new Error(
        "Detected a connection attempt to an ASP.NET SignalR Server. This client only supports connecting to an ASP.NET Core SignalR Server. See https://aka.ms/signalr-core-differences for details.",
      );
    }
    const redirect = text(answer, "url");
    if (!redirect) {
      return accepted(url, token, answer);
    }
    url = redirect;
    redirectToken = text(answer, "accessToken") ?? redirectToken;
  }
  throw new Error("Negotiate redirection limit exceeded.");
}

async function ask(
  url: string,
  redirectToken: string | undefined,
  tokenFactory: TokenFactory,
  options: PostOptions,
  logger: ILogger,
): Promise<{ token: string | undefined; answer: JsonObject }> {
  try {
    const token = redirectToken ?? (await tokenFactory());
    const headers = withToken(options.headers, token);
    const address = withQuery(withSegment(url, "negotiate"), "negotiateVersion", "1");
    const answer: unknown = JSON.parse(await post(address, { ...options, headers }));
    if (!isObject(answer)) {
      throw new Error("Expected a negotiate response from the server.");
    }
    return { token, answer };
  } catch (cause) {
    if (options.signal.aborted) {
      throw new AbortError("The connection was stopped during negotiation.");
    }
    const hint =
      cause instanceof HttpError && cause.statusCode === 404
        ? " Either this is not a SignalR endpoint or there is a proxy blocking the connection."
        : "";
    const message = `Failed to complete negotiation with the server: ${cause}${hint}`;
    logger.log(LogLevel.Error, message);
    throw new FailedToNegotiateWithServerError(message, { cause });
  }
}

function accepted(url: string, token: string | undefined, answer: JsonObject): Negotiated {
  const connectionId = text(answer, "connectionId");
  const offers = answer["availableTransports"];
  return {
    url,
    token,
    connectionId: connectionId ?? null,
    // Servers before version 1 of negotiation have one id for both.
    connectionToken: text(answer, "connectionToken") ?? connectionId,
    offers: Array.isArray(offers) ? offers.filter(isOffer) : [],
  };
}

function text(answer: JsonObject, name: string): string | undefined {
  const value = answer[name];
  return isString(value) && value ? value : undefined;
}

function isOffer(value: unknown): value is TransportOffer {
  return isObject(value) && isString(value["transport"]) && Array.isArray(value["transferFormats"]);
}
