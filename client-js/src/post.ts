/*
 * One HTTP POST with a time limit.
 */

import { HttpError, TimeoutError } from "./errors.js";
import type { MessageHeaders } from "./message.js";

/** How requests are made. */
export interface PostOptions {
  readonly headers: MessageHeaders;
  readonly withCredentials: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** The body of the answer. Rejects with HttpError, TimeoutError, the reason of `signal`, or what `fetch` says. */
export async function post(url: string, options: PostOptions): Promise<string> {
  const limit = AbortSignal.timeout(options.timeout);
  try {
    const response = await fetch(url, {
      method: "POST",
      // Servers that answer pages with a redirect to a login answer this one with 401.
      headers: { "X-Requested-With": "XMLHttpRequest", ...options.headers },
      cache: "no-store",
      credentials: options.withCredentials ? "include" : "same-origin",
      signal: AbortSignal.any([options.signal, limit]),
    });
    const body = await response.text();
    if (!response.ok) {
      throw new HttpError(body || response.statusText, response.status);
    }
    return body;
  } catch (thrown) {
    throw limit.aborted ? new TimeoutError("A timeout occurred.") : thrown;
  }
}
