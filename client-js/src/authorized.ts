/*
 * Requests of an open connection: its token may have expired since.
 */

import { authenticate, send, type Http } from "./http.js";
import type { HttpRequest, HttpResponse } from "./http-client.js";

/** One request; if the answer is 401, a second one with a new token. */
export async function sendAuthorized(
  http: Http,
  method: string,
  url: string,
  request: HttpRequest,
): Promise<HttpResponse> {
  try {
    return await send(http, method, url, request);
  } catch (thrown) {
    // The client of the user may have an HttpError of its own.
    const { statusCode } = thrown as { statusCode?: number };
    if (statusCode !== 401 || http.redirected || !http.options.accessTokenFactory) {
      throw thrown;
    }
    await authenticate(http);
    return send(http, method, url, request);
  }
}
