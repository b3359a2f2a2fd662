import type { Connect } from "./connect.js";
import { HubConnection, type HubConnectionSettings } from "./hub-connection.js";
import type { HubContract, TypedHubConnection } from "./hub-contract.js";
import type { IHubProtocol } from "./hub-protocol.js";
import { LogLevel, type ILogger } from "./logger.js";
import type { IHttpConnectionOptions } from "./options.js";
import type { IRetryPolicy, ReconnectOptions } from "./reconnect-policy.js";
import type { HttpTransportType } from "./transport/transport.js";
/** How much a connection keeps for a stateful reconnect. */
export interface IStatefulReconnectOptions {
    /** In bytes (of JSON, UTF-16 units). At or above it, calls wait for the server's acknowledgement. Default: 100,000. */
    bufferSize: number;
}
/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export declare class HubConnectionBuilder {
    #private;
    /** @internal The entry points give the transports that they have. */
    constructor(connect: Connect);
    /** The address of the hub, relative to the page or absolute, and the transports to use or all options. */
    withUrl(url: string, transportTypeOrOptions?: HttpTransportType | IHttpConnectionOptions): this;
    /** What messages look like on the wire. Default: JSON. */
    withHubProtocol(protocol: IHubProtocol): this;
    /** Where log lines go: a logger, or the console from a level up. Default: from Information up. */
    configureLogging(logging: LogLevel | string | ILogger): this;
    /**
     * Makes a lost connection come back. Takes the delays before each attempt in milliseconds, a policy, or options. By
     * default it tries after 0, 2, 10 and 30 seconds.
     */
    withAutomaticReconnect(retry?: readonly number[] | IRetryPolicy | ReconnectOptions): this;
    /** How long the server may be silent, in milliseconds. Should be at least twice the server's keep-alive interval. */
    withServerTimeout(milliseconds: number): this;
    /** The time between pings, in milliseconds. Should be at most half of the server's client timeout. */
    withKeepAliveInterval(milliseconds: number): this;
    /**
     * Asks the server to keep the connection while its transport is replaced, so that a short loss goes unnoticed. Works
     * over WebSockets, if the server allows it.
     */
    withStatefulReconnect(options?: IStatefulReconnectOptions): this;
    /** Makes the connection. It is Disconnected until `start()`. With a contract it knows the hub's methods. */
    build(): HubConnection;
    build<Hub, Client>(contract: HubContract<Hub, Client>): TypedHubConnection<Hub, Client>;
    /** @internal */
    protected create(settings: HubConnectionSettings): HubConnection;
}
