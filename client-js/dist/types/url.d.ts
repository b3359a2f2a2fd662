/** Resolves against the page or worker. Throws if the address is relative and there is nothing to resolve it against. */
export declare function absoluteUrl(url: string): string;
/** Adds a parameter to the query. */
export declare function withQuery(url: string, name: string, value: string): string;
/** Adds a segment to the path, before the query. */
export declare function withSegment(url: string, segment: string): string;
