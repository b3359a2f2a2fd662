/*
 * Redirects where cookies are kept: `fetch` would follow them by itself, and the cookies that they set would be lost.
 *
 * Rule: what a hop is sent is what the fetch standard says (HTTP-redirect fetch), but for the cookies.
 */

import type { Fetch } from "../fetch.js";

const LIMIT = 20;

/** Makes a request, and one more for each redirect that answers it. */
export async function followRedirects(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  let request: RequestInit = { ...init, redirect: "manual" };
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(url, request);
    const { status, type, body } = response;
    if (type === "opaqueredirect") {
      // A page inside Node, such as those of Electron: only its `fetch` knows where to.
      return fetch(url, init);
    }
    // A `fetch` of the user's may answer with less.
    const location = (response as { headers?: Headers }).headers?.get("Location");
    if (![301, 302, 303, 307, 308].includes(status) || !location) {
      return response;
    }
    await body?.cancel();
    const next = new URL(location, url);
    if (!/^https?:$/.test(next.protocol)) {
      throw new TypeError(`A redirect to '${location}' is not followed.`);
    }
    if (redirects === LIMIT) {
      throw new TypeError(`More than ${LIMIT} redirects.`);
    }
    if (next.origin !== new URL(url).origin) {
      request = without(request, /^((proxy-)?authorization|cookie)$/i);
    }
    const { method = "GET" } = request;
    if (status === 303 ? method !== "GET" && method !== "HEAD" : status < 303 && method === "POST") {
      request = { ...without(request, /^content-(encoding|language|location|type)$/i), method: "GET", body: null };
    }
    url = next.href;
  }
}

/** A request without some of its headers. */
function without(request: RequestInit, names: RegExp): RequestInit {
  const headers = Object.entries(request.headers ?? {}).filter(([name]) => !names.test(name));
  return { ...request, headers: Object.fromEntries(headers) };
}
