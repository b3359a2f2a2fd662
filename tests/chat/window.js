// One browser window with the chat in it: what a person does there, and what a person sees.
//
// Rule: nothing waits for a time. `sees` looks again until the window shows what is expected.

import { isDeepStrictEqual } from "node:util";

const SEEN_LIMIT_MS = 20_000;
const LOOK_EVERY_MS = 20;

export class ChatWindow {
  /** What the browser itself complains of. */
  errors = [];
  /** The status of each WebSocket's handshake: 101 on HTTP/1.1, 200 on HTTP/2. */
  handshakes = [];

  static async open(browser, address, options = {}) {
    const window = new ChatWindow();
    window.context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
    window.page = await window.context.newPage();
    window.page.on("pageerror", (error) => window.errors.push(error.message));
    window.page.on("console", (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) window.errors.push(message.text());
    });
    const devTools = await window.context.newCDPSession(window.page);
    await devTools.send("Network.enable");
    devTools.on("Network.webSocketHandshakeResponseReceived", ({ response }) => {
      if (response.status < 300) window.handshakes.push(response.status);
    });
    await window.page.goto(address);
    return window;
  }

  async close() {
    await this.context.close();
  }

  async enter(name, room) {
    await this.sees("state", "connected");
    await this.page.fill("#name", name);
    await this.page.fill("#room", room);
    await this.page.click("#entrance .primary");
    await this.sees("room", `#${room}`);
  }

  async write(text) {
    await this.page.fill("#text", text);
  }

  async say(text) {
    await this.write(text);
    await this.page.press("#text", "Enter");
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
      const text = (selector) => document.querySelector(selector).textContent;
      const shown = (selector) => (document.querySelector(selector).hidden ? "" : text(selector));
      const all = (selector, read) => [...document.querySelectorAll(selector)].map(read);
      return {
        state: document.body.dataset.state,
        view: document.body.dataset.view,
        room: text('[data-show="room"]'),
        rooms: all("#rooms button", (room) => [...room.children].map((part) => part.textContent).join(" ")),
        people: all("#people .name", (name) => name.textContent),
        messages: all("#messages li", (item) => `${item.querySelector(".from").textContent}: ${item.querySelector(".text").textContent}`),
        own: all("#messages .own .text", (message) => message.textContent),
        typing: text("#typing"),
        composed: document.querySelector("#text").value,
        error: shown("footer .error"),
        entranceError: shown("#entrance .error"),
        banner: shown("#banner [data-show]") === "" || document.querySelector("#banner").hidden ? "" : text("#banner [data-show]"),
        connection: {
          websocketOn: text('[data-show="http-version"]'),
          hubProtocol: text('[data-show="hub-protocol"]'),
          http1: text('[data-show="http1"]'),
          http2: text('[data-show="http2"]'),
        },
        roundTrip: /^\d+(\.\d)? ms$/.test(text('[data-show="round-trip"]')),
      };
    });
  }
}
