/*
 * The requests of one connection attempt and of the connection that comes of it: all with its headers and its token.
 *
 * Rule: a token that came with a redirect replaces the user's own from there on.
 */

import { HttpError } from "./errors.js";
import { sendByFetch } from "./fetch.js";
import { withToken } from "./headers.js";
import type { HttpRequest, HttpResponse } from "./http-client.js";
import type { IHttpConnectionOptions } from "./options.js";

/** What the requests of a connection share. */
export interface Http {
  readonly options: IHttpConnectionOptions;
  /** The bearer token as it is now. */
  token?: string | undefined;
  /** Whether a redirect has given the token. */
  redirected?: boolean;
}

/** Asks the user for a token, unless the token is not the user's. */
export async function authenticate(http: Http): Promise<void> {
  if (!http.redirected) {
    http.token = await http.options.accessTokenFactory?.();
  }
}

/** Makes a request. Rejects with HttpError if the server does not accept it. */
export async function send(
  http: Http,
  method: string,
  url: string,
  request?: HttpRequest,
  token = http.token,
): Promise<HttpResponse> {
  const { httpClient, fetch, withCredentials = true, timeout = 100_000 } = http.options;
  const headers = withToken(http.options.headers, token);
  const whole = { timeout, withCredentials, ...request, method, url, headers };
  return accepted(await (httpClient ? httpClient.send(whole) : sendByFetch(whole, fetch)));
}

/** Throws HttpError unless the server has accepted the request. */
export function accepted(response: HttpResponse): HttpResponse {
  const { statusCode, statusText, content } = response;
  if (statusCode < 200 || statusCode > 299) {
    throw new HttpError(`${content || statusText}`, statusCode);
  }
  return response;
}
