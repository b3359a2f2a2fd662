// Firefox as run.js works with it, over WebDriver BiDi.

import WebSocket from "ws";
import { launchFirefox } from "../browser/firefox.js";

/** The numbers that Firefox has for them. */
const TLS = { "TLS 1.2": 3, "TLS 1.3": 4 };
const HTTP = { h2: "HTTP/2.0", "http/1.1": "HTTP/1.1" };

/** A browser that can take a way only. */
export async function launch(program, { tls, http }) {
  const versions = TLS[tls] && { "security.tls.version.min": TLS[tls], "security.tls.version.max": TLS[tls] };
  const firefox = await launchFirefox(WebSocket, program, { "network.http.http2.enabled": http === "HTTP/2.0", ...versions });
  return {
    open: async (address) => FirefoxTab.open(await firefox.open({}), address, tls),
    close: () => firefox.close(),
  };
}

class FirefoxTab {
  /** What the browser itself complains of. */
  errors;
  /** The HTTP version of each WebSocket. */
  sockets = [];
  /** WebDriver BiDi does not tell the TLS version; the browser has no other than this. */
  tls;
  #tab;

  static async open(tab, address, tls) {
    const opened = new FirefoxTab();
    opened.#tab = tab;
    opened.errors = tab.uncaught;
    opened.tls = tls;
    tab.onResponse = ({ headers }, { protocol }) => {
      if (headers.some(({ name }) => name.toLowerCase() === "sec-websocket-version")) {
        opened.sockets.push(HTTP[protocol] ?? protocol);
      }
    };
    await tab.goto(address);
    return opened;
  }

  fill(selector, value) {
    return this.#tab.evaluate((selector, value) => void (document.querySelector(selector).value = value), selector, value);
  }

  select(selector, value) {
    return this.fill(selector, value);
  }

  click(selector) {
    return this.#tab.evaluate((selector) => document.querySelector(selector).click(), selector);
  }

  /** What a function gives that is called in the page. */
  evaluate(work) {
    return this.#tab.evaluate(work);
  }

  close() {
    return this.#tab.close();
  }
}
