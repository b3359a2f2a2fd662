import type { IHttpConnectionOptions } from "./options.js";
export interface Http {
    readonly options: IHttpConnectionOptions;
    /** The user's, until a redirect comes with a token: that takes the place of the user's own from there on. */
    tokenFactory: IHttpConnectionOptions["accessTokenFactory"];
    /** The bearer token as it is now. */
    token?: string | undefined;
    /** An empty POST. Resolves with what the server answers; rejects with HttpError if it does not accept it. */
    readonly post: (url: string, signal: AbortSignal) => Promise<string>;
}
/** Asks for a token. */
export declare function authenticate(http: Http): Promise<void>;
/** Whether the token is one that came with a redirect. */
export declare function isRedirected({ options, tokenFactory }: Http): boolean;
