// A tab of Firefox as browser-suite.js works with it.

import { Traffic } from "./traffic.js";

const SWITCHING_PROTOCOLS = 101;
const OK = 200;

export class FirefoxTab {
  traffic = new Traffic();
  #tab;

  static async open(firefox, functions) {
    return new FirefoxTab(await firefox.open(functions));
  }

  constructor(tab) {
    this.#tab = tab;
    this.uncaught = tab.uncaught;
    this.logged = tab.logged;
    tab.onRequest = (request, at) => {
      if (isWebSocket(request)) this.traffic.webSocketBegins(request.request);
      else this.traffic.requestBegins(request.request, at);
    };
    tab.onResponse = (request, { status, protocol }) => {
      if (!isWebSocket(request)) this.traffic.requestIsAnswered(request.request, request.url, protocol);
      else if (status === SWITCHING_PROTOCOLS || status === OK) this.traffic.webSocketIsOpen(request.request, protocol);
    };
  }

  async goto(url) {
    await this.#tab.goto(url);
    await this.#tab.call("ready");
  }

  call(name, ...given) {
    return this.#tab.call(name, ...given);
  }

  close() {
    return this.#tab.close();
  }
}

function isWebSocket({ headers }) {
  return headers.some(({ name }) => name.toLowerCase() === "sec-websocket-version");
}
