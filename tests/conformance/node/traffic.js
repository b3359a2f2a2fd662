// Which HTTP version carried what a page asked of the hub, as the browser reports it: `http/1.1` or `h2`.

export class Traffic {
  #requests = new Set();
  #webSockets = new Set();
  #knowsServer = false;
  #endedAt = 0;

  /** Takes note of a request that was answered, and when: in milliseconds, as `Date.now` counts them. */
  request(url, version, at) {
    // A browser may report late what came before its connections ended.
    if (at > this.#endedAt) this.#knowsServer = true;
    if (new URL(url).pathname.startsWith("/bench")) this.#requests.add(version);
  }

  /**
   * Takes note of a WebSocket that was opened.
   *
   * Once its connections ended, a browser opens a WebSocket on HTTP/2 only after another request has told it that the
   * server speaks it. Until then, WebSockets are free to use HTTP/1.1.
   */
  webSocket(version) {
    if (this.#knowsServer) this.#webSockets.add(version);
  }

  /** Takes note that all connections have ended: the server went away, or the gateway has cut them. */
  connectionsEnded() {
    this.#knowsServer = false;
    this.#endedAt = Date.now();
  }

  /** The HTTP versions of everything that is about the hub, and of its WebSockets alone, each once. */
  versions() {
    return { all: [...new Set([...this.#requests, ...this.#webSockets])], webSockets: [...this.#webSockets] };
  }
}
