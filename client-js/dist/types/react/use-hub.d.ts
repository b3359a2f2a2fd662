import { type DependencyList } from "react";
import { type ConnectionStatus, type ManagedConnection } from "./connection-status.js";
/** What `useHub` gives. */
export interface HubHandle<Connection> extends ConnectionStatus {
    /** Undefined until the component is mounted. */
    readonly connection: Connection | undefined;
    /** Stops the connection and makes another; for one that has ended or could not start. */
    restart(): void;
}
/**
 * Makes a connection by `create`, starts it after the component is mounted and its handlers are in place, and stops it
 * when the component goes. When a value of `deps` changes, another connection takes its place.
 *
 * A start that fails is in `error` and is not repeated, unless the connection was built to do that.
 */
export declare function useHub<Connection extends ManagedConnection>(create: () => Connection, deps?: DependencyList): HubHandle<Connection>;
