import { type Http } from "./http.js";
/**
 * Asks the user for a token and gives it to the server at `url`. Resolves with how long it holds, in seconds, if the
 * server says so; rejects if the server refuses it or knows no such request.
 */
export declare function refreshToken(http: Http, url: string, connectionToken: string): Promise<number | undefined>;
