import { HubConnection as Base, type HubConnectionSettings } from "./hub-connection.js";
/** When credentials are renewed. */
export interface IAuthenticationRefreshOptions {
    /** Whether that is done before they expire, if the server says when. Default: true. */
    enableAutoRefresh?: boolean;
    /** How long before, in milliseconds, but not before half of their time is over. Default: 300,000. */
    refreshBeforeExpirationInMilliseconds?: number;
}
/** What the callbacks of `onAuthenticationRefreshed` are told. */
export interface AuthenticationRefreshedContext {
    connection: HubConnection;
    /** How long the new credentials hold, in seconds, if the server says so. */
    newTokenLifetimeInSeconds?: number | undefined;
    refreshedAt: Date;
}
/** What the callbacks of `onAuthenticationRefreshFailed` are told. */
export interface AuthenticationRefreshFailedContext {
    connection: HubConnection;
    error: Error;
}
/** Settings of a connection, with those of the refresh if it is to be done by itself. */
export interface RefreshSettings extends HubConnectionSettings {
    readonly refresh?: IAuthenticationRefreshOptions | undefined;
}
/** Calls a hub's methods and is called by it. Made by `HubConnectionBuilder`. */
export declare class HubConnection extends Base {
    #private;
    /** @internal */
    constructor(settings: RefreshSettings);
    /**
     * Asks `accessTokenFactory` for a token and gives it to the server, without a new connection. Resolves with how long
     * it holds, in seconds, if the server says so. Rejects if the connection is not Connected or was not negotiated, or
     * the server refuses.
     */
    refreshAuthentication(): Promise<number | undefined>;
    /** Calls `callback` when new credentials were taken. */
    onAuthenticationRefreshed(callback: (context: AuthenticationRefreshedContext) => unknown): void;
    /** Calls `callback` when new credentials could not be had, or were refused. The old ones hold until they expire. */
    onAuthenticationRefreshFailed(callback: (context: AuthenticationRefreshFailedContext) => unknown): void;
}
