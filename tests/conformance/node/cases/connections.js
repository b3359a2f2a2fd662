// The life of a connection: start, stop, the server's end, and coming back.

import { Inbox } from "../arrivals.js";
import { same } from "./expectations.js";

export const connections = [
  { name: "a started connection says that it is connected", run: startedConnection },
  { name: "a path without a hub refuses the connection", run: noHubThere },
  { name: "a stopped connection closes without an error and starts again", run: stopAndStart },
  { name: "a start that is stopped at once leaves nothing behind", run: stopWhileStarting },
  { name: "20 connections are each their own", run: manyConnections },
  { name: "the client's own choice are WebSockets", needs: ["sockets"], run: ownChoice },
  { name: "reconnects with another id after its socket was cut", needs: ["sockets"], run: reconnectsAfterCut },
  { name: "reconnects after the server was told to stop", needs: ["restart"], run: (bench) => reconnects(bench, "SIGTERM") },
  { name: "reconnects after the server died", needs: ["restart"], run: (bench) => reconnects(bench, "SIGKILL") },
  { name: "is closed when the server stops, and starts again", needs: ["restart"], run: closesWithoutReconnect },
  { name: "a server that is told to stop says so: no error", needs: ["restart", "farewell"], run: farewell },
  { name: "a server that died is an error", needs: ["restart", "reason"], run: death },
];

async function startedConnection(bench) {
  const connection = bench.build();
  same(connection.state, "Disconnected");
  await connection.start();
  same(connection.state, "Connected");
  if (bench.negotiates) same(typeof connection.connectionId, "string");
}

async function noHubThere(bench) {
  const connection = bench.build({ path: "/no-hub" });
  const error = await connection.start().then(() => undefined, (refusal) => refusal);
  same(error instanceof Error, true);
  same(connection.state, "Disconnected");
}

async function stopAndStart(bench) {
  const connection = await bench.connect();
  const closed = new Promise((resolve) => connection.onclose(resolve));
  await connection.stop();
  same(await closed, undefined);
  same(connection.state, "Disconnected");
  await connection.start();
  same(await connection.invoke("Echo", "again"), "again");
}

async function stopWhileStarting(bench) {
  const connection = bench.build();
  const start = connection.start().catch(() => {});
  await connection.stop();
  await start;
  same(connection.state, "Disconnected");
  await connection.start();
  same(await connection.invoke("Echo", "again"), "again");
}

/** Four at a time: a browser opens no more than six requests to one HTTP/1.1 server. */
async function manyConnections(bench) {
  const ids = new Set();
  for (let round = 0; round < 5; round++) {
    const connections = await Promise.all(Array.from({ length: 4 }, () => bench.connect()));
    for (const connection of connections) ids.add(connection.connectionId);
    same(await Promise.all(connections.map((connection, i) => connection.invoke("Echo", `${i}`))), ["0", "1", "2", "3"]);
    await bench.end();
  }
  same(ids.size, bench.negotiates ? 20 : 1);
}

async function ownChoice(bench) {
  await bench.connect();
  same(await bench.sockets.cut(), 1);
}

async function reconnectsAfterCut(bench) {
  const connection = bench.build({ reconnects: true });
  const reconnected = new Promise((resolve) => connection.onreconnected(resolve));
  await connection.start();
  const before = connection.connectionId;
  same(await bench.sockets.cut(), 1);
  const id = await reconnected;
  same(connection.connectionId, id ?? null);
  if (bench.negotiates) same(id === before, false);
  same(await connection.invoke("Echo", "back"), "back");
}

async function reconnects(bench, signal) {
  const connection = bench.build({ reconnects: true });
  const inbox = new Inbox(connection);
  const reconnecting = new Promise((resolve) => connection.onreconnecting(resolve));
  const reconnected = new Promise((resolve) => connection.onreconnected(resolve));
  await connection.start();
  const before = connection.connectionId;
  await connection.invoke("JoinGroup", "before");
  await bench.server.restart(signal);
  await reconnecting;
  const id = await reconnected;
  same(connection.state, "Connected");
  if (bench.negotiates) {
    same(typeof id, "string");
    same(id === before, false);
    same(connection.connectionId, id);
  }
  same(await connection.invoke("Echo", "back"), "back");
  await connection.invoke("SendToGroup", "before", "groups are not restored");
  await connection.invoke("JoinGroup", "after");
  await connection.invoke("SendToGroup", "after", "last");
  same(await inbox.until("last"), ["last"]);
}

async function closesWithoutReconnect(bench) {
  const connection = await bench.connect();
  const closed = new Promise((resolve) => connection.onclose(resolve));
  await bench.server.restart("SIGTERM");
  await closed;
  same(connection.state, "Disconnected");
  await connection.start();
  same(await connection.invoke("Echo", "again"), "again");
}

async function farewell(bench) {
  same(await reasonOfClose(bench, "SIGTERM"), undefined);
}

async function death(bench) {
  const reason = await reasonOfClose(bench, "SIGKILL");
  same(reason instanceof Error, true);
}

async function reasonOfClose(bench, signal) {
  const connection = await bench.connect();
  const closed = new Promise((resolve) => connection.onclose(resolve));
  await bench.server.restart(signal);
  return closed;
}
