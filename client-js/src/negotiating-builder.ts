/*
 * What a HubConnection can be asked for if it is negotiated.
 */

import { HubConnectionBuilder } from "./hub-connection-builder.js";

/** How much a connection keeps for a stateful reconnect. */
export interface IStatefulReconnectOptions {
  /** In bytes (of JSON, UTF-16 units). At or above it, calls wait for the server's acknowledgement. Default: 100,000. */
  bufferSize: number;
}

/** Makes HubConnections that the server is asked for before they are opened. */
export class NegotiatingBuilder extends HubConnectionBuilder {
  /**
   * Asks the server to keep the connection while its transport is replaced, so that a short loss goes unnoticed. Works
   * over WebSockets, if the server allows it.
   */
  withStatefulReconnect(options?: IStatefulReconnectOptions): this {
    return this.with({ replayLimit: options?.bufferSize ?? 100_000 });
  }
}
