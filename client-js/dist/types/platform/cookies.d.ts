import type { Fetch } from "../fetch.js";
import type { HubConnectionSettings } from "../hub-connection.js";
import type { IHttpConnectionOptions } from "../options.js";
/** Gives a connection a jar, if it needs one. Its `fetch` sends what is in there, and keeps what comes. */
export declare function withCookies(settings: HubConnectionSettings): HubConnectionSettings;
/** A jar for an HttpClient, and a `fetch` that uses it; none in browsers. */
export declare function clientCookies(): {
    readonly fetch: Fetch;
    header(url: string): string;
} | undefined;
/** The cookies of a connection: those of the user's HttpClient, and of its own jar. */
export declare function cookiesFor(options: IHttpConnectionOptions, url: string): string;
/** Keeps what an answer sets that no `fetch` has seen. */
export declare function keepCookies(options: IHttpConnectionOptions, url: string, lines: readonly string[]): void;
/** Headers with cookies. A Cookie header that is there keeps its own of the same names. */
export declare function addCookies(headers: Readonly<Record<string, string>>, cookies: string): Record<string, string>;
