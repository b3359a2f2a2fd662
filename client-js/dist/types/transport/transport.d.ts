import type { Http } from "../http.js";
import type { ILogger } from "../logger.js";
import type { IHttpConnectionOptions } from "../options.js";
/** The transports of SignalR; a bit each, so that the `transport` option can allow several. */
export declare enum HttpTransportType {
    None = 0,
    WebSockets = 1,
    ServerSentEvents = 2,
    LongPolling = 4
}
/** What a frame is. The names are the words of the negotiate response. */
export declare enum TransferFormat {
    Text = 1,
    Binary = 2
}
/** What is sent at once: hub messages, whole ones. */
export type Frame = string | ArrayBuffer | Uint8Array;
/** An open transport. */
export interface Transport {
    /** Resolves when the frame is handed over (to a socket) or has arrived (by a POST). */
    readonly send: (data: Frame) => Promise<void>;
    /**
     * Ends the transport. Frames whose `send` has resolved are still delivered. Resolves when the server was told, if
     * that takes a request; never rejects.
     */
    readonly close: () => Promise<void>;
}
/** Who is told what a transport receives. */
export interface TransportSink {
    /** Says whether there is anybody for whom more could come. */
    readonly received: (data: string | ArrayBuffer) => boolean;
    /** The transport ended, without being asked to; `error` is undefined if the server ended it in good order. */
    readonly ended: (error: Error | undefined) => void;
}
/** What a transport is opened for. */
export interface TransportTarget {
    /** An http or https address, with the connection token. */
    readonly url: string;
    readonly format: TransferFormat;
    readonly http: Http;
    readonly logger: ILogger;
}
/** One kind of transport. A connection can use those whose openers it is given. */
export interface TransportOpener {
    /** The word of the negotiate response; there is none for a transport of the user's own. */
    readonly name: keyof typeof HttpTransportType | "Custom";
    readonly type: HttpTransportType;
    /** Whether this environment has what it needs. Default: it has. */
    isSupported?(options: IHttpConnectionOptions): boolean;
    /** Resolves when the transport is open; rejects if that fails or `signal` aborts it, then with its reason. */
    readonly open: (target: TransportTarget, sink: TransportSink, signal: AbortSignal) => Promise<Transport>;
}
