// The suite in a browser: the same cases in a page that the bench server itself serves, so page and hub share an origin.
//
// Three ways: http (HTTP/1.1), https (HTTP/2), and https with HTTP/2 switched off in the browser (HTTP/1.1 again, and
// WebSockets alone: events and polls over HTTP/1.1 and over TLS have run on the ways before). On each way, all requests and
// all WebSockets have to run on its HTTP version. Pages reach the server through a gateway that a case can cut.
//
// With our client, an application that was written for the official one has to see the same over HTTP/1.1 and HTTP/2.
//
// All variants run on https; on the other ways those in JSON, as a way carries both protocols alike.

import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Bench, runCases } from "./bench.js";
import { cases } from "./cases.js";
import { hubcast, official, variantsOf, withoutKnown } from "./clients.js";
import { Gateway } from "./gateway.js";
import { bundleApplications, claim as migrates, differences, needs } from "./migration.js";
import { Server } from "./server.js";
import { Tally } from "./tally.js";
import { tokens } from "./tokens.js";
import { variantName, variants } from "./variants.js";
import { fillWebFolder } from "./web.js";

const TLS_OFFSET = 2;

const inWebSockets = ({ transport }) => transport === "WebSockets";
const inJson = ({ protocol, negotiates }) => protocol === "json" && negotiates;

/** `takes` says which variants a way runs. */
const WAYS = [
  { name: "http", scheme: "http", http2: true, version: "http/1.1", takes: inJson },
  { name: "https", scheme: "https", http2: true, version: "h2", takes: () => true },
  {
    name: "https without HTTP/2",
    scheme: "https",
    http2: false,
    version: "http/1.1",
    takes: (variant) => inWebSockets(variant) && inJson(variant),
  },
];

/**
 * Runs all, prints what failed and the counts, and sets the exit code.
 *
 * @param launch gives a browser, with HTTP/2 or without. `open(functions)` gives a tab, whose page can call these as
 *   `callRunner(name, ...arguments)`: `goto(url)`, `call(name, ...arguments)` of a global function, `uncaught` and `logged`
 *   errors, `traffic`, `close()`. `close()` ends the browser.
 */
export async function runInBrowser(launch, options) {
  const web = await mkdtemp(path.join(os.tmpdir(), "conformance-web-"));
  try {
    await fillWebFolder(web, options.hubcast);
    const suite = new BrowserSuite(launch, options, web);
    if (options.hubcast !== undefined) {
      suite.missing = await bundleApplications(path.join(web, "migration"), options.hubcast);
    }
    try {
      for (const [list, command] of Object.entries(options.servers)) await suite.runList(list, command);
    } finally {
      await suite.end();
    }
  } finally {
    await rm(web, { recursive: true });
  }
}

class BrowserSuite {
  tally = new Tally();
  #browsers = new Map();

  constructor(launch, options, web) {
    Object.assign(this, { launch, options, web });
    this.client = options.hubcast === undefined ? official : hubcast;
  }

  async end() {
    for (const browser of this.#browsers.values()) await browser.close();
    this.tally.end();
  }

  async runList(list, command) {
    if (command === undefined) {
      for (const way of WAYS) await this.#skip(list, way);
      return;
    }
    const server = new Server(command, this.options.port, { log: this.options.log, web: this.web });
    await server.start();
    try {
      for (const way of WAYS) await this.#runWay(list, way, server);
    } finally {
      await server.stop();
    }
  }

  /** Counts the cases, none of which the server can take part in. */
  async #skip(list, way) {
    for (const variant of this.#variantsOn(way)) {
      this.tally.add(nameOf(list, way, variant), await runCases(cases[list], new Bench(variant), this.options.without));
    }
  }

