// The suite in Node: `@microsoft/signalr`, unmodified, over HTTP/1.1, in all its transports and both protocols.
//
// usage: node node.js --server "COMMAND {port}" --port P [--log FILE] [--without users,messagepack,farewell]
//        node node.js --url http://127.0.0.1:P/bench [--without …]    (a running server, which is not restarted)

import * as signalR from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { Bench, runCases } from "./bench.js";
import { cases } from "./cases.js";
import { readOptions } from "./options.js";
import { Server } from "./server.js";
import { Sockets } from "./sockets.js";
import { Tally } from "./tally.js";
import { variantName, variants } from "./variants.js";

const options = readOptions();
const server = options.server === undefined ? undefined : new Server(options.server, options.port, options);
const lacking = server === undefined ? [...options.without, "restart"] : options.without;
const url = options.url ?? `http://127.0.0.1:${options.port}/bench`;
const protocols = { json: () => new signalR.JsonHubProtocol(), messagepack: () => new MessagePackHubProtocol() };
const tally = new Tally();

await server?.start();
try {
  for (const variant of variants) {
    const bench = new Bench({ ...variant, signalR, url, protocol: protocols[variant.protocol](), sockets: new Sockets(), server });
    tally.add(variantName(variant), await runCases(cases, bench, lacking));
  }
} finally {
  await server?.stop();
}
tally.end();
