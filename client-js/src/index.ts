/*
 * Everything that users of the package see: the client with all transports.
 */

import { RefreshingHubConnection, type IAuthenticationRefreshOptions } from "./authentication-refresh.js";
import { connect, type Connect } from "./connect.js";
import type { HubConnectionSettings } from "./hub-connection.js";
import type { HubContract, TypedHubConnection } from "./hub-contract.js";
import { NegotiatingBuilder } from "./negotiating-builder.js";
import { longPolling } from "./transport/long-polling.js";
import { serverSentEvents } from "./transport/server-sent-events.js";
import { webSockets } from "./transport/web-socket-opener.js";

const connectByAny: Connect = (request) =>
  connect({ ...request, openers: [webSockets, serverSentEvents, longPolling] });

/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export class HubConnectionBuilder extends NegotiatingBuilder {
  constructor() {
    super(connectByAny);
  }
}

/** Makes HubConnections whose credentials can be renewed while they go on (.NET 11, Hubcast). */
export class RefreshingHubConnectionBuilder extends NegotiatingBuilder {
  #refresh: IAuthenticationRefreshOptions | undefined;

  constructor() {
    super(connectByAny);
  }

  /** Renews the credentials of a connection before they expire, if the server says when that is. */
  withAuthenticationRefresh(options: IAuthenticationRefreshOptions = {}): this {
    this.#refresh = options;
    return this;
  }

  protected override create(settings: HubConnectionSettings): RefreshingHubConnection {
    return new RefreshingHubConnection({ ...settings, refresh: this.#refresh });
  }
}

export interface RefreshingHubConnectionBuilder {
  /** Makes the connection. It is Disconnected until `start()`. With a contract it knows the hub's methods. */
  build(): RefreshingHubConnection;
  build<Hub, Client>(contract: HubContract<Hub, Client>): TypedHubConnection<Hub, Client, RefreshingHubConnection>;
}

export {
  RefreshingHubConnection,
  type AuthenticationRefreshedContext,
  type AuthenticationRefreshFailedContext,
  type IAuthenticationRefreshOptions,
} from "./authentication-refresh.js";
export { DefaultHttpClient } from "./default-http-client.js";
export { HttpClient, HttpResponse, type HttpRequest } from "./http-client.js";
export { VERSION } from "./version.js";
export * from "./names.js";
