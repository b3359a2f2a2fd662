// The suite in Node: every case over WebSockets, negotiated and not, Server-Sent Events and long polling, in the protocols
// that each can carry. With the official client over HTTP/1.1; with ours also over HTTP/2.
//
// usage: node node.js --server "COMMAND {port}" --port P [--hubcast FOLDER [--http2]] [--only TEXT] [--log FILE]
//        [--without users,messagepack,farewell,jwt]
//        node node.js --url http://127.0.0.1:P/bench [--without …]    (a running server, which is not restarted)
//
// --hubcast is the folder of our package; --http2 goes over TLS, P + 2, with all connections on one socket.

import { Bench, runCases } from "./bench.js";
import { cases } from "./cases.js";
import { variantsOf, withoutKnown } from "./clients.js";
import { loadClient } from "./node-clients.js";
import { overHttp1, overHttp2 } from "./node-ways.js";
import { readOptions } from "./options.js";
import { Server } from "./server.js";
import { Tally } from "./tally.js";
import { tokens } from "./tokens.js";
import { variantName, variants } from "./variants.js";

const options = readOptions();
const client = await loadClient(options.hubcast);
const way = options.http2 ? await overHttp2(options) : overHttp1(options);
const tally = new Tally();
const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(String(error?.message ?? error)));

try {
  for (const [list, command] of Object.entries(options.servers)) await runList(list, command);
} finally {
  await way.close();
}
tally.end();

async function runList(list, command) {
  const server = command === undefined ? undefined : new Server(command, options.port, options);
  await server?.start();
  try {
    for (const variant of variantsOf(client, variants, way.lacks)) await runVariant(list, variant, server);
  } finally {
    await server?.stop();
  }
}

async function runVariant(list, variant, server) {
  const where = `${list}: ${way.name}: ${variantName(variant)}`;
  const { signalR, protocols } = client;
  const bench = new Bench({ ...variant, ...way.platform, signalR, protocol: protocols[variant.protocol](), tokens, server });
  const results = await runCases(options.chosen(where, cases[list]), bench, options.without);
  tally.add(where, results);
  const errors = withoutKnown(client.unheard, unhandled.splice(0));
  if (results.some(({ outcome }) => outcome === "passed" || outcome === "failed")) {
    tally.check(where, "every error has someone who hears it", errors.length === 0, errors.join("; "));
  }
}
