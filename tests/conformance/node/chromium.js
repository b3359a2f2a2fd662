// The suite in Chromium: the same cases in a page that the bench server itself serves, so page and hub share an origin.
//
// Three ways: http (HTTP/1.1), https (HTTP/2), and https with HTTP/2 switched off in the browser (HTTP/1.1 again).
// What a WebSocket ran on is read from its handshake as the browser reports it: HTTP/1.1 answers 101, HTTP/2 answers 200.
//
// usage: node chromium.js --server "COMMAND {port} {web}" --port P [--hubcast FILE] [--chromium PROGRAM]
//        [--log FILE] [--without …]
//        http on P, https on P + 2; --hubcast runs the cases with our own client too, from its built file

import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { launchChromium } from "../../browser/chromium.js";
import { readOptions } from "./options.js";
import { Server } from "./server.js";
import { Tally } from "./tally.js";
import { variantName, variants } from "./variants.js";
import { fillWebFolder } from "./web.js";

const SWITCHING_PROTOCOLS = 101;
const OK = 200;

const options = readOptions();
const clients = variants.map((variant) => ({ client: "@microsoft/signalr", ...variant }));
if (options.hubcast !== undefined) clients.push({ client: "hubcast", protocol: "json", negotiates: true, needs: [] });

const ways = [
  { name: "http", origin: `http://127.0.0.1:${options.port}`, flags: [], status: SWITCHING_PROTOCOLS },
  { name: "https", origin: `https://127.0.0.1:${options.port + 2}`, flags: [], status: OK },
  { name: "https without HTTP/2", origin: `https://127.0.0.1:${options.port + 2}`, flags: ["--disable-http2"], status: SWITCHING_PROTOCOLS },
];

const tally = new Tally();
const web = await mkdtemp(path.join(os.tmpdir(), "conformance-web-"));
const server = new Server(options.server, options.port, { log: options.log, web });
try {
  await fillWebFolder(web, options.hubcast);
  await server.start();
  for (const way of ways) await runWay(way);
} finally {
  await server.stop();
  await rm(web, { recursive: true });
}
tally.end();

async function runWay(way) {
  const browser = await launchChromium(chromium, options.chromium, way.flags);
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    for (const client of clients) await runClient(way, client, await context.newPage());
  } finally {
    await browser.close();
  }
}

async function runClient(way, client, page) {
  const where = `${way.name}: ${client.client}: ${variantName(client)}`;
  const errors = [];
  let restarts = 0;
  page.on("pageerror", (error) => errors.push(error.message));
  await page.exposeFunction("restartServer", (signal) => {
    restarts += 1;
    return server.restart(signal);
  });
  const sockets = await watchWebSockets(page, () => restarts);
  await page.goto(way.origin);
  await page.waitForFunction(() => window.runVariant !== undefined);
  const results = await page.evaluate(([variant, lacking]) => window.runVariant(variant, lacking), [client, options.without]);
  await page.close();

  tally.add(where, results);
  tally.check(where, "the page has no uncaught error", errors.length === 0, errors.join("; "));
  if (results.every(({ outcome }) => outcome === "skipped")) return;
  const bound = sockets.filter(({ afterRestart }) => client.negotiates || !afterRestart);
  const others = bound.filter(({ status }) => status !== way.status).length;
  const why = `${others} of ${bound.length} WebSockets were not answered with ${way.status}`;
  tally.check(where, `every WebSocket is answered with ${way.status}`, bound.length > 0 && others === 0, why);
}

/**
 * The list of WebSockets that the page opens, which grows: `{ status, afterRestart }`.
 *
 * Once the server went away, a browser opens a WebSocket on HTTP/2 only after another request (a negotiation) has told
 * it that the server speaks it: `afterRestart` marks those that are free to use HTTP/1.1.
 */
async function watchWebSockets(page, restarts) {
  const sockets = [];
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Network.enable");
  devTools.on("Network.webSocketHandshakeResponseReceived", ({ response }) => {
    if (response.status === SWITCHING_PROTOCOLS || response.status === OK) {
      sockets.push({ status: response.status, afterRestart: restarts() > 0 });
    }
  });
  return sockets;
}
