// Chromium as run.js works with it, by playwright.

import { chromium } from "playwright-core";
import { launchChromium } from "../browser/chromium.js";

const TLS = { "TLS 1.2": ["--ssl-version-max=tls1.2"], "TLS 1.3": ["--ssl-version-min=tls1.3"] };

/** A browser that can take a way only. */
export async function launch(program, { tls, http }) {
  const flags = [...(TLS[tls] ?? []), ...(http === "HTTP/2.0" ? [] : ["--disable-http2"])];
  const browser = await launchChromium(chromium, program, flags);
  return {
    open: (address, options) => ChromiumTab.open(browser, address, options),
    close: () => browser.close(),
  };
}

class ChromiumTab {
  /** What the browser itself complains of. */
  errors = [];
  /** The HTTP version of each WebSocket. */
  sockets = [];
  /** The TLS version of the page, undefined in clear text. */
  tls = undefined;
  #context;
  #page;

  static async open(browser, address, options = {}) {
    const tab = new ChromiumTab();
    tab.#context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
    const page = await tab.#context.newPage();
    tab.#page = page;
    page.on("pageerror", (error) => tab.errors.push(error.message));
    page.on("console", (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) tab.errors.push(message.text());
    });
    const devTools = await tab.#context.newCDPSession(page);
    await devTools.send("Network.enable");
    devTools.on("Network.webSocketHandshakeResponseReceived", ({ response }) => {
      tab.sockets.push(response.status === 200 ? "HTTP/2.0" : "HTTP/1.1");
    });
    const response = await page.goto(address);
    tab.tls = (await response.securityDetails())?.protocol;
    return tab;
  }

  fill(selector, value) {
    return this.#page.fill(selector, value);
  }

  select(selector, value) {
    return this.#page.selectOption(selector, value);
  }

  click(selector) {
    return this.#page.click(selector);
  }

  /** What a function gives that is called in the page. */
  evaluate(work) {
    return this.#page.evaluate(work);
  }

  screenshot(path) {
    return this.#page.screenshot({ path });
  }

  close() {
    return this.#context.close();
  }
}
