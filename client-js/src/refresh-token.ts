/*
 * New credentials for a connection that goes on: a request of .NET 11 and of Hubcast.
 *
 * Rule: it goes where the user's token belongs. Behind a redirect that is not where the connection is.
 */

import { HubcastError } from "./errors.js";
import { isRedirected, type Http } from "./http.js";
import { send } from "./send.js";
import { withQuery, withSegment } from "./url.js";

/**
 * Asks the user for a token and gives it to the server at `url`. Resolves with how long it holds, in seconds, if the
 * server says so; rejects if the server refuses it or knows no such request.
 */
export async function refreshToken(http: Http, url: string, connectionToken: string): Promise<number | undefined> {
  const token = await http.options.accessTokenFactory?.();
  const address = withQuery(withSegment(url, "refresh"), `id=${encodeURIComponent(connectionToken)}`);
  const { content } = await send(http, "POST", address, {}, token);
  const answer = JSON.parse(content as string) as { error?: string; accessToken?: string; tokenLifetimeSeconds?: number };
  if (answer.error) {
    throw new HubcastError("http", answer.error);
  }
  http.token = answer.accessToken ?? (isRedirected(http) ? http.token : token);
  return answer.tokenLifetimeSeconds;
}
