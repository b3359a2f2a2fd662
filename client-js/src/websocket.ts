/*
 * The client with WebSockets as its only transport; the names are those of index.ts.
 */

import { connectDirectly } from "./connect-directly.js";
import { connectWebSocket } from "./connect-web-socket.js";
import { HubConnectionBuilder as Builder } from "./hub-connection-builder.js";
import { NegotiatingBuilder } from "./negotiating-builder.js";

/**
 * Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. They open their WebSocket at once, as by
 * `skipNegotiation`: they have no `connectionId`, and of the options of `withUrl` those about HTTP requests do not matter.
 */
export class HubConnectionBuilder extends Builder {
  constructor() {
    super(connectDirectly);
  }
}

/** Makes HubConnections that are negotiated: for a server that redirects, the connection's id, or stateful reconnect. */
export class NegotiatingHubConnectionBuilder extends NegotiatingBuilder {
  constructor() {
    super(connectWebSocket);
  }
}

export * from "./names.js";
