/*
 * A request by `fetch`, with a time limit for the whole of it.
 */

import { TimeoutError } from "./errors.js";
import type { HttpRequest, HttpResponse } from "./http-client.js";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a request is made. */
export function requestInit({ method, content, headers, withCredentials }: HttpRequest, signal: AbortSignal): RequestInit {
  return {
    method: method ?? "GET",
    body: content || null,
    // Servers that answer pages with a redirect to a login answer this one with 401.
    headers: { "X-Requested-With": "XMLHttpRequest", ...headers },
    cache: "no-store",
    credentials: withCredentials ? "include" : "same-origin",
    signal,
  };
}

/** Rejects with TimeoutError, the reason of the signal, or what `fetch` says. */
export async function sendByFetch(request: HttpRequest, custom: Fetch = fetch): Promise<HttpResponse> {
  const { url = "", abortSignal, timeout, responseType } = request;
  const abort = new AbortController();
  const stop = (): void => abort.abort(abortSignal?.reason);
  abortSignal?.addEventListener("abort", stop);
  const timer = timeout && setTimeout(() => abort.abort(new TimeoutError()), timeout);
  try {
    abortSignal?.throwIfAborted();
    const response = await custom(url, requestInit(request, abort.signal));
    const { ok, status, statusText } = response;
    const content = await (ok && responseType === "arraybuffer" ? response.arrayBuffer() : response.text());
    return { statusCode: status, statusText, content };
  } finally {
    clearTimeout(timer);
    abortSignal?.removeEventListener("abort", stop);
  }
}
