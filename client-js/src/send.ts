/*
 * A request of a connection, made by `fetch` or by the user's HttpClient.
 */

import { HttpError } from "./errors.js";
import { sendByFetch } from "./fetch.js";
import { withToken } from "./headers.js";
import { authenticate, isRedirected, type Http } from "./http.js";
import type { HttpRequest, HttpResponse } from "./http-client.js";

/** Makes a request. Rejects with HttpError if the server does not accept it. */
export async function send(
  http: Http,
  method: string,
  url: string,
  request?: HttpRequest,
  token = http.token,
): Promise<HttpResponse> {
  const { headers, withCredentials = true, timeout = 100_000, httpClient, fetch } = http.options;
  const whole = { timeout, withCredentials, ...request, method, url, headers: withToken(headers, token) };
  return accepted(await (httpClient?.send(whole) ?? sendByFetch(whole, fetch)));
}

/** The same for a connection that is open. Its token may have expired since: if the answer is 401, asks for a new one. */
export async function sendAuthorized(
  http: Http,
  method: string,
  url: string,
  request?: HttpRequest,
): Promise<HttpResponse> {
  try {
    return await send(http, method, url, request);
  } catch (thrown) {
    // The user's client may have an HttpError of its own.
    const { statusCode } = thrown as { statusCode?: number };
    if (statusCode !== 401 || !http.tokenFactory || isRedirected(http)) {
      throw thrown;
    }
    await authenticate(http);
    return send(http, method, url, request);
  }
}

/** Throws HttpError unless the server has accepted the request. */
export function accepted(response: HttpResponse): HttpResponse {
  const { statusCode, statusText, content } = response;
  if (statusCode < 200 || statusCode > 299) {
    throw new HttpError(`${content || statusText}`, statusCode);
  }
  return response;
}
