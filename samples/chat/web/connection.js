/*
 * How the page is connected, as people see it: the state, the HTTP version, the time of a call, the server's counts.
 *
 * Everything but the time comes from the hub: the page itself neither knows nor chooses what carries it.
 */

const MEASURE_EVERY_MS = 3000;

const STATES = {
  connecting: "Connecting…",
  connected: "Connected",
  reconnecting: "Reconnecting…",
  disconnected: "Not connected",
};
const BANNERS = {
  connecting: "Connecting…",
  connected: "",
  reconnecting: "The connection is lost. Trying to get it back…",
  disconnected: "The server cannot be reached.",
};
const HUB_PROTOCOLS = { json: "JSON", messagepack: "MessagePack" };

export class ConnectionStatus {
  #connection;
  #measured;
  #banner = document.querySelector("#banner");
  #retry = document.querySelector("#retry");
  #timer;

  /** `measured()` is called after each round trip, `retry()` when the user wants to connect again. */
  constructor(connection, { measured, retry }) {
    this.#connection = connection;
    this.#measured = measured;
    this.#retry.addEventListener("click", retry);
  }

  /** Shows a state of the connection: a key of `STATES`. */
  show(state) {
    clearTimeout(this.#timer);
    document.body.dataset.state = state;
    fill("state", STATES[state]);
    fill("summary", STATES[state]);
    fill("banner", BANNERS[state]);
    this.#banner.hidden = BANNERS[state] === "";
    this.#retry.hidden = state !== "disconnected";
    if (state !== "connected") for (const name of ["http-version", "hub-protocol", "round-trip", "http1", "http2"]) fill(name, "–");
  }

  /** Measures a round trip, now and every few seconds while the connection lasts. */
  async measure() {
    clearTimeout(this.#timer);
    const startedAt = performance.now();
    try {
      const status = await this.#connection.invoke("Status");
      this.#fill(status, performance.now() - startedAt);
      await this.#measured();
    } catch {
      return; // The connection is lost, and the next one measures again.
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.measure(), MEASURE_EVERY_MS);
  }

  #fill({ hubProtocol, httpVersion, transport, http1, http2 }, milliseconds) {
    const roundTrip = milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`;
    const carrier = transport === "WebSockets" ? httpVersion : `${transport} on ${httpVersion}`;
    fill("http-version", carrier);
    fill("hub-protocol", HUB_PROTOCOLS[hubProtocol] ?? hubProtocol);
    fill("round-trip", roundTrip);
    fill("summary", `${carrier} · ${roundTrip}`);
    fill("http1", http1);
    fill("http2", http2);
  }
}

function fill(name, text) {
  for (const element of document.querySelectorAll(`[data-show="${name}"]`)) element.textContent = text;
}
