import type { HubContract, Item, Sent, StreamName } from "../hub-contract.js";
import { type ManagedConnection } from "./connection-status.js";
/**
 * `waiting` for a connection, `streaming`, `completed` by the hub, or `failed`: the hub reported an error or the
 * connection was lost.
 */
export type StreamStatus = "waiting" | "streaming" | "completed" | "failed";
export interface StreamState<T> {
    /** The newest items, oldest first. They stay while the connection is away, until the stream begins again. */
    readonly items: readonly T[];
    /** The last item; undefined if there was none. */
    readonly latest: T | undefined;
    readonly status: StreamStatus;
    /** Why the stream failed. */
    readonly error: Error | undefined;
    /** Begins again, also after the end. */
    restart(): void;
}
export interface StreamOptions {
    /** How many items are kept; older ones are let go. At least 1. Default: 100. */
    limit?: number;
}
/** A connection that gives streams. */
export interface HubStreams extends ManagedConnection {
    stream(methodName: string, ...args: never[]): {
        subscribe(subscriber: {
            next(item: never): void;
            error(error: unknown): void;
            complete(): void;
        }): {
            dispose(): void;
        };
    };
}
/**
 * Calls the hub's streaming method `name` whenever the connection is Connected, and cancels the stream when the component
 * goes. It begins again when the connection, the name or one of the arguments is another one (compared by `Object.is`),
 * and after a reconnect unless it was completed.
 */
export declare function useStream<Hub, Client, Name extends StreamName<Hub>>(connection: {
    readonly contract?: HubContract<Hub, Client>;
} | undefined, name: Name, args: Sent<Hub[Name]>, options?: StreamOptions): StreamState<Item<Hub[Name]>>;
export declare function useStream<T = unknown>(connection: (HubStreams & {
    readonly contract?: never;
}) | undefined, name: string, args?: readonly unknown[], options?: StreamOptions): StreamState<T>;
