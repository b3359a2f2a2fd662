// What a case works with: connections to one bench hub, in one variant of protocol and negotiation.
//
// Rule: every connection comes from here, so that `end` can stop them all and a case leaves nothing behind.
// Runs in Node and in browsers: no import, no platform. The cases are in cases.js.

import { Inbox } from "./arrivals.js";

const CASE_LIMIT_MS = 120_000;
/** In milliseconds: every 100 for half a minute. */
const RECONNECT_DELAYS = new Array(300).fill(100);

export class Bench {
  /**
   * @param platform `signalR`: the client's namespace; `url`: the hub; `protocol`: of the hub; `transport`: its name;
   *   `negotiates`: false skips negotiation; `http`: options of the connection by which it reaches the server; `fetch`:
   *   the same for a request; `sockets`: has the `WebSocket` class to use and `cut()`; `gateway`: before the server,
   *   or undefined; `endless`: how many items stand for a stream without end; `webLock`: of our client; `server`: has
   *   `stop(signal)`, `start()` and `restart(signal)`, or undefined; `tokens`: by name; `needs`: what all cases need of the
   *   server; `lacks`: what the client does not have in this variant.
   */
  constructor(platform) {
    Object.assign(this, { endless: 2_000_000_000, ...platform });
    this.opened = [];
  }

  /**
   * A connection that is not started. `user` goes into the query, `token` is the name of an access token, `reconnects`
   * adds automatic reconnect, with its own options if it is not just true, `stateful` adds stateful reconnect, `refreshes`
   * makes one that can renew its token, `wire` takes all hub messages, `hold` is the option of our client.
   */
  build({ user, token, reconnects = false, stateful = false, refreshes = false, wire, hold, path = "" } = {}) {
    const { HubConnectionBuilder, RefreshingHubConnectionBuilder, LogLevel } = this.signalR;
    const url = this.url + path + (user === undefined ? "" : `?user=${encodeURIComponent(user)}`);
    const Builder = refreshes ? RefreshingHubConnectionBuilder : HubConnectionBuilder;
    const builder = new Builder()
      .withUrl(url, this.#httpOptions(token, hold))
      .withHubProtocol(wire === undefined ? this.protocol : wire.around(this.protocol))
      .configureLogging(LogLevel.None);
    if (reconnects) builder.withAutomaticReconnect(reconnects === true ? RECONNECT_DELAYS : reconnects);
    if (stateful) builder.withStatefulReconnect();
    const connection = builder.build();
    this.opened.push(connection);
    return connection;
  }

  /** Negotiated WebSockets are what the client takes when it is left to itself, and so they are tested. */
  #httpOptions(token, hold) {
    const options = { ...this.http, WebSocket: this.sockets.WebSocket };
    if (hold !== undefined) options.hold = hold;
    if (token !== undefined) options.accessTokenFactory = () => this.tokens[token];
    if (this.negotiates && this.transport === "WebSockets") return options;
    return { ...options, transport: this.signalR.HttpTransportType[this.transport], skipNegotiation: !this.negotiates };
  }

  /** A started connection. */
  async connect(options) {
    const connection = this.build(options);
    await connection.start();
    return connection;
  }

  /** A started connection with an `Inbox` of what `receive` is called with. */
  async listen(options) {
    const connection = this.build(options);
    const inbox = new Inbox(connection);
    await connection.start();
    return { connection, inbox };
  }

  /** Stops every connection that was opened. */
  async end() {
    await Promise.all(this.opened.splice(0).map((connection) => connection.stop()));
  }
}

/**
 * Runs the cases one by one, but those that need what the bench or the server, in `lacking`, does not have. Gives
 * `{ name, outcome: "passed" | "failed" | "skipped" | "foreign", why }` of each.
 */
export async function runCases(cases, bench, lacking) {
  const results = [];
  for (const { name, needs = [], run } of cases) {
    const foreign = needs.filter((need) => bench.lacks.includes(need));
    if (foreign.length > 0) {
      results.push({ name, outcome: "foreign", why: foreign.join(", ") });
      continue;
    }
    const missing = [...needs, ...bench.needs].filter((need) => lacking.includes(need));
    if (missing.length > 0) {
      results.push({ name, outcome: "skipped", why: `without ${missing.join(", ")}` });
      continue;
    }
    const failures = [await failureOf(run(bench)), await failureOf(bench.end())];
    const why = failures.find((failure) => failure !== undefined);
    results.push(why === undefined ? { name, outcome: "passed" } : { name, outcome: "failed", why });
  }
  return results;
}

/** Why the work failed or that it took too long; undefined when it is done. */
function failureOf(work) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(`no end after ${CASE_LIMIT_MS / 1000} s`), CASE_LIMIT_MS);
  });
  const done = work.then(() => undefined, messageOf);
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}

/** With the causes: the words of `fetch` say nothing without them. */
function messageOf(error) {
  const message = String(error?.message ?? error);
  return error?.cause === undefined ? message : `${message}: ${messageOf(error.cause)}`;
}
