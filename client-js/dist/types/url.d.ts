/**
 * Resolves against the page or worker, and drops what follows a `#`. Throws if the address is relative and there is
 * nothing to resolve it against.
 */
export declare function absoluteUrl(url: string): string;
/** Adds `name=value`, encoded as it has to be, to the query of an absolute address. */
export declare function withQuery(url: string, parameter: string): string;
/** Adds a segment to the path of an absolute address, before the query. */
export declare function withSegment(url: string, segment: string): string;
/** An address as it may be logged: the query can hold secrets. */
export declare function withoutQuery(url: string): string;
