// The suite in Chromium: the same cases in a page that the bench server itself serves, so page and hub share an origin.
//
// Three ways: http (HTTP/1.1), https (HTTP/2), and https with HTTP/2 switched off in the browser (HTTP/1.1 again, and
// WebSockets alone: events and polls over HTTP/1.1 and over TLS have run on the ways before). On each way, all requests and all WebSockets have to run on its HTTP version (traffic.js).
//
// usage: node chromium.js --server "COMMAND {port} {web}" --port P [--hubcast FILE] [--chromium PROGRAM]
//        [--log FILE] [--without …]
//        http on P, https on P + 2; --hubcast runs the cases with our own client too, from its built file

import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { launchChromium } from "../../browser/chromium.js";
import { Bench, runCases } from "./bench.js";
import { cases } from "./cases.js";
import { readOptions } from "./options.js";
import { Server } from "./server.js";
import { Tally } from "./tally.js";
import { tokens } from "./tokens.js";
import { Traffic } from "./traffic.js";
import { variantName, variants } from "./variants.js";
import { fillWebFolder } from "./web.js";

const options = readOptions();
const clients = variants.map((variant) => ({ client: "@microsoft/signalr", ...variant, lacks: [...variant.lacks, ...lacksInBrowser(variant)] }));
if (options.hubcast !== undefined) {
  const lacks = ["streams", "stateful", "sockets"];
  clients.push({ client: "hubcast", transport: "WebSockets", protocol: "json", negotiates: true, needs: [], lacks });
}

/** `only` is the one transport that a way runs, where it runs not all. */
const ways = [
  { name: "http", origin: `http://127.0.0.1:${options.port}`, flags: [], version: "http/1.1" },
  { name: "https", origin: `https://127.0.0.1:${options.port + 2}`, flags: [], version: "h2" },
  { name: "https without HTTP/2", origin: `https://127.0.0.1:${options.port + 2}`, flags: ["--disable-http2"], version: "http/1.1", only: "WebSockets" },
];

const tally = new Tally();
const web = await mkdtemp(path.join(os.tmpdir(), "conformance-web-"));
try {
  await fillWebFolder(web, options.hubcast);
  for (const [list, command] of Object.entries(options.servers)) await runList(list, command);
} finally {
  await rm(web, { recursive: true });
}
tally.end();

async function runList(list, command) {
  if (command === undefined) {
    for (const way of ways) for (const client of clientsOn(way)) await skip(list, way, client);
    return;
  }
  const server = new Server(command, options.port, { log: options.log, web });
  await server.start();
  try {
    for (const way of ways) await runWay(list, way, server);
  } finally {
    await server.stop();
  }
}

function clientsOn({ only }) {
  return clients.filter(({ transport }) => only === undefined || transport === only);
}

/** Counts the cases, none of which the server can take part in. */
async function skip(list, way, client) {
  tally.add(nameOf(list, way, client), await runCases(cases[list], new Bench(client), options.without));
}

async function runWay(list, way, server) {
  const browser = await launchChromium(chromium, options.chromium, way.flags);
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    for (const client of clientsOn(way)) await runClient(list, way, client, server, await context.newPage());
  } finally {
    await browser.close();
  }
}

async function runClient(list, way, client, server, page) {
  const where = nameOf(list, way, client);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.exposeFunction("restartServer", (signal) => {
    traffic.serverGoesAway();
    return server.restart(signal);
  });
  const traffic = await Traffic.watch(page);
  await page.goto(way.origin);
  await page.waitForFunction(() => window.runVariant !== undefined);
  const results = await page.evaluate((given) => window.runVariant(...given), [list, client, tokens, options.without]);
  await page.close();

  tally.add(where, results);
  tally.check(where, "the page has no uncaught error", errors.length === 0, errors.join("; "));
  if (results.every(({ outcome }) => outcome === "skipped" || outcome === "foreign")) return;
  const { all, webSockets } = traffic.versions(client);
  const expected = { all: [way.version], webSockets: client.transport === "WebSockets" ? [way.version] : [] };
  const found = JSON.stringify({ all, webSockets });
  tally.check(where, `everything runs on ${way.version}`, found === JSON.stringify(expected), `found ${found}`);
}

function nameOf(list, way, client) {
  return `${list}: ${way.name}: ${client.client}: ${variantName(client)}`;
}

/** No case can cut a browser's sockets, and each of its POSTs takes 5 ms. */
function lacksInBrowser({ transport }) {
  return transport === "WebSockets" ? ["sockets"] : ["sockets", "bulk"];
}
