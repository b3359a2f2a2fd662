// One browser window with the echo in it.
//
// Rule: nothing waits for a time. `sees` looks again until the window shows what is expected.

import { isDeepStrictEqual } from "node:util";

const SEEN_LIMIT_MS = 20_000;
const LOOK_EVERY_MS = 20;

export class EchoWindow {
  #tab;

  /** In a browser of chromium.js or firefox.js. */
  static async open(browser, address, options) {
    return new EchoWindow(await browser.open(address, options));
  }

  constructor(tab) {
    this.#tab = tab;
    this.errors = tab.errors;
  }

  close() {
    return this.#tab.close();
  }

  screenshot(path) {
    return this.#tab.screenshot(path);
  }

  connect() {
    return this.#tab.click("#connect");
  }

  async send(text, as) {
    await this.#tab.fill("#text", text);
    await this.#tab.click(`#send button[value="${as}"]`);
  }

  async closeWith(code, reason) {
    await this.#tab.select("#code", code);
    await this.#tab.fill("#reason", reason);
    await this.#tab.click("#close button");
  }

  /** Throws unless the page and its WebSocket came that way. */
  wasCarriedBy({ tls, http }) {
    if (this.#tab.tls !== tls) throw new Error(`the page came over ${this.#tab.tls}`);
    if (this.#tab.sockets.at(-1) !== http) throw new Error(`the WebSockets came over ${this.#tab.sockets}`);
  }

  /** Waits until a part of what the window shows is as expected; `part` is a key of `look`. */
  async sees(part, expected) {
    const deadline = Date.now() + SEEN_LIMIT_MS;
    for (;;) {
      const seen = (await this.look())[part];
      if (isDeepStrictEqual(seen, expected)) return;
      if (Date.now() > deadline) {
        throw new Error(`${part} should be ${JSON.stringify(expected)} but is ${JSON.stringify(seen)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  look() {
    return this.#tab.evaluate(() => {
      const shown = (what) => document.querySelector(`[data-show="${what}"]`).textContent;
      return {
        state: document.body.dataset.state,
        carried: shown("carried"),
        protocol: shown("protocol"),
        extensions: shown("extensions"),
        closed: shown("closed"),
        received: [...document.querySelectorAll("#log .received .what")].map((line) => line.textContent),
      };
    });
  }
}
