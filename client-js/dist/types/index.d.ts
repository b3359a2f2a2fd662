import { RefreshingHubConnection, type IAuthenticationRefreshOptions } from "./authentication-refresh.js";
import type { HubConnectionSettings } from "./hub-connection.js";
import type { HubContract, TypedHubConnection } from "./hub-contract.js";
import { NegotiatingBuilder } from "./negotiating-builder.js";
/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export declare class HubConnectionBuilder extends NegotiatingBuilder {
    constructor();
}
/** Makes HubConnections whose credentials can be renewed while they go on (.NET 11, Hubcast). */
export declare class RefreshingHubConnectionBuilder extends NegotiatingBuilder {
    #private;
    constructor();
    /** Renews the credentials of a connection before they expire, if the server says when that is. */
    withAuthenticationRefresh(options?: IAuthenticationRefreshOptions): this;
    protected create(settings: HubConnectionSettings): RefreshingHubConnection;
}
export interface RefreshingHubConnectionBuilder {
    /** Makes the connection. It is Disconnected until `start()`. With a contract it knows the hub's methods. */
    build(): RefreshingHubConnection;
    build<Hub, Client>(contract: HubContract<Hub, Client>): TypedHubConnection<Hub, Client, RefreshingHubConnection>;
}
export { RefreshingHubConnection, type AuthenticationRefreshedContext, type AuthenticationRefreshFailedContext, type IAuthenticationRefreshOptions, } from "./authentication-refresh.js";
export { DefaultHttpClient } from "./default-http-client.js";
export { HttpClient, HttpResponse, type HttpRequest } from "./http-client.js";
export { VERSION } from "./version.js";
export * from "./names.js";
