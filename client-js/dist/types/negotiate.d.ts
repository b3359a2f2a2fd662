import { type Http } from "./http.js";
import { type ILogger } from "./logger.js";
/** A transport as the server offers it. Both names are the server's, and may be unknown here. */
export interface TransportOffer {
    readonly transport: string;
    readonly transferFormats: readonly string[];
}
/** What a server answers. An answer that is something else makes whoever uses it throw. */
export interface Negotiated {
    readonly error?: string;
    /** Of the SignalR before ASP.NET Core. */
    readonly ProtocolVersion?: string;
    /** Where to negotiate, and with which token; of the last answer, where to connect. */
    readonly url: string;
    readonly accessToken?: string;
    /** Public: other clients may see it. */
    readonly connectionId?: string;
    /** Secret: whoever has it is this connection. Servers before version 1 of negotiation have one id for both. */
    readonly connectionToken?: string;
    readonly availableTransports?: readonly TransportOffer[];
    readonly useStatefulReconnect?: boolean;
    /** How long the user's token still holds, in seconds. */
    readonly tokenLifetimeSeconds?: number;
    readonly hubSchema?: string;
}
/** With what is negotiated. */
export interface NegotiateSettings {
    readonly http: Http;
    /** Whether the server may keep the connection when its transport breaks. */
    readonly statefulReconnect: boolean;
    /** The hash of the contract that the client was built with. */
    readonly schema: string | undefined;
    readonly signal: AbortSignal;
    readonly logger: ILogger;
}
/** Follows redirects, up to 100 requests. Rejects with the server's own text if it refuses. */
export declare function negotiate(url: string, settings: NegotiateSettings, requests?: number): Promise<Negotiated>;
/** Where a transport connects. */
export declare function connectionUrl({ url, connectionId, connectionToken }: Negotiated): string;
