// A WebDriver BiDi session: commands with their answers, and events. https://w3c.github.io/webdriver-bidi
//
// Rule: no import from a package, because this folder has none installed; the WebSocket class is the suite's own.

export class BiDi {
  #socket;
  #ids = 0;
  #waiting = new Map();
  #listeners = new Map();

  /** A session at the address that the browser printed, with these capabilities. */
  static async open(WebSocket, url, capabilities) {
    const socket = new WebSocket(`${url}/session`);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", ({ message }) => reject(new Error(`no WebDriver BiDi: ${message}`)), { once: true });
    });
    const session = new BiDi(socket);
    await session.send("session.new", { capabilities: { alwaysMatch: capabilities } });
    return session;
  }

  constructor(socket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(data)));
    socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the browser ended"));
    });
  }

  /** The result of a command. */
  send(method, params) {
    const id = ++this.#ids;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, method }));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer;
  }

  /** Calls `take` with the parameters of each event of this name. It also has to be subscribed to. */
  on(event, take) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), take]);
  }

  #receive({ type, id, result, error, message, method, params }) {
    if (type === "event") {
      for (const take of this.#listeners.get(method) ?? []) take(params);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (type === "success") waiting?.resolve(result);
    else waiting?.reject(new Error(`${waiting.method}: ${error}: ${message}`));
  }
}
