// The WebSockets that the client opens in Node, which a case can cut as a failing network would.

import WebSocket from "ws";

export class Sockets {
  #sockets = new Set();

  constructor() {
    const sockets = this.#sockets;
    /** The class that the client opens its WebSockets with. */
    this.WebSocket = class extends WebSocket {
      constructor(...how) {
        super(...how);
        sockets.add(this);
        this.once("close", () => sockets.delete(this));
      }
    };
  }

  /** Ends the TCP connections of all open WebSockets without a close frame; gives how many there were. */
  cut() {
    const open = [...this.#sockets].filter(({ readyState }) => readyState === WebSocket.OPEN);
    for (const socket of open) socket.terminate();
    return open.length;
  }
}
