// The sample `corners` as the official JavaScript client in Node sees it, in all transports and both protocols.
//
// usage: node corners.js --server "COMMAND {port}" --port P [--log FILE]
//        node corners.js --url http://127.0.0.1:P    (a running one)

import * as signalR from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { runCases } from "./bench.js";
import { cases } from "./cases/corners.js";
import { Corners } from "./corners-server.js";
import { readOptions } from "./options.js";
import { Server } from "./server.js";
import { Tally } from "./tally.js";
import { variantName, variants } from "./variants.js";

const options = readOptions();
const { port, log } = options;
const url = options.url ?? `http://127.0.0.1:${port}`;
const protocols = { json: () => new signalR.JsonHubProtocol(), messagepack: () => new MessagePackHubProtocol() };
const tally = new Tally();

const server = options.server === undefined ? undefined : new Server(options.server, port, { log, ports: [port] });
await server?.start();
try {
  for (const variant of variants) {
    const corners = new Corners(url, variant, protocols[variant.protocol]);
    tally.add(variantName(variant), await runCases(cases, corners, options.without));
  }
} finally {
  await server?.stop();
}
tally.end();
