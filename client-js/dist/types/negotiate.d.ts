import { type ILogger } from "./logger.js";
import { type PostOptions } from "./post.js";
/** A transport as the server offers it. Both names are the server's, and may be unknown here. */
export interface TransportOffer {
    readonly transport: string;
    readonly transferFormats: readonly string[];
}
/** What the server that takes the connection has said. */
export interface Negotiated {
    readonly url: string;
    readonly token: string | undefined;
    /** Public: other clients may see it. */
    readonly connectionId: string | null;
    /** Secret: whoever has it is this connection. */
    readonly connectionToken: string | undefined;
    readonly offers: readonly TransportOffer[];
}
type TokenFactory = () => string | undefined | Promise<string | undefined>;
/** Follows up to 100 redirects. Rejects with the server's own text if it refuses. */
export declare function negotiate(url: string, tokenFactory: TokenFactory, options: PostOptions, logger: ILogger): Promise<Negotiated>;
export {};
