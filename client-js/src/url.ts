/*
 * Addresses: relative ones made absolute, and parts added without rewriting what the user gave.
 */

/** Resolves against the page or worker. Throws if the address is relative and there is nothing to resolve it against. */
export function absoluteUrl(url: string): string {
  if (/^https?:\/\//i.test(url)) {
    return url;
  }
  const { location } = globalThis as { location?: { href: string } };
  try {
    return new URL(url, location?.href).href;
  } catch (cause) {
    throw new Error(`Cannot resolve '${url}'.`, { cause });
  }
}

/** Adds a parameter to the query. */
export function withQuery(url: string, name: string, value: string): string {
  const target = new URL(url);
  target.search += `${target.search ? "&" : "?"}${name}=${encodeURIComponent(value)}`;
  return target.href;
}

/** Adds a segment to the path, before the query. */
export function withSegment(url: string, segment: string): string {
  const target = new URL(url);
  target.pathname = target.pathname.replace(/\/?$/, `/${segment}`);
  return target.href;
}