  async #runWay(list, way, server) {
    const gateway = await Gateway.open(this.options.port + (way.scheme === "https" ? TLS_OFFSET : 0));
    const browser = await this.#browserFor(way);
    try {
      const origin = `${way.scheme}://127.0.0.1:${gateway.port}`;
      for (const variant of this.#variantsOn(way)) {
        const where = nameOf(list, way, variant);
        const names = this.options.chosen(where, cases[list]).map(({ name }) => name);
        const given = [list, names, variant, tokens, this.options.without];
        if (names.length > 0) await this.#runVariant(where, way, variant, { browser, origin, server, gateway, given });
      }
      if (list === "open") {
        await this.#visits(way, browser, origin);
        await this.#migration(way, { browser, origin, gateway });
      }
    } finally {
      await gateway.close();
    }
  }

  /** One for the ways with HTTP/2 and one for those without. */
  async #browserFor({ http2 }) {
    const browser = this.#browsers.get(http2) ?? (await this.launch(http2));
    this.#browsers.set(http2, browser);
    return browser;
  }

  async #runVariant(where, way, variant, { browser, origin, server, gateway, given }) {
    const ends = (how) => async (signal) => {
      // A page may open another before all are told to have ended.
      tab.traffic.connectionsEnded();
      await how(signal);
      tab.traffic.connectionsEnded();
    };
    const tab = await browser.open({
      stopServer: ends((signal) => server.stop(signal)),
      startServer: () => server.start(),
      restartServer: ends((signal) => server.restart(signal)),
      cutConnections: ends(() => gateway.cut()),
    });
    await tab.goto(origin);
    const results = await tab.call("runVariant", ...given);
    await tab.close();

    this.tally.add(where, results);
    const { traffic } = tab;
    const uncaught = withoutKnown(this.client.unheard, tab.uncaught);
    this.tally.check(where, "the page has no uncaught error", uncaught.length === 0, uncaught.join("; "));
    if (results.every(({ outcome }) => outcome === "skipped" || outcome === "foreign")) return;
    const { all, webSockets } = traffic.versions();
    const expected = { all: [way.version], webSockets: variant.transport === "WebSockets" ? [way.version] : [] };
    const found = JSON.stringify({ all, webSockets });
    this.tally.check(where, `everything runs on ${way.version}`, found === JSON.stringify(expected), `found ${found}`);
  }

  /** What an application does, as it does it: nothing of it may be an error, nor look like one in the console. */
  async #visits(way, browser, origin) {
    const claim = [{ name: "an ordinary visit leaves no error in the console" }];
    for (const transport of new Set(this.#variantsOn(way).map((variant) => variant.transport))) {
      const where = `open: ${way.name}: ${this.client.name}: ${transport}`;
      if (this.options.chosen(where, claim).length === 0) continue;
      const tab = await browser.open({});
      await tab.goto(origin);
      const failure = await tab.call("visit", transport).then(() => [], (error) => [error.message]);
      await tab.close();
      const known = this.client.logged({ transport, version: way.version });
      const errors = [...failure, ...tab.uncaught, ...withoutKnown(known, tab.logged)];
      this.tally.check(where, claim[0].name, errors.length === 0, errors.join("; "));
    }
  }

  /** Pages that do not share a connection: what cuts one is not to disturb the other. */
  async #migration(way, { browser, origin, gateway }) {
    const where = `open: ${way.name}: ${this.client.name}`;
    if (this.client !== hubcast || !way.http2 || this.options.chosen(where, [{ name: migrates }]).length === 0) return;
    const missing = this.missing ?? needs.find((need) => this.options.without.includes(need));
    if (missing !== undefined) {
      this.tally.add(where, [{ name: migrates, outcome: "skipped", why: `without ${missing}` }]);
      return;
    }
    const uncaught = [];
    const failure = await differences(async (name) => {
      const tab = await browser.open({ cutConnections: () => gateway.cut() });
      await tab.goto(origin);
      const notes = await tab.call("runApplication", name);
      await tab.close();
      if (name === "hubcast") uncaught.push(...tab.uncaught);
      return notes;
    }).catch((error) => error.message);
    this.tally.check(where, migrates, failure === "", failure);
    this.tally.check(where, "the migrated page has no uncaught error", uncaught.length === 0, uncaught.join("; "));
  }

  #variantsOn({ takes }) {
    return variantsOf(this.client, variants, this.client.lacksInBrowser).filter(takes);
  }
}

function nameOf(list, way, variant) {
  return `${list}: ${way.name}: ${variant.client}: ${variantName(variant)}`;
}
