// A TCP gateway before the server, that a case can cut as a failing network would: whatever runs through it, HTTP/1.1 or
// HTTP/2, clear text or TLS.

import { once } from "node:events";
import net from "node:net";

export class Gateway {
  /** How many connections it has taken so far. */
  taken = 0;
  #pairs = new Set();
  #server;

  /** A gateway to the port, which may be closed for a while; it listens on `port` of its own. */
  static async open(target) {
    const gateway = new Gateway();
    gateway.#server = net.createServer((client) => gateway.#take(client, target)).listen(0, "127.0.0.1");
    await once(gateway.#server, "listening");
    gateway.port = gateway.#server.address().port;
    return gateway;
  }

  /** How many connections are open. */
  get open() {
    return this.#pairs.size;
  }

  /** Resets all connections; when it is done, the server has been told too. */
  async cut() {
    const sockets = [...this.#pairs].flat();
    const closed = sockets.map((socket) => socket.closed || once(socket, "close"));
    for (const socket of sockets) {
      // A socket whose last bytes are on their way cannot be reset: Node would neither close it nor say so.
      if (socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
    await Promise.all(closed);
  }

  async close() {
    const closed = once(this.#server, "close");
    this.#server.close();
    await this.cut();
    await closed;
  }

  #take(client, target) {
    this.taken += 1;
    const upstream = net.connect(target, "127.0.0.1");
    const pair = [client, upstream];
    this.#pairs.add(pair);
    client.pipe(upstream);
    upstream.pipe(client);
    for (const [socket, other] of [pair, [upstream, client]]) {
      socket.setNoDelay();
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.#pairs.delete(pair);
        // What was received before the end still goes to the other side.
        other.destroySoon();
      });
    }
  }
}
