import type { CallOptions, HubCalls } from "./call-options.js";
import type { Connect } from "./connect.js";
import { HubConnectionState } from "./hub-connection-state.js";
import type { IHubProtocol } from "./hub-protocol.js";
import { type ILogger } from "./logger.js";
import type { IHttpConnectionOptions } from "./options.js";
import { type ReconnectOptions } from "./reconnect-policy.js";
/** What `HubConnectionBuilder` has gathered. */
export interface HubConnectionSettings {
    readonly dial: Connect;
    readonly url: string;
    readonly options: IHttpConnectionOptions;
    readonly protocol: IHubProtocol;
    readonly logger: ILogger;
    readonly reconnect?: ReconnectOptions;
    /** The connection's own properties, where they are not what they are by default. */
    readonly times: {
        serverTimeoutInMilliseconds?: number;
        keepAliveIntervalInMilliseconds?: number;
    };
    readonly replayLimit: number | undefined;
    readonly schema: string | undefined;
}
export interface HubConnection extends HubCalls {
}
/** Calls a hub's methods and is called by it. Made by `HubConnectionBuilder`. */
export declare class HubConnection {
    #private;
    /** The connection is lost if the server is silent for so long. Takes effect with the next session. Default: 30,000. */
    serverTimeoutInMilliseconds: number;
    /** The time between pings. Takes effect with the next session. Default: 15,000. */
    keepAliveIntervalInMilliseconds: number;
    /** @internal */
    constructor(settings: HubConnectionSettings);
    get state(): HubConnectionState;
    /** The id by which the server knows this connection; null unless Connected, and without negotiation. */
    get connectionId(): string | null;
    get baseUrl(): string;
    /** Changes where the next attempt goes. Throws unless Disconnected or Reconnecting. */
    set baseUrl(url: string);
    /**
     * Connects. Rejects if the connection is not Disconnected, or if that fails; it is tried again only if the option
     * `retryStart` of `withAutomaticReconnect` says so.
     */
    start(): Promise<void>;
    /** Disconnects, and gives up connecting or reconnecting. Resolves when the connection is Disconnected. */
    stop(): Promise<void>;
    /** The same calls, with options for each: `connection.with({ timeout: 5000 }).invoke("Method")`. */
    with(options: CallOptions): HubCalls;
    /**
     * Calls `newMethod` when the server calls `methodName`, in any case. If the server waits for a result, it is what the
     * handler returns or its promise resolves to.
     */
    on(methodName: string, newMethod: (...args: any[]) => any): void;
    /** Removes one handler of a method, or all of them. */
    off(methodName: string, method?: (...args: any[]) => void): void;
    /** Calls `callback` when the connection has ended for good, with the error if there was one. */
    onclose(callback: (error?: Error) => void): void;
    /** Calls `callback` when the connection is lost and will be tried again. */
    onreconnecting(callback: (error?: Error) => void): void;
    /** Calls `callback` when the connection is back, with its new id. Groups have to be joined again. */
    onreconnected(callback: (connectionId?: string) => void): void;
}
