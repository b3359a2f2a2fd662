/*
 * Addresses: relative ones made absolute, and parts added without rewriting what the user gave.
 */

/**
 * Resolves against the page or worker, and drops what follows a `#`. Throws if the address is relative and there is
 * nothing to resolve it against.
 */
export function absoluteUrl(url: string): string {
  const address = url.replace(/#.*/, "");
  try {
    return /^https?:/i.test(address) ? address : new URL(address, globalThis.location?.href).href;
  } catch {
    throw new Error(`Cannot resolve '${url}'.`);
  }
}

/** Adds `name=value`, encoded as it has to be, to the query of an absolute address. */
export function withQuery(url: string, parameter: string): string {
  return url + (url.includes("?") ? "&" : "?") + parameter;
}

/** Adds a segment to the path of an absolute address, before the query. */
export function withSegment(url: string, segment: string): string {
  return url.replace(/\/?(\?|$)/, `/${segment}$1`);
}

/** An address as it may be logged: the query can hold secrets. */
export function withoutQuery(url: string): string {
  return url.replace(/\?.*/, "");
}
