import { type Handler } from "./client-methods.js";
import { HubConnectionState } from "./hub-connection-state.js";
import type { HubProtocol } from "./hub-protocol.js";
import { type ILogger } from "./logger.js";
import type { IHttpConnectionOptions } from "./options.js";
import { type IRetryPolicy } from "./reconnect-policy.js";
/** What `HubConnectionBuilder` has gathered. Times are in milliseconds. */
export interface HubConnectionSettings {
    readonly url: string;
    readonly options: IHttpConnectionOptions;
    readonly protocol: HubProtocol;
    readonly logger: ILogger;
    readonly reconnectPolicy: IRetryPolicy | undefined;
    readonly serverTimeout: number;
    readonly keepAliveInterval: number;
}
/** Calls a hub's methods and is called by it. Made by `HubConnectionBuilder`. */
export declare class HubConnection {
    #private;
    /** The connection is lost if the server is silent for so long. Takes effect with the next session. Default: 30,000. */
    serverTimeoutInMilliseconds: number;
    /** The time between pings. Takes effect with the next session. Default: 15,000. */
    keepAliveIntervalInMilliseconds: number;
    constructor(settings: HubConnectionSettings);
    get state(): HubConnectionState;
    /** The id by which the server knows this connection; null unless Connected, and without negotiation. */
    get connectionId(): string | null;
    get baseUrl(): string;
    /** Changes where the next attempt goes. Throws unless Disconnected or Reconnecting. */
    set baseUrl(url: string);
    /** Connects. Rejects if that fails, which is not retried, or if the connection is not Disconnected. */
    start(): Promise<void>;
    /** Disconnects, and gives up connecting or reconnecting. Resolves when the connection is Disconnected. */
    stop(): Promise<void>;
    /** Calls a hub method and waits for its result. Rejects with the server's error, or when the connection is lost. */
    invoke<T = unknown>(methodName: string, ...args: unknown[]): Promise<T>;
    /** Calls a hub method and does not wait for it. Resolves when the call is handed to the transport. */
    send(methodName: string, ...args: unknown[]): Promise<void>;
    /**
     * Calls `handler` when the server calls `methodName`, in any case. If the server waits for a result, it is what the
     * handler returns or its promise resolves to.
     */
    on<A extends unknown[]>(methodName: string, handler: (...args: A) => unknown): void;
    /** Removes one handler of a method, or all of them. */
    off(methodName: string, handler?: Handler): void;
    /** Calls `callback` when the connection has ended for good, with the error if there was one. */
    onclose(callback: (error?: Error) => void): void;
    /** Calls `callback` when the connection is lost and will be tried again. */
    onreconnecting(callback: (error?: Error) => void): void;
    /** Calls `callback` when the connection is back, with its new id. Groups have to be joined again. */
    onreconnected(callback: (connectionId?: string) => void): void;
}
