// Which HTTP version carried what a page asked of the hub, as the browser reports it.
//
// A WebSocket tells by its handshake: HTTP/1.1 answers 101, HTTP/2 answers 200. Other requests name their version.

const SWITCHING_PROTOCOLS = 101;
const OK = 200;
const HTTP1 = "http/1.1";
const HTTP2 = "h2";

export class Traffic {
  #requests = [];
  #webSockets = [];
  #serverWasAway = false;

  /** Watches the page from here on. */
  static async watch(page) {
    const traffic = new Traffic();
    const devTools = await page.context().newCDPSession(page);
    await devTools.send("Network.enable");
    devTools.on("Network.responseReceived", ({ response }) => {
      const isOfHub = new URL(response.url).pathname.startsWith("/bench");
      if (isOfHub) traffic.#requests.push(response.protocol);
    });
    devTools.on("Network.webSocketHandshakeResponseReceived", ({ response: { status } }) => {
      if (status !== SWITCHING_PROTOCOLS && status !== OK) return;
      traffic.#webSockets.push({ version: status === OK ? HTTP2 : HTTP1, isFree: traffic.#serverWasAway });
    });
    return traffic;
  }

  /** Takes note that the server is restarted. */
  serverGoesAway() {
    this.#serverWasAway = true;
  }

  /**
   * The HTTP versions of the variant's traffic, each once, and of its WebSockets alone.
   *
   * Once the server went away, a browser opens a WebSocket on HTTP/2 only after another request has told it that the
   * server speaks it. Without a negotiation there is none, so those WebSockets are free to use HTTP/1.1.
   */
  versions({ negotiates }) {
    const bound = this.#webSockets.filter(({ isFree }) => negotiates || !isFree).map(({ version }) => version);
    return { all: [...new Set([...this.#requests, ...bound])], webSockets: [...new Set(bound)] };
  }
}
