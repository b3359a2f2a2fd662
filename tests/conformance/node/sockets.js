// The WebSockets that the client opens, which a case can cut as a failing network would. In Node and in browsers.

const OPEN = 1;
const CLOSED = 3;

export class Sockets {
  #all = new Set();
  #cut;

  /**
   * @param WebSocket the class whose sockets are counted
   * @param cut ends the TCP connections of the given open sockets, without a close frame
   */
  constructor(WebSocket, cut) {
    const all = this.#all;
    this.#cut = cut;
    /** The class that the client opens its WebSockets with. */
    this.WebSocket = class extends WebSocket {
      constructor(...how) {
        super(...how);
        for (const socket of all) if (socket.readyState === CLOSED) all.delete(socket);
        all.add(this);
      }
    };
  }

  /** Cuts all open WebSockets; gives how many there were. */
  async cut() {
    const open = [...this.#all].filter(({ readyState }) => readyState === OPEN);
    await this.#cut(open);
    return open.length;
  }
}
