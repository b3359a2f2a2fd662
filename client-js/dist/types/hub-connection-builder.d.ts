import { HubConnection } from "./hub-connection.js";
import { LogLevel, type ILogger } from "./logger.js";
import type { IHttpConnectionOptions } from "./options.js";
import { type IRetryPolicy } from "./reconnect-policy.js";
import type { HttpTransportType } from "./transport/transport.js";
/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export declare class HubConnectionBuilder {
    #private;
    /** The address of the hub, relative to the page or absolute, and the transports to use or all options. */
    withUrl(url: string, transportTypeOrOptions?: HttpTransportType | IHttpConnectionOptions): this;
    /** Where log lines go: a logger, or the console from a level up. Default: from Information up. */
    configureLogging(logging: LogLevel | string | ILogger): this;
    /**
     * Makes a lost connection come back. Takes the delays before each attempt in milliseconds, or a policy. By default it
     * tries after 0, 2, 10 and 30 seconds.
     */
    withAutomaticReconnect(retryDelaysOrPolicy?: readonly number[] | IRetryPolicy): this;
    /** How long the server may be silent. Should be at least twice the server's keep-alive interval. */
    withServerTimeout(milliseconds: number): this;
    /** The time between pings. Should be at most half of the server's client timeout. */
    withKeepAliveInterval(milliseconds: number): this;
    /** Makes the connection. It is Disconnected until `start()`. */
    build(): HubConnection;
}
