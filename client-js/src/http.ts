/*
 * The requests of one connection attempt and of the connection that comes of it: all with its headers and its token.
 *
 * Rule: a token that came with a redirect replaces the user's own from there on.
 */

import type { IHttpConnectionOptions } from "./options.js";

/** What the requests of a connection share. */
export interface Http {
  readonly options: IHttpConnectionOptions;
  /** The bearer token as it is now. */
  token?: string | undefined;
  /** Whether a redirect has given the token. */
  redirected?: boolean;
  /** An empty POST. Resolves with what the server answers; rejects with HttpError if it does not accept it. */
  readonly post: (url: string, signal: AbortSignal) => Promise<string>;
}

/** Asks the user for a token, unless the token is not the user's. */
export async function authenticate(http: Http): Promise<void> {
  if (!http.redirected) {
    http.token = await http.options.accessTokenFactory?.();
  }
}
