/*
 * Everything that users of the package see: the client with all transports.
 */

import { connect } from "./connect.js";
import { HubConnectionBuilder as Builder } from "./hub-connection-builder.js";
import { longPolling } from "./transport/long-polling.js";
import { serverSentEvents } from "./transport/server-sent-events.js";
import { traced } from "./transport/traced.js";
import { webSockets } from "./transport/web-socket-opener.js";

const openers = [webSockets, serverSentEvents, longPolling].map(traced);

/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export class HubConnectionBuilder extends Builder {
  constructor() {
    super((request) => connect({ ...request, openers }));
  }
}

export { DefaultHttpClient } from "./default-http-client.js";
export { HttpClient, HttpResponse, type HttpRequest } from "./http-client.js";
export { VERSION } from "./version.js";
export * from "./names.js";
