// How the suite in Node reaches the server: over HTTP/1.1 in clear text, or with all connections on one socket of HTTP/2.
//
// A way has a name, `platform` (what a bench needs of it), what a variant `lacks` on it, and `close`.

import { once } from "node:events";
import WebSocket from "ws";
import { Gateway } from "./gateway.js";
import { HubcastPackage } from "./hubcast-package.js";
import { Sockets } from "./sockets.js";

const TLS_OFFSET = 2;

export function overHttp1({ url, port }) {
  const cut = (open) => open.forEach((socket) => socket.terminate());
  const platform = {
    url: url ?? `http://127.0.0.1:${port}/bench`,
    http: {},
    fetch,
    sockets: new Sockets(WebSocket, cut),
  };
  return { name: "HTTP/1.1", platform, lacks: () => ["crowd", "locks"], async close() {} };
}

/** Over TLS, through a gateway that counts and cuts the sockets below. */
export async function overHttp2({ hubcast, port }) {
  const { Http2Client } = await (await HubcastPackage.open(hubcast)).import("./http2");
  const gateway = await Gateway.open(port + TLS_OFFSET);
  const http2 = new Http2Client({ rejectUnauthorized: false });
  const platform = {
    url: `https://127.0.0.1:${gateway.port}/bench`,
    http: { fetch: http2.fetch },
    fetch: http2.fetch,
    sockets: new Sockets(http2.WebSocket, (open) => cutAndNoticed(gateway, open)),
    gateway,
  };
  return {
    name: "HTTP/2",
    platform,
    lacks: ({ transport, protocol, negotiates }) =>
      transport === "WebSockets" && protocol === "json" && negotiates ? ["locks"] : ["crowd", "locks"],
    async close() {
      await http2.close();
      await gateway.close();
    },
  };
}

/** Whoever asks for another connection before the end of the socket is noticed here asks on that socket. */
async function cutAndNoticed(gateway, open) {
  const noticed = open.map((socket) => once(socket, "close"));
  await Promise.all([gateway.cut(), ...noticed]);
}
