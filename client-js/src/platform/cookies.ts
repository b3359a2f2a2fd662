/*
 * Cookies where no browser keeps them: each connection has a jar, for its requests and its WebSocket.
 *
 * Rule: nothing of it is in the build for browsers, nor in `hubcast.js`, which is for pages.
 */

import { CookieJar } from "../cookies/cookie-jar.js";
import type { Fetch } from "../fetch.js";
import type { HubConnectionSettings } from "../hub-connection.js";
import type { IHttpConnectionOptions } from "../options.js";
import { isNode } from "./node.js";
import { followRedirects } from "./redirects.js";

/** False in what is built for pages. */
declare const COOKIES: boolean;

/** The jars of the connections, by their options. */
const jars = new WeakMap<IHttpConnectionOptions, CookieJar>();

/** Gives a connection a jar, if it needs one. Its `fetch` sends what is in there, and keeps what comes. */
export function withCookies(settings: HubConnectionSettings): HubConnectionSettings {
  if (COOKIES && isNode() && settings.options.withCredentials !== false) {
    const jar = new CookieJar();
    const options: IHttpConnectionOptions = {
      ...settings.options,
      fetch: fetchWith(jar, (url) => cookiesFor(options, url), settings.options.fetch),
    };
    jars.set(options, jar);
    return { ...settings, options };
  }
  return settings;
}

/** A jar for an HttpClient, and a `fetch` that uses it; none in browsers. */
export function clientCookies(): { readonly fetch: Fetch; header(url: string): string } | undefined {
  if (COOKIES && isNode()) {
    const jar = new CookieJar();
    const header = (url: string): string => jar.header(url);
    return { fetch: fetchWith(jar, header), header };
  }
  return undefined;
}

/** The cookies of a connection: those of the user's HttpClient, and of its own jar. */
export function cookiesFor(options: IHttpConnectionOptions, url: string): string {
  const { httpClient, withCredentials } = options;
  return withCredentials === false
    ? ""
    : joinCookies(httpClient?.getCookieString(url), jars.get(options)?.header(url));
}

/** Keeps what an answer sets that no `fetch` has seen. */
export function keepCookies(options: IHttpConnectionOptions, url: string, lines: readonly string[]): void {
  jars.get(options)?.keep(url, lines);
}

/** A `fetch` that sends cookies and keeps in the jar what comes, also from redirects. */
function fetchWith(jar: CookieJar, cookies: (url: string) => string, custom?: Fetch): Fetch {
  const hop: Fetch = async (url, init) => {
    const headers = addCookies(init.headers as Record<string, string>, cookies(url));
    const response = await (custom ?? fetch)(url, { ...init, headers });
    // A `fetch` of the user's may answer with less.
    const { headers: received } = response as { headers?: Partial<Headers> };
    // A `fetch` of the user's may have followed redirects; then it is the last one that has answered.
    jar.keep(response.url || url, received?.getSetCookie?.() ?? []);
    return response;
  };
  return (url, init) => followRedirects(hop, url, init);
}

/** Headers with cookies. A Cookie header that is there keeps its own of the same names. */
export function addCookies(headers: Readonly<Record<string, string>>, cookies: string): Record<string, string> {
  const name = Object.keys(headers).find((name) => name.toLowerCase() === "cookie") ?? "Cookie";
  const all = joinCookies(headers[name], cookies);
  return { ...headers, ...(all && { [name]: all }) };
}

/** Both, without those of the second whose names are in the first. */
function joinCookies(first = "", second = ""): string {
  const split = (cookies: string): string[] => cookies.split(/; */).filter(Boolean);
  const nameOf = (cookie: string): string => cookie.replace(/=.*/s, "");
  const known = split(first).map(nameOf);
  return [...split(first), ...split(second).filter((cookie) => !known.includes(nameOf(cookie)))].join("; ");
}
