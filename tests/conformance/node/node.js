// The suite in Node: `@microsoft/signalr`, unmodified, over HTTP/1.1, in all its transports and both protocols.
//
// usage: node node.js --server "COMMAND {port}" --port P [--log FILE] [--without users,messagepack,farewell,jwt]
//        node node.js --url http://127.0.0.1:P/bench [--without …]    (a running server, which is not restarted)

import * as signalR from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { Bench, runCases } from "./bench.js";
import { cases } from "./cases.js";
import { readOptions } from "./options.js";
import { Server } from "./server.js";
import { Sockets } from "./sockets.js";
import { Tally } from "./tally.js";
import { tokens } from "./tokens.js";
import { variantName, variants } from "./variants.js";

const options = readOptions();
const url = options.url ?? `http://127.0.0.1:${options.port}/bench`;
const protocols = { json: () => new signalR.JsonHubProtocol(), messagepack: () => new MessagePackHubProtocol() };
const tally = new Tally();
const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(String(error?.message ?? error)));

for (const [list, command] of Object.entries(options.servers)) {
  const server = command === undefined ? undefined : new Server(command, options.port, options);
  await server?.start();
  try {
    for (const variant of variants) await runVariant(list, variant, server);
  } finally {
    await server?.stop();
  }
}
tally.end();

async function runVariant(list, variant, server) {
  const where = `${list}: ${variantName(variant)}`;
  const protocol = protocols[variant.protocol]();
  const bench = new Bench({ ...variant, signalR, url, protocol, sockets: new Sockets(), tokens, server });
  const results = await runCases(cases[list], bench, options.without);
  tally.add(where, results);
  const errors = unhandled.splice(0);
  if (results.some(({ outcome }) => outcome === "passed" || outcome === "failed")) {
    tally.check(where, "every error has someone who hears it", errors.length === 0, errors.join("; "));
  }
}
