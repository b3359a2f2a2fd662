import { type Http } from "./http.js";
import { type ILogger } from "./logger.js";
import { type Negotiated } from "./negotiate.js";
import type { IHttpConnectionOptions } from "./options.js";
import { replayBuffer } from "./replay-buffer.js";
import { TransferFormat, type Transport, type TransportOpener, type TransportSink } from "./transport/transport.js";
/** What is to be opened. */
export interface ConnectRequest {
    readonly url: string;
    readonly options: IHttpConnectionOptions;
    /** The transports that may be used; in which order the server says. */
    readonly openers: readonly TransportOpener[];
    readonly format: TransferFormat;
    /** Whether to ask the server to keep the connection when its transport breaks. */
    readonly statefulReconnect: boolean;
    /** The hash of the contract that the client was built with, to be compared with the server's. */
    readonly schema: string | undefined;
    readonly sink: TransportSink;
    /** Ends the attempt. */
    readonly signal: AbortSignal;
    readonly logger: ILogger;
}
/** An open transport, and what is known of its connection; of that, negotiation tells the most. */
export interface Endpoint extends Partial<Negotiated> {
    readonly transport: Transport;
    /** Whether the transport shows by itself that the server is there, so that no pings are sent either way. */
    readonly inherentKeepAlive?: boolean;
    /** Whether the server keeps the connection when the transport breaks. */
    readonly statefulReconnect?: false | undefined | typeof replayBuffer;
    /** Opens the same connection again, with a new token and the same sink. Only with `statefulReconnect`. */
    reopen?(signal: AbortSignal): Promise<Transport>;
    /** What requests of the connection share. */
    readonly http?: Http;
}
/** How a HubConnection gets to its endpoint. */
export type Connect = (request: Omit<ConnectRequest, "openers">) => Promise<Endpoint>;
/** Rejects if negotiation fails, no offer can be used, or the signal aborts it. */
export declare function connect(request: ConnectRequest): Promise<Endpoint>;
