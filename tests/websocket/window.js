// One browser window with the echo in it.
//
// Rule: nothing waits for a time. `sees` looks again until the window shows what is expected.

import { isDeepStrictEqual } from "node:util";

const SEEN_LIMIT_MS = 20_000;
const LOOK_EVERY_MS = 20;

export class EchoWindow {
  /** What the browser itself complains of. */
  errors = [];
  /** The status of each WebSocket's handshake: 101 on HTTP/1.1, 200 on HTTP/2. */
  handshakes = [];
  /** The TLS version of the page, undefined in clear text. */
  tls = undefined;

  static async open(browser, address, options = {}) {
    const window = new EchoWindow();
    window.context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
    window.page = await window.context.newPage();
    window.page.on("pageerror", (error) => window.errors.push(error.message));
    window.page.on("console", (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) window.errors.push(message.text());
    });
    const devTools = await window.context.newCDPSession(window.page);
    await devTools.send("Network.enable");
    devTools.on("Network.webSocketHandshakeResponseReceived", ({ response }) => {
      window.handshakes.push(response.status);
    });
    const response = await window.page.goto(address);
    window.tls = (await response.securityDetails())?.protocol;
    return window;
  }

  async close() {
    await this.context.close();
  }

  async send(text, as) {
    await this.page.fill("#text", text);
    await this.page.click(`#send button[value="${as}"]`);
  }

  async closeWith(code, reason) {
    await this.page.selectOption("#code", code);
    await this.page.fill("#reason", reason);
    await this.page.click("#close button");
  }

  /** Throws unless the page and its WebSocket came that way. */
  async wasCarriedBy({ tls, http }) {
    if (this.tls !== tls) throw new Error(`the page came over ${this.tls}`);
    const expected = http === "HTTP/2.0" ? 200 : 101;
    if (this.handshakes.at(-1) !== expected) throw new Error(`the handshakes were answered with ${this.handshakes}`);
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
    return this.page.evaluate(() => {
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
