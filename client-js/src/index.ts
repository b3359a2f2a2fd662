/*
 * Everything that users of the package see: the client with all transports.
 */

import { HubConnection, type IAuthenticationRefreshOptions } from "./authentication-refresh.js";
import { connect } from "./connect.js";
import type { HubConnectionSettings } from "./hub-connection.js";
import { HubConnectionBuilder as Builder } from "./hub-connection-builder.js";
import type { HubContract, TypedHubConnection } from "./hub-contract.js";
import { longPolling } from "./transport/long-polling.js";
import { serverSentEvents } from "./transport/server-sent-events.js";
import { webSockets } from "./transport/web-socket-opener.js";

/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export class HubConnectionBuilder extends Builder {
  #refresh: IAuthenticationRefreshOptions | undefined;

  constructor() {
    super((request) => connect({ ...request, openers: [webSockets, serverSentEvents, longPolling] }));
  }

  /** Renews the credentials of a connection before they expire, if the server says when that is. */
  withAuthenticationRefresh(options: IAuthenticationRefreshOptions = {}): this {
    this.#refresh = options;
    return this;
  }

  protected override create(settings: HubConnectionSettings): HubConnection {
    return new HubConnection({ ...settings, refresh: this.#refresh });
  }
}

export interface HubConnectionBuilder {
  /** Makes the connection. It is Disconnected until `start()`. With a contract it knows the hub's methods. */
  build(): HubConnection;
  build<Hub, Client>(contract: HubContract<Hub, Client>): TypedHubConnection<Hub, Client>;
}

export {
  HubConnection,
  type AuthenticationRefreshedContext,
  type AuthenticationRefreshFailedContext,
  type IAuthenticationRefreshOptions,
} from "./authentication-refresh.js";
export { DefaultHttpClient } from "./default-http-client.js";
export { HttpClient, HttpResponse, type HttpRequest } from "./http-client.js";
export { VERSION } from "./version.js";
export * from "./names.js";
