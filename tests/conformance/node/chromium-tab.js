// A tab of Chromium as browser-suite.js works with it.

import { Traffic } from "./traffic.js";

const SWITCHING_PROTOCOLS = 101;
const OK = 200;
const MS_PER_S = 1000;

export class ChromiumTab {
  uncaught = [];
  logged = [];
  traffic = new Traffic();
  #page;

  static async open(context, functions) {
    const page = await context.newPage();
    const tab = new ChromiumTab(page);
    await tab.#watch(await context.newCDPSession(page));
    await page.exposeFunction("callRunner", (name, ...given) => functions[name](...given));
    return tab;
  }

  constructor(page) {
    this.#page = page;
    page.on("pageerror", (error) => this.uncaught.push(error.message));
    page.on("console", (message) => message.type() === "error" && this.logged.push(message.text()));
  }

  async goto(url) {
    await this.#page.goto(url);
    await this.#page.waitForFunction(() => window.runVariant !== undefined);
  }

  call(name, ...given) {
    return this.#page.evaluate(([name, given]) => window[name](...given), [name, given]);
  }

  close() {
    return this.#page.close();
  }

  /** A WebSocket tells its version by its handshake: HTTP/1.1 answers 101, HTTP/2 answers 200. */
  async #watch(devTools) {
    await devTools.send("Network.enable");
    devTools.on("Network.requestWillBeSent", ({ requestId, wallTime }) => {
      this.traffic.requestBegins(requestId, wallTime * MS_PER_S);
    });
    devTools.on("Network.responseReceived", ({ requestId, response: { url, protocol } }) => {
      this.traffic.requestIsAnswered(requestId, url, protocol);
    });
    devTools.on("Network.webSocketCreated", ({ requestId }) => this.traffic.webSocketBegins(requestId));
    devTools.on("Network.webSocketHandshakeResponseReceived", ({ requestId, response: { status } }) => {
      if (status === SWITCHING_PROTOCOLS) this.traffic.webSocketIsOpen(requestId, "http/1.1");
      if (status === OK) this.traffic.webSocketIsOpen(requestId, "h2");
    });
  }
}
