import { HubConnection, type IAuthenticationRefreshOptions } from "./authentication-refresh.js";
import type { HubConnectionSettings } from "./hub-connection.js";
import { HubConnectionBuilder as Builder } from "./hub-connection-builder.js";
import type { HubContract, TypedHubConnection } from "./hub-contract.js";
/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export declare class HubConnectionBuilder extends Builder {
    #private;
    constructor();
    /** Renews the credentials of a connection before they expire, if the server says when that is. */
    withAuthenticationRefresh(options?: IAuthenticationRefreshOptions): this;
    protected create(settings: HubConnectionSettings): HubConnection;
}
export interface HubConnectionBuilder {
    /** Makes the connection. It is Disconnected until `start()`. With a contract it knows the hub's methods. */
    build(): HubConnection;
    build<Hub, Client>(contract: HubContract<Hub, Client>): TypedHubConnection<Hub, Client>;
}
export { HubConnection, type AuthenticationRefreshedContext, type AuthenticationRefreshFailedContext, type IAuthenticationRefreshOptions, } from "./authentication-refresh.js";
export { DefaultHttpClient } from "./default-http-client.js";
export { HttpClient, HttpResponse, type HttpRequest } from "./http-client.js";
export { VERSION } from "./version.js";
export * from "./names.js";
