// What a case works with: connections to one bench hub, in one variant of protocol and negotiation.
//
// Rule: every connection comes from here, so that `end` can stop them all and a case leaves nothing behind.
// Runs in Node and in browsers: no import, no platform. The cases are in cases.js.

const CASE_LIMIT_MS = 60_000;
const RECONNECT_EVERY_MS = 100;
const RECONNECT_TRIES = 300;

export class Bench {
  /**
   * @param platform `signalR`: the client's namespace; `url`: the hub; `protocol`: undefined for the client's own JSON;
   *   `negotiates`: false skips negotiation; `server`: has `restart(signal)`, or undefined; `needs`: what all cases need.
   */
  constructor(platform) {
    Object.assign(this, platform);
    this.opened = [];
  }

  /** A connection that is not started. `user` goes into the query, `reconnects` adds automatic reconnect. */
  build({ user, reconnects = false, path = "" } = {}) {
    const { HubConnectionBuilder, HttpTransportType, LogLevel } = this.signalR;
    const url = this.url + path + (user === undefined ? "" : `?user=${encodeURIComponent(user)}`);
    const builder = new HubConnectionBuilder();
    if (this.negotiates) {
      builder.withUrl(url);
    } else {
      builder.withUrl(url, { skipNegotiation: true, transport: HttpTransportType.WebSockets });
    }
    if (this.protocol !== undefined) builder.withHubProtocol(this.protocol);
    if (LogLevel !== undefined) builder.configureLogging(LogLevel.None);
    if (reconnects) builder.withAutomaticReconnect(new Array(RECONNECT_TRIES).fill(RECONNECT_EVERY_MS));
    const connection = builder.build();
    this.opened.push(connection);
    return connection;
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

/** The texts that `receive` was called with, in order. */
export class Inbox {
  constructor(connection) {
    this.texts = [];
    this.waiting = [];
    this.take = (text) => {
      this.texts.push(text);
      this.waiting = this.waiting.filter((waiter) => !waiter());
    };
    connection.on("receive", this.take);
  }

  /** All texts so far, once `last` is among them. */
  until(last) {
    return new Promise((resolve) => {
      const done = () => {
        if (!this.texts.includes(last)) return false;
        resolve([...this.texts]);
        return true;
      };
      if (!done()) this.waiting.push(done);
    });
  }
}

/** Runs the cases one by one, but those that need what is in `lacking`; gives `{ name, outcome: "passed" | "failed" | "skipped", why }` of each. */
export async function runCases(cases, bench, lacking) {
  const results = [];
  for (const { name, needs = [], run } of cases) {
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
  const done = work.then(() => undefined, (error) => String(error?.message ?? error));
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
