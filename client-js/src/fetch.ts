/*
 * A request by `fetch`, with a time limit for the whole of it.
 */

import { TimeoutError } from "./errors.js";
import type { HttpRequest, HttpResponse } from "./http-client.js";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A request that says what it is for. */
export interface WholeRequest extends HttpRequest {
  method: string;
  url: string;
}

/** How a request is made, but for its address and its signal. */
export function requestInit({ method, content, headers, withCredentials }: Omit<WholeRequest, "url">): RequestInit {
  return {
    method,
    body: content || null,
    // Servers that answer pages with a redirect to a login answer this one with 401.
    headers: { "X-Requested-With": "XMLHttpRequest", ...headers },
    cache: "no-store",
    credentials: withCredentials ? "include" : "same-origin",
  };
}

/** Rejects with TimeoutError, the reason of the signal, or what `fetch` says. */
export async function sendByFetch(request: WholeRequest, custom: Fetch = fetch): Promise<HttpResponse> {
  const { abortSignal, timeout } = request;
  const abort = new AbortController();
  const stop = (): void => abort.abort(abortSignal?.reason);
  if (abortSignal?.aborted) {
    stop();
  }
  abortSignal?.addEventListener("abort", stop);
  const timer = timeout && setTimeout(() => abort.abort(new TimeoutError()), timeout);
  try {
    const response = await custom(request.url, { ...requestInit(request), signal: abort.signal });
    const { status, statusText } = response;
    const content = await (response.ok && request.responseType === "arraybuffer" ? response.arrayBuffer() : response.text());
    return { statusCode: status, statusText, content };
  } finally {
    clearTimeout(timer);
    abortSignal?.removeEventListener("abort", stop);
  }
}
