import type { HubConnectionState } from "../hub-connection-state.js";
/** The values of `HubConnectionState`. */
export type ConnectionState = `${HubConnectionState}`;
/** What the hooks need of a connection: any of this package's has it, and that of `@microsoft/signalr`. */
export interface ManagedConnection {
    readonly state: ConnectionState;
    start(): Promise<void>;
    stop(): Promise<void>;
    onclose(callback: (error?: Error) => void): void;
    onreconnecting(callback: (error?: Error) => void): void;
    onreconnected(callback: () => void): void;
}
export interface ConnectionStatus {
    readonly state: ConnectionState;
    /** Why the connection could not start, or why it was lost; undefined when it is Connected. */
    readonly error: Error | undefined;
}
/** Watches a connection and renders anew when its state changes. */
export declare function useConnectionStatus(connection: ManagedConnection | undefined): ConnectionStatus;
/** The one watch of a connection. */
export declare function statusOf(connection: ManagedConnection): StatusWatch;
export declare class StatusWatch {
    #private;
    constructor(connection: ManagedConnection);
    readonly subscribe: (listener: () => void) => (() => void);
    /** The same object until something changes. */
    readonly snapshot: () => ConnectionStatus;
    /** Starts the connection. What goes wrong is in the status. */
    start(): Promise<void>;
    /** Stops the connection, and hides if that fails: nobody is interested any more. */
    stop(): Promise<void>;
}
