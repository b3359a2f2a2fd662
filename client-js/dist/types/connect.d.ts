import { type ILogger } from "./logger.js";
import type { IHttpConnectionOptions } from "./options.js";
import { type TransferFormat, type Transport, type TransportSink } from "./transport/transport.js";
/** An open transport, and the connection's public id if the server has told one. */
export interface Endpoint {
    readonly transport: Transport;
    readonly connectionId: string | null;
}
/** Rejects if negotiation fails, no offer can be used, or `signal` aborts it. */
export declare function connect(url: string, options: IHttpConnectionOptions, format: TransferFormat, sink: TransportSink, signal: AbortSignal, logger: ILogger): Promise<Endpoint>;
