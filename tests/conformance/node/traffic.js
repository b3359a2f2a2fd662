// Which HTTP version carried what a page asked of the hub, as the browser reports it: `http/1.1` or `h2`.
//
// Once its connections ended, a browser opens a WebSocket on HTTP/2 only after another request has told it that the server
// speaks it. WebSockets that begin before that are free to use HTTP/1.1, however late the browser reports them.

export class Traffic {
  #requests = new Set();
  #webSockets = new Set();
  /** When each request began, in milliseconds as `Date.now` counts them. */
  #begun = new Map();
  /** The WebSockets that began when the browser knew the server. */
  #bound = new Set();
  #knowsServer = false;
  #endedAt = 0;

  /** Takes note of a request that begins. */
  requestBegins(id, at) {
    this.#begun.set(id, at);
  }

  /** Takes note of a request that was answered. */
  requestIsAnswered(id, url, version) {
    // What was asked before the connections ended may be answered, or reported, after it.
    if (this.#begun.get(id) > this.#endedAt) this.#knowsServer = true;
    this.#begun.delete(id);
    if (new URL(url).pathname.startsWith("/bench")) this.#requests.add(version);
  }

  /** Takes note of a WebSocket that begins. */
  webSocketBegins(id) {
    if (this.#knowsServer) this.#bound.add(id);
  }

  /** Takes note of a WebSocket that has opened. */
  webSocketIsOpen(id, version) {
    if (this.#bound.delete(id)) this.#webSockets.add(version);
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
