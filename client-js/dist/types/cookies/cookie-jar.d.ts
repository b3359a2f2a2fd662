export declare class CookieJar {
    #private;
    /** Takes the values of the Set-Cookie headers of an answer from `url`. */
    keep(url: string, lines: readonly string[]): void;
    /** The Cookie header of a request to `url`, empty if there is none: longer paths first, then the older ones. */
    header(url: string): string;
}
