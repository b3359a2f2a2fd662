// The WebSockets that the client opens in Node, which a case can cut as a failing network would.

import WebSocket from "ws";

export class Sockets {
  constructor() {
    const open = new Set();
    this.open = open;
    /** The class that the client opens its WebSockets with. */
    this.WebSocket = class extends WebSocket {
      constructor(...how) {
        super(...how);
        open.add(this);
        this.once("close", () => open.delete(this));
      }
    };
  }

  /** Ends the TCP connections of all open WebSockets without a close frame; gives how many there were. */
  cut() {
    const count = this.open.size;
    for (const socket of this.open) socket.terminate();
    return count;
  }
}
