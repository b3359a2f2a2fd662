/*
 * Many connections to a bench hub on one HTTP/2 connection. The hub's address in clear text is in HUB_URL; it has to
 * allow 1,000 streams, and TLS two ports above.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectTcp, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { HttpTransportType, HubConnectionBuilder, LogLevel, type HubConnection, type IHttpConnectionOptions } from "hubcast";
import { Http2Client } from "hubcast/http2";

const hub = new URL(process.env["HUB_URL"] ?? "");
const COUNT = 1_000;

let http2: Http2Client;
let proxy: Proxy;
let open: HubConnection[] = [];

beforeEach(async () => {
  http2 = new Http2Client();
  proxy = await Proxy.start();
});
afterEach(async () => {
  await Promise.all(open.map((connection) => connection.stop()));
  open = [];
  http2.close();
  proxy.stop();
});

function connection(options: IHttpConnectionOptions = {}, url = proxy.url): HubConnection {
  const made = new HubConnectionBuilder()
    .withUrl(url, { fetch: http2.fetch, WebSocket: http2.WebSocket, ...options })
    .withAutomaticReconnect()
    .configureLogging(LogLevel.None)
    .build();
  made.on("receive", () => undefined);
  open.push(made);
  return made;
}

test("a_thousand_connections_share_one_socket", async () => {
  const connections = Array.from({ length: COUNT }, () => connection());
  await Promise.all(connections.map((one) => one.start()));
  assert.equal(new Set(connections.map(({ connectionId }) => connectionId)).size, COUNT);

  const texts = connections.map((_, index) => `text ${index}`);
  assert.deepEqual(await Promise.all(connections.map((one, index) => one.invoke("Echo", texts[index]))), texts);

  const received = connections.map(
    (one) => new Promise<void>((resolve) => one.on("receive", (text: string) => text === "to all" && resolve())),
  );
  await connections[0]?.send("Broadcast", "to all");
  await Promise.all(received);
  assert.equal(proxy.sockets.length, 1);
});

test("after_a_cut_all_come_back_on_one_other_socket", async () => {
  const connections = Array.from({ length: 50 }, () => connection());
  await Promise.all(connections.map((one) => one.start()));
  const back = connections.map((one) => new Promise<void>((resolve) => one.onreconnected(() => resolve())));
  proxy.cut();
  await Promise.all(back);
  assert.equal(await connections[7]?.invoke("Echo", "again"), "again");
  assert.equal(proxy.sockets.length, 2);
});

test("the_other_transports_share_it_too", async () => {
  const connections = [HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling].map((transport) =>
    connection({ transport }),
  );
  await Promise.all(connections.map((one) => one.start()));
  assert.deepEqual(await Promise.all(connections.map((one) => one.invoke("Echo", "a"))), ["a", "a"]);
  assert.equal(proxy.sockets.length, 1);
});

test("over_tls_the_server_is_checked_against_the_certificates_that_are_trusted", async () => {
  const port = Number(hub.port) + 2;
  const probe = connectTls({ port, host: hub.hostname, rejectUnauthorized: false });
  await once(probe, "secureConnect");
  const { raw } = probe.getPeerCertificate();
  probe.destroy();
  const ca = `-----BEGIN CERTIFICATE-----\n${raw.toString("base64")}\n-----END CERTIFICATE-----\n`;
  const url = `https://${hub.hostname}:${port}${hub.pathname}`;

  await assert.rejects(connection({}, url).start(), /self[- ]signed certificate/);
  http2 = new Http2Client({ ca });
  const trusting = connection({}, url);
  await trusting.start();
  assert.equal(await trusting.invoke("Echo", "a"), "a");
  http2.close();
  http2 = new Http2Client({ rejectUnauthorized: false });
  const careless = connection({}, url);
  await careless.start();
  assert.equal(await careless.invoke("Echo", "a"), "a");
});

/** Counts the sockets to the hub, and cuts them. */
class Proxy {
  readonly url: string;
  readonly sockets: Socket[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${hub.pathname}`;
    server.on("connection", (socket) => {
      this.sockets.push(socket);
      const onward = connectTcp(Number(hub.port), hub.hostname);
      socket.on("error", () => onward.destroy());
      socket.on("close", () => onward.destroy());
      onward.on("error", () => socket.destroy());
      onward.on("close", () => socket.destroy());
      socket.pipe(onward).pipe(socket);
    });
  }

  static async start(): Promise<Proxy> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Proxy(server);
  }

  cut(): void {
    for (const socket of this.sockets) {
      socket.resetAndDestroy();
    }
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }
}
