/*
 * How the page is connected, as people see it: the state, the HTTP version, the time of a call, the server's counts.
 *
 * Everything but the time comes from the hub: the page itself neither knows nor chooses what carries it.
 */
import { element, fill } from "./element.js";
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
    #actions;
    #banner = element("#banner", HTMLElement);
    #retry = element("#retry", HTMLButtonElement);
    #timer;
    constructor(connection, actions) {
        this.#connection = connection;
        this.#actions = actions;
        this.#retry.addEventListener("click", () => void actions.retry());
    }
    /** Shows a state of the connection. */
    show(state) {
        clearTimeout(this.#timer);
        document.body.dataset.state = state;
        fill("state", STATES[state]);
        fill("summary", STATES[state]);
        fill("banner", BANNERS[state]);
        this.#banner.hidden = BANNERS[state] === "";
        this.#retry.hidden = state !== "disconnected";
        if (state !== "connected")
            for (const name of ["http-version", "hub-protocol", "round-trip", "http1", "http2"])
                fill(name, "–");
    }
    /** Measures a round trip, now and every few seconds while the connection lasts. */
    async measure() {
        clearTimeout(this.#timer);
        const startedAt = performance.now();
        try {
            const status = await this.#connection.invoke("Status");
            this.#fill(status, performance.now() - startedAt);
            await this.#actions.measured();
        }
        catch {
            return; // The connection is lost, and the next one measures again.
        }
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.measure(), MEASURE_EVERY_MS);
    }
    #fill({ hubProtocol, httpVersion, transport, http1, http2 }, milliseconds) {
        const roundTrip = milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`;
        const carrier = transport === "WebSockets" ? httpVersion : `${transport} on ${httpVersion}`;
        fill("http-version", carrier);
        fill("hub-protocol", HUB_PROTOCOLS[hubProtocol] ?? hubProtocol);
        fill("round-trip", roundTrip);
        fill("summary", `${carrier} · ${roundTrip}`);
        fill("http1", String(http1));
        fill("http2", String(http2));
    }
}
