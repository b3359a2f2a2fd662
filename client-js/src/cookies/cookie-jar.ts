/*
 * The cookies of one connection, for where there is no browser to keep them.
 *
 * Rule: at most 50 are kept; one more takes the place of the oldest.
 */

import { isBelow, readSetCookie, type Cookie } from "./set-cookie.js";

const LIMIT = 50;

export class CookieJar {
  /** In the order in which they came first. */
  readonly #cookies = new Map<string, Cookie>();

  /** Takes the values of the Set-Cookie headers of an answer from `url`. */
  keep(url: string, lines: readonly string[]): void {
    const from = new URL(url);
    for (const line of lines) {
      const cookie = readSetCookie(line, from, Date.now());
      if (cookie) {
        this.#cookies.set([cookie.name, cookie.domain, cookie.path].join(";"), cookie);
        this.#dropExpired();
      }
    }
    for (const key of this.#cookies.keys()) {
      if (this.#cookies.size > LIMIT) {
        this.#cookies.delete(key);
      }
    }
  }

  /** The Cookie header of a request to `url`, empty if there is none: longer paths first, then the older ones. */
  header(url: string): string {
    const to = new URL(url);
    this.#dropExpired();
    return [...this.#cookies.values()]
      .filter((cookie) => matches(cookie, to))
      .sort((one, other) => other.path.length - one.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }

  #dropExpired(): void {
    const now = Date.now();
    for (const [key, { expires }] of this.#cookies) {
      if (expires <= now) {
        this.#cookies.delete(key);
      }
    }
  }
}

function matches({ domain, hostOnly, path, secure }: Cookie, { protocol, hostname, pathname }: URL): boolean {
  const folder = path.endsWith("/") ? path : `${path}/`;
  return (
    (hostname === domain || (!hostOnly && isBelow(hostname, domain))) &&
    (pathname === path || pathname.startsWith(folder)) &&
    (!secure || protocol === "https:")
  );
}
