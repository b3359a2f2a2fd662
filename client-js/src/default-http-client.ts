/*
 * The HttpClient that is used when none is given, to be extended.
 */

import { AbortError, HttpError, TimeoutError } from "./errors.js";
import { sendByFetch } from "./fetch.js";
import { HttpClient, HttpResponse, type HttpRequest } from "./http-client.js";
import { LogLevel, type ILogger } from "./logger.js";
import { clientCookies } from "./platform/cookies.js";
import { accepted } from "./send.js";

/**
 * Makes requests by `fetch`. Outside of browsers it keeps cookies: up to 50, for its requests and for the event streams and
 * WebSockets of its connections.
 */
export class DefaultHttpClient extends HttpClient {
  readonly #logger: ILogger | undefined;
  readonly #cookies = clientCookies();

  /** `logger` hears of requests that got no answer. */
  constructor(logger?: ILogger) {
    super();
    this.#logger = logger;
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    const { method, url, abortSignal, withCredentials } = request;
    if (!method) {
      throw new Error("No method defined.");
    }
    if (!url) {
      throw new Error("No url defined.");
    }
    try {
      const { statusCode, statusText, content } = await sendByFetch(
        { ...request, method, url },
        withCredentials === false ? undefined : this.#cookies?.fetch,
      );
      return accepted(new HttpResponse(statusCode, statusText, content));
    } catch (thrown) {
      if (abortSignal?.aborted) {
        throw new AbortError("An abort occurred.");
      }
      if (thrown instanceof TimeoutError) {
        this.#logger?.log(LogLevel.Warning, "Timeout from HTTP request.");
      } else if (!(thrown instanceof HttpError)) {
        this.#logger?.log(LogLevel.Warning, `Error from HTTP request. ${thrown}.`);
      }
      throw thrown;
    }
  }

  override getCookieString(url: string): string {
    return this.#cookies?.header(url) ?? "";
  }
}
