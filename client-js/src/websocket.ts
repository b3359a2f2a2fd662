/*
 * The client with WebSockets as its only transport; the names are those of index.ts.
 */

import { connectWebSocket } from "./connect-web-socket.js";
import { HubConnectionBuilder as Builder } from "./hub-connection-builder.js";

/** Makes HubConnections: `new HubConnectionBuilder().withUrl("/chat").build()`. */
export class HubConnectionBuilder extends Builder {
  constructor() {
    super(connectWebSocket);
  }
}

export * from "./names.js";
