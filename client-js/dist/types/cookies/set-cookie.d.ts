/** A cookie as it is kept. */
export interface Cookie {
    readonly name: string;
    readonly value: string;
    readonly domain: string;
    /** Whether it is for the host alone, and not for those below. */
    readonly hostOnly: boolean;
    readonly path: string;
    readonly secure: boolean;
    /** Milliseconds since 1970; infinite for one that goes with the jar. */
    readonly expires: number;
}
/** Reads the header's value. Gives nothing for a cookie that is refused. */
export declare function readSetCookie(line: string, from: URL, now: number): Cookie | undefined;
/** Whether a host's name ends with a domain that it is part of. */
export declare function isBelow(host: string, domain: string): boolean;
